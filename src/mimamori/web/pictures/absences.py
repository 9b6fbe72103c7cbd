"""Days absent by month, this school year and the one before; a month without a delivery is hatched, never zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
    text,
)
from mimamori.web.school_years import APRIL, grade_in, school_year

WIDTH, HEIGHT, FLOOR, TOP, LEFT = 430, 184, 142, 22, 26
LEAST = 10  # days that the scale reaches at least, so that two days never look like many
WIDE = 14  # months beyond which only every other one is named


@dataclass(frozen=True)
class Month:
    """`absent`, and how many of these days `ill`; None: not delivered. `school`: there were lessons at all."""

    day: date
    absent: float | None
    ill: float = 0
    school: bool = True


def picture(karte: Karte) -> Picture | None:
    """The picture; None where no attendance of this child was delivered."""
    part = section(karte, "school_affairs")
    if part is None or part.as_of is None:
        return None
    rows = rows_by_month(part, "attendance")
    if not rows:
        return None
    this_year = school_year(part.as_of)
    # Before a child's first school year nothing is unknown: it was not at school.
    begins = this_year if grade_in(karte.header.birth_date, this_year) == 1 else this_year - 1
    months = [_month(day, rows.get(day)) for day in months_between(date(begins, APRIL, 1), part.as_of)]
    sentence = _sentence(months, this_year)
    columns = (
        gettext("月"), gettext("授業日数"), gettext("欠席"), gettext("うち病気"), gettext("遅刻"), gettext("早退"),
    )  # fmt: skip
    fields = ("class_days", "absent_days", "absent_ill_days", "late_count", "early_leave_count")
    table = tuple(
        (month_word(month.day), *(_cell(rows.get(month.day), field) for field in fields)) for month in reversed(months)
    )
    return Picture(sentence, (drawn(months, sentence),), ((part.short_label, part.as_of),), columns, table)


def drawn(months: Sequence[Month], sentence: str) -> SafeString:
    """Bars of the days, those ill at the foot; school years divided by a line."""
    most = max([*(month.absent for month in months if month.absent is not None), LEAST])
    step, unit = (WIDTH - LEFT) / len(months), (FLOOR - TOP) / most
    width = step * 0.72
    parts = [hatch("hx-absent")]
    for level in range(0, int(most) + 1, 5):
        parts.append(line(f"M{LEFT - 4} {FLOOR - level * unit:.1f}H{WIDTH - 4}", "grid"))
        parts.append(text(LEFT - 9, FLOOR - level * unit + 4, str(level), anchor="end"))
    for place, month in enumerate(months):
        x = LEFT + place * step
        middle = x + width / 2
        if len(months) <= WIDE or month.day.month % 2 == 0:
            parts.append(text(middle, FLOOR + 17, str(month.day.month)))
        if month.absent is None:
            parts.append(bar(x, FLOOR - 30, width, 30, "unknown absent"))
            parts.append(text(middle, FLOOR - 35, "?", kind="warn"))
        elif not month.school:
            parts.append(text(middle, FLOOR - 5, gettext("休")))
        else:
            sick = min(month.ill, month.absent)
            parts.append(bar(x, FLOOR - sick * unit, width, sick * unit, "mid"))
            parts.append(bar(x, FLOOR - month.absent * unit, width, (month.absent - sick) * unit, "key"))
            parts.append(text(middle, FLOOR - month.absent * unit - 4, f"{month.absent:.0f}", kind="value"))
    parts += school_year_marks([month.day for month in months], LEFT, step, top=TOP - 14, foot=HEIGHT - 6)
    return frame(WIDTH, HEIGHT, sentence, parts)


def _month(day: date, row: Row | None) -> Month:
    if row is None:
        return Month(day, None)
    lessons = amount(row, "class_days")
    return Month(day, amount(row, "absent_days"), amount(row, "absent_ill_days") or 0, school=lessons != 0)


def _sentence(months: Sequence[Month], this_year: int) -> str:
    told = []
    for year in (this_year, this_year - 1):
        known = [month.absent for month in months if school_year(month.day) == year and month.absent is not None]
        if known:
            told.append(gettext("%(year)sは%(n)d日欠席") % {"year": school_year_word(year), "n": sum(known)})
    sentence = gettext("、").join(told) or gettext("欠席の日数はわからない")
    unknown = sum(month.absent is None for month in months)
    if unknown and told:
        sentence += gettext("(%(n)dか月分はわからない)") % {"n": unknown}
    return sentence


def _cell(row: Row | None, field: str) -> str:
    return said(row, field) if row else gettext("不明")
