"""A book of sheets as rows of text: the heading found, sheets joined, merged cells filled, numbers as they were meant.

Every visible sheet whose heading names what the layout requires is taken: schools send one a class or a month. What
else is in the book (a cover, code tables, hidden sheets left over from last year) is left out, and said so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from mimamori.intake.books import Sheet, is_old, sheets_of
from mimamori.intake.delivery import Notice, Reason
from mimamori.intake.headings import label_of, needed
from mimamori.intake.records import Records, line_of
from mimamori.privacy.personal_number import looks_like_personal_numbers
from mimamori.refusal import Refused
from mimamori.sources import Table

LOST_DIGITS = Reason(
    "桁の多い番号が数値のセルにあり、表計算ソフトで下の桁が失われています。文字列のセルで提供してください。",
    "A long number stands in a numeric cell: the spreadsheet has lost its last digits.",
)
ERROR = Reason(
    "セルがエラー値(#N/A など)です。元の表を直して提供してください。",
    "A cell holds an error (#N/A and the like): correct it in the sheet.",
)
NO_VALUE = Reason(
    "数式のセルに計算結果が保存されていません。表計算ソフトで開き、保存し直して提供してください。",
    "A formula was saved without its value: open the book in a spreadsheet program and save it again.",
)
SPOILT = {"error": ERROR, "formula": NO_VALUE}
EXACT = 10**15  # whole numbers from here on may have lost digits: a cell keeps fifteen


def read_book(data: bytes, table: Table, name: str) -> Records:
    """The heading and the rows of every visible sheet that has one; raises `Refused` where it is no readable book.

    A formula has the value that was last stored. Hidden sheets are never taken: nobody who sends a book sees them.
    """
    sheets = sheets_of(data, table, name)
    taken = [sheet for sheet in sheets if sheet.heading and sheet.heading.whole and not sheet.hidden]
    if not taken:
        return _nearest(sheets, name)
    left = [sheet for sheet in sheets if sheet not in taken and any(map(any, sheet.grid))]
    for sheet in left:
        _check_left(sheet, table, name)
    found = Records()
    words = list(dict.fromkeys(key for sheet in taken if sheet.heading for key in sheet.heading.columns()))
    found.rows.append([word for word, _ in words])
    found.lines.append(0)
    alone = len(taken) == 1 and taken[0].number == 1
    for sheet in taken:
        _take(found, sheet, words, alone=alone)
        found.notices += _lost_zeros(sheet, table, name)
    found.notices += _notices(taken, left, table, name)
    if is_old(data):
        found.notices.append(
            (
                f"{name}: 古い形式(XLS)のブックです。エラー値のセルは空として読みました。",
                f"{name}: a book of the old kind (XLS): cells with an error were read as blank.",
            )
        )
    return found


def _nearest(sheets: list[Sheet], name: str) -> Records:
    """No sheet has the heading: the one that comes nearest, so that what is missing can be told."""
    if any(sheet.hidden and sheet.heading and sheet.heading.whole for sheet in sheets):
        raise Refused(
            f"{name}: 見出しのあるシートが非表示です。表示してから保存し直してください。",
            f"{name}: the sheet with the heading is hidden: show it and save again.",
        )
    near = [sheet.heading for sheet in sheets if sheet.heading and not sheet.hidden]
    if not near:
        return Records()
    heading = max(near, key=lambda heading: heading.told)
    return Records(rows=[heading.words], lines=[heading.row + 1])


def _check_left(sheet: Sheet, table: Table, name: str) -> None:
    """No rows are lost over one heading spelt otherwise than on the sheets beside it; and the file is kept as it
    came, so no sheet of it may hold 個人番号."""
    wanted = set(needed(table))
    lacks = [field for field in needed(table) if sheet.heading and field not in sheet.heading.fields]
    if not sheet.hidden and lacks and len(lacks) * 2 < len(wanted):
        raise Refused(
            f"{name}: {sheet.number} 枚目のシートに必要な列がありません"
            f"({'、'.join(label_of(table, field) for field in lacks)})。見出しを確かめてください。",
            f"{name}: sheet {sheet.number} lacks required columns ({', '.join(lacks)}).",
        )
    for place in range(max(map(len, sheet.grid), default=0)):
        if looks_like_personal_numbers(text_of(row[place]) for row in sheet.grid if place < len(row)):
            raise Refused(
                f"{name}: {sheet.number} 枚目のシートに個人番号の形の列があります。個人番号は受領できません。",
                f"{name}: a column of sheet {sheet.number} looks like 個人番号, which are never taken.",
            )


def _take(found: Records, sheet: Sheet, words: list[tuple[str, int]], *, alone: bool) -> None:
    """Add the rows below a sheet's heading, in the order of `words`."""
    heading = sheet.heading
    assert heading is not None
    _pad(sheet)
    _fill_merged(sheet, heading.row)
    at = {key: place for place, key in enumerate(heading.columns())}
    places = [at.get(key) for key in words]
    declared = {place for place, field in enumerate(heading.fields) if field}
    faults: dict[int, Reason] = {}
    for (below, column), kind in sorted(sheet.marks.spoilt.items()):
        if column in declared and below > heading.row:
            faults.setdefault(below, SPOILT[kind])
    # A row of spoilt cells alone lies outside the grid: its line is told all the same.
    height = max([len(sheet.grid), *(number + 1 for number in faults)])
    for number in range(heading.row + 1, height):
        row = sheet.grid[number] if number < len(sheet.grid) else []
        line = number + 1 if alone else line_of(sheet.number, number + 1)
        if number in faults:
            found.bad.append((line, faults[number]))
            continue
        texts = [cell if cell.__class__ is str else text_of(cell) for cell in row]
        if not any(texts) or row == sheet.grid[heading.row]:
            continue  # a blank row, or the heading repeated for the next page
        if any(cell.__class__ is float and _lost(cell) and place in declared for place, cell in enumerate(row)):
            found.bad.append((line, LOST_DIGITS))
        else:
            found.rows.append([texts[place] if place is not None else "" for place in places])
            found.lines.append(line)


