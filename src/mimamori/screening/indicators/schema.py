"""What an indicator file may say: one TOML file per area of life, read into frozen models; an unknown key is an error.

An indicator is one value per child and day, computed only from what was known on that day, or the reason why there is
none. Its SQL reads the karte's tables (`row_<source>__<table>`, `persons`, `family`), with `$as_of` bound, and yields
`case_no, value, day` with at most one row for a person; a fourth column `why` may say why a value is missing. The
framework (`compute.py`) decides coverage, due days, missing deliveries and what silence means: no SQL repeats that.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from mimamori.sources.item import Declared, Label, Name

Difficulty = Literal["abuse", "poverty", "absence", "bullying", "carer", "develop", "postnatal"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)
DIFFICULTY_LABELS: dict[Difficulty, Label] = {
    "abuse": Label(ja="虐待", en="Abuse"),
    "poverty": Label(ja="貧困", en="Poverty"),
    "absence": Label(ja="不登校", en="Non-attendance"),
    "bullying": Label(ja="いじめ", en="Bullying"),
    "carer": Label(ja="ヤングケアラー", en="Young carer"),
    "develop": Label(ja="発達", en="Development"),
    "postnatal": Label(ja="産後うつ", en="Postnatal depression"),
}

Why = Literal["not_covered", "not_due", "not_delivered", "no_record", "stale"]
WHY_LABELS: dict[Why, Label] = {
    "not_covered": Label(ja="対象外", en="Not covered"),
    "not_due": Label(ja="まだ期限の前", en="Not due yet"),
    "not_delivered": Label(ja="未受領", en="Not delivered"),
    "no_record": Label(ja="記録がなく、わからない", en="No record: not known"),
    "stale": Label(ja="データが古い", en="The data are stale"),
}

# A source item as the indicator names it: <source>.<table>.<item>
ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
# Tables of the karte an indicator may read beside the rows of the sources it names.
KARTE_TABLES = ("persons", "family")


class Applies(Declared):
    """Which children the indicator can speak of; outside it the reason is `not_covered`.

    `who`: every child, children in the residents' register, or pupils of the city's own schools. `ages` (completed
    years), `months` (completed months of age) and `grades` (1–9) include both ends. Below `due_months` completed
    months of age the reason is `not_due`.
    """

    who: Literal["all", "residents", "city_pupils"] = "all"
    ages: tuple[int, int] | None = None
    months: tuple[int, int] | None = None
    grades: tuple[int, int] | None = None
    due_months: int | None = None


class Expected(Declared):
    """What an example expects for one person: a value with its day, or the reason why there is none."""

    value: float | None = None
    day: date | None = None
    why: Why | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.value is None) == (self.why is None):
            raise ValueError("an expectation is a value or a reason, not both and not neither")
        return self


class Example(Declared):
    """A tiny table in, the expected values out: a test and a page of the manual at once.

    The people are the example family (`examples.py`) changed by `persons`; `rows` names `<source>.<table>`; `missing`
    and `stale` name sources.
    """

    note: Label
    as_of: date = date(2026, 10, 31)
    persons: tuple[dict[str, Any], ...] = ()
    family: tuple[tuple[str, str, str], ...] | None = None  # case_no, relative_no, kind; None: the example family's
    rows: dict[str, tuple[dict[str, Any], ...]] = Field(default={})
    missing: tuple[Name, ...] = ()
    stale: tuple[Name, ...] = ()
    expect: dict[str, Expected] = Field(min_length=1)


class Indicator(Declared):
    """One indicator. `least` and `most` bound its possible values; `values` names them where they are a choice."""

    id: Name
    label: Label
    unit: Label | None = None  # None: a choice
    direction: Literal["higher", "lower", "neither"]  # which way it speaks for looking at the child
    source: Name  # the system shown beside the value
    items: tuple[ItemName, ...] = Field(min_length=1)
    window_months: int | None = None
    difficulties: tuple[Difficulty, ...] = ()
    context: bool = False  # read by people beside the reasons; no condition of the first sets uses it
    purpose: Label | None = None  # None: the file's
    applies: Applies = Applies()
    silence: Literal["zero", "unknown"]  # what it means that a delivered source has no row of a covered child
    least: float = 0
    most: float | None = None
    values: dict[str, Label] = Field(default={})  # for a choice: the number as text, and its meaning
    sql: str
    example: tuple[Example, ...] = Field(min_length=1)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every system whose items it reads, the shown one first."""
        named = dict.fromkeys([self.source, *(item.split(".")[0] for item in self.items)])
        return tuple(named)

    @property
    def choices(self) -> tuple[float, ...]:
        return tuple(float(value) for value in self.values)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.source not in {item.split(".")[0] for item in self.items}:
            raise ValueError(f"{self.id}: no item of its source {self.source} is named")
        if self.most is not None and self.most < self.least:
            raise ValueError(f"{self.id}: most is below least")
        if "case_no" not in self.sql or "value" not in self.sql or "day" not in self.sql:
            raise ValueError(f"{self.id}: the SQL must yield case_no, value and day")
        if bool(self.values) == (self.unit is not None):
            raise ValueError(f"{self.id}: a unit, or the meaning of each value")
        for text in self.values:
            float(text)
        return self


class IndicatorFile(Declared):
    """One file: an area of life, what its indicators are for (each may say it more closely), and the indicators."""

    area: Label
    purpose: Label
    indicator: tuple[Indicator, ...] = Field(min_length=1)
