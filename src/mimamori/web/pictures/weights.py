"""Match weights of the pairs that were scored, by what became of them; the band between the lines is a person's."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.door.linkage_quality import Bin
from mimamori.web.pair_words import figure
from mimamori.web.pictures.drawing import bar, frame, line, text

WIDTH, LEFT, RIGHT = 640, 118, 12
TOP, ROW, TALL = 30, 64, 48  # pixels: above, a row, its highest bar
TICK = 10  # bits between two ticks


def rows_of(bins: Sequence[Bin]) -> list[tuple[str, str, list[int]]]:
    """(word, css class, pairs by bin) of what became of the pairs."""
    return [
        (gettext("自動でつないだ"), "for", [one.same for one in bins]),
        (gettext("人が決める"), "unsure", [one.unsure for one in bins]),
        (gettext("つながない"), "start", [one.apart for one in bins]),
    ]


def picture(bins: Sequence[Bin], *, step: int, accept: float, review: float, sentence: str) -> SafeString:
    """Three rows over one axis; each row has its own height, its count stands beside it."""
    low = min(bins[0].low, math.floor(review))
    high = max(bins[-1].low + step, math.ceil(accept))
    scale = (WIDTH - LEFT - RIGHT) / (high - low)

    def x(bits: float) -> float:
        return LEFT + (bits - low) * scale

    rows = rows_of(bins)
    foot = TOP + ROW * len(rows)
    parts = [
        bar(x(review), TOP - 6, x(accept) - x(review), foot - TOP + 6, "band"),
        text((x(review) + x(accept)) / 2, 12, gettext("人が決める幅"), kind="value"),
    ]
    for place, (word, kind, counts) in enumerate(rows):
        floor, most = TOP + ROW * (place + 1) - 10, max(counts) or 1
        parts += [
            text(0, floor - 20, word, kind="value", anchor="start"),
            text(0, floor - 4, gettext("%(n)s組") % {"n": f"{sum(counts):,}"}, anchor="start"),
            line(f"M{LEFT} {floor}H{WIDTH - RIGHT}", "grid"),
        ]
        for one, count in zip(bins, counts, strict=True):
            if count:
                tall = max(TALL * count / most, 1.5)
                parts.append(bar(x(one.low) + 0.5, floor - tall, max(step * scale - 1, 1), tall, kind))
    parts += [line(f"M{x(at):.1f} {TOP - 6}V{foot}", "limit") for at in (review, accept)]
    for at in (review, accept):
        parts.append(text(x(at), 26, figure(at)))
    for tick in range(math.ceil(low / TICK) * TICK, high + 1, TICK):
        parts.append(text(x(tick), foot + 12, figure(tick).removesuffix(".0") if tick else "0"))
    return frame(WIDTH, foot + 18, sentence, parts, kind="chart falls broad")
