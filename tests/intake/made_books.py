"""Books made for a test, and what is read of them by the small layout."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from tests.intake.small import layout_of

from mimamori.intake.records import Records
from mimamori.intake.spreadsheet import read_book

BOOKS = Path(__file__).parent / "books"
SHEET = "xl/worksheets/sheet1.xml"  # the part of the first sheet
HEADING = ["番号", "氏名", "開始日", "日数"]


def book(*rows: list[Any], merged: tuple[str, ...] = (), **more: tuple[list[Any], ...]) -> bytes:
    """A book of these rows; `more`: further sheets by name, hidden where the name begins so."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for area in merged:
        made.active.merge_cells(area)
    for name, lines in more.items():
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in lines:
            sheet.append(row)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def records_of(data: bytes) -> Records:
    return read_book(data, layout_of({"format": {"kind": "xlsx", "encoding": "none"}}).tables[0], "file")


def column(found: Records, word: str) -> list[str]:
    place = found.rows[0].index(word)
    return [row[place] for row in found.rows[1:]]


def lines_of(found: Records) -> list[tuple[int, str]]:
    return list(zip(found.lines[1:], column(found, "番号"), strict=True))


def with_part(data: bytes, name: str, change: Callable[[str], str] | None) -> bytes:
    """The book with one part written otherwise, or (None) without it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(stream, "w") as made:
        for part in was.namelist():
            if part != name:
                made.writestr(part, was.read(part))
            elif change is not None:
                made.writestr(part, change(was.read(part).decode()))
    return stream.getvalue()
