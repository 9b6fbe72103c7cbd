"""The values of an indicator that meet a condition, and the ladder of its values on which points can change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mimamori.screening.conditions.schema import Condition
from mimamori.screening.indicators import Indicator

FRACTIONS = frozenset({"%"})  # units whose values are no whole numbers
ENUMERATED = 100  # so many whole numbers are compared one by one with a list


@dataclass(frozen=True, order=True)
class Segment:
    """Neighbouring values for which every condition answers alike, at `at`; `high` None: without end. `open`: the ends
    do not belong to it."""

    low: float
    high: float | None
    at: float
    open: bool = False


@dataclass(frozen=True)
class Values:
    """From `least` to `most` (infinite: without end), or those listed alone. Empty where `least` is above `most`."""

    least: float
    most: float
    listed: tuple[float, ...] | None = None
    whole: bool = False
    open: bool = False

    @classmethod
    def of(cls, run: Sequence[Segment]) -> Values:
        """The range of neighbouring segments."""
        end = run[-1].high
        return cls(run[0].low, math.inf if end is None else end, open=run[0].open and run[-1].open)

    @property
    def is_empty(self) -> bool:
        return self.least > self.most

    def holds(self, value: float) -> bool:
        return value in self.listed if self.listed is not None else self.least <= value <= self.most

    def meets(self, other: Values) -> Values | None:
        """What both hold; None where that is nothing."""
        if self.listed is not None or other.listed is not None:
            some, rest = (self, other) if self.listed is not None else (other, self)
            return _listed(value for value in some.listed or () if rest.holds(value))
        least, most = max(self.least, other.least), min(self.most, other.most)
        return Values(least, most, whole=self.whole) if least <= most else None

    def within(self, other: Values) -> bool:
        """Whether `other` holds all of these."""
        if self.listed is not None:
            return all(other.holds(value) for value in self.listed)
        if other.listed is None:
            return other.least <= self.least and self.most <= other.most
        if not self.whole or self.most - self.least > ENUMERATED:
            return self.least == self.most and other.holds(self.least)
        return all(other.holds(value) for value in range(int(self.least), int(self.most) + 1))


def is_whole(indicator: Indicator) -> bool:
    """Whether its values are whole numbers."""
    return indicator.unit is None or indicator.unit.en not in FRACTIONS


def values_of(condition: Condition, indicator: Indicator) -> Values:
    """The values that the indicator can take and that meet the condition."""
    most = math.inf if indicator.most is None else indicator.most
    if indicator.choices:
        return _listed(choice for choice in indicator.choices if condition.holds(choice)) or NOTHING
    if condition.values:
        return _listed(value for value in condition.values if indicator.least <= value <= most) or NOTHING
    low = indicator.least if condition.low is None else max(condition.low, indicator.least)
    high = most if condition.high is None else min(condition.high, most)
    if is_whole(indicator):
        low, high = math.ceil(low), high if high == math.inf else math.floor(high)
    return Values(low, high, whole=is_whole(indicator))


NOTHING = Values(1, 0)


def segments(rows: Sequence[Condition], indicator: Indicator) -> list[Segment]:
    """The ladder of an indicator's values, from the least upwards, cut where a condition begins or ends."""
    most = math.inf if indicator.most is None else indicator.most
    if is_whole(indicator):
        starts = {float(math.ceil(indicator.least))}
        for row in rows:
            starts |= {float(math.ceil(edge)) for edge in (row.low, *row.values) if edge is not None}
            starts |= {float(math.floor(edge) + 1) for edge in (row.high, *row.values) if edge is not None}
        cuts = sorted(start for start in starts if indicator.least <= start <= most)
        ends = [*(cut - 1 for cut in cuts[1:]), None if most == math.inf else math.floor(most)]
        return [Segment(low, high, low) for low, high in zip(cuts, ends, strict=True)]
    edges = {edge for row in rows for edge in (row.low, row.high, *row.values) if edge is not None}
    points = sorted({indicator.least, *(edge for edge in edges if indicator.least <= edge <= most)})
    found: list[Segment] = []
    for place, point in enumerate(points):
        found.append(Segment(point, point, point))
        if place + 1 < len(points):
            found.append(Segment(point, points[place + 1], (point + points[place + 1]) / 2, open=True))
        elif point < most:
            beyond = point + 1 if most == math.inf else (point + most) / 2
            found.append(Segment(point, None if most == math.inf else most, beyond, open=True))
    return found


def _listed(values: Iterable[float]) -> Values | None:
    found = tuple(sorted(set(values)))
    return Values(found[0], found[-1], listed=found) if found else None
