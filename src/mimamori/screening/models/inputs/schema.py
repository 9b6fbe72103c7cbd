"""What the file of inputs may say, read into frozen models; an unknown key is an error."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mimamori.screening.indicators.schema import Difficulty
from mimamori.sources.item import Declared, Label, Name

TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class LeftOut(Declared):
    """Indicators, by name or by a source whose items they read, that no model of these `difficulties` (none: of all)
    reads; in models of `but` they may stand."""

    indicators: tuple[Name, ...] = ()
    sources: tuple[Name, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    but: tuple[Difficulty, ...] = ()
    reason: Label

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.indicators and not self.sources:
            raise ValueError("left_out: name indicators or sources")
        return self


class WholeSource(Declared):
    """Where an event is read from this source, nothing of it is an input."""

    source: Name
    reason: Label


class SameFacts(Declared):
    """Tables that tell the same: where an event is read from one, none of them is an input."""

    tables: tuple[TableName, ...] = Field(min_length=2)
    reason: Label


class Expires(Declared):
    """After so many months from the day of its value an indicator is not known any more, or counts as zero."""

    indicators: tuple[Name, ...] = Field(min_length=1)
    months: Annotated[int, Field(strict=True, ge=1, le=240)]
    becomes: Literal["unknown", "zero"]
    reason: Label


class Standing(Declared):
    """Indicators that tell the state of the day: they end when it ends."""

    indicators: tuple[Name, ...] = Field(min_length=1)
    reason: Label


class Inputs(Declared):
    """The whole file. The three reasons are those of the rules that need no entry: indicators on the event's own
    tables, indicators for people's eyes (`context`), and indicators of which nothing says how long they hold."""

    whole_source: tuple[WholeSource, ...] = ()
    same_facts: tuple[SameFacts, ...] = ()
    label_reason: Label
    context_reason: Label
    unknown_reason: Label
    left_out: tuple[LeftOut, ...] = ()
    expires: tuple[Expires, ...] = ()
    standing: tuple[Standing, ...] = ()

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        named = [name for one in self.expires for name in one.indicators]
        named += [name for one in self.standing for name in one.indicators]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"said twice how long they hold: {', '.join(twice)}")
        return self

    def expiry(self, name: str) -> Expires | None:
        """How long the indicator's value holds, None where it is not said."""
        return next((one for one in self.expires if name in one.indicators), None)

    def stands(self, name: str) -> bool:
        return any(name in one.indicators for one in self.standing)
