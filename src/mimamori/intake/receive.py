"""Receive files: find them, group them into deliveries, check, type, store; or refuse with reasons."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mimamori.config import Config
from mimamori.intake import tabular
from mimamori.intake.delivery import Delivery, TableCounts
from mimamori.intake.store import clean, deliveries, store
from mimamori.intake.typed import TypedTable, typed
from mimamori.privacy.keys import KeyRing
from mimamori.privacy.personal_number import looks_like_personal_numbers
from mimamori.refusal import Refused
from mimamori.sources import Layout, Registry, Table

TOKYO = ZoneInfo("Asia/Tokyo")
MANIFEST = ".manifest.json"
FILE_NAME = re.compile(r"(?P<source>[a-z0-9_]+)\.(?P<table>[a-z0-9_]+)\.(?P<day>\d{8})\.(csv|tsv|txt|xlsx)")
MOST_BAD = 0.5  # a file of which more than half the rows are bad is another file than it says
FELL_TO = 2 / 3  # a full extract that falls below this share of the one before asks for confirmation
LEAST_TO_COMPARE = 30  # rows; below it a fall says nothing


@dataclass(frozen=True)
class Receipt:
    """What became of one delivery. `state`: stored, duplicate, refused, to_confirm; the counts are rows."""

    source: str
    as_of: date
    state: str
    received: int = 0
    stored: int = 0
    quarantined: int = 0
    out_of_scope: int = 0
    reasons: tuple[tuple[str, str], ...] = field(default=())  # (ja, en)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat(), "reasons": [ja for ja, _ in self.reasons]}


@dataclass(frozen=True)
class Extract:
    """One file on its way in."""

    path: Path
    layout: Layout
    table: Table
    as_of: date
    manifest: dict[str, Any]


def receive(
    paths: Sequence[Path],
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    confirm: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[Receipt]:
    """Receive files and folders; one receipt per (source, day). Raises `Refused` where a path holds no extract.

    `confirm` stores what would otherwise wait for a person (a count that fell by a third).
    """
    grouped: dict[tuple[int, str, date], list[Extract]] = {}
    for path in paths:
        found = [_extract(file, registry) for file in _files(path)]
        if not found:
            raise Refused(f"{path.name}: 提供ファイルがありません。", f"{path.name}: no extract files here.")
        for extract in found:
            key = (extract.layout.number, extract.layout.name, extract.as_of)
            grouped.setdefault(key, []).append(extract)
    clean(config)
    receipts = []
    for key in sorted(grouped, key=lambda key: (key[2], key[0])):
        extracts = grouped[key]
        if progress:
            progress(f"{extracts[0].layout.label.ja} {key[2]:%Y-%m-%d}")
        try:
            receipts.append(_receive(extracts, config=config, keyring=keyring, confirm=confirm))
        except Refused as refused:
            receipts.append(Receipt(key[1], key[2], "refused", reasons=((refused.ja, refused.en),)))
    return receipts


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise Refused(f"{path.name}: ありません。場所を確かめてください。", f"{path.name}: there is no such file.")
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not file.name.endswith(MANIFEST) and not file.name.startswith("."):
            yield file


def _extract(path: Path, registry: Registry) -> Extract:
    """Which source, table and day a file is: from its manifest, else from its name."""
    manifest: dict[str, Any] = {}
    beside = path.with_name(path.name + MANIFEST)
    if beside.exists():
        try:
            manifest = json.loads(beside.read_text(encoding="utf-8"))
            source, table_name = str(manifest["source"]), str(manifest["table"])
            day = date.fromisoformat(manifest["as_of"])
        except (ValueError, KeyError, TypeError):
            raise Refused(f"{beside.name}: 送り状が読めません。", f"{beside.name}: not a manifest.") from None
    elif named := FILE_NAME.fullmatch(path.name):
        source, table_name = named["source"], named["table"]
        try:
            day = datetime.strptime(named["day"], "%Y%m%d").replace(tzinfo=TOKYO).date()
        except ValueError:
            raise Refused(f"{path.name}: 基準日が日付ではありません。", f"{path.name}: not a day.") from None
    else:
        raise Refused(
            f"{path.name}: 送り状がなく、名前からもシステムがわかりません。",
            f"{path.name}: no manifest, and the name tells no source.",
        )
    layout = registry.get(source)
    if table_name not in {table.name for table in layout.tables}:
        raise Refused(f"{path.name}: 表 {table_name} はありません。", f"{path.name}: there is no table {table_name}.")
    return Extract(path, layout, layout.table(table_name), day, manifest)


def _receive(extracts: list[Extract], *, config: Config, keyring: KeyRing, confirm: bool) -> Receipt:
    layout, as_of = extracts[0].layout, extracts[0].as_of
    earlier = [delivery for delivery in deliveries(config) if delivery.source == layout.name]
    data = {extract.path.name: extract.path.read_bytes() for extract in extracts}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in data.items()}
    seen = {(d.as_of, counts.sha256) for d in earlier for counts in d.tables.values()}
    if all((as_of, digest) in seen for digest in hashes.values()):
        return Receipt(layout.name, as_of, "duplicate")
    _check_one_file_each(extracts)
    tables: dict[str, TypedTable] = {}
    counts: dict[str, TableCounts] = {}
    for extract in extracts:
        name = extract.path.name
        _check_manifest(extract, hashes[name])
        sheet = tabular.read(data[name], extract.table, name)
        _check_rows(extract, sheet)
        made = typed(sheet, layout, extract.table, file=name)
        if len(made.quarantine) > MOST_BAD * sheet.received > 0:
            raise Refused(
                f"{name}: 半分を超える行に誤りがあります。レイアウトの版を確かめてください。",
                f"{name}: more than half of the rows are bad.",
            )
        tables[extract.table.name] = made
        counts[extract.table.name] = TableCounts(
            received=sheet.received,
            stored=made.rows.num_rows,
            quarantined=len(made.quarantine),
            kind=extract.table.kind,
            sequence=int(extract.manifest.get("sequence", 0)),
            file=name,
            sha256=hashes[name],
            blanks=made.blanks,
            undeclared=sheet.undeclared,
        )
    fallen = _fallen(extracts, counts, earlier)
    totals = {
        "received": sum(table.received for table in counts.values()),
        "stored": sum(table.stored for table in counts.values()),
        "quarantined": sum(table.quarantined for table in counts.values()),
    }
    if fallen and not confirm:
        return Receipt(layout.name, as_of, "to_confirm", **totals, reasons=fallen)
    n = 1 + sum(delivery.as_of == as_of for delivery in earlier)
    delivery = Delivery(layout.name, as_of, n, datetime.now(TOKYO), counts, [ja for ja, _ in fallen])
    store(config, keyring, delivery, tables=tables, originals=data)
    return Receipt(layout.name, as_of, "stored", **totals, reasons=fallen)


def _check_one_file_each(extracts: list[Extract]) -> None:
    """A table comes in one file: of two, nobody could say which one holds."""
    tables = [extract.table for extract in extracts]
    for table in tables:
        if tables.count(table) > 1:
            raise Refused(
                f"表「{table.label.ja}」のファイルが二つ以上あります。一つにして、もう一度受領してください。",
                f"More than one file of the table {table.label.en}; give one.",
            )


def _check_manifest(extract: Extract, digest: str) -> None:
    """The file is the one its manifest speaks of, in the layout's version."""
    manifest, name = extract.manifest, extract.path.name
    if manifest and manifest.get("sha256") != digest:
        raise Refused(
            f"{name}: 送り状のハッシュ値と合いません。途中で切れたか、書き換わっています。",
            f"{name}: the hash is not the manifest's: cut off or altered.",
        )
    version = manifest.get("layout_version", extract.layout.version)
    if version != extract.layout.version:
        raise Refused(
            f"{name}: レイアウトの版が違います(届け出 {extract.layout.version})。",
            f"{name}: the layout's version is not {extract.layout.version}.",
        )


