"""A small source of one table, its files as bytes, and a home to receive them in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mimamori import engine, intake
from mimamori.config import Config
from mimamori.intake import Delivery, QuarantineRow, Reason, Receipt
from mimamori.intake.decode import look
from mimamori.intake.tabular import Content, read
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Layout, Registry, Table, load_registry

DAY, BEFORE, LATER = date(2026, 10, 31), date(2026, 9, 30), date(2026, 11, 30)
ERAS = {"3": "昭和", "4": "平成", "5": "令和"}
ITEMS: list[dict[str, Any]] = [
    {"field": "no", "label": {"ja": "番号", "en": "Number"}, "required": True, "identity": True},
    {"field": "name", "label": {"ja": "氏名", "en": "Name"}, "required": True, "identity": True,
     "aliases": ["児童氏名"]},
    {"field": "kana", "label": {"ja": "フリガナ", "en": "Kana"}, "identity": True},
    {"field": "born", "label": {"ja": "生年月日", "en": "Born"}, "type": "date", "uncertain": True},
    {"field": "kind", "label": {"ja": "区分", "en": "Kind"}, "type": "code", "codes": "kind"},
    {"field": "begun", "label": {"ja": "開始日", "en": "Begun"}, "type": "date", "required": True},
    {"field": "ended", "label": {"ja": "終了日", "en": "Ended"}, "type": "date"},
    {"field": "month", "label": {"ja": "年月", "en": "Month"}, "type": "month"},
    {"field": "days", "label": {"ja": "日数", "en": "Days"}, "type": "integer"},
    {"field": "sum", "label": {"ja": "金額", "en": "Sum"}, "type": "number"},
    {"field": "aid", "label": {"ja": "扶助", "en": "Aid"}, "type": "flag"},
]  # fmt: skip
LABELS = {item["field"]: item["label"]["ja"] for item in ITEMS}
FIELDS = tuple(LABELS)
ROW = {"no": "0001", "name": "青木 陽斗", "kind": "01", "begun": "2022-02-25"}
Rows = Sequence[Mapping[str, str]]


def layout_of(*tables: Mapping[str, Any], name: str = "small", **more: Any) -> Layout:
    """A source with these tables; each may name `name`, `kind`, `format`, `items` and `row_key`."""
    declared = [
        {
            "name": "rows",
            "label": {"ja": "行", "en": "Rows"},
            "row_key": ["no"],
            "persons": [{"role": "subject", "key": "no", "key_kind": "own_no", "name": "name"}],
            "items": ITEMS,
            "format": {"kind": "csv", "encoding": "utf-8"},
            **table,
        }
        for table in tables or ({},)
    ]
    coded = any("codes" in item for table in declared for item in table["items"])
    codes = {"kind": {code: {"ja": f"種{code}", "en": f"kind {code}"} for code in ("01", "02", "A1", "0")}}
    return Layout.model_validate(
        {
            "name": name, "number": 90, "label": {"ja": "小さな", "en": "Small"},
            "short_label": {"ja": "小", "en": "S"},
            "owner": {"ja": "課", "en": "Division"}, "network": "core", "version": "1.0", "frequency_days": 31,
            "freshness_days": 45, "retention_years": 5, "sensitivity": 2, "purpose": "試験", "legal_basis": "なし",
            "decided_on": "2026-04-01", "coverage": {"who": "all"}, "era_digits": ERAS, "codes": codes if coded else {},
            "tables": declared, **more,
        }
    )  # fmt: skip


def fixed_items(**widths: int) -> list[dict[str, Any]]:
    """The items with these widths in bytes, for a fixed-width file."""
    return [{**item, "width": widths.get(item["field"], 8)} for item in ITEMS if item["field"] in widths]


def csv_of(rows: Rows, *, heading: Sequence[str] = (), delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A file with the fields of the first row as its heading, or `heading` in its place."""
    fields = list(rows[0]) if rows else list(FIELDS)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(heading or [LABELS.get(field, field) for field in fields])
    writer.writerows([row.get(field, "") for field in fields] for row in rows)
    return stream.getvalue().encode(encoding)


