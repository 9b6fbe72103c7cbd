"""What a layout may say: one TOML file per source system, read into these frozen models; an unknown key is an error.

A layout has tables (record kinds, one file each); a table has items (columns) and persons (whom a row speaks of).
Adding a column, a code or a system is an edit of a TOML file and no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from mimamori.sources.item import Days, Declared, Item, Label, Name, PersonRole, Sensitivity, Words

__all__ = ["Active", "Coverage", "Declared", "Format", "Item", "Label", "Layout", "OtherKey", "Person", "Table"]

OP, UPDATED_AT = "処理区分", "更新日時"  # the columns that a difference has before its items
LEADING = {OP: 1, UPDATED_AT: 14}  # with their widths in bytes, in a fixed-width file
Share = Annotated[float, Field(ge=0, le=1)]
KeyKind = Literal["addressee_no", "pupil_no", "own_no"]


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

    def particulars(self) -> Iterator[tuple[str, str]]:
        """(what, item) for each particular the source has of this person: ("name", "child_name") and so on."""
        for what in ("name", "kana", "birth_date", "sex", "address", "alias", "former_name", "guardian_name"):
            if item := getattr(self, what):
                yield what, item

    def named(self) -> tuple[str, ...]:
        """Every item this person is declared by."""
        return (self.key, *(other.key for other in self.also), *(item for _, item in self.particulars()))


class Format(Declared):
    kind: Literal["csv", "tsv", "xlsx", "fixed"] = "csv"
    encoding: Literal["cp932", "utf-8", "utf-8-sig", "utf-16", "none"] = "cp932"  # none: XLSX carries its own
    header: bool = True

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Self:
        if (self.kind == "xlsx") != (self.encoding == "none"):
            raise ValueError('an XLSX file, and only it, has the encoding "none"')
        if self.header and self.kind == "fixed":
            raise ValueError("a fixed-width file has no heading")
        if not self.header and self.kind == "xlsx":
            raise ValueError("a sheet needs a heading: it is found by it")
        return self

    @property
    def suffix(self) -> str:
        """How the name of such a file ends, without the dot."""
        return "txt" if self.kind == "fixed" else self.kind


class Active(Declared):
    """When a row is 'in use': its dates. A row without an end is open; without a start item it counts from delivery.

    `only`: the codes under which a row is a use at all (a refused application is none); others are shown, not counted.
    """

    start: Name | None = None
    end: Name | None = None
    only: dict[Name, tuple[str, ...]] = Field(default_factory=dict)


class Table(Declared):
    """One record kind, delivered as one file."""

    name: Name
    label: Label
    kind: Literal["full", "difference"] = "full"
    row_key: tuple[Name, ...] = Field(min_length=1)  # what tells one row from another; later rows replace earlier ones
    persons: tuple[Person, ...] = Field(min_length=1)  # the first is the subject: the row lies in their karte
    format: Format = Format()
    # Of households_with_children rows about nobody who lives with a child are not kept (data minimisation).
    scope: Literal["all", "households_with_children"] = "all"
    most_bad: Share = 0.02  # the share of bad rows past which a file is refused whole
    least_known: Share = 0.5  # the share of person keys that the registers must know
    groups: Name | None = None  # the item that says which school or office a row is from: none may stay away unasked
    active: Active | None = None  # None: the row is an event, not a state
    day: Name | None = None  # the item that says which day the row speaks of (for the timeline)
    says: tuple[Name, ...] = ()  # the code items that say in a word what happened (for the timeline)
    items: tuple[Item, ...] = Field(min_length=1)

    def item(self, field: str) -> Item:
        """The item called `field`; raises `KeyError` where there is none."""
        for item in self.items:
            if item.field == field:
                return item
        raise KeyError(field)

    def leading(self) -> dict[str, int]:
        """The columns before the items, with their widths in bytes: those of a difference."""
        return dict(LEADING) if self.kind == "difference" else {}

    def loaded_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.loaded)

    def items_about(self, role: str | None) -> tuple[Item, ...]:
        """The loaded items that speak of the person in this role (None: the subject), not of others in the row."""
        subject = self.persons[0].role
        return tuple(item for item in self.loaded_items() if (item.about or subject) == (role or subject))

    @model_validator(mode="after")
    def _columns_are_told_apart(self) -> Self:
        told_apart: tuple[tuple[str, list[str]], ...] = (
            ("a field", [column for item in self.items for column in item.columns()]),
            ("a heading", [heading for item in self.items for heading in item.headings()]),
            ("a role", [str(person.role) for person in self.persons]),
        )
        for what, names in told_apart:
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"table {self.name}: {what} is declared twice: {', '.join(twice)}")
        if (self.format.kind == "fixed") != all(item.width is not None for item in self.items):
            raise ValueError(f"table {self.name}: every item of a fixed-width file, and only of one, needs a width")
        return self

    @model_validator(mode="after")
    def _names_hang_together(self) -> Self:
        loaded = {item.field: item for item in self.loaded_items()}
        days = [self.day, self.active.start, self.active.end] if self.active else [self.day]
        coded = [*self.says, *(self.active.only if self.active else {})]
        coming = [self.groups] if self.groups else []
        named = [*self.row_key, *days, *coded, *coming, *(field for person in self.persons for field in person.named())]
        if missing := sorted({name for name in named if name and name not in loaded}):
            raise ValueError(f"table {self.name}: no such item is loaded: {', '.join(missing)}")
        roles = {"other", *(person.role for person in self.persons)}
        if strange := sorted({item.about for item in self.items if item.about} - roles):
            raise ValueError(f"table {self.name}: items speak of nobody in the row: {', '.join(strange)}")
        if wrong := [field for field in days if field and loaded[field].type not in {"date", "month"}]:
            raise ValueError(f"table {self.name}: not a date: {', '.join(wrong)}")
        if wrong := [field for field in coded if loaded[field].type != "code"]:
            raise ValueError(f"table {self.name}: not a code: {', '.join(wrong)}")
        return self


class Coverage(Declared):
    """Which children should have a row or could have one: outside it, silence means nothing (対象外).

    `ages`: completed years, both ends included. `who`: all children, pupils of the city's own schools, or children
    in the residents' register only. Inside it, silence of a delivered source means 利用なし.
    """

    who: Literal["all", "residents", "city_pupils"]
    ages: tuple[int, int] = (0, 18)
    note: Label | None = None

    @field_validator("ages")
    @classmethod
    def _in_order(cls, ages: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= ages[0] <= ages[1]:
            raise ValueError("the first age must not pass the last")
        return ages


class Layout(Declared):
    """One source system."""

    name: Name
    number: int  # the row of the list of systems
    label: Label
    short_label: Label  # for the fourteen cells of the karte
    owner: Label  # the department (保有課)
    network: Literal["core", "school"]  # 業務系 | 校務系
    version: Words
    optional: bool = False
    frequency_days: Days  # how often a delivery is expected
    freshness_days: Days  # after so many days the karte warns
    # After the last day of use, or the 31 March after the 18th birthday, whichever is later.
    retention_years: Annotated[int, Field(ge=0)]
    sensitivity: Sensitivity
    purpose: Words
    legal_basis: Words
    decided_on: str  # the day purpose and basis were decided, YYYY-MM-DD
    coverage: Coverage
    era_digits: dict[str, str] = Field(default_factory=dict)  # where dates come with an era digit: {"4" = "平成"}
    codes: dict[Name, Annotated[dict[Words, Label], Field(min_length=1)]] = Field(default_factory=dict)
    tables: tuple[Table, ...] = Field(min_length=1)

    def table(self, name: str) -> Table:
        """The table called `name`; raises `KeyError` where there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def file_name(self, table: Table, as_of: date) -> str:
        """The name of the file a table is delivered in."""
        return f"{self.name}.{table.name}.{as_of:%Y%m%d}.{table.format.suffix}"

    def file_pattern(self, table: Table) -> str:
        """The same with `<YYYYMMDD>` for its as-of day."""
        return f"{self.name}.{table.name}.<YYYYMMDD>.{table.format.suffix}"

    def sensitivity_of(self, item: Item) -> int:
        return item.sensitivity if item.sensitivity is not None else self.sensitivity

    def purpose_of(self, item: Item) -> str:
        return item.purpose or self.purpose

    def legal_basis_of(self, item: Item) -> str:
        return item.legal_basis or self.legal_basis

    @field_validator("decided_on")
    @classmethod
    def _is_a_day(cls, day: str) -> str:
        if date.fromisoformat(day).isoformat() != day:
            raise ValueError("not a day written YYYY-MM-DD")
        return day

    @model_validator(mode="after")
    def _warns_after_it_is_due(self) -> Self:
        if self.freshness_days < self.frequency_days:
            raise ValueError("the karte would warn before the next delivery is due: freshness_days < frequency_days")
        return self

    @model_validator(mode="after")
    def _codes_exist(self) -> Self:
        for table in self.tables:
            for item in table.items:
                if item.codes is not None and item.codes not in self.codes:
                    raise ValueError(f"table {table.name}: {item.field}: no code table {item.codes}")
            for field, codes in (table.active.only if table.active else {}).items():
                known = self.codes[table.item(field).codes or ""]
                if strange := sorted(set(codes) - set(known)):
                    raise ValueError(f"table {table.name}: {field}: no such code: {', '.join(strange)}")
        used = {item.codes for table in self.tables for item in table.items}
        if unused := sorted(set(self.codes) - used):
            raise ValueError(f"code tables that no item uses: {', '.join(unused)}")
        names = [table.name for table in self.tables]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a table is declared twice: {', '.join(twice)}")
        return self
