"""Who lived with a child, from when to when; nothing of it leads past a protected person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from tests.linkage.tiny import DAY, Row, resident, state

from mimamori.engine import rows_of
from mimamori.linkage import DECISIONS, LEDGER, link

BORN, GROWN = date(2018, 5, 1), date(1988, 5, 1)
MOVED_IN, DIVORCED, MOVED_OUT = date(2016, 3, 1), date(2023, 8, 2), date(2025, 4, 1)
NAMES = {"1": ("山田 花", "ヤマダ ハナ", GROWN, "2"), "2": ("山田 空", "ヤマダ ソラ", BORN, "1"),
         "3": ("川口 翼", "カワグチ ツバサ", GROWN, "1"), "4": ("山田 凪", "ヤマダ ナギ", date(2020, 2, 2), "2"),
         "5": ("山田 梅", "ヤマダ ウメ", date(1955, 1, 1), "2")}  # fmt: skip


def entry(no: str, hist_no: int, household: str, relation: str, day: date | None, code: str, **more: Any) -> Row:  # noqa: PLR0917 - one line of a register
    """One entry of a person's history in the register."""
    name, kana, born, sex = NAMES[no]
    return resident(no, name, kana, born, hist_no=hist_no, household_no=household, relation=relation, sex=sex,
                    move_date=day, addr_since=day, move_code=code, **more)  # fmt: skip


def together(
    *residents: Row, decisions: list[dict[str, Any]] | None = None, **more: list[Row]
) -> list[tuple[Any, ...]]:
    """(child, mate, kind, since, came, came_by, until, parted, parted_by) by addressee number."""
    con, registry = state(resident_register__residents=list(residents), **more)
    said = pa.Table.from_pylist(decisions or [], DECISIONS)
    link(con, registry, ledger=LEDGER.empty_table(), decisions=said, as_of=DAY)
    rows = rows_of(
        con,
        "SELECT a.ref AS child, b.ref AS mate, h.* EXCLUDE (case_no, mate_no) FROM housemates h"
        " JOIN links a ON a.case_no = h.case_no JOIN links b ON b.case_no = h.mate_no ORDER BY 1, h.since, 2",
    )
    return [(row["child"][13:], row["mate"][13:], *list(row.values())[2:]) for row in rows]


FAMILY = (
    entry("1", 1, "H1", "妻", MOVED_IN, "11"),
    entry("3", 1, "H1", "世帯主", MOVED_IN, "11"),
    entry("2", 1, "H1", "子", BORN, "13"),
)


def test_a_child_is_born_into_a_household() -> None:
    assert together(*FAMILY) == [
        ("2", "1", "parent", BORN, "child", "13", None, None, None),
        ("2", "3", "parent", BORN, "child", "13", None, None, None),
    ]


def test_a_father_moves_out_and_a_sister_is_born() -> None:
    found = together(
        *FAMILY,
        entry("3", 2, "H9", "世帯主", DIVORCED, "31"),
        entry("1", 2, "H1", "世帯主", DIVORCED, "38"),
        entry("4", 1, "H1", "子", date(2020, 2, 2), "13"),
    )
    assert [row for row in found if row[0] == "2"] == [
        ("2", "1", "parent", BORN, "child", "13", None, None, None),
        ("2", "3", "parent", BORN, "child", "13", DIVORCED, "mate", "31"),
        ("2", "4", "sibling", date(2020, 2, 2), "mate", "13", None, None, None),
    ]


def test_a_household_that_moves_under_a_new_number_stays_together() -> None:
    moved = [
        entry(no, 2, "H2", relation, MOVED_OUT, "31") for no, relation in (("1", "妻"), ("3", "世帯主"), ("2", "子"))
    ]
    assert [row[3:] for row in together(*FAMILY, *moved)] == [(BORN, "child", "13", None, None, None)] * 2


def test_the_child_moves_out_with_the_mother_and_the_father_stays() -> None:
    found = together(
        *FAMILY, entry("1", 2, "H2", "世帯主", MOVED_OUT, "31"), entry("2", 2, "H2", "子", MOVED_OUT, "31")
    )
    assert found == [
        ("2", "1", "parent", BORN, "child", "13", None, None, None),
        ("2", "3", "parent", BORN, "child", "13", MOVED_OUT, "child", "31"),
    ]


