"""A file's rows as text, before anybody knows what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from mimamori.intake.delivery import Notice, Reason

A_SHEET = 10**10  # a line of a book's k-th sheet is k × this + its row; no file has so many lines


@dataclass
class Records:
    """Rows as wide as the first (the heading), the lines they begin on, and the lines that cannot be believed."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    bad: list[tuple[int, Reason]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def line_of(sheet: int, row: int) -> int:
    """One number for a row of a sheet (both from 1), rising from sheet to sheet."""
    return sheet * A_SHEET + row


def place_of(line: int) -> tuple[int | None, int]:
    """(sheet, row) of a line; no sheet where the rows came from one file or one sheet."""
    sheet, row = divmod(line, A_SHEET)
    return (sheet or None, row)
