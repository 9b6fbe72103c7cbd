"""What a model of one difficulty reads: the indicators as numbers, unknown as null, and why the others are left out.

Each indicator is one column, but a choice of more than two codes, which is one column per code (1: this one, 0:
another, null: not known, or a code that is not declared). Of a choice with a code 0 ("none") the others stand against
it, and the 0 has no column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from mimamori.engine import identifier
from mimamori.screening.extraction import Bound
from mimamori.screening.indicators import Difficulty, Indicator
from mimamori.screening.models.inputs import Expires, Inputs
from mimamori.screening.models.shapes import Feature
from mimamori.screening.outcomes import Outcome
from mimamori.sources.item import Label


@dataclass(frozen=True)
class Column:
    """One feature and how it is made: of which indicator, of which of its codes (None: its number as it is), and when
    its value is too old."""

    feature: Feature
    indicator: Indicator
    code: float | None
    expires: Expires | None


def columns_of(
    difficulty: Difficulty, indicators: Iterable[Indicator], outcome: Outcome, inputs: Inputs
) -> tuple[Column, ...]:
    """The columns of a model of this difficulty, in the order of the indicators."""
    found: list[Column] = []
    for indicator in indicators:
        if why_left_out(indicator, difficulty, outcome, inputs) is None:
            found += _columns(indicator, inputs.expiry(indicator.id))
    return tuple(found)


def why_left_out(indicator: Indicator, difficulty: Difficulty, outcome: Outcome, inputs: Inputs) -> Label | None:
    """Why no model of the difficulty reads the indicator; None where it does."""
    if reason := _of_the_event(indicator, outcome, inputs):
        return reason
    for one in inputs.left_out:
        concerned = difficulty not in one.but and (not one.difficulties or difficulty in one.difficulties)
        if concerned and (indicator.id in one.indicators or set(indicator.sources) & set(one.sources)):
            return one.reason
    if indicator.context:
        return inputs.context_reason
    holds = indicator.window_months is not None or inputs.stands(indicator.id) or inputs.expiry(indicator.id)
    return None if holds else inputs.unknown_reason


def _of_the_event(indicator: Indicator, outcome: Outcome, inputs: Inputs) -> Label | None:
    """Why it tells of the event itself; None where it does not."""
    tables = {event.table for event in outcome.events}
    sources = {table.split(".")[0] for table in tables}
    read = {item.rpartition(".")[0] for item in indicator.items}
    for whole in inputs.whole_source:
        if whole.source in sources and whole.source in indicator.sources:
            return whole.reason
    if read & tables:
        return inputs.label_reason
    for same in inputs.same_facts:
        if tables & set(same.tables) and read & set(same.tables):
            return same.reason
    return None


def _columns(indicator: Indicator, expires: Expires | None) -> Iterator[Column]:
    choices = indicator.choices
    if not choices or set(choices) == {0.0, 1.0}:
        yield Column(_feature(indicator), indicator, None, expires)
        return
    against_none = 0.0 in choices
    for code in choices:
        if code != 0:
            yield Column(_feature(indicator, code, against_none=against_none), indicator, code, expires)


def _feature(indicator: Indicator, code: float | None = None, *, against_none: bool = False) -> Feature:
    """A code speaks the way its indicator does only where it stands against "none"."""
    direction: Literal["higher", "lower", "neither"] = indicator.direction
    name, label = indicator.id, indicator.label
    if code is not None:
        meaning = indicator.values[f"{code:g}"]
        name = f"{indicator.id}__{code:g}"
        label = Label(ja=f"{label.ja}: {meaning.ja}", en=f"{label.en}: {meaning.en}")
        direction = direction if against_none else "neither"
    return Feature(name=name, label=label, direction=direction, sources=indicator.sources)


def column_sql(column: Column, stale: Collection[str], bound: Bound, *, day: str) -> str:
    """SQL for the column's value in a row of `indicators` named i; `day`: the day, as it is bound.

    Of a source whose delivery is too old a "none" is not believed: it may have begun since.
    """
    value = _held(column, day, bound)
    if column.code is not None:
        known = f"{value} IN ({_declared(column.indicator, bound)})"
        value = f"CASE WHEN {known} THEN CAST({value} = {bound(column.code)} AS DOUBLE) END"
    if column.indicator.silence == "zero" and set(stale) & set(column.indicator.sources):
        value = f"nullif({value}, 0)"
    return value


def unseen_sql(indicator: Indicator, bound: Bound) -> str:
    """SQL that counts the values of a choice that its indicator does not declare: no column has a place for them."""
    value = f"i.{identifier(indicator.id)}"
    return f"count(*) FILTER ({value} IS NOT NULL AND {value} NOT IN ({_declared(indicator, bound)}))"


def _held(column: Column, day: str, bound: Bound) -> str:
    """SQL for the indicator's value, or what it becomes when it is too old."""
    value = f"i.{identifier(column.indicator.id)}"
    if column.expires is None:
        return value
    told = f"i.{identifier(column.indicator.id + '__day')}"
    then = "0" if column.expires.becomes == "zero" else "NULL"
    old = f"{told} < CAST({day} AS DATE) - to_months({bound(column.expires.months)})"
    return f"(CASE WHEN {value} IS NOT NULL AND {old} THEN {then} ELSE {value} END)"


def _declared(indicator: Indicator, bound: Bound) -> str:
    return f"SELECT unnest({bound(list(indicator.choices))}::DOUBLE[])"
