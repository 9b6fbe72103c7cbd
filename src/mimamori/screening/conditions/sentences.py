"""The plain sentence of a condition that nobody has worded yet, from its indicator and how it compares."""

from __future__ import annotations

from collections.abc import Sequence

from mimamori.screening.conditions.schema import MOST_LETTERS, Words, plain
from mimamori.screening.indicators import Indicator
from mimamori.sources.item import Label

NO, YES = "0", "1"


def worded(indicator: Indicator, comparison: str, values: Sequence[float] = ()) -> Words:
    """The sentence, with {low} and {high} where thresholds go; cut where it would be longer than one may be."""
    if values:
        return _of_values(indicator, values)
    label, unit = indicator.label, indicator.unit
    of = (unit.ja, f" {unit.en}") if unit else ("", "")
    low, high = (Label(ja=f"{{{bound}}}{of[0]}", en=f"{{{bound}}}{of[1]}") for bound in ("low", "high"))
    ja, en = {
        ">=": (f"{low.ja}以上", f"{low.en} or more"),
        "<=": (f"{high.ja}以下", f"{high.en} or less"),
        "between": (f"{low.ja}から{high.ja}まで", f"{low.en} to {high.en}"),
    }[comparison]
    return Words(
        ja=f"{label.ja[: MOST_LETTERS - len(ja) - 1]}が{ja}", en=f"{label.en[: MOST_LETTERS - len(en) - 2]}: {en}"
    )


def _of_values(indicator: Indicator, values: Sequence[float]) -> Words:
    label = indicator.label
    yes_no = set(indicator.values) == {NO, YES} and indicator.values[NO].ja == "いいえ"
    named = [_named(indicator, value) for value in values]
    ja, en = "か".join(one.ja for one in named), " or ".join(one.en for one in named)
    between = ": " if yes_no else "が"
    return Words(ja=f"{label.ja}{between}{ja}"[:MOST_LETTERS], en=f"{label.en}: {en}"[:MOST_LETTERS])


def _named(indicator: Indicator, value: float) -> Label:
    number, unit = plain(value), indicator.unit
    if unit is not None:
        return Label(ja=f"{number}{unit.ja}", en=f"{number} {unit.en}")
    return indicator.values.get(number, Label(ja=number, en=number))
