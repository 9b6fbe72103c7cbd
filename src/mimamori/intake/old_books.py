"""Books of the old kind (XLS, BIFF), read in a process of their own: a damaged one can end its reader's process.

As a program: the book comes on standard input, its sheets go to standard output as JSON.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any, TypedDict

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

LONGEST = 300  # seconds


class Read(TypedDict):
    """One sheet; numbers stay numbers, anything else is its text. `merged`: [[top, left], [bottom, right]]."""

    hidden: bool
    grid: list[list[Any]]
    merged: list[list[list[int]]]


def read_old_book(data: bytes) -> list[Read]:
    """Every sheet, in the book's order; raises `CalamineError` where it cannot be read."""
    try:
        done = subprocess.run(  # noqa: S603 no part of the command comes from outside
            [sys.executable, "-m", __name__], input=data, capture_output=True, check=True, timeout=LONGEST
        )
        found: list[Read] = json.loads(done.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        raise CalamineError("not a book that can be read") from None
    return found


def _sheets(data: bytes) -> list[Read]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    read: list[Read] = []
    for place, told in enumerate(book.sheets_metadata):
        sheet = book.get_sheet_by_index(place)
        merged = [[list(corner) for corner in area] for area in sheet.merged_cell_ranges or ()]
        hidden = told.visible != SheetVisibleEnum.Visible
        read.append({"hidden": hidden, "grid": sheet.to_python(skip_empty_area=False), "merged": merged})
    return read


def main() -> None:
    from mimamori.intake.spreadsheet import text_of  # noqa: PLC0415 the program's alone: that module needs this one

    sys.stdout.write(json.dumps(_sheets(sys.stdin.buffer.read()), default=text_of))


if __name__ == "__main__":
    main()
