"""Unpaid fees: school lunch month by month and adding up, other money of the school by the year.

Drawn only where something is unpaid. A month without a delivery is hatched, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.door import Karte, Row
from mimamori.web.days import month_word, school_year_word
from mimamori.web.pictures.drawing import (
    Picture,
    amount,
    bar,
    frame,
    hatch,
    line,
    months_between,
    rows_by_month,
    said,
    school_year_marks,
    section,
    table_rows,
    text,
)
from mimamori.web.school_years import APRIL, grade_in, school_year

LUNCH, COLLECTIONS = "school_lunch_fees", "school_collections"
WIDTH, HEIGHT, FLOOR, TOP, LEFT = 430, 166, 124, 20, 26
MOST, STEP = 8, 26  # bars of other money, and pixels from one to the next
WIDE = 14  # months beyond which only every other one is named
Months = Sequence[tuple[date, float | None]]


def picture(karte: Karte) -> Picture | None:
    """The picture; None where no fees of this child were delivered or nothing is unpaid."""
    lunch, other = section(karte, LUNCH), section(karte, COLLECTIONS)
    rows = rows_by_month(lunch, "fees") if lunch else {}
    collected = [row for row in table_rows(other, "collections") if amount(row, "unpaid")]
    owed = sum(amount(row, "unpaid") or 0 for row in rows.values())
    if not owed and not collected:
        return None
    told, svgs = [], []
    if lunch and lunch.as_of and owed:
        months = _months(karte, rows, lunch.as_of)
        unpaid = [value for _day, value in months if value]
        words = {"months": len(unpaid), "yen": f"{sum(unpaid):,.0f}"}
        told.append(gettext("給食費が%(months)dか月分、%(yen)s円未納") % words)
        svgs.append(drawn(months, told[0]))
    if collected:
        yen = sum(amount(row, "unpaid") or 0 for row in collected)
        told.append(gettext("学校徴収金が%(yen)s円未納") % {"yen": f"{yen:,.0f}"})
        by_year = [(_what(row), amount(row, "billed"), amount(row, "unpaid") or 0) for row in collected]
        svgs.append(drawn_by_year(by_year[:MOST], told[-1]))
    shown = [part for part, some in ((lunch, owed), (other, collected)) if part and some]
    return Picture(
        gettext("、").join(told),
        tuple(svgs),
        tuple((part.short_label, part.as_of) for part in shown),
        (gettext("費目"), gettext("いつの分"), gettext("請求"), gettext("納付"), gettext("未納"), gettext("督促")),
        (*_lunch_rows(rows), *(_collection_row(row) for row in collected)),
    )


def drawn(months: Months, sentence: str) -> SafeString:
    """What is unpaid by then, adding up; the month's own part is the darker one on top."""
    sums = list(accumulate(value or 0 for _day, value in months))
    step, most = (WIDTH - LEFT) / len(months), max(*sums, 1)
    width = step * 0.72
    parts = [hatch("hx-fees"), line(f"M{LEFT - 4} {FLOOR}H{WIDTH - 4}", "grid")]
    for place, ((day, value), total) in enumerate(zip(months, sums, strict=True)):
        x = LEFT + place * step
        middle = x + width / 2
        if len(months) <= WIDE or day.month % 2 == 0:
            parts.append(text(middle, FLOOR + 17, str(day.month)))
        if value is None:
            parts.append(bar(x, FLOOR - 40, width, 40, "unknown fees"))
            parts.append(text(middle, FLOOR - 45, "?", kind="warn"))
            continue
        tall, own = ((FLOOR - TOP) * yen / most for yen in (total, value))
        parts.append(bar(x, FLOOR - tall + own, width, tall - own, "mid"))
        parts.append(bar(x, FLOOR - tall, width, own, "key"))
        last = place == len(months) - 1
        if last or (value and len(months) <= WIDE):
            anchor = "end" if last else "middle"
            parts.append(
                text(x + width if last else middle, FLOOR - tall - 4, f"{total:,.0f}", kind="value", anchor=anchor)
            )
    parts += school_year_marks([day for day, _value in months], LEFT, step, top=TOP - 12, foot=HEIGHT - 6)
    return frame(WIDTH, HEIGHT, sentence, parts)


def drawn_by_year(owed: Sequence[tuple[str, float | None, float]], sentence: str) -> SafeString:
    """Money without months, a bar each: (what, billed, unpaid). The outline is what was billed."""
    most = max(max(billed or 0, unpaid) for _what, billed, unpaid in owed)
    left, right = 150, WIDTH - 70
    parts = []
    for place, (what, billed, unpaid) in enumerate(owed):
        y = 6 + place * STEP
        long, whole = ((right - left) * yen / most for yen in (unpaid, billed or 0))
        parts.append(text(0, y + 13, what, anchor="start"))
        if billed is not None:
            parts.append(bar(left, y, whole, 16, "whole"))
        parts.append(bar(left, y, long, 16, "key"))
        parts.append(text(left + max(long, whole) + 6, y + 13, f"{unpaid:,.0f}", kind="value", anchor="start"))
    return frame(WIDTH, 6 + len(owed) * STEP, sentence, parts)


def _months(karte: Karte, rows: dict[date, Row], as_of: date) -> list[tuple[date, float | None]]:
    """From last school year's April, or later where the child was not at school or the first month is later."""
    this_year = school_year(as_of)
    begins = this_year if grade_in(karte.header.birth_date, this_year) == 1 else this_year - 1
    first = max(date(begins, APRIL, 1), min(rows))
    return [(day, amount(rows[day], "unpaid") if day in rows else None) for day in months_between(first, as_of)]


def _lunch_rows(rows: dict[date, Row]) -> list[tuple[str, ...]]:
    fields = ("billed", "paid", "unpaid", "reminder_count")
    return [
        (gettext("給食費"), month_word(day), *(said(row, field) for field in fields))
        for day, row in sorted(rows.items(), reverse=True)
        if amount(row, "unpaid")
    ]


def _collection_row(row: Row) -> tuple[str, ...]:
    fields = ("billed", "paid", "unpaid", "reminder_count")
    return said(row, "expense"), _year(row), *(said(row, field) for field in fields)


def _year(row: Row) -> str:
    year = amount(row, "school_year")
    return school_year_word(int(year)) if year else "—"


def _what(row: Row) -> str:
    return f"{_year(row)} {said(row, 'expense')}"
