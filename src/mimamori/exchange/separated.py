"""A table for a spreadsheet: comma-separated, UTF-8 with the mark Excel needs, and no text that a sheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Rows as a file's bytes; a text that would start a formula gets an apostrophe before it, a number stays one."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_harmless(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _harmless(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value
