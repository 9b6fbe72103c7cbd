"""The most points that any child can reach under a condition set, never less than what a child does reach.

A domain gives at most 100; less where the conditions of a child's age are less than half of its points. A domain of
which an indicator is known of every child of the age counts in the average whatever else does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mimamori.screening.checks.years import years_known
from mimamori.screening.conditions.check import reachable
from mimamori.screening.conditions.schema import Condition, ConditionSet
from mimamori.screening.extraction import NO_AGE, SHARE_OF_A_DOMAIN
from mimamori.screening.indicators import Indicator
from mimamori.screening.indicators.schema import Applies

WHY = re.compile(r"\bwhy\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Share:
    """What a domain can give a child of one age, and whether it always counts."""

    most: float
    weight: float
    sure: bool


def most_points(of: ConditionSet, possible: tuple[Condition, ...], held: Mapping[str, Indicator]) -> float:
    """The highest average over the ages of the set; `possible`: its conditions that can be met."""
    return max(_at(of, possible, held, year) for year in _years(of))


def _at(of: ConditionSet, possible: tuple[Condition, ...], held: Mapping[str, Indicator], year: int) -> float:
    shares = []
    for domain in of.domains:
        full = covered = 0.0
        sure = False
        for name in dict.fromkeys(condition.indicator for condition in of.scored(domain)):
            indicator = held[name]
            rows = tuple(row for row in of.scored(domain) if row.indicator == name)
            full += _full(rows, indicator, of)
            here = tuple(row for row in rows if row.covers(year) and row in possible)
            low, high = years_known(indicator)
            if here and (year == NO_AGE or low <= year <= high):
                covered += reachable(here, indicator)
                sure = sure or _of_everybody(indicator)
        if covered:
            shares.append(_Share(100 * covered / max(covered, full * SHARE_OF_A_DOMAIN), domain.weight, sure))
    return _best(shares)


def _years(of: ConditionSet) -> tuple[int, ...]:
    return NO_AGE, *range(of.ages[0], of.ages[1] + 1)


def _full(rows: tuple[Condition, ...], indicator: Indicator, of: ConditionSet) -> float:
    """What these conditions on one indicator add to the full points of their domain, as `extraction` counts them."""
    by_year = (tuple(row for row in rows if row.covers(year)) for year in _years(of))
    return max((reachable(covering, indicator) for covering in by_year if covering), default=0.0)


def _of_everybody(indicator: Indicator) -> bool:
    """Whether it covers every child: by its declaration, and by its SQL, which may say why a child has no value."""
    return indicator.applies == Applies() and not WHY.search(indicator.sql)


def _best(shares: list[_Share]) -> float:
    """The highest weighted average: the sure domains, and of the others those that raise it."""
    total = sum(share.most * share.weight for share in shares if share.sure)
    weight = sum(share.weight for share in shares if share.sure)
    for share in sorted((one for one in shares if not one.sure), key=lambda one: -one.most):
        if not weight or share.most > total / weight:
            total, weight = total + share.most * share.weight, weight + share.weight
    return total / weight if weight else 0.0
