"""What the pictures share: the frame, texts, months, and a value read back as a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mimamori.door import Karte, Row, Section


@dataclass(frozen=True)
class Picture:
    """`sentence` says what the picture shows; it is also read aloud in its place."""

    sentence: str
    svg: SafeString
    source: str
    as_of: date | None


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
    found = next((view for view in part.tables if view.name == table), None)
    return {row.day.replace(day=1): row for row in (found.rows if found else ()) if row.day}


def amount(row: Row, field: str) -> float | None:
    """An item of a row as a number; the door gives it in words, with unit and commas. None where it has none."""
    value = next((value for value in row.values if value.field == field), None)
    digits = re.sub(r"[^\d.]", "", value.text) if value else ""
    return float(digits) if digits else None


def months_until(last: date, count: int) -> list[date]:
    """The first days of the `count` months that end with `last`."""
    at = last.year * 12 + last.month - 1
    return [date(place // 12, place % 12 + 1, 1) for place in range(at - count + 1, at + 1)]


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
