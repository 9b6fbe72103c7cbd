"""What each comparison added to a pair's match weight: from how rare a match is at all to the sum that was judged.

Splink's weight in bits (its documentation, "Fellegi-Sunter model"): log2 of the prior odds, and for every comparison
log2(m/u) of the level that holds; a comparison with nothing to compare adds nothing. At the end what it adds that the
name is rare (`frequency`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from mimamori.linkage.frequency import RARITY
from mimamori.linkage.model import COMPARISONS, Weights, load_weights

NOTICED = 0.05  # bits by which the stored weight may be off the sum before the rest is told


@dataclass(frozen=True)
class Step:
    """One comparison: its level, the bits it adds (negative: against), and the sum so far.

    The last may be `RARITY`, which has no level.
    """

    comparison: str
    level: str
    bits: float
    total: float


@dataclass(frozen=True)
class Waterfall:
    """`prior` and `steps` add up to `weight` but for `rest`: what the stored weight has from elsewhere, such as weights
    that were trained anew since. From `accept` on a link is made without a person, below `review` nobody is asked."""

    prior: float
    steps: tuple[Step, ...]
    rest: float
    weight: float
    accept: float
    review: float


def waterfall(evidence: str | None, weight: float | None, weights: Weights | None = None) -> Waterfall | None:
    """The steps of evidence as linkage writes it (`given: kana; birth: same`); None for any other text."""
    known = weights or load_weights()
    levels = _levels(evidence or "", known)
    if not levels:
        return None
    prior = math.log2(known.prior / (1 - known.prior))
    steps: list[Step] = []
    total = prior
    for comparison, level in levels:
        bits = float(level) if comparison == RARITY else math.log2(_odds(known, comparison, level))
        total += bits
        steps.append(Step(comparison, "" if comparison == RARITY else level, round(bits, 2), round(total, 2)))
    told = total if weight is None else weight
    rest = told - total if abs(told - total) > NOTICED else 0.0
    return Waterfall(round(prior, 2), tuple(steps), round(rest, 2), round(told, 2), known.accept, known.review)


def _odds(weights: Weights, comparison: str, level: str) -> float:
    m, u = weights.probabilities[comparison][level]
    return m / u


def _levels(evidence: str, weights: Weights) -> list[tuple[str, str]]:
    """(comparison, level) of each part in the model's order; nothing where a part is not of this model."""
    found: dict[str, str] = {}
    for part in evidence.split("; "):
        comparison, colon, level = part.partition(": ")
        rarity = comparison == RARITY and re.fullmatch(r"[+-]\d+\.\d\d", level)
        if not colon or not (rarity or level in weights.probabilities.get(comparison, {})):
            return []
        found[comparison] = level
    names = [*(one.name for one in COMPARISONS), RARITY]
    return [(name, found[name]) for name in names if name in found]
