"""Which ages a condition speaks of, and in which ages an indicator can be known."""

from __future__ import annotations

from mimamori.screening.conditions.schema import Condition
from mimamori.screening.indicators import Indicator


def years_known(indicator: Indicator) -> tuple[int, int]:
    """The completed years (both ends) in which a child can have a value of the indicator; none where the first
    is above the second."""
    low, high = indicator.applies.ages or (0, 18)
    if indicator.applies.months:
        low, high = max(low, indicator.applies.months[0] // 12), min(high, indicator.applies.months[1] // 12)
    if indicator.applies.grades or indicator.applies.who == "city_pupils":
        low, high = max(low, 5), min(high, 16)  # a year of room for those who begin late or repeat
    return low, high


def years_of(condition: Condition, ages: tuple[int, int]) -> tuple[int, int]:
    """The completed years of which a condition of a set of these ages speaks."""
    low, high = condition.ages or ages
    return max(low, ages[0]), min(high, ages[1])
