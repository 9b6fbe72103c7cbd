"""What a file of later events may say: one TOML file per difficulty, read into frozen models; unknown keys are errors.

It says what the back-test holds a version against, and never what is listed: no indicator and no condition reads it.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from mimamori.screening.indicators.schema import Difficulty
from mimamori.sources.item import Declared, Label, Name

TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Months = Annotated[int, Field(strict=True, ge=1, le=60)]


class Event(Declared):
    """Rows of one table that say so, under the child's case number: `only` names codes (flags: true, false), `at_least`
    the least of a number; all must hold.

    It begins on `day`. It goes on until `until` (open: until further notice), and for `current_months` from its
    beginning; a child for whom it goes on is known already, and nothing new begins for it.
    """

    table: TableName
    day: Name
    until: Name | None = None
    current_months: Months | None = None
    only: dict[Name, tuple[str, ...]] = Field(default={})
    at_least: dict[Name, float] = Field(default={})

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.until is None and self.current_months is None:
            raise ValueError(f"{self.table}: until or current_months says how long it goes on")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every item it reads."""
        named = [self.day, *([self.until] if self.until else []), *self.only, *self.at_least]
        return tuple(dict.fromkeys(named))


class Outcome(Declared):
    """The later events of one difficulty, in a `window_months` from the day of the list on. Without `events` no system
    tells of it, and nothing can be told: `note` says why, else what they leave out."""

    difficulty: Difficulty
    label: Label
    note: Label
    window_months: Months = 12
    events: tuple[Event, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the karte that it reads."""
        return tuple(dict.fromkeys(row_table_name(event.table) for event in self.events))


def row_table_name(table: str) -> str:
    """`row_<source>__<table>`, as the karte names what lies under the case number."""
    return f"row_{table.replace('.', '__')}"