def _pad(sheet: Sheet) -> None:
    """Numbers that the sheet shows with leading zeros get them."""
    for (row, column), digits in sheet.marks.digits.items():
        if row < len(sheet.grid) and column < len(sheet.grid[row]):
            cell = sheet.grid[row][column]
            if isinstance(cell, float) and cell.is_integer() and 0 <= cell < EXACT:
                sheet.grid[row][column] = str(int(cell)).zfill(digits)


def _lost_zeros(sheet: Sheet, table: Table, name: str) -> Iterator[Notice]:
    """Columns of keys in which some cells are texts with a leading zero and others numbers: those have lost theirs."""
    heading = sheet.heading
    assert heading is not None
    keys = {*table.row_key, *(key for person in table.persons for key in (person.key, *(o.key for o in person.also)))}
    for place, field in enumerate(heading.fields):
        cells = [row[place] for row in sheet.grid[heading.row + 1 :]] if field in keys else []
        numbers = any(isinstance(cell, float) for cell in cells)
        if field and numbers and any(isinstance(cell, str) and cell.startswith("0") for cell in cells):
            label = label_of(table, field)
            yield (
                f"{name}: 「{label}」に数値のセルがあり、先頭の 0 が失われている番号がありそうです。",
                f"{name}: {field} holds numeric cells: some of its numbers may have lost their leading zeros.",
            )


def _fill_merged(sheet: Sheet, heading_row: int) -> None:
    """A cell merged over several rows (a class, a household) is the value of each of them."""
    for (top, left), (bottom, _) in sheet.merged:
        if top > heading_row and left < len(sheet.grid[0]):
            for row in sheet.grid[top + 1 : bottom + 1]:
                row[left] = sheet.grid[top][left]


def _notices(taken: list[Sheet], left: list[Sheet], table: Table, name: str) -> Iterator[Notice]:
    if len(taken) > 1:
        yield f"{name}: {len(taken)} 枚のシートを合わせて読みました。", f"{name}: {len(taken)} sheets were read as one."
    for sheet in left:
        if sheet.hidden:
            yield (
                f"{name}: {sheet.number} 枚目は非表示のシートなので除きました。",
                f"{name}: sheet {sheet.number} is hidden and was left out.",
            )
        else:
            yield (
                f"{name}: {sheet.number} 枚目のシートは見出しが違うので除きました。",
                f"{name}: sheet {sheet.number} has another heading and was left out.",
            )
    everywhere = {field for sheet in taken if sheet.heading for field in sheet.heading.fields if field}
    for sheet in taken:
        if sheet.heading and (lacks := sorted(everywhere - set(sheet.heading.fields) - set(needed(table)))):
            yield (
                f"{name}: {sheet.number} 枚目のシートには列「{'、'.join(label_of(table, f) for f in lacks)}」が"
                "ありません。",
                f"{name}: sheet {sheet.number} has no column {', '.join(lacks)}.",
            )


def _lost(cell: Any) -> bool:
    return isinstance(cell, float) and cell.is_integer() and abs(cell) >= EXACT


def text_of(cell: Any) -> str:
    """A cell as it was meant: whole numbers without '.0', fractions to fifteen digits, days as ISO."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
