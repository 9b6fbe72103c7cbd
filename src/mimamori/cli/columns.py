"""Aligned columns on a terminal, where a Japanese character is as wide as two Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence


def width(text: str) -> int:
    """The cells `text` takes on a terminal: 2 for wide and full-width characters, 0 for combining marks, else 1."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def aligned(
    heading: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()
) -> Iterator[str]:
    """The lines of a table: heading, rule, rows; the columns in `right` flush right; no blanks at a line's end."""
    widths = [max(width(row[place]) for row in (heading, *rows)) for place in range(len(heading))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (wide - width(cell)) + cell if place in right else cell + " " * (wide - width(cell))
            for place, (cell, wide) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    yield line(heading)
    yield "  ".join("-" * wide for wide in widths)
    yield from (line(row) for row in rows)
