"""What the pictures share: the frame, texts, months, and a value read back as a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mimamori.door import Karte, Row, Section
from mimamori.web.days import school_year_word
from mimamori.web.school_years import APRIL, school_year


@dataclass(frozen=True)
class Picture:
    """`sentence` says what the picture shows; it is also read aloud in its place. `columns` and `rows`: the table
    behind it, the newest first. `said_by`: each source with its day."""

    sentence: str
    svgs: tuple[SafeString, ...]
    said_by: tuple[tuple[str, date | None], ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def frame(width: int, height: int, sentence: str, parts: Iterable[SafeString], *, kind: str = "chart") -> SafeString:
    body = mark_safe("".join(parts))  # noqa: S308 - every part was built by format_html
    shape = '<svg class="{}" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(shape, kind, width, height, width, height, sentence, body)


def text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "middle") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, _short(x), _short(y), anchor, words
    )


def bar(x: float, y: float, width: float, height: float, kind: str) -> SafeString:
    sizes = [_short(value) for value in (x, y, width, height)]
    return format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', kind, *sizes)


def line(path: str, kind: str) -> SafeString:
    return format_html('<path class="{}" d="{}"/>', kind, path)


def hatch(name: str) -> SafeString:
    """The pattern of what is not known; `name` is unique on the page."""
    return format_html(
        '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="h0" width="6" height="6"/><path class="h1" d="M0 0v6"/></pattern></defs>',
        name,
    )


def section(karte: Karte, source: str) -> Section | None:
    return next((part for part in karte.sections if part.source == source), None)


def rows_by_month(part: Section, table: str) -> dict[date, Row]:
    """The rows of a monthly table by the first day of their month."""
    return {row.day.replace(day=1): row for row in table_rows(part, table) if row.day}


def amount(row: Row, field: str) -> float | None:
    """An item of a row as a number; the door gives it in words, with unit and commas. None where it has none."""
    value = next((value for value in row.values if value.field == field), None)
    digits = re.sub(r"[^\d.]", "", value.text) if value else ""
    return float(digits) if digits else None


def said(row: Row, field: str) -> str:
    """An item of a row as the door words it; a dash where it has none."""
    return next((value.text for value in row.values if value.field == field and value.text), "—")


def table_rows(part: Section | None, table: str) -> tuple[Row, ...]:
    """The rows of one record kind; none where the section is not shown."""
    return next((view.rows for view in part.tables if view.name == table), ()) if part else ()


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from the one of `first` to the one of `last`."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    return [date(place // 12, place % 12 + 1, 1) for place in range(begin, end + 1)]


def school_year_marks(months: Sequence[date], left: float, step: float, *, top: float, foot: float) -> list[SafeString]:
    """A line before each April, and under the axis the school year that begins there."""
    marks = []
    for place, month in enumerate(months):
        x = left + place * step
        if place and month.month == APRIL:
            marks.append(line(f"M{_short(x - step * 0.14)} {_short(top)}V{_short(foot)}", "school-year"))
        if place == 0 or month.month == APRIL:
            marks.append(text(x, foot, school_year_word(school_year(month)), anchor="start"))
    return marks


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
