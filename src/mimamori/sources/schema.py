"""What a layout may say: one TOML file per source system, read into these frozen models; an unknown key is an error.

A layout has tables (record kinds, one file each); a table has items (columns) and persons (whom a row speaks of).
Adding a column, a code or a system is an edit of a TOML file and no code.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Sensitivity = Annotated[int, Field(ge=1, le=4)]
KeyKind = Literal["addressee_no", "pupil_no", "own_no"]
PersonRole = Literal["subject", "child", "mother", "father", "guardian", "recipient", "borrower", "parent", "applicant"]


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Declared):
    """A name on the screen, in both languages."""

    ja: str
    en: str


class Item(Declared):
    """One column of a table.

    `type`: text, number (DOUBLE), integer (BIGINT), date, month (first day of it), code, flag (1/0, 有/無, true/false).
    `codes` names a table in the layout's `codes`. `uncertain` dates keep `<field>_raw` and `<field>_status` beside `<field>`.
    `identity` marks name, kana, address and the like: never shown outside the header, never in the analysis zone.
    """

    field: Name
    label: Label
    type: Literal["text", "number", "integer", "date", "month", "code", "flag"] = "text"
    codes: Name | None = None
    required: bool = False
    uncertain: bool = False
    identity: bool = False
    sensitivity: Sensitivity | None = None  # None: the layout's
    purpose: str | None = None  # None: the layout's
    legal_basis: str | None = None  # None: the layout's
    seen_by: tuple[Name, ...] | None = None  # roles; None: every role that may open the karte at this sensitivity
    on_karte: bool = True
    loaded: bool = True  # an item switched off is not loaded
    aliases: tuple[str, ...] = ()  # other headings this column is known to arrive under
    width: int | None = None  # bytes, in fixed-width files
    unit: Label | None = None


class OtherKey(Declared):
    """A second key of the same person in the same row (checked against birth date and name, not believed)."""

    kind: KeyKind
    key: Name


class Person(Declared):
    """One person a row speaks of: the items that hold their key and, where the source has them, their particulars."""

    role: PersonRole
    key: Name  # the item that holds the key
    key_kind: KeyKind  # own_no: a number of this source alone
    also: tuple[OtherKey, ...] = ()
    name: Name | None = None
    kana: Name | None = None
    birth_date: Name | None = None
    sex: Name | None = None
    address: Name | None = None
    alias: Name | None = None
    former_name: Name | None = None
    guardian_name: Name | None = None


class Format(Declared):
    kind: Literal["csv", "tsv", "xlsx", "fixed"] = "csv"
    encoding: Literal["cp932", "utf-8", "utf-8-sig", "utf-16", "none"] = "cp932"  # none: XLSX carries its own
    header: bool = True
    title_rows: int = 0  # rows above the heading in an XLSX sheet


class Active(Declared):
    """When a row is 'in use': its dates. A row without an end is open; without a start item it counts from its delivery."""

    start: Name | None = None
    end: Name | None = None


class Table(Declared):
    """One record kind, delivered as one file."""

    name: Name
    label: Label
    kind: Literal["full", "difference"] = "full"
    row_key: tuple[Name, ...]  # the items that tell one row from another; later rows replace earlier ones
    persons: tuple[Person, ...] = Field(min_length=1)  # the first is the subject: the row lies in their karte
    format: Format = Format()
    active: Active | None = None  # None: the row is an event, not a state
    day: Name | None = None  # the item that says which day the row speaks of (for the timeline)
    items: tuple[Item, ...] = Field(min_length=1)

    def item(self, field: str) -> Item:
        return next(item for item in self.items if item.field == field)

    def loaded_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.loaded)

    @model_validator(mode="after")
    def _names_hang_together(self) -> Self:
        fields = [item.field for item in self.items]
        if len(fields) != len(set(fields)):
            raise ValueError(f"table {self.name}: a field is declared twice")
        named: list[str | None] = [*self.row_key, self.day]
        for person in self.persons:
            named += [value for key, value in person if key not in {"role", "key_kind", "also"}]
            named += [other.key for other in person.also]
        if self.active:
            named += [self.active.start, self.active.end]
        if missing := sorted({name for name in named if name and name not in fields}):
            raise ValueError(f"table {self.name}: no such item: {', '.join(missing)}")
        if self.format.kind == "fixed" and any(item.width is None for item in self.items):
            raise ValueError(f"table {self.name}: every item of a fixed-width file needs a width")
        for item in self.items:
            if (item.type == "code") != (item.codes is not None):
                raise ValueError(f"table {self.name}: {item.field}: code items, and only they, name a code table")
        return self


class Coverage(Declared):
    """Which children should have a row or could have one: outside it, silence means nothing (対象外).

    `ages`: completed years, both ends included. `who`: all children, pupils of the city's own schools, or children under
    the residents' register only. Inside it, silence of a delivered source means 利用なし.
    """

    who: Literal["all", "residents", "city_pupils"]
    ages: tuple[int, int] = (0, 18)
    note: Label | None = None


class Layout(Declared):
    """One source system."""

    name: Name
    number: int  # the row of the list of systems
    label: Label
    short_label: Label  # for the fourteen cells of the karte
    owner: Label  # the department (保有課)
    network: Literal["core", "school"]  # 業務系 | 校務系
    version: str
    optional: bool = False
    frequency_days: int  # how often a delivery is expected
    freshness_days: int  # after so many days the karte warns
    retention_years: int  # after the last day of use, or the 31 March after the 18th birthday, whichever is later
    sensitivity: Sensitivity
    purpose: str
    legal_basis: str
    decided_on: str  # the day purpose and basis were decided, YYYY-MM-DD
    coverage: Coverage
    era_digits: dict[str, str] = {}  # declared only where dates come with an era digit: {"4" = "平成"}
    codes: dict[Name, dict[str, Label]] = {}
    tables: tuple[Table, ...] = Field(min_length=1)

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    def sensitivity_of(self, item: Item) -> int:
        return item.sensitivity if item.sensitivity is not None else self.sensitivity

    @model_validator(mode="after")
    def _codes_exist(self) -> Self:
        for table in self.tables:
            for item in table.items:
                if item.codes is not None and item.codes not in self.codes:
                    raise ValueError(f"table {table.name}: {item.field}: no code table {item.codes}")
        used = {item.codes for table in self.tables for item in table.items}
        if unused := sorted(set(self.codes) - used):
            raise ValueError(f"code tables that no item uses: {', '.join(unused)}")
        names = [table.name for table in self.tables]
        if len(names) != len(set(names)):
            raise ValueError("a table is declared twice")
        return self
