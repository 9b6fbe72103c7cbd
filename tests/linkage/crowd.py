"""Many people in one night, told apart by birth date, number and household, so that one night asks many questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.linkage.test_link import Night
from tests.linkage.tiny import Row, pupil, resident

from mimamori.sources import Layout, Person, Table, load_registry

BORN = date(2017, 5, 13)
HOME, FAR = "福岡市南区大橋一丁目4番2号", "福岡市東区千早1-1-1"
SORA = resident("1", "山田 空", "ヤマダ ソラ", BORN, household_no="H1")
GIVEN = "空海陸凪櫂湊蓮翼葵樹颯律暁岳涼要"  # given names to tell people of one night apart


@dataclass(frozen=True)
class Place:
    """Where a person is spoken of: a table and the person's columns in it."""

    layout: Layout
    table: Table
    person: Person

    @property
    def name(self) -> str:
        return f"{self.layout.name}__{self.table.name}"

    def row(self, key: str, **particulars: Any) -> Row:
        """A row of this person, with what the table has of these particulars."""
        told = {what: getattr(self.person, what) for what in particulars}
        return {self.person.key: key, **{told[what]: value for what, value in particulars.items() if told[what]}}

    def held(self, number: int | str) -> str:
        """The mark that a number gets here."""
        return f"{number}@{self.layout.name}.{self.person.role}"


def places(*, numbered: bool) -> Iterator[Place]:
    """Everybody outside the register who is told of with a birth date: by the city's number, or by one of their own."""
    for layout, table in load_registry().tables():
        for person in table.persons:
            own = layout.name != "resident_register" and person.birth_date is not None
            if own and (person.key_kind == "addressee_no") == numbered:
                yield Place(layout, table, person)


def born(at: int) -> date:
    """A birth date that shares little with those beside it."""
    return date(2010 + at % 9, 1 + at * 5 % 12, 1 + at * 11 % 28) + timedelta(days=at // 12)


def alone(found: Night) -> bool:
    """Nobody is linked with anybody."""
    return len(set(found.case_of.values())) == len(found.case_of)


def asked(found: Night, ref: str) -> list[str]:
    """Whom a person is asked about for this ref."""
    return [pair["right_ref"].partition(":")[2] for pair in found.pairs if pair["left_ref"].endswith(f":{ref}")]


def twins(at: int, names: str = "大翔|ヒロト|大和|ヤマト", **more: Any) -> tuple[Row, Row]:
    """Twins of the family `at`, with the numbers <at>1 and <at>2."""
    one, one_kana, other, other_kana = names.split("|")
    home = {"household_no": f"H{at}", "address": f"福岡市南区大橋一丁目{at}番2号", **more}
    return (
        resident(f"{at}1", f"山田 {one}", f"ヤマダ {one_kana}", born(at), **home),
        resident(f"{at}2", f"山田 {other}", f"ヤマダ {other_kana}", born(at), **home),
    )


def at_school(of: Row, **more: Any) -> Row:
    """The pupil register's row of a resident: number 11 is pupil P11."""
    told = {key: of[key] for key in ("sex", "address", "household_no")}
    return pupil(f"P{of['addressee_no']}", of["name"], of["kana"], of["birth_date"], **{**told, **more})


def groups(found: Night) -> set[frozenset[str]]:
    cases: dict[str, set[str]] = {}
    for ref, case_no in found.case_of.items():
        cases.setdefault(case_no, set()).add(ref)
    return {frozenset(refs) for refs in cases.values()}
