"""How the numbers of each source were linked: one bar a source; what is closed is hatched, never left out."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.privacy.small_cells import Cell
from mimamori.web.pictures.drawing import bar, frame, hatch, line, text

WIDTH, LEFT, RIGHT = 640, 170, 12
TOP, ROW, TALL = 4, 30, 18


def picture(lines: Sequence[tuple[str, Sequence[Cell], Cell]], kinds: Sequence[str], *, sentence: str) -> SafeString:
    """`lines`: a source's word, its counts by way (one of `kinds` each, a css class), and its total."""
    parts = [hatch("hx-ways")]
    for place, (word, counts, total) in enumerate(lines):
        y = TOP + ROW * place
        parts.append(text(0, y + 14, word, kind="value", anchor="start"))
        if not total:
            what = gettext("秘匿") if total is None else "0"
            parts.append(text(LEFT, y + 14, what, anchor="start"))
            continue
        scale = (WIDTH - LEFT - RIGHT) / total
        x = float(LEFT)
        for count, kind in zip(counts, kinds, strict=True):
            if count:
                parts.append(bar(x, y, max(count * scale - 1, 0.5), TALL, kind))
                x += count * scale
        closed = total - sum(count or 0 for count in counts)
        if closed:
            parts.append(bar(x, y, max(closed * scale - 1, 2), TALL, "unknown ways"))
    foot = TOP + ROW * len(lines)
    parts.append(line(f"M{LEFT} {foot}H{WIDTH - RIGHT}", "grid"))
    for share in (0, 50, 100):
        at = LEFT + (WIDTH - LEFT - RIGHT) * share / 100
        parts.append(
            text(at, foot + 14, f"{share}%", anchor="middle" if share == 50 else "start" if not share else "end")
        )
    return frame(WIDTH, foot + 20, sentence, parts, kind="chart falls broad")
