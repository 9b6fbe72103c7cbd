"""Rows of a persona as the source systems write them: keys and particulars filled in by the layout, values as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from mimamori.personas.families import Family, Resident
from mimamori.sources import Item, Layout, Person, Table

ERAS = (("5", date(2019, 5, 1), 2018), ("4", date(1989, 1, 8), 1988), ("3", date(1926, 12, 25), 1925))
YES, NO = "1", "0"


class Clerk:
    """Writes rows; gives each the numbers that its system would have given it."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()

    def row(self, layout: Layout, table: Table, family: Family, values: Mapping[str, Any]) -> dict[str, str]:
        """`values`: `who` is the subject, `by` who stands for them in the row; the other fields as TOML gives them."""
        who = str(values["who"])
        row: dict[str, str] = {}
        for person in table.persons:
            if one := self._in_role(person, table, family, who, values.get("by")):
                row |= self._keys(layout, person, one) | self._particulars(table, person, one)
        for item in table.items:
            if item.field in values:
                row[item.field] = written(layout, table, item, values[item.field])
            elif item.required and not row.get(item.field):
                row[item.field] = self._number(f"{table.name}.{item.field}", item, family.members[who])
        return row

    def _in_role(self, person: Person, table: Table, family: Family, who: str, by: str | None) -> Resident | None:
        if person is table.persons[0]:
            return family.members[who]
        if person.role == "mother" and by is None:
            return family.mother
        return family.with_child(who, by)

    def _keys(self, layout: Layout, person: Person, one: Resident) -> dict[str, str]:
        keys = ((person.key, person.key_kind), *((other.key, other.kind) for other in person.also))
        known = {
            "addressee_no": one.addressee_no if one.person.registered else "",
            "pupil_no": one.pupil_no if one.person.school else "",
            "own_no": f"{layout.number:02d}{one.serial}",
        }
        return {key: known[kind] for key, kind in keys}

    def _particulars(self, table: Table, person: Person, one: Resident) -> dict[str, str]:
        school = one.person.school if person.key_kind == "pupil_no" else None
        known = {
            "name": school.name if school and school.name else one.name,
            "kana": school.kana if school and school.kana else one.kana,
            "birth_date": f"{one.person.born:%Y%m%d}",
            "sex": one.sex,
            "address": one.address,
            "alias": one.person.alias or "",
            "former_name": one.person.former_name or "",
            "guardian_name": "",  # ordinary rows of a school name the guardian
        }
        return {item: known[what] for what, item in person.particulars() if table.item(item).loaded}

    def _number(self, what: str, item: Item, one: Resident) -> str:
        """The next number of this kind: of the whole system, or of this person where it only counts their rows."""
        name = f"{what} {one.serial}" if item.type == "integer" else what
        self.given[name] += 1
        return str(self.given[name]) if item.type == "integer" else f"{self.given[name]:06d}"


def written(layout: Layout, table: Table, item: Item, value: Any) -> str:
    """A value as this system writes it: days with an era's digit where the layout says so, by stroke in its sheets."""
    if isinstance(value, bool):
        return YES if value else NO
    if not isinstance(value, date):
        return str(value)
    if item.type == "month":
        return f"{value:%Y%m}"
    if layout.era_digits:
        digit, _, before = next(era for era in ERAS if value >= era[1])
        return f"{digit}{value.year - before:02d}{value:%m%d}"
    if table.format.kind == "xlsx":
        return f"{value:%Y/%m/%d}"
    return f"{value:%Y%m%d}"