def _check_rows(extract: Extract, sheet: tabular.Sheet) -> None:
    name = extract.path.name
    told = extract.manifest.get("rows", sheet.received)
    if told != sheet.received:
        raise Refused(
            f"{name}: 送り状の件数 {told} と、読めた件数 {sheet.received} が合いません。",
            f"{name}: the manifest says {told} rows, {sheet.received} were read.",
        )
    for field_name, values in sheet.columns.items():
        if looks_like_personal_numbers(values):
            label = extract.table.item(field_name).label.ja
            raise Refused(
                f"{name}: 項目「{label}」が個人番号の形をしています。個人番号は受領できません。",
                f"{name}: the column {field_name} looks like 個人番号, which are never taken.",
            )


def _fallen(
    extracts: list[Extract], counts: dict[str, TableCounts], earlier: list[Delivery]
) -> tuple[tuple[str, str], ...]:
    """Full tables that lost more than a third of their rows since the delivery before."""
    found = []
    for extract in extracts:
        name, before = (
            extract.table.name,
            [d for d in earlier if d.as_of < extract.as_of and extract.table.name in d.tables],
        )
        if extract.table.kind == "difference" or not before:
            continue
        was, now = before[-1].tables[name].stored, counts[name].stored
        if was >= LEAST_TO_COMPARE and now < was * FELL_TO:
            found.append(
                (
                    f"{extract.table.label.ja}: 前回 {was:,} 件から {now:,} 件に減っています。",
                    f"{extract.table.label.en}: {now:,} rows after {was:,}.",
                )
            )
    return tuple(found)
