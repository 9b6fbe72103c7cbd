"""見落としの推定: what the conditions miss, estimated from random checks; no share gives a small count away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from mimamori import support
from mimamori.access.models import Account
from mimamori.insight.missed import Missed, Stratum, missed
from mimamori.privacy.small_cells import CLOSED, Cell, close_line
from mimamori.screening.backtest_closed import COARSE


@dataclass(frozen=True)
class MissedShown:
    """`judged`: children drawn at random who were looked at, `missed`: of these, with a need for support. `share`: of
    all children not extracted, in words with the 95 % interval; the interval alone, rounded outwards to whole tenths,
    where a count is closed; None where nobody was looked at. `children`: the interval as numbers of children, None
    where the share is coarse or draws of several nights are pooled. `covers`: percent of them who live where somebody
    was looked at."""

    first: date
    last: date
    drawn: Cell
    judged: Cell
    missed: Cell
    share: str | None
    children: tuple[int, int] | None
    covers: int


def missed_shown(account: Account) -> MissedShown | None:
    """The estimate over all draws so far; None where nobody was drawn yet."""
    draws = support.sample_results(account)
    if not draws:
        return None
    told = missed(Stratum(one.frame, one.drawn, one.judged, one.missed) for one in draws)
    found, without, judged = close_line([told.missed, told.judged - told.missed])
    coarse = CLOSED in {found, without, judged}
    nights = {one.as_of for one in draws}
    alone = not coarse and len(nights) == 1
    return MissedShown(
        first=min(nights),
        last=max(nights),
        drawn=close_line([told.drawn])[0],
        judged=judged,
        missed=found,
        share=_share(told, coarse),
        children=told.children[1:] if told.children and alone else None,
        covers=math.floor(100 * told.covers),
    )


def _share(told: Missed, coarse: bool) -> str | None:
    if told.share is None:
        return None
    if not coarse:
        return f"{100 * told.share.share:.1f} %({100 * told.share.low:.1f}–{100 * told.share.high:.1f})"
    low = math.floor(round(told.share.low * COARSE, 9)) * 100 // COARSE
    return f"{low}–{math.ceil(round(told.share.high * COARSE, 9)) * 100 // COARSE} %"
