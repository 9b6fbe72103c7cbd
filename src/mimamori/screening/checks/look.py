"""Every check of a condition set, in one call."""

from __future__ import annotations

from collections.abc import Mapping

from mimamori.screening.checks.ladder import uneven
from mimamori.screening.checks.pairs import pairs
from mimamori.screening.checks.shapes import Finding
from mimamori.screening.checks.single import alone, empty
from mimamori.screening.checks.whole import ages, tiers
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.indicators import Indicators, load_indicators
from mimamori.screening.indicators.fill import Fill


def look_through(
    condition_set: ConditionSet, *, indicators: Indicators | None = None, fills: Mapping[str, Fill] | None = None
) -> tuple[Finding, ...]:
    """Every finding, those that stop first. `fills`: by indicator, of the snapshot; without, nothing is told empty.
    Raises `Refused` where a condition names no indicator."""
    known = load_indicators() if indicators is None else indicators
    held = {condition.indicator: known.get(condition.indicator) for condition in condition_set.conditions}
    found = [finding for c in condition_set.conditions for finding in alone(c, held[c.indicator], condition_set)]
    impossible = {name for finding in found if finding.kind == "never_met" for name in finding.conditions}
    possible = tuple(condition for condition in condition_set.conditions if condition.id not in impossible)
    for name, indicator in held.items():
        rows = tuple(condition for condition in possible if condition.indicator == name)
        together = list(pairs(rows, indicator, condition_set.ages))
        found += together
        if not indicator.choices:
            # where two rows overlap, points fall behind the overlap: that is told once
            told_already = any(one.kind == "overlap" for one in together)
            ladder = uneven(rows, indicator, condition_set.ages)
            found += [one for one in ladder if one.kind != "falls" or not told_already]
    found += tiers(condition_set, possible, held)
    found += ages(condition_set, possible, held)
    for condition in possible:
        found += empty(condition, held[condition.indicator], condition_set.ages, (fills or {}).get(condition.indicator))
    return tuple(sorted(found, key=lambda finding: not finding.stops))
