"""What the conditions miss, estimated from children who were drawn at random among those not extracted."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from mimamori.door.sampling import Counted, Interval, weighted


@dataclass(frozen=True)
class Stratum:
    """One ward's draw of one night: of `frame` children not extracted `drawn` were drawn, of whom `judged` were looked
    at, and `missed` of those need support."""

    frame: int
    drawn: int
    judged: int
    missed: int


@dataclass(frozen=True)
class Missed:
    """The estimate over all strata in which somebody was looked at.

    `share`: of the children not extracted, how many need support, with its 95 % interval. `children`: the same as
    numbers of children (estimate, low, high), the interval rounded outwards. Both None where nobody was looked at.
    `covers`: the share of the children not extracted who live where somebody was looked at.
    """

    frame: int
    drawn: int
    judged: int
    missed: int
    share: Interval | None
    children: tuple[int, int, int] | None
    covers: float


def missed(strata: Iterable[Stratum]) -> Missed:
    """Each stratum weighs as many children as it was drawn from; see `door.sampling.weighted` for the interval, which
    stays honest where nobody was found: of 20 looked at and none found, up to one in six may still be missed. Strata of
    several nights may be pooled for `share`; `children` then counts a child once a night.

    Raises `ValueError` for counts that cannot be: more judged than drawn, or more drawn than there are.
    """
    found = list(strata)
    if any(not 0 <= one.missed <= one.judged <= one.drawn <= one.frame for one in found):
        raise ValueError("missed ≤ judged ≤ drawn ≤ frame does not hold")
    share = weighted([Counted(one.frame, one.judged, one.missed) for one in found])
    whole = sum(one.frame for one in found)
    covered = sum(one.frame for one in found if one.judged)
    return Missed(
        frame=whole,
        drawn=sum(one.drawn for one in found),
        judged=sum(one.judged for one in found),
        missed=sum(one.missed for one in found),
        share=share,
        children=_children(share, covered) if share else None,
        covers=covered / whole if whole else 0.0,
    )


def _children(share: Interval, of: int) -> tuple[int, int, int]:
    return round(share.share * of), math.floor(share.low * of), math.ceil(share.high * of)
