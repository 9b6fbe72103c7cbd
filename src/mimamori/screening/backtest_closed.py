"""A back-test as a page may show it: small counts closed, and no share from which they would follow.

Beside the counts, a share tells how many of them hit and missed. Where one of those is from 1 to `privacy.SMALL`, or
would follow from the others of its column, the share is told as its interval alone, rounded outwards to whole tenths.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mimamori.linkage.intervals import Interval
from mimamori.privacy.small_cells import CLOSED, Cell, close_line
from mimamori.screening.backtest_shapes import Count

COARSE = 10  # parts of the whole that a coarse interval is rounded to


@dataclass(frozen=True)
class Share:
    """0–1; `coarse`: low and high alone, rounded outwards; `undecided`: 判定不能, nothing is told."""

    kind: Literal["open", "coarse", "undecided"]
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Shown:
    """One group: children followed, of these with an event, and taken; `CLOSED` where it is small."""

    dimension: str
    value: str
    followed: Cell
    events: Cell
    taken: Cell
    precision: Share
    recall: Share


def shown(whole: Count, groups: Sequence[Count]) -> tuple[Shown, tuple[Shown, ...]]:
    """The whole and its groups (every dimension adds up to it), closed together."""
    dimensions = dict.fromkeys(group.dimension for group in groups)
    made = [_closed([group for group in groups if group.dimension == name]) for name in dimensions]
    alone = _closed([whole])[0]
    return alone, tuple(one for lines in made for one in lines)


def small(count: int) -> Cell:
    """A count that stands by itself."""
    return close_line([count])[0]


def _closed(counts: Sequence[Count]) -> list[Shown]:
    followed, events, taken = (
        close_line([getattr(count, name) for count in counts]) for name in ("followed", "events", "taken")
    )
    # One of the two shares told exactly would give the hits of the other, and both with one count the other count.
    coarse = _hidden(
        [count.events for count in counts],
        [count.taken for count in counts],
        [count.hits for count in counts],
        [count.taken - count.hits for count in counts],
        [count.events - count.hits for count in counts],
    )
    return [
        Shown(
            dimension=count.dimension,
            value=count.value,
            followed=followed[place],
            events=events[place],
            taken=taken[place],
            precision=_share(count.precision, place in coarse),
            recall=_share(count.recall, place in coarse),
        )
        for place, count in enumerate(counts)
    ]


def _hidden(*columns: Sequence[int]) -> set[int]:
    return {place for column in columns for place, cell in enumerate(close_line(column)[:-1]) if cell is CLOSED}


def _share(interval: Interval | None, coarse: bool) -> Share:
    if interval is None:
        return Share("undecided")
    if not coarse:
        return Share("open", interval.share, interval.low, interval.high)
    # a hair of the float must not open another tenth
    low = math.floor(round(interval.low * COARSE, 9)) / COARSE
    return Share("coarse", None, low, math.ceil(round(interval.high * COARSE, 9)) / COARSE)
