"""The examples in the indicator files, run through the real framework: tests and pages of the manual at once.

The example family on 2026-10-31 (an example changes it by `persons`): A, a girl of 10 in a city school; her sister B of
2 and brother C of 3 months; their mother M and father F; G, the father's mother, in the same household; and P, a boy of
13 at a private school, alone in another household.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori.engine import Connection, connect, identifier, rows_of
from mimamori.screening.indicators.compute import compute
from mimamori.screening.indicators.load import Indicators, load_indicators
from mimamori.screening.indicators.schema import Example, Expected, Indicator
from mimamori.sources.registry import Registry
from mimamori.sources.schema import Label, Table

TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "flag": "BOOLEAN",
    "date": "DATE",
    "month": "DATE",
}
PERSON_COLUMNS = {
    "case_no": "VARCHAR",
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "ward": "VARCHAR",
    "household_no": "VARCHAR",
    "relation": "VARCHAR",
    "status": "VARCHAR",
    "in_register": "BOOLEAN",
    "protection": "VARCHAR",
    "grade": "INTEGER",
    "city_pupil": "BOOLEAN",
    "age": "INTEGER",
    "age_months": "INTEGER",
    "is_child": "BOOLEAN",
}
FAMILY_HOUSE: dict[str, Any] = {"ward": "40134", "household_no": "1", "status": "1", "in_register": True}
PEOPLE: tuple[dict[str, Any], ...] = (
    {"case_no": "A", "birth_date": date(2016, 6, 14), "sex": "2", "grade": 4, "city_pupil": True, **FAMILY_HOUSE},
    {"case_no": "B", "birth_date": date(2024, 9, 20), "sex": "2", **FAMILY_HOUSE},
    {"case_no": "C", "birth_date": date(2026, 7, 10), "sex": "1", **FAMILY_HOUSE},
    {"case_no": "M", "birth_date": date(1988, 3, 3), "sex": "2", **FAMILY_HOUSE},
    {"case_no": "F", "birth_date": date(1985, 11, 21), "sex": "1", **FAMILY_HOUSE},
    {"case_no": "G", "birth_date": date(1948, 1, 9), "sex": "2", **FAMILY_HOUSE},
    {"case_no": "P", "birth_date": date(2013, 5, 5), "sex": "1", **(FAMILY_HOUSE | {"household_no": "2"})},
)
CHILDREN = ("A", "B", "C")
INVERSE = {"parent": "child", "child": "parent", "sibling": "sibling", "spouse": "spouse", "grandparent": "grandchild"}


@dataclass(frozen=True)
class Outcome:
    """One expectation beside what the framework gave."""

    case_no: str
    expected: Expected
    value: float | None
    day: date | None
    why: str | None

    @property
    def ok(self) -> bool:
        if self.expected.why is not None:
            return self.why == self.expected.why and self.value is None
        return (
            self.why is None
            and self.value is not None
            and abs(self.value - (self.expected.value or 0)) < 0.005
            and self.expected.day in (None, self.day)
        )


def outcomes(indicator: Indicator, example: Example, registry: Registry) -> Iterator[Outcome]:
    """Run one indicator on one example; yields one outcome per expectation. Raises `KeyError` for an unknown child."""
    con = connect(threads=1, memory_gib=1)
    furnish(con, registry, example)
    area = Label(ja="例", en="Example")
    compute(con, registry, example.as_of, Indicators(((area, (indicator,)),)))
    name = indicator.id
    columns = f"{identifier(name)} AS value, {identifier(name + '__why')} AS why, {identifier(name + '__day')} AS day"
    found = {row["case_no"]: row for row in rows_of(con, f"SELECT case_no, {columns} FROM indicators")}
    for case_no, expected in example.expect.items():
        row = found[case_no]
        yield Outcome(case_no, expected, row["value"], row["day"], row["why"])


def furnish(con: Connection, registry: Registry, example: Example) -> None:
    """Make the karte's tables on `con`, empty but for the example's rows; raises `KeyError` for an unknown table."""
    people = {person["case_no"]: dict(person) for person in PEOPLE}
    for person in example.persons:
        people[person["case_no"]] = people.get(person["case_no"], dict(FAMILY_HOUSE)) | person
    _make(con, "persons", PERSON_COLUMNS, [_with_age(person, example.as_of) for person in people.values()])
    links = _family(people) if example.family is None else example.family
    both = {*links, *((relative, case_no, INVERSE[kind]) for case_no, relative, kind in links if kind in INVERSE)}
    columns = {"case_no": "VARCHAR", "relative_no": "VARCHAR", "kind": "VARCHAR", "basis": "VARCHAR"}
    _make(con, "family", columns, [dict(zip(columns, (*link, "register"), strict=True)) for link in sorted(both)])
    tables = {f"{layout.name}.{table.name}": table for layout, table in registry.tables()}
    for name, rows in example.rows.items():
        if name not in tables:
            raise KeyError(name)
        for row in rows:
            row.setdefault("_as_of", example.as_of)
    for name, table in tables.items():
        _make(con, "row_" + name.replace(".", "__"), _columns(table), list(example.rows.get(name, ())))
    states = [
        {"source": layout.name, "as_of": None, "state": "missing"}
        if layout.name in example.missing
        else {
            "source": layout.name,
            "as_of": example.as_of,
            "state": "stale" if layout.name in example.stale else "fresh",
        }
        for layout in registry
    ]
    status = {"source": "VARCHAR", "as_of": "DATE", "received_on": "DATE", "state": "VARCHAR"}
    _make(con, "source_status", status, states)


def all_examples() -> Iterator[tuple[Indicator, int, Example]]:
    for indicator in load_indicators():
        for number, example in enumerate(indicator.example, start=1):
            yield indicator, number, example


def _columns(table: Table) -> dict[str, str]:
    columns = {"case_no": "VARCHAR"}
    columns |= {f"{person.role}_case_no": "VARCHAR" for person in table.persons[1:]}
    columns |= {item.field: TYPES[item.type] for item in table.loaded_items() if not item.identity}
    return columns | {"_as_of": "DATE"}


def _family(people: dict[str, dict[str, Any]]) -> tuple[tuple[str, str, str], ...]:
    links = [(child, parent, "parent") for child in CHILDREN for parent in ("M", "F")]
    links += [(child, "G", "grandparent") for child in CHILDREN]
    links += [(one, other, "sibling") for one in CHILDREN for other in CHILDREN if one != other]
    links += [("F", "G", "parent"), ("M", "F", "spouse")]
    return tuple(link for link in links if link[0] in people and link[1] in people)


def _with_age(person: dict[str, Any], as_of: date) -> dict[str, Any]:
    born = person["birth_date"]
    months = (as_of.year - born.year) * 12 + as_of.month - born.month - (as_of.day < born.day)
    turns_18 = born.year + 18
    last_day = date(turns_18 + ((born.month, born.day) >= (4, 2)), 3, 31)
    return {"city_pupil": False, "age": months // 12, "age_months": months, "is_child": as_of <= last_day} | person


def _make(con: Connection, name: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    # "_as_of" starts with an underscore, which `identifier` refuses: it is written out
    quoted = [identifier(column) if column != "_as_of" else "_as_of" for column in columns]
    declared = ", ".join(f"{column} {kind}" for column, kind in zip(quoted, columns.values(), strict=True))
    con.execute(f"CREATE TABLE {identifier(name)} ({declared})")
    for row in rows:
        if unknown := set(row) - set(columns):
            raise KeyError(f"{name}: {', '.join(sorted(unknown))}")
        marks = ", ".join("?" for _ in columns)
        con.execute(f"INSERT INTO {identifier(name)} VALUES ({marks})", [row.get(column) for column in columns])
