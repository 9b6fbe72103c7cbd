"""What a persona file may say: one TOML file per difficulty, read into frozen models; an unknown key is an error.

A persona is a family, what differs from an ordinary life in the source systems, and whom the screening should put
before a person. The day is `AS_OF` for all. What is not said is ordinary (`ordinary.py`): allowances are paid, lunches
too, check-ups were attended. Rows of a table in `rows` stand in the place of the ordinary ones of that person in that
table; `without` takes them away.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mimamori.screening.indicators import Difficulty, Why
from mimamori.sources.item import Declared, Label, Name

AS_OF = date(2026, 10, 31)

TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Month = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Times = Annotated[int, Field(ge=0, le=31)]
# What should become of a child in one difficulty. Of what is not said, `not` is expected.
Expectation = Literal["must", "listed", "not", "any"]
EXPECTATION_LABELS: dict[Expectation, Label] = {
    "must": Label(ja="必ず見る", en="must be looked at"),
    "listed": Label(ja="抽出される", en="listed"),
    "not": Label(ja="抽出されない", en="not listed"),
    "any": Label(ja="問わない", en="either way"),
}
# Who somebody is in a family, by how their name begins.
WHO_LABELS = {
    "child": Label(ja="本人", en="the child"),
    "brother": Label(ja="男のきょうだい", en="the brother"),
    "sister": Label(ja="女のきょうだい", en="the sister"),
    "mother": Label(ja="母", en="the mother"),
    "father": Label(ja="父", en="the father"),
    "grandmother": Label(ja="祖母", en="the grandmother"),
    "grandfather": Label(ja="祖父", en="the grandfather"),
}


def who_label(who: str) -> Label:
    """本人, 母 and so on; of further ones (`sister_two`) with their name."""
    label = WHO_LABELS.get(who.partition("_")[0])
    if label is None:
        return Label(ja=who, en=who)
    return label if who in WHO_LABELS else Label(ja=f"{label.ja}({who})", en=f"{label.en} ({who})")


class School(Declared):
    """A pupil of a city school: the twelve months up to the day are ordinary where nothing is said of them."""

    grade: Annotated[int, Field(ge=1, le=12)]
    at: Annotated[int, Field(ge=1, le=3)] = 1  # which of the city's schools of that kind
    absent: dict[Month, Times] = Field(default={})  # days, of which `run` in a row
    ill: bool = True  # whether the days absent were for illness
    run: dict[Month, Times] = Field(default={})
    late: dict[Month, Times] = Field(default={})  # times late or left early
    excused: dict[Month, Times] = Field(default={})  # days suspended or bereaved
    missing: tuple[Month, ...] = ()  # months that the school has not delivered
    last_year: Annotated[int, Field(ge=0, le=220)] = 0  # days absent in the last school year
    name: str | None = None  # as the school writes it, where that is not as the register does
    kana: str | None = None


class Person(Declared):
    """One person. `sex`, `relation` and the name come of themselves where nothing is said."""

    born: date
    sex: Literal["1", "2"] | None = None
    relation: str | None = None  # 続柄; None: by who they are in this home
    home: Annotated[int, Field(ge=1, le=4)] = 1  # people of one number live together
    name: str | None = None
    kana: str | None = None
    alias: str | None = None  # 通称; with `roman`, a foreign national
    roman: str | None = None
    former_name: str | None = None
    status: Literal["1", "2", "3"] = "1"
    since: date | None = None  # at this address since; None: birth, or long ago
    moves: tuple[tuple[str, date], ...] = ()  # 異動事由 and day, oldest first
    protected_from: Name | None = None  # under protection of the address, from this person
    registered: bool = True  # False: not in the residents' register (住登外)
    school: School | None = None


class Persona(Declared):
    """One family with what should become of its children. `expect` names every child of it that is judged."""

    id: Name
    label: Label
    story: Label
    ward: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] = "40134"
    people: dict[Name, Person] = Field(min_length=1)
    rows: dict[TableName, tuple[dict[str, Any], ...]] = Field(default={})  # `who` names whom a row speaks of
    without: dict[Name, tuple[TableName, ...]] = Field(default={})  # person → tables without ordinary rows
    expect: dict[Name, dict[Difficulty, Expectation]] = Field(min_length=1)
    # What must have come through intake and night: person → indicator → its value, or the reason why there is none.
    indicators: dict[Name, dict[Name, float | Why]] = Field(default={})

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        named = {*self.expect, *self.indicators, *self.without}
        named |= {str(row.get("who")) for rows in self.rows.values() for row in rows}
        named |= {person.protected_from for person in self.people.values() if person.protected_from}
        if strange := sorted(named - set(self.people)):
            raise ValueError(f"{self.id}: nobody of that name: {', '.join(strange)}")
        return self


class PersonaFile(Declared):
    """One file: what its personas are about, and they."""

    about: Label
    persona: tuple[Persona, ...] = Field(min_length=1)
