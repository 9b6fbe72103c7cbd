"""Shares side by side, one row a group, each mark with its interval where it has one; a shape a kind, not a colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.web.pictures.drawing import frame, line, text

WIDTH, LEFT, RIGHT = 640, 190, 40
TOP, ROW = 22, 26
SHAPES = {  # drawn around 0, 0 by relative steps: circle, square, diamond
    "circle": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "square": "m-4.5-4.5h9v9h-9z",
    "diamond": "m0-6l6 6-6 6-6-6z",
}


@dataclass(frozen=True)
class Mark:
    """A share 0–1, with the ends of its interval."""

    shape: str
    share: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ShareRow:
    """One group. Without marks, `instead` says why."""

    word: str
    marks: tuple[Mark, ...]
    instead: str = ""


def picture(rows: Sequence[ShareRow], *, sentence: str) -> SafeString:
    """The axis begins at the whole ten percent below the least share, and says so."""
    least = min((value for row in rows for mark in row.marks for value in (mark.share, mark.low or 1.0)), default=0.0)
    begin = max(0.0, min(0.9, math.floor(least * 10) / 10))
    scale = (WIDTH - LEFT - RIGHT) / (1 - begin)

    def x(share: float) -> float:
        return LEFT + (share - begin) * scale

    foot = TOP + ROW * len(rows)
    parts = []
    for part in range(6):
        share = begin + (1 - begin) * part / 5
        parts += [
            line(f"M{x(share):.1f} {TOP - 6}V{foot}", "grid"),
            text(x(share), 11, f"{share:.0%}", kind="value" if part == 0 and begin else ""),
        ]
    for place, row in enumerate(rows):
        y = TOP + ROW * place + 12
        parts.append(text(0, y + 4, row.word, kind="value", anchor="start"))
        if not row.marks:
            parts.append(text(LEFT, y + 4, row.instead, anchor="start"))
        for mark in row.marks:
            if mark.low is not None and mark.high is not None:
                low, high = f"{x(mark.low):.1f} {y - 4}", f"{x(mark.high):.1f} {y - 4}"
                parts.append(line(f"M{low}v8m0-4H{x(mark.high):.1f}M{high}v8", "reach"))
            parts.append(line(f"M{x(mark.share):.1f} {y}{SHAPES[mark.shape]}", f"mark {mark.shape}"))
    if begin:
        parts.append(text(0, 11, gettext("目盛りは %(begin)s から") % {"begin": f"{begin:.0%}"}, anchor="start"))
    return frame(WIDTH, foot + 4, sentence, parts, kind="chart falls")
