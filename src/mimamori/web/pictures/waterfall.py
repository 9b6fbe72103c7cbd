"""The weight of a pair's evidence, step by step: each bar begins where the one before ended, and the band between the
two lines is what a person must decide. A weight judges records, not people."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.door import Waterfall
from mimamori.web.pair_words import figure, steps
from mimamori.web.pictures.drawing import bar, frame, line, text

WIDTH, LEFT, RIGHT = 356, 128, 34  # pixels; to the left the words, to the right room for a figure
TOP, STEP, BAR = 26, 34, 16


def picture(found: Waterfall) -> SafeString:
    """The waterfall as SVG; read aloud with its sum and its lines."""
    lines = steps(found)
    totals = [0.0, *(total for _item, _level, _bits, total in lines), found.review, found.accept]
    low, high = min(totals), max(totals)
    scale = (WIDTH - LEFT - RIGHT) / ((high - low) or 1.0)

    def x(bits: float) -> float:
        return LEFT + (bits - low) * scale

    foot = TOP + STEP * len(lines)
    middle = (x(found.review) + x(found.accept)) / 2
    parts = [
        bar(x(found.review), TOP - 4, x(found.accept) - x(found.review), foot - TOP + STEP, "band"),
        text(middle, 14, gettext("人が決める"), kind="value"),
        *(line(f"M{x(at):.1f} {TOP - 4}V{foot + STEP - 4}", "limit") for at in (found.review, found.accept)),
        line(f"M{x(0):.1f} {TOP - 4}V{foot + STEP - 4}", "grid"),
    ]
    before = 0.0
    for place, (item, level, bits, total) in enumerate(lines):
        y = TOP + STEP * place
        begin, end = sorted((x(before), x(total)))
        kind = "start" if place == 0 else "for" if bits >= 0 else "against"
        parts += [
            text(0, y + 10, item, kind="value", anchor="start"),
            text(0, y + 24, level, anchor="start"),
            bar(begin, y, max(end - begin, 1.0), BAR, kind),
            line(f"M{x(total):.1f} {y}V{y + STEP}", "grid"),
            _figure(begin, end, y, bits),
        ]
        before = total
    parts += [
        text(0, foot + 12, gettext("合計"), kind="value", anchor="start"),
        line(f"M{x(found.weight):.1f} {foot}l7 8-7 8-7-8z", "sum"),
        _figure(x(found.weight) - 8, x(found.weight) + 8, foot, found.weight, kind="value"),
    ]
    said = gettext("根拠の重みの積み上げ。合計 %(weight)s。%(review)s から %(accept)s までは人が決めます。")
    sentence = said % {name: figure(getattr(found, name)) for name in ("weight", "review", "accept")}
    return frame(WIDTH, foot + STEP, sentence, parts, kind="chart falls")


def _figure(begin: float, end: float, y: int, bits: float, *, kind: str = "n") -> SafeString:
    """The bits beside the bar, on the side where there is room."""
    if end + RIGHT + 4 <= WIDTH:
        return text(end + 4, y + 12, figure(bits), kind=kind, anchor="start")
    return text(begin - 4, y + 12, figure(bits), kind=kind, anchor="end")
