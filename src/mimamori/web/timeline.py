"""経過: what happened, the newest first. What comes month by month stands in one line a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mimamori.door import Happening

OFTEN = 3  # as many of one kind in one year become one line


@dataclass(frozen=True)
class Line:
    """One line: a day, or a span of `count` days of the same kind."""

    first: date
    last: date
    text: str
    source_label: str
    count: int


def lines_of(happenings: Iterable[Happening]) -> list[Line]:
    """The lines, by their last day, newest first."""
    groups: dict[tuple[int, str, str], list[date]] = {}
    for one in happenings:
        groups.setdefault((one.day.year, one.source_label, one.text), []).append(one.day)
    lines = []
    for (_year, source, text), days in groups.items():
        if len(days) >= OFTEN:
            lines.append(Line(min(days), max(days), text, source, len(days)))
        else:
            lines += [Line(day, day, text, source, 1) for day in days]
    return sorted(lines, key=lambda line: (-line.last.toordinal(), line.source_label, line.text))
