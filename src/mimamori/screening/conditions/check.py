"""What only the indicators can say about a condition set: unknown indicators, tests that can never be met."""

from __future__ import annotations

from mimamori.refusal import Refused
from mimamori.screening.conditions.schema import Condition, ConditionSet, plain
from mimamori.screening.indicators import Indicator, Indicators, load_indicators


def check(condition_set: ConditionSet, indicators: Indicators | None = None) -> ConditionSet:
    """Returns the set; raises `Refused` naming the first condition that names no indicator, or what it cannot be."""
    known = load_indicators() if indicators is None else indicators
    for condition in condition_set.conditions:
        indicator = known.get(condition.indicator)
        if not can_be_met(condition, indicator):
            raise Refused(
                f"抽出条件 {condition.id}「{condition.sentence().ja}」に当たる児童は出ません。"
                f"指標「{indicator.label.ja}」の取りうる値とくらべて、しきい値を直してください。",
                f"The condition {condition.id} can never be met: compare its thresholds with the values that the "
                f"indicator {indicator.id} can take.",
            )
        if is_always_met(condition, indicator):
            raise Refused(
                f"抽出条件 {condition.id}「{condition.sentence().ja}」には、指標「{indicator.label.ja}」がわかる児童の"
                "全員が当たります。しきい値を直してください。",
                f"Every child of whom the indicator {indicator.id} is known meets the condition {condition.id}: "
                "change its thresholds.",
            )
        if not_possible := not_taken(condition, indicator):
            raise Refused(
                f"抽出条件 {condition.id} の値 {not_possible} を、指標「{indicator.label.ja}」は取りません。",
                f"The condition {condition.id} lists {not_possible}, which the indicator {indicator.id} never takes.",
            )
        if never_together(condition, condition_set):
            raise Refused(
                f"抽出条件 {condition.id} の年齢が、この条件の組の年齢と重なりません。",
                f"The ages of the condition {condition.id} lie outside those of its set.",
            )
    return condition_set


def can_be_met(condition: Condition, indicator: Indicator) -> bool:
    """Whether any value the indicator can take meets the condition."""
    if indicator.choices:
        return any(condition.holds(choice) for choice in indicator.choices)
    most = float("inf") if indicator.most is None else indicator.most
    if condition.comparison in {"=", "in"}:
        return any(indicator.least <= value <= most for value in condition.values)
    low = indicator.least if condition.low is None else condition.low
    high = most if condition.high is None else condition.high
    return max(low, indicator.least) <= min(high, most)


def is_always_met(condition: Condition, indicator: Indicator) -> bool:
    """Whether every value the indicator can take meets the condition, which then tells no child from another."""
    if indicator.choices:
        return all(condition.holds(choice) for choice in indicator.choices)
    if condition.comparison in {"=", "in"} or not condition.holds(indicator.least):
        return False
    return condition.high is None or (indicator.most is not None and condition.holds(indicator.most))


def not_taken(condition: Condition, indicator: Indicator) -> str:
    """The values that the condition lists and the indicator cannot take, as text."""
    most = float("inf") if indicator.most is None else indicator.most
    return ", ".join(
        plain(value)
        for value in condition.values
        if not (value in indicator.choices if indicator.choices else indicator.least <= value <= most)
    )


def never_together(condition: Condition, condition_set: ConditionSet) -> bool:
    ages, of_set = condition.ages, condition_set.ages
    return ages is not None and max(ages[0], of_set[0]) > min(ages[1], of_set[1])


def reachable(conditions: tuple[Condition, ...], indicator: Indicator) -> float:
    """The most points that conditions on one indicator can give together: rows such as 30–89 and 90 or more exclude
    each other. Tried on every choice, or on every threshold, which is enough because sums only change there."""
    most = float("inf") if indicator.most is None else indicator.most
    edges = {edge for c in conditions for edge in (c.low, c.high, *c.values) if edge is not None}
    tried = indicator.choices or tuple(min(max(edge, indicator.least), most) for edge in edges)
    return max(sum(c.points for c in conditions if c.holds(value)) for value in tried)
