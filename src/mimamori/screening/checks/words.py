"""Values of an indicator in words, with its unit."""

from __future__ import annotations

from mimamori.screening.checks.values import Values
from mimamori.screening.conditions.schema import plain
from mimamori.screening.indicators import Indicator
from mimamori.sources.item import Label


def told(values: Values, indicator: Indicator) -> Label:
    """A range of values with its unit: 8回から9回."""
    if values.listed is not None:
        words = [measured(value, indicator) for value in values.listed]
        return Label(ja="・".join(one.ja for one in words), en=" or ".join(one.en for one in words))
    low = measured(values.least, indicator)
    if values.most == float("inf"):
        if values.open:
            return Label(ja=f"{low.ja}より上", en=f"above {low.en}")
        return Label(ja=f"{low.ja}以上", en=f"{low.en} or more")
    high = measured(values.most, indicator)
    if values.open:
        return Label(ja=f"{low.ja}と{high.ja}のあいだ", en=f"between {low.en} and {high.en}")
    if values.least == values.most:
        return low
    return Label(ja=f"{low.ja}から{high.ja}", en=f"{low.en} to {high.en}")


def range_of(indicator: Indicator) -> Label:
    """Which values the indicator takes."""
    if indicator.choices:
        return Label(
            ja="・".join(one.ja for one in indicator.values.values()) + "のどれか",
            en="one of " + ", ".join(one.en for one in indicator.values.values()),
        )
    most = float("inf") if indicator.most is None else indicator.most
    return told(Values(indicator.least, most), indicator)


def measured(value: float, indicator: Indicator) -> Label:
    if indicator.choices:
        return indicator.values.get(plain(value), Label(ja=plain(value), en=plain(value)))
    unit = indicator.unit
    number = plain(value)
    return Label(ja=f"{number}{unit.ja}", en=f"{number} {unit.en}") if unit else Label(ja=number, en=number)
