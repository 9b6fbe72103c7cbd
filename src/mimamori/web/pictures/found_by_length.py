"""Events found by the length of the list, in wards' capacities: one line a candidate, the present capacity marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.screening.models.curves import Place
from mimamori.web.pictures.drawing import frame, line, text
from mimamori.web.pictures.shares import SHAPES

WIDTH, LEFT, RIGHT, TOP, TALL = 640, 44, 16, 18, 220
KINDS = ("circle", "square", "diamond")  # lines are told apart by their marks, not by colour


def picture(curves: Mapping[str, Sequence[Place]], events: int, *, sentence: str) -> SafeString:
    """`curves`: up to three, by their words; `events`: all there were."""
    most = max((place.times for places in curves.values() for place in places), default=1.0)
    highest = max((place.found / events for places in curves.values() for place in places), default=0.0)
    ceiling = next(share for share in (0.05, 0.1, 0.2, 0.5, 1.0) if highest <= share or share == 1.0)

    def x(times: float) -> float:
        return LEFT + times / most * (WIDTH - LEFT - RIGHT)

    def y(share: float) -> float:
        return TOP + TALL * (1 - share / ceiling)

    foot = TOP + TALL
    parts = []
    for part in range(6):
        share = ceiling * part / 5
        parts += [
            line(f"M{LEFT} {y(share):.1f}H{WIDTH - RIGHT}", "grid"),
            text(LEFT - 6, y(share) + 4, f"{share:.0%}", anchor="end"),
        ]
    parts += [text(x(times), foot + 16, gettext("%(n)s倍") % {"n": times}) for times in range(1, int(most) + 1)]
    parts += [
        line(f"M{x(1):.1f} {TOP}V{foot}", "limit"),
        text(x(1) + 4, TOP - 5, gettext("いまの受け持てる数"), kind="value", anchor="start"),
    ]
    for kind, places in zip(KINDS, curves.values(), strict=False):
        points = [(x(place.times), y(place.found / events)) for place in places]
        parts.append(line("M" + "L".join(f"{at:.1f} {up:.1f}" for at, up in points), "way"))
        parts += [line(f"M{at:.1f} {up:.1f}{SHAPES[kind]}", f"mark {kind}") for at, up in points]
    parts.append(text(LEFT, foot + 34, gettext("一覧の長さ(区の受け持てる数の何倍か)"), anchor="start"))
    return frame(WIDTH, foot + 42, sentence, parts, kind="chart falls broad")