@pytest.mark.parametrize(("status", "code"), [("2", "21"), ("3", "23")])
def test_who_leaves_the_city_or_dies_is_gone_from_that_day(status: str, code: str) -> None:
    left = entry("3", 2, "H1", "世帯主", MOVED_OUT, code, status=status, removed_on=MOVED_OUT)
    assert ("2", "3", "parent", BORN, "child", "13", MOVED_OUT, "mate", code) in together(*FAMILY, left)


def test_a_grandmother_comes_and_goes_and_comes_again() -> None:
    days = [date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)]
    found = together(
        *FAMILY,
        entry("5", 1, "H1", "母", days[0], "11"),
        entry("5", 2, "H1", "母", days[1], "21", status="2"),
        entry("5", 3, "H1", "母", days[2], "11"),
    )
    assert [row[2:] for row in found if row[:2] == ("2", "5")] == [
        ("grandparent", days[0], "mate", "11", days[1], "mate", "21"),
        ("grandparent", days[2], "mate", "11", None, None, None),
    ]


def test_a_day_that_is_not_known_is_not_made_up() -> None:
    found = together(*FAMILY, entry("5", 1, "H1", "母", None, "11"), entry("5", 2, "H8", "世帯主", None, "31"))
    assert [row[2:] for row in found if row[:2] == ("2", "5")] == [
        ("grandparent", None, None, None, None, "mate", "31")
    ]


def test_a_correction_is_no_move() -> None:
    """The same household goes on, whatever is entered: a corrected name, a new head."""
    found = together(
        *FAMILY, entry("3", 2, "H1", "世帯主", DIVORCED, "33"), entry("3", 3, "H1", "世帯主", DIVORCED, "38")
    )
    assert [row[3:] for row in found] == [(BORN, "child", "13", None, None, None)] * 2


def test_lodgers_of_a_facility_are_no_housemates() -> None:
    head = resident("9", "園長 某", "エンチョウ ナニガシ", GROWN, household_no="H9", move_date=MOVED_IN)
    children = [
        resident(str(20 + at), f"子供 {at}", "コドモ", BORN, household_no="H9", relation="同居人", move_date=MOVED_IN)
        for at in range(6)
    ]
    assert together(head, *children) == []


PROTECTED = {"protection": "1", "protection_from": MOVED_OUT}
MOTHER_FLED = (
    entry("1", 2, "H2", "世帯主", MOVED_OUT, "31", **PROTECTED),
    entry("2", 2, "H2", "子", MOVED_OUT, "31", **PROTECTED),
)


@pytest.mark.parametrize("protection", ["1", "2", "3", "?"])
@pytest.mark.parametrize("who", ["both", "mother", "child"])
def test_the_old_home_of_who_fled_is_not_told(protection: str, who: str) -> None:
    """Neither of the protected child, nor of its brother who stayed with the father: whoever of them is marked."""
    marked = {"both": ("1", "2"), "mother": ("1",), "child": ("2",)}[who]
    fled = [{**row, "protection": protection if row["addressee_no"] in marked else "0"} for row in MOTHER_FLED]
    stayed = entry("4", 1, "H1", "子", date(2020, 2, 2), "13")
    found = together(*FAMILY, *fled, stayed)
    assert {(row[0], row[1]) for row in found} == {("2", "1"), ("4", "3")}


def test_who_is_named_as_perpetrator_is_not_told_even_under_one_roof() -> None:
    rows = [
        {**row, "protection": "1", "perpetrator_no": "0003"} if row["addressee_no"] == "1" else row for row in FAMILY
    ]
    assert {(row[0], row[1]) for row in together(*rows)} == {("2", "1")}


def test_a_merge_with_an_old_record_leads_nobody_to_the_new_home() -> None:
    """The mother has two numbers that people say are one: the old one lived with the father and his other child."""
    old = entry("1", 1, "H1", "妻", MOVED_IN, "11")
    new = resident("7", "山田 花", "ヤマダ ハナ", GROWN, household_no="H2", sex="2", protection="1",
                   move_date=MOVED_OUT, move_code="11")  # fmt: skip
    child = entry("2", 1, "H2", "子", MOVED_OUT, "11")
    stayed = entry("4", 1, "H1", "子", date(2020, 2, 2), "13")
    father = entry("3", 1, "H1", "世帯主", MOVED_IN, "11")
    same = [{"left_ref": "addressee_no:1", "right_ref": "addressee_no:7", "same": True}]
    found = together(old, new, child, stayed, father, decisions=same)
    assert {(row[0], row[1]) for row in found} <= {("2", "1"), ("2", "7"), ("4", "3")}
