"""Unpaid school lunch fees by month; drawn only where something is unpaid."""

from __future__ import annotations

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

MONTHS = 8
WIDTH, HEIGHT, FLOOR, TOP = 430, 150, 124, 20


def picture(karte: Karte) -> Picture | None:
    """The picture; None where no fees of this child were delivered or nothing is unpaid."""
    part = section(karte, "school_lunch_fees")
    if part is None or part.as_of is None:
        return None
    rows = rows_by_month(part, "fees")
    unpaid = {month: amount(row, "unpaid") for month, row in rows.items()}
    months = months_until(part.as_of, MONTHS)
    owed = {month: unpaid[month] or 0 for month in months if unpaid.get(month) is not None}
    if not any(owed.values()):
        return None
    count, total = sum(value > 0 for value in owed.values()), int(sum(owed.values()))
    sentence = gettext("給食費が%(months)dか月分、%(yen)s円未納") % {"months": count, "yen": f"{total:,}"}
    most = max(owed.values())
    step = (WIDTH - 26) / MONTHS
    parts = [hatch("hx-fees"), line(f"M22 {FLOOR}H{WIDTH - 4}", "grid")]
    for place, month in enumerate(months):
        x = 26 + place * step
        parts.append(text(x + step * 0.36, FLOOR + 17, str(month.month)))
        value = owed.get(month)
        if value is None:
            parts.append(bar(x, FLOOR - 40, step * 0.72, 40, "unknown fees"))
            parts.append(text(x + step * 0.36, FLOOR - 45, "?", kind="warn"))
        elif value:
            tall = (FLOOR - TOP) * value / most
            parts.append(bar(x, FLOOR - tall, step * 0.72, tall, "key"))
            parts.append(text(x + step * 0.36, FLOOR - tall - 4, f"{int(value):,}", kind="value"))
    return Picture(sentence, frame(WIDTH, HEIGHT, sentence, parts), part.short_label, part.as_of)
