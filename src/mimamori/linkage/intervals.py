"""How sure a share is that was counted in a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959964  # the normal quantile of a two-sided 95 % interval


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval, all 0–1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Counted:
    """One stratum of a sample: `right` of `judged` were right, drawn from `links`."""

    links: int
    judged: int
    right: int


def wilson(hits: int, of: int) -> Interval | None:
    """The score interval (Wilson 1927, JASA 22, 209–212); None of nothing. It stays honest at 0 % and 100 %."""
    if not 0 <= hits <= of:
        raise ValueError("hits must lie between 0 and the count")
    if of == 0:
        return None
    share, square = hits / of, Z95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of**2))
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == of else middle + half
    return Interval(share, low, high)


def weighted(strata: Sequence[Counted]) -> Interval | None:
    """The share over all strata with something judged, each weighing as many links as it has.

    The interval recovers each stratum's variance from its Wilson limits (MOVER: Zou & Donner 2008, Statistics in
    Medicine 27, 1693–1702): a stratum without a fault widens it as well. None where nothing was judged.
    """
    known = [(one.links, found) for one in strata if (found := wilson(one.right, one.judged)) is not None]
    whole = sum(links for links, _ in known)
    if not whole:
        return None
    parts = [(links / whole, found) for links, found in known]
    share = sum(weight * found.share for weight, found in parts)
    below = math.sqrt(sum((weight * (found.share - found.low)) ** 2 for weight, found in parts))
    above = math.sqrt(sum((weight * (found.high - found.share)) ** 2 for weight, found in parts))
    return Interval(share, max(0.0, share - below), min(1.0, share + above))
