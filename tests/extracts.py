"""Write small extracts the way a source system would: its format, Japanese headings, a manifest beside each file."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from mimamori.sources import Layout, Table

Row = Mapping[str, str]
HEADLESS_FIRST = ("処理区分", "更新日時")  # the two leading columns of a difference extract


def write_extract(
    folder: Path, layout: Layout, table: Table, as_of: date, *, rows: Sequence[Row], sequence: int = 1
) -> Path:
    """Write one file and its manifest under `folder/<as_of>/`; rows: field → text, `op` A/U/D."""
    day = folder / as_of.isoformat()
    day.mkdir(parents=True, exist_ok=True)
    suffix = {"csv": "csv", "tsv": "tsv", "xlsx": "xlsx", "fixed": "txt"}[table.format.kind]
    path = day / f"{layout.name}.{table.name}.{as_of:%Y%m%d}.{suffix}"
    unknown = {field for row in rows for field in row} - {item.field for item in table.items} - {"op"}
    assert not unknown, f"{layout.name}.{table.name} has no {unknown}"
    path.write_bytes(_content(table, as_of, rows))
    manifest = {
        "source": layout.name,
        "table": table.name,
        "layout_version": layout.version,
        "as_of": as_of.isoformat(),
        "kind": table.kind,
        "sequence": sequence,
        "rows": len(rows),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "created_at": f"{as_of.isoformat()}T18:00:00+09:00",
    }
    path.with_name(path.name + ".manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return path


def _content(table: Table, as_of: date, rows: Sequence[Row]) -> bytes:
    difference = table.kind == "difference"
    lines = [
        [
            *([row.get("op", "A"), f"{as_of:%Y%m%d}180000"] if difference else []),
            *(row.get(i.field, "") for i in table.items),
        ]
        for row in rows
    ]
    if table.format.kind == "fixed":
        widths = [*([1, 14] if difference else []), *(item.width or 0 for item in table.items)]
        return b"".join(_fixed(line, widths) + b"\r\n" for line in lines)
    heading = [*(HEADLESS_FIRST if difference else ()), *(item.label.ja for item in table.items)]
    if table.format.kind == "xlsx":
        book = openpyxl.Workbook()
        for line in [["表題"], ["表題"], heading, *lines]:
            book.active.append(line)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if table.format.kind == "tsv" else ",")
    writer.writerows([heading, *lines] if table.format.header else lines)
    return text.getvalue().encode(table.format.encoding)


def _fixed(values: Sequence[str], widths: Sequence[int]) -> bytes:
    """One record in bytes of CP932, each field padded with spaces to its width."""
    record = b""
    for value, width in zip(values, widths, strict=True):
        field = value.encode("cp932")
        assert len(field) <= width, "a value is wider than its field"
        record += field.ljust(width)
    return record
