"""Whose rows are kept: households with a child; and files whose numbers no register knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.extracts import write_extract
from tests.intake.small import BEFORE, DAY, Home, home_of

from mimamori.intake import Receipt
from mimamori.sources import load_registry

# number, household, born: a family of three, a couple, a woman who is expecting, a father who moved out
PEOPLE = [
    ("11", "A", "19860101"), ("12", "A", "19850101"), ("13", "A", "20200401"),
    ("21", "B", "19500101"), ("22", "B", "19520101"),
    ("31", "C", "19980101"),
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = home_of(tmp_path)
    made.registry = load_registry()
    return made


def residents(people: Iterable[tuple[str, str, str]], **more: str) -> list[dict[str, str]]:
    return [
        {
            "addressee_no": number, "hist_no": "1", "household_no": household, "birth_date": born,
            "name": f"氏名 {number}",
            "resident_type": "1", "status": "1", "protection": "0", **more,
        }
        for number, household, born in people
    ]  # fmt: skip


def assisted(*numbers: str) -> list[dict[str, str]]:
    return [
        {
            "addressee_no": number, "assistance_no": "1", "member_no": f"{place:02d}", "name": "氏名",
            "started_on": "20250401",
        }
        for place, number in enumerate(numbers)
    ]  # fmt: skip


def take(home: Home, day: date, **sources: list[dict[str, str]]) -> dict[str, Receipt]:
    """Receive tables of one day by `source__table`, in one folder."""
    folder = home.folder / f"{day}"
    for name, rows in sources.items():
        source, table = name.split("__")
        layout = home.registry.get(source)
        write_extract(folder, layout, layout.table(table), day, rows=rows)
    return {receipt.source: receipt for receipt in home.receive(folder)}


def kept(home: Home, table: str, day: date = DAY) -> list[str]:
    return [row["no"].lstrip("0") for row in home.ask(f"SELECT addressee_no AS no FROM {table} ORDER BY 1", day)]


def test_of_the_register_households_with_a_child_are_kept(home: Home) -> None:
    receipts = take(home, DAY, resident_register__residents=residents(PEOPLE))
    told = receipts["resident_register"]
    assert (told.received, told.stored, told.quarantined, told.out_of_scope) == (6, 3, 0, 3)
    assert kept(home, "resident_register__residents") == ["11", "12", "13"]
    assert home.deliveries()[0].tables["residents"].out_of_scope == 3


@pytest.mark.parametrize(
    ("born", "day", "stays"),
    [
        ("20080402", date(2027, 3, 31), True),  # the 31 March after the 18th birthday is the last day
        ("20080402", date(2027, 4, 1), False),
        ("20080401", date(2026, 3, 31), True),  # who is born on 1 April is of the year before
        ("20080401", date(2026, 4, 1), False),
        ("", date(2026, 10, 31), True),  # nobody knows: may be a child
    ],
)
def test_until_when_somebody_is_a_child(home: Home, born: str, day: date, stays: bool) -> None:
    take(home, day, resident_register__residents=residents([("1", "A", born), ("2", "A", "19700101")]))
    assert kept(home, "resident_register__residents", day) == (["1", "2"] if stays else [])


def test_a_parent_who_moved_out_stays_known(home: Home) -> None:
    """The history row of the time together says so; an own household without a child does not."""
    family = residents([("1", "A", "20200401"), ("2", "A", "19850101")])
    moved = residents([("2", "Z", "19850101")], hist_no="2")
    take(home, DAY, resident_register__residents=[*family, *moved])
    assert kept(home, "resident_register__residents") == ["1", "2", "2"]


def test_whom_a_kept_row_names_stays_known_from_the_next_register_on(home: Home) -> None:
    pregnancy = {"pregnancy_no": "P1", "birth_order_no": "1", "mother_no": "31", "notified_on": "20261001"}
    take(home, BEFORE, resident_register__residents=residents(PEOPLE), maternal_child_health__pregnancy=[pregnancy])
    assert kept(home, "resident_register__residents", BEFORE) == ["11", "12", "13"]
    take(home, DAY, resident_register__residents=residents(PEOPLE))
    assert kept(home, "resident_register__residents") == ["11", "12", "13", "31"]


def test_whom_a_family_is_protected_from_stays_known(home: Home) -> None:
    rows = residents(PEOPLE)
    rows[0] |= {"protection": "1", "perpetrator_no": "0000022"}
    take(home, DAY, resident_register__residents=rows)
    assert kept(home, "resident_register__residents") == ["11", "12", "13", "22"]


def test_rows_about_nobody_who_lives_with_a_child_are_counted_and_not_stored(home: Home) -> None:
    told = take(
        home, DAY, resident_register__residents=residents(PEOPLE), public_assistance__members=assisted("12", "21", "99")
    )["public_assistance"]
    assert (told.received, told.stored, told.out_of_scope) == (3, 2, 1)
    assert kept(home, "public_assistance__members") == ["12", "99"]  # 99 is in no register: nobody knows who it is
    counts = next(d for d in home.deliveries() if d.source == "public_assistance").tables["members"]
    assert (counts.keys, counts.keys_unmatched) == ({"subject": 3}, {"subject": 1})


@pytest.mark.parametrize("order", ["register first", "register last", "together"])
def test_the_order_of_arrival_does_not_matter(home: Home, order: str) -> None:
    register: dict[str, Any] = {"resident_register__residents": residents(PEOPLE)}
    members: dict[str, Any] = {"public_assistance__members": assisted("12", "21")}
    for given in {
        "register first": [register, members],
        "register last": [members, register],
        "together": [register | members],
    }[order]:
        take(home, DAY, **given)
    assert kept(home, "public_assistance__members") == ["12"]


def test_numbers_of_another_city_are_refused(home: Home) -> None:
    people = [(str(place), f"H{place}", "20150101") for place in range(100, 160)]
    take(home, BEFORE, resident_register__residents=residents(people))
    known = [number for number, _, _ in people]
    strangers = [str(place) for place in range(900, 960)]
    few = take(home, BEFORE, public_assistance__members=assisted(*known[:31], *strangers[:29]))["public_assistance"]
    assert few.state == "stored"
    many = take(home, DAY, public_assistance__members=assisted(*known[:29], *strangers[:31]))["public_assistance"]
    assert many.state == "refused"
    assert "60 件のうち 31 件が台帳にありません" in many.reasons[0][0]
    assert not [delivery for delivery in home.deliveries() if delivery.as_of == DAY]
