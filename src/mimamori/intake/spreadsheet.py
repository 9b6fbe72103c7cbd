"""The first sheet of an XLSX book as rows of text: merged cells filled, numbers as they were meant."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from mimamori.intake.delivery import Reason
from mimamori.intake.records import Records
from mimamori.refusal import Refused

LOST_DIGITS = Reason(
    "桁の多い番号が数値のセルにあり、表計算ソフトで下の桁が失われています。文字列のセルで提供してください。",
    "A long number stands in a numeric cell: the spreadsheet has lost its last digits.",
)
EXACT = 10**15  # whole numbers from here on may have lost digits: a cell keeps fifteen


def read_book(data: bytes, title_rows: int, name: str) -> Records:
    """The rows from the heading on; raises `Refused` where it is no book, or where further sheets hold rows too.

    A formula has the value that was last stored; one without (or with an error) is a blank cell.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_index(place) for place in range(len(book.sheet_names))]
        grids = [sheet.to_python(skip_empty_area=False)[title_rows:] for sheet in sheets]
    except CalamineError:
        raise Refused(
            f"{name}: XLSX として読めません(壊れているか、パスワードが付いています)。",
            f"{name}: not a readable XLSX file (damaged, or locked by a password).",
        ) from None
    if not grids:
        return Records()
    heading = next((row for row in grids[0] if any(row)), [])
    if any(row == heading for grid in grids[1:] for row in grid[:1]):
        raise Refused(
            f"{name}: 同じ見出しのシートが複数あります。1 枚のシートにまとめてください。",
            f"{name}: several sheets have the same heading; put the rows into one.",
        )
    _fill_merged(sheets[0], grids[0], title_rows)
    width = max((place + 1 for place, cell in enumerate(heading) if cell not in ("", None)), default=0)
    found = Records()
    for line, row in enumerate(grids[0], start=title_rows + 1):
        if not any(cell not in ("", None) for cell in row):
            continue
        cells = row[:width]
        if any(isinstance(cell, float) and cell.is_integer() and abs(cell) >= EXACT for cell in cells):
            found.bad.append((line, LOST_DIGITS))
        else:
            found.rows.append([_text(cell) for cell in cells])
            found.lines.append(line)
    return found


def _fill_merged(sheet: CalamineSheet, grid: list[list[Any]], title_rows: int) -> None:
    """A cell merged over several rows (a class, a household) is the value of each of them."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top < title_rows or left != right:
            continue
        value = grid[top - title_rows][left]
        for row in grid[top - title_rows + 1 : bottom - title_rows + 1]:
            row[left] = value


def _text(cell: Any) -> str:
    """A cell as it was meant: whole numbers without '.0', days as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
