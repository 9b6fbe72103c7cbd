"""Extract files as the systems write them, each with its manifest."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import openpyxl

from mimamori.sources.manifest import SUFFIX
from mimamori.sources.schema import Layout, Table

Columns = dict[str, list[str]]
TITLES = [["提供データ"], ["提供データ"]]  # the rows that a person's sheet has above its heading


def write_extract(folder: Path, layout: Layout, table: Table, day: date, *, columns: Columns, sequence: int) -> None:
    """Write one table's rows (field → texts, all of one length) and the manifest beside the file."""
    unknown = set(columns) - {item.field for item in table.items}
    if unknown:
        raise ValueError(f"{layout.name}.{table.name} declares no {sorted(unknown)}")
    count = len(next(iter(columns.values()), []))
    lists = [columns.get(item.field) or [""] * count for item in table.items]
    heading = [*table.leading(), *(item.label.ja for item in table.items)]
    if table.kind == "difference":
        lists = [["A"] * count, [f"{day:%Y%m%d}180000"] * count, *lists]
    path = folder / layout.file_name(table, day)
    data = _content(table, heading, lists)
    path.write_bytes(data)
    manifest = {
        "source": layout.name,
        "table": table.name,
        "layout_version": layout.version,
        "as_of": day.isoformat(),
        "kind": table.kind,
        "sequence": sequence,
        "rows": count,
        "sha256": hashlib.sha256(data).hexdigest(),
        "created_at": f"{day.isoformat()}T18:00:00+09:00",
    }
    path.with_name(path.name + SUFFIX).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _content(table: Table, heading: list[str], lists: list[list[str]]) -> bytes:
    form = table.format
    rows = zip(*lists, strict=True)
    if form.kind == "xlsx":
        return _workbook([*TITLES, heading, *map(list, rows)])
    if form.kind == "fixed":
        widths = [*table.leading().values(), *(item.width or 0 for item in table.items)]
        return b"".join(
            b"".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) + b"\r\n" for row in rows
        )
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if form.kind == "tsv" else ",")
    if form.header:
        writer.writerow(heading)
    writer.writerows(rows)
    if form.encoding != "cp932":
        return text.getvalue().encode(form.encoding)
    return as_cp932(text.getvalue())


def as_cp932(text: str) -> bytes:
    """CP932; what it lacks becomes 〓, as the systems print it."""
    return text.encode("cp932", errors="geta")


def _geta(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "〓" * (error.end - error.start), error.end


codecs.register_error("geta", _geta)


def _padded(text: str, width: int) -> bytes:
    """A field of a fixed number of bytes, cut between characters."""
    data = as_cp932(text)
    while len(data) > width:
        text = text[:-1]
        data = as_cp932(text)
    return data.ljust(width)


def _workbook(lines: list[list[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("提供")
    for line in lines:
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
