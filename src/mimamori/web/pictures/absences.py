"""Days absent by month over a year; a month without a delivery is hatched, never zero."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

from mimamori.door import Karte
from mimamori.web.pictures.drawing import (
    Picture,
    amount,
    bar,
    frame,
    hatch,
    line,
    months_until,
    rows_by_month,
    section,
    text,
)

MONTHS = 12
WIDTH, HEIGHT, FLOOR, TOP = 430, 176, 142, 22


def picture(karte: Karte) -> Picture | None:
    """The picture; None where no attendance of this child was delivered."""
    part = section(karte, "school_affairs")
    if part is None or part.as_of is None:
        return None
    rows = rows_by_month(part, "attendance")
    if not rows:
        return None
    months = months_until(part.as_of, MONTHS)
    days = {month: amount(rows[month], "absent_days") for month in months if month in rows}
    ill = {month: amount(rows[month], "absent_ill_days") or 0 for month in days}
    known = {month: value for month, value in days.items() if value is not None}
    total, most = int(sum(known.values())), max([*known.values(), 10])
    sentence = gettext("12か月で%(n)d日欠席") % {"n": total}
    unknown = len(months) - len(known)
    if unknown:
        sentence += gettext("(%(n)dか月分はわからない)") % {"n": unknown}
    step, unit = (WIDTH - 26) / MONTHS, (FLOOR - TOP) / most
    parts = [hatch("hx-absent")]
    for level in (0, 5, 10, 15, 20):
        if level <= most:
            parts.append(line(f"M22 {FLOOR - level * unit:.1f}H{WIDTH - 4}", "grid"))
            parts.append(text(17, FLOOR - level * unit + 4, str(level), anchor="end"))
    for place, month in enumerate(months):
        x = 26 + place * step
        parts.append(text(x + step * 0.36, FLOOR + 17, str(month.month)))
        value = known.get(month)
        if value is None:
            parts.append(bar(x, FLOOR - 30, step * 0.72, 30, "unknown absent"))
            parts.append(text(x + step * 0.36, FLOOR - 35, "?", kind="warn"))
        elif not amount(rows[month], "class_days"):
            parts.append(text(x + step * 0.36, FLOOR - 5, gettext("休")))
        else:
            sick = min(ill.get(month, 0), value)
            parts.append(bar(x, FLOOR - sick * unit, step * 0.72, sick * unit, "mid"))
            parts.append(bar(x, FLOOR - value * unit, step * 0.72, (value - sick) * unit, "key"))
            parts.append(text(x + step * 0.36, FLOOR - value * unit - 4, f"{value:.0f}", kind="value"))
    parts.append(text(26, HEIGHT - 2, _years(months), anchor="start"))
    return Picture(sentence, frame(WIDTH, HEIGHT, sentence, parts), part.short_label, part.as_of)


def _years(months: list[date]) -> str:
    first, last = months[0], months[-1]
    return f"{first.year}/{first.month} – {last.year}/{last.month}"
