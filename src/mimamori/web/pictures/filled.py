"""How often an item was filled, month by month: a line as high as a word, with the usual share as a dashed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.web.days import short_day
from mimamori.web.pictures.drawing import bar, frame, line

STEP = 12  # pixels a month
HEIGHT, TOP, FLOOR = 30, 4.0, 26.0  # 100 % and 0 %
MOST = 12  # months drawn


@dataclass(frozen=True)
class Point:
    """One month of the axis; `share` 0–1, None where nothing was delivered for it, or not this item."""

    day: date | None
    share: float | None


def axis(days: Sequence[date], shares: Sequence[float | None]) -> list[Point]:
    """One point a month from the first day to the last, at most `MOST`; months without a delivery are points too."""
    by_month = {_month(day): Point(day, share) for day, share in zip(days, shares, strict=True)}
    last = _month(days[-1])
    first = max(min(by_month), last - MOST + 1)
    return [by_month.get(month, Point(None, None)) for month in range(first, last + 1)]


def sparkline(days: Sequence[date], shares: Sequence[float | None], *, usual: float | None, fell: bool) -> SafeString:
    """The picture of one item; read aloud with its figures. A month that is not known is a dashed box."""
    points = axis(days, shares)
    parts = [line(f"M0 {FLOOR}H{STEP * MOST}", "grid")]
    if usual is not None:
        parts.append(line(f"M0 {_y(usual):.1f}H{STEP * MOST}", "usual"))
    start = STEP * (MOST - len(points))  # the newest month stands at the right, under one another
    path, pen = "", "M"
    for place, point in enumerate(points):
        x = start + STEP * (place + 0.5)
        if point.share is None:
            parts.append(bar(x - STEP / 2 + 2, TOP, STEP - 4, FLOOR - TOP, "not-known"))
            pen = "M"
            continue
        path += f"{pen}{x:g} {_y(point.share):.1f}"
        pen = "L"
    parts.append(line(path, "share"))
    end = format_html(
        '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
        "fell" if fell else "now",
        f"{start + STEP * (len(points) - 0.5):g}",
        f"{_y(points[-1].share or 0.0):.1f}",
        "4" if fell else "3",
    )
    return frame(STEP * MOST, HEIGHT, _said(points), [*parts, end], kind="spark")


def _said(points: Sequence[Point]) -> str:
    """The figures in words, as a screen reader speaks them."""
    told = []
    for point in points:
        if point.day is None:
            told.append(gettext("提供なし"))
        elif point.share is None:
            told.append(gettext("%(day)s 項目なし") % {"day": short_day(point.day)})
        else:
            told.append(f"{short_day(point.day)} {point.share:.1%}")
    return gettext("記入率: %(shares)s") % {"shares": "、".join(told)}


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _y(share: float) -> float:
    return FLOOR - (FLOOR - TOP) * share
