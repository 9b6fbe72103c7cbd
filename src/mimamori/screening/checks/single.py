"""What is wrong with one condition by itself: nobody or everybody meets it, or almost nobody has a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mimamori.screening.checks.shapes import Finding
from mimamori.screening.checks.values import values_of
from mimamori.screening.checks.words import range_of
from mimamori.screening.checks.years import years_known, years_of
from mimamori.screening.conditions.check import is_always_met, not_taken
from mimamori.screening.conditions.schema import Condition, ConditionSet
from mimamori.screening.indicators import WHY_LABELS, Indicator
from mimamori.screening.indicators.fill import VALUE, Fill
from mimamori.sources.item import Label

EMPTY = 0.9  # from this share of the children a condition speaks of without a value, its indicator is too empty to use


def alone(condition: Condition, indicator: Indicator, of: ConditionSet) -> Iterator[Finding]:
    """What is wrong with one condition by itself."""
    said = condition.sentence()
    if values_of(condition, indicator).is_empty:
        yield Finding(
            "never_met",
            Label(
                ja=f"「{said.ja}」に当たる児童は出ません。{indicator.label.ja}は{range_of(indicator).ja}です。",
                en=f"No child can meet “{said.en}”: {indicator.label.en} is {range_of(indicator).en}.",
            ),
            (condition.id,),
        )
        return
    speaks, known = years_of(condition, of.ages), years_known(indicator)
    if max(speaks[0], known[0]) > min(speaks[1], known[1]):
        yield Finding(
            "never_met",
            Label(
                ja=f"「{said.ja}」の年齢の児童には、{indicator.label.ja}の値がありません。年齢を直してください。",
                en=f"Children of the ages of “{said.en}” have no value of {indicator.label.en}: change the ages.",
            ),
            (condition.id,),
        )
        return
    if is_always_met(condition, indicator):
        yield Finding(
            "always_met",
            Label(
                ja=f"「{said.ja}」には、値のわかる児童の全員が当たります。しきい値を直してください。",
                en=f"Every child with a value meets “{said.en}”: change its thresholds.",
            ),
            (condition.id,),
        )
    if strange := not_taken(condition, indicator):
        yield Finding(
            "not_taken",
            Label(
                ja=f"「{said.ja}」の値 {strange} を、{indicator.label.ja}は取りません。",
                en=f"{indicator.label.en} never takes {strange}, which “{said.en}” lists.",
            ),
            (condition.id,),
        )


def empty(condition: Condition, indicator: Indicator, ages: tuple[int, int], fill: Fill | None) -> Iterator[Finding]:
    if fill is None:
        return
    low, high = years_of(condition, ages)
    by_why: Counter[str] = Counter()
    for year, counts in fill.items():
        if low <= year <= high:
            by_why.update(counts)
    children = sum(by_why.values())
    without = children - by_why.pop(VALUE, 0)
    if not children or without < EMPTY * children:
        return
    # the reasons alone, in their order: a share of few children would tell how many
    whys = sorted((name for name in WHY_LABELS if by_why[name]), key=lambda name: -by_why[name])
    yield Finding(
        "empty",
        Label(
            ja=f"{indicator.label.ja}は、「{condition.sentence().ja}」が見る児童の{EMPTY * 10:.0f}割以上で"
            f"値がありません({'、'.join(WHY_LABELS[name].ja for name in whys)})。",
            en=f"{EMPTY:.0%} or more of the children of whom “{condition.sentence().en}” speaks have no value of "
            f"{indicator.label.en} ({', '.join(WHY_LABELS[name].en for name in whys)}).",
        ),
        (condition.id,),
    )
