"""Shares side by side, one row a group, each mark with its interval where it has one; a shape a kind, not a colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.web.pictures.drawing import frame, line, text

WIDTH, RIGHT = 640, 24
NARROW, BROAD, SIGN = 90, 260, 12.5  # the words' column in pixels, at least and at most, and a full-width sign
TOP, ROW, APART = 22, 28, 7  # pixels: above, a row, between two marks of one row
SHAPES = {  # drawn around 0, 0 by relative steps: circle, square, diamond
    "circle": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "square": "m-3.5-3.5h7v7h-7z",
    "diamond": "m0-5l5 5-5 5-5-5z",
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
    left = _column([row.word for row in rows])
    scale = (WIDTH - left - RIGHT) / (1 - begin)

    def x(share: float) -> float:
        return left + (share - begin) * scale

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
            parts.append(text(left, y + 4, row.instead, anchor="start"))
        for number, mark in enumerate(row.marks):
            y = TOP + ROW * place + 12 + round(APART * (number - (len(row.marks) - 1) / 2))
            if mark.low is not None and mark.high is not None:
                low, high = f"{x(mark.low):.1f} {y - 4}", f"{x(mark.high):.1f} {y - 4}"
                parts.append(line(f"M{low}v8m0-4H{x(mark.high):.1f}M{high}v8", "reach"))
            parts.append(line(f"M{x(mark.share):.1f} {y}{SHAPES[mark.shape]}", f"mark {mark.shape}"))
    if begin:
        note = gettext("目盛りは %(begin)s から") % {"begin": f"{begin:.0%}"}
        parts.append(text(left, foot + 14, note, anchor="start"))
    return frame(WIDTH, foot + 20, sentence, parts, kind="chart falls broad")


def _column(words: Sequence[str]) -> float:
    """How wide the column of words must be; half-width signs take a little more than half."""
    longest = max((sum(1 if east_asian_width(sign) in "WF" else 0.6 for sign in word) for word in words), default=0)
    return min(BROAD, max(NARROW, longest * SIGN + 10))