@dataclass
class Home:
    """One installation that knows one source."""

    config: Config
    registry: Registry
    folder: Path

    @property
    def keyring(self) -> KeyRing:
        return KeyRing(self.config.keys)

    @property
    def source(self) -> Layout:
        return self.registry.layouts[0]

    def write(
        self,
        data: bytes,
        *,
        table: str = "rows",
        day: date = DAY,
        suffix: str = "csv",
        name: str = "",
        manifest: Mapping[str, Any] | None = None,
    ) -> Path:
        """Lay a file ready; `manifest`: what its manifest says otherwise than is right (None: no manifest)."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / (name or f"{self.source.name}.{table}.{day:%Y%m%d}.{suffix}")
        path.write_bytes(data)
        beside = path.with_name(path.name + ".manifest.json")
        beside.unlink(missing_ok=True)
        if manifest is not None:
            right = {
                "source": self.source.name,
                "table": table,
                "as_of": day.isoformat(),
                "rows": max(data.count(b"\n") - 1, 0),
                "sha256": hashlib.sha256(data).hexdigest(),
                "layout_version": self.source.version,
                "kind": self.source.table(table).kind if table in {t.name for t in self.source.tables} else "full",
            }
            told = {key: value for key, value in {**right, **manifest}.items() if value is not ...}
            beside.write_text(json.dumps(told), encoding="utf-8")
        return path

    def receive(self, *paths: Path, confirm: bool = False) -> list[Receipt]:
        return intake.receive(paths, config=self.config, keyring=self.keyring, registry=self.registry, confirm=confirm)

    def take(self, data: bytes, *, confirm: bool = False, **more: Any) -> Receipt:
        """Write one file and receive it."""
        [receipt] = self.receive(self.write(data, **more), confirm=confirm)
        return receipt

    def state(self, table: str = "rows", as_of: date = DAY) -> list[dict[str, Any]]:
        """A table as of a day, by the rows' numbers."""
        name = engine.identifier(f"{self.source.name}__{table}")
        return self.ask(f"SELECT * FROM {name} ORDER BY ALL", as_of)

    def ask(self, sql: str, as_of: date = DAY) -> list[dict[str, Any]]:
        con = engine.connect(threads=1, memory_gib=1)
        intake.load_state(con, config=self.config, keyring=self.keyring, registry=self.registry, as_of=as_of)
        return engine.rows_of(con, sql)

    def deliveries(self) -> list[Delivery]:
        return intake.deliveries(self.config)

    def quarantine(self) -> list[QuarantineRow]:
        """What the last delivery did not store."""
        last = self.deliveries()[-1]
        return intake.quarantine(self.config, self.keyring, last.source, last.id)

    def on_disk(self) -> list[str]:
        """Every file and folder under the deliveries."""
        found = self.config.deliveries.rglob("*") if self.config.deliveries.exists() else iter(())
        return sorted(str(path.relative_to(self.config.deliveries)) for path in found)


def home_of(folder: Path, layout: Layout | None = None) -> Home:
    registry = Registry((layout or layout_of(),), load_registry().municipality)
    return Home(Config(home=folder / "home"), registry, folder / "in")


@dataclass
class Read:
    """A file read to its end: columns of text, their lines, and what could not be split."""

    columns: dict[str, list[str]]
    lines: list[int]
    bad: list[tuple[int, Reason]]
    undeclared: list[list[str]]
    absent: list[str]

    @property
    def received(self) -> int:
        return len(self.lines) + len(self.bad)


def content_of(data: bytes, table: Table, folder: Path) -> Content:
    path = folder / "file"
    path.write_bytes(data)
    return read(path, look(path), table)


def read_whole(data: bytes, table: Table) -> Read:
    """Everything that a file says by its table's format."""
    with TemporaryDirectory() as folder:
        content = content_of(data, table, Path(folder))
        parts = list(content.parts)
    columns: dict[str, list[str]] = defaultdict(list)
    undeclared: list[list[str]] = [[] for _ in range(content.undeclared)]
    for part in parts:
        for field, cells in part.columns.items():
            columns[field].extend(cells.to_pylist())
        for known, cells in zip(undeclared, part.undeclared, strict=True):
            known.extend(cells.to_pylist())
    lines = [line for part in parts for line in part.lines.to_pylist()]
    return Read(columns, lines, content.bad, undeclared, content.absent)


def parse(data: bytes, kind: str = "csv", encoding: str = "utf-8", **more: Any) -> Read:
    """Read bytes by the small layout in a format of one's own."""
    form = {"kind": kind, "encoding": encoding, "header": kind != "fixed", **more.pop("format", {})}
    return read_whole(data, layout_of({"format": form, **more}).tables[0])


def lines_of(sheet: Read) -> list[tuple[int, str]]:
    return list(zip(sheet.lines, sheet.columns["no"], strict=True))
