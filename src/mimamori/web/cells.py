"""The values of a karte's rows as HTML: hundreds a page, so they are written here and not by a template each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape  # Django's own asks of every text whether it is lazy

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from mimamori.door import Row, Value
from mimamori.web import days
from mimamori.web.tables import SAID_BY
from mimamori.web.words import mark_word

NOTHING = mark_safe('<span class="sub">—</span>')


def text_of(value: Value) -> str:
    """A value as it reads: days in the reader's form, a month as a month, a school year by its era."""
    if value.day:
        return days.month_word(value.day) if value.field == "month" else days.long_day(value.day)
    if value.field == "school_year":
        digits = value.text.replace(",", "")
        return days.school_year_word(int(digits)) if digits.isdecimal() else value.text
    return value.text


def cell(value: Value | None) -> SafeString:
    """One value; a dash where the row has none, a word of its own where it is withheld."""
    if value is None:
        return NOTHING
    if value.field == SAID_BY:
        told = f'<span class="sub n">{escape(value.text)}</span>{mark(value.mark)}'
        return mark_safe(told)  # noqa: S308 - escaped
    if value.masked:
        return format_html('<span class="veil-t">{}</span>', gettext("非表示"))
    return mark_safe(escape(text_of(value)))  # noqa: S308 - escaped


def mark(kind: str) -> SafeString:
    """Whether a row is new or was changed since the reader last looked, as a word; nothing where it is neither."""
    if not kind:
        return SafeString("")
    return format_html(' <span class="tag fresh">{}</span>', mark_word(kind))


def table_rows(lines: Iterable[Sequence[Value | None]]) -> SafeString:
    """The lines of a grid as rows of a table."""
    told = ("".join(("<tr>", *(f"<td>{cell(value)}</td>" for value in line), "</tr>")) for line in lines)
    return mark_safe("".join(told))  # noqa: S308 - every cell is escaped


def facts(row: Row) -> SafeString:
    """The values of one row as terms and what is said of them."""
    told = (f"<div><dt>{escape(one.label)}</dt><dd>{cell(one)}</dd></div>" for one in row.values)
    return mark_safe("".join(told))  # noqa: S308 - every part is escaped
