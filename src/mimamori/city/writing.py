"""Extract files as the systems write them, each with its manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import openpyxl

from mimamori.sources import Layout, Table

Columns = dict[str, list[str]]
SUFFIX = {"csv": "csv", "tsv": "tsv", "xlsx": "xlsx", "fixed": "txt"}
TITLES = [["提供データ"], ["提供データ"]]  # the rows that a person's sheet has above its heading


def write_extract(folder: Path, layout: Layout, table: Table, day: date, *, columns: Columns, sequence: int) -> None:
    """Write one table's rows (field → texts, all of one length) and the manifest beside the file."""
    unknown = set(columns) - {item.field for item in table.items}
    if unknown:
        raise ValueError(f"{layout.name}.{table.name} declares no {sorted(unknown)}")
    count = len(next(iter(columns.values()), []))
    lists = [columns.get(item.field) or [""] * count for item in table.items]
    heading = [item.label.ja for item in table.items]
    if table.kind == "difference":
        lists = [["A"] * count, [f"{day:%Y%m%d}180000"] * count, *lists]
        heading = ["処理区分", "更新日時", *heading]
    path = folder / f"{layout.name}.{table.name}.{day:%Y%m%d}.{SUFFIX[table.format.kind]}"
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
    path.with_name(path.name + ".manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _content(table: Table, heading: list[str], lists: list[list[str]]) -> bytes:
    form = table.format
    rows = zip(*lists, strict=True)
    if form.kind == "xlsx":
        return _workbook(TITLES, heading, lists)
    if form.kind == "fixed":
        widths = [*([1, 14] if table.kind == "difference" else []), *(item.width or 0 for item in table.items)]
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
    try:
        return text.encode("cp932")
    except UnicodeEncodeError:
        return "".join(char if _known(char) else "〓" for char in text).encode("cp932")


def _known(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _padded(text: str, width: int) -> bytes:
    """A field of a fixed number of bytes, cut between characters."""
    data = as_cp932(text)
    while len(data) > width:
        text = text[:-1]
        data = as_cp932(text)
    return data.ljust(width)


def _workbook(titles: list[list[str]], heading: list[str], lists: list[list[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("提供")
    for line in [*titles, heading, *map(list, zip(*lists, strict=True))]:
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
