"""A book's sheets as grids of cells, by the reader of books; with one answer to bytes that it cannot read."""

from __future__ import annotations

import io
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from mimamori.intake.sheet_heading import Grid, Merged


class Unreadable(Exception):
    """Bytes that are no book, or none that can be read."""


class Cells(NamedTuple):
    """One sheet: whether it is hidden, its cells, its merged areas. A chart's sheet has no cells."""

    hidden: bool
    grid: Grid
    merged: Merged


def cells_of(data: bytes) -> list[Cells]:
    """Every sheet, in the book's order; raises `Unreadable`, also where the reader panics over a damaged book."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_index(place) for place in range(len(book.sheets_metadata))]
        hidden = [told.visible != SheetVisibleEnum.Visible for told in book.sheets_metadata]
        return [
            Cells(out_of_sight, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [])
            for out_of_sight, sheet in zip(hidden, sheets, strict=True)
        ]
    except (CalamineError, OverflowError) as error:  # the latter: a time that Python has no word for
        raise Unreadable(str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # no Exception, and of no module that can be imported
            raise
        raise Unreadable("the reader panicked") from None
