"""Families: households, guardians, siblings apart; facilities are none; nothing leads past a protected person."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from tests.linkage.tiny import DAY, Row, resident, state

from mimamori.engine import rows_of
from mimamori.linkage import DECISIONS, LEDGER, link

BORN, GROWN = date(2018, 5, 1), date(1988, 5, 1)
MOTHER = resident("1", "山田 花", "ヤマダ ハナ", GROWN, household_no="H1", sex="2")
CHILD = resident("2", "山田 空", "ヤマダ ソラ", BORN, household_no="H1", relation="子")
FATHER = resident("3", "川口 翼", "カワグチ ツバサ", GROWN, household_no="H2")
OTHER_CHILD = resident("4", "川口 陸", "カワグチ リク", date(2015, 6, 2), household_no="H2", relation="子")


def families(
    residents: list[Row], *, one: tuple[str, str] | None = None, **more: list[Row]
) -> set[tuple[str, str, str]]:
    """(addressee number, relative's addressee number, kind). `one`: two numbers that people say are one person's."""
    con, registry = state(resident_register__residents=residents, **more)
    said = [dict(zip(DECISIONS.names, (*(f"addressee_no:{no}" for no in one), True), strict=True))] if one else []
    link(con, registry, ledger=LEDGER.empty_table(), decisions=pa.Table.from_pylist(said, DECISIONS), as_of=DAY)
    rows = rows_of(
        con,
        "SELECT a.ref AS mine, b.ref AS theirs, kind FROM family f JOIN links a USING (case_no)"
        " JOIN links b ON b.case_no = f.relative_no",
    )
    return {(row["mine"][13:], row["theirs"][13:], row["kind"]) for row in rows}


def allowance(recipient: str, child: str, **more: object) -> Row:
    return {"certification_no": "C1", "recipient_no": recipient, "child_no": child, "recipient_kind": "1",
            "started_on": date(2020, 1, 1), **more}  # fmt: skip


def test_a_household() -> None:
    assert families([MOTHER, CHILD]) == {("1", "2", "child"), ("2", "1", "parent")}


def test_which_child_is_the_grandchilds_parent_is_not_guessed() -> None:
    aunt = resident("5", "山田 泉", "ヤマダ イズミ", date(1990, 1, 1), household_no="H1", relation="子")
    father = resident("6", "山田 岳", "ヤマダ ガク", date(1992, 1, 1), household_no="H1", relation="子")
    grandchild = resident("7", "山田 凪", "ヤマダ ナギ", BORN, household_no="H1", relation="子の子")
    assert ("7", "6", "parent") in families([MOTHER, father, grandchild])
    both = families([MOTHER, aunt, father, grandchild])
    assert {("7", "6", "household"), ("7", "5", "household"), ("7", "1", "grandparent")} <= both


def test_a_parent_living_apart_and_a_sibling_there() -> None:
    found = families(
        [MOTHER, CHILD, FATHER, OTHER_CHILD],
        family_register__relations=[
            {"person_no": "F2", "name": "山田 空", "kana": "ヤマダ ソラ", "birth_date": BORN, "sex": "1",
             "parent_no": "F3", "parent_name": "川口 翼", "parent_birth_date": GROWN, "parent_kind": "1"}
        ],
    )  # fmt: skip
    assert ("2", "F3", "parent") in {(mine, theirs.split(":")[-1], kind) for mine, theirs, kind in found}


def test_an_allowance_tells_a_guardian_but_an_institution_is_none() -> None:
    paid = families([MOTHER, CHILD, FATHER], child_allowance__allowance=[allowance("3", "2")])
    assert ("2", "3", "guardian") in paid
    ended = families(
        [MOTHER, CHILD, FATHER], child_allowance__allowance=[allowance("3", "2", ended_on=date(2024, 1, 1))]
    )
    institution = families(
        [MOTHER, CHILD, FATHER], child_allowance__allowance=[allowance("3", "2", recipient_kind="2")]
    )
    assert ended == institution == families([MOTHER, CHILD, FATHER])


def test_a_facility_is_no_family() -> None:
    head = resident("9", "園長 某", "エンチョウ ナニガシ", GROWN, household_no="H9")
    children = [
        resident(str(20 + number), f"子供 {number}", "コドモ", BORN, household_no="H9", relation="同居人")
        for number in range(6)
    ]
    assert families([head, *children]) == set()


def test_a_child_under_another_roof_is_of_the_household_only() -> None:
    foster = resident("8", "佐藤 海", "サトウ ウミ", BORN, household_no="H1", relation="縁故者")
    assert ("8", "1", "household") in families([MOTHER, CHILD, foster])
    assert not {(mine, theirs, kind) for mine, theirs, kind in families([MOTHER, CHILD, foster])
                if "8" in {mine, theirs} and kind != "household"}  # fmt: skip


def test_nothing_leads_past_a_protected_person() -> None:
    protected = {**MOTHER, "protection": "1"}
    rows = [allowance("3", "2"), allowance("3", "4")]
    found = families([protected, CHILD, FATHER, OTHER_CHILD], child_allowance__allowance=rows)
    inside = {("1", "2", "child"), ("2", "1", "parent")}
    assert found == inside | {("3", "4", "child"), ("4", "3", "parent")}


def test_a_protection_past_its_last_day_still_holds() -> None:
    protected = {**CHILD, "protection": "3"}
    found = families([MOTHER, protected, FATHER], child_allowance__allowance=[allowance("3", "2")])
    assert not {pair for pair in found if "3" in pair[:2]}


def test_the_perpetrator_is_cut_off_even_in_one_household() -> None:
    protected = {**MOTHER, "protection": "1", "perpetrator_no": "0003"}
    man = {**FATHER, "household_no": "H1", "relation": "夫"}
    assert not {pair for pair in families([protected, CHILD, man]) if "3" in pair[:2]}
    assert ("1", "3", "spouse") in families([MOTHER, CHILD, man])


@pytest.mark.parametrize("numbers", [("1", "7"), ("7", "1")])
@pytest.mark.parametrize("status", ["1", "2"])
def test_a_merge_with_an_old_record_leads_nobody_to_the_new_home(numbers: tuple[str, str], status: str) -> None:
    """She fled with the child; her old record is still in his household. Whichever of her numbers comes first."""
    new, old = numbers
    fled = {**MOTHER, "addressee_no": new, "protection": "1", "perpetrator_no": "3"}
    left = {**MOTHER, "addressee_no": old, "household_no": "H2", "relation": "妻", "status": status}
    residents = [fled, CHILD, left, FATHER, OTHER_CHILD]
    rows = [allowance("3", "2"), allowance(old, "4"), allowance(new, "2")]
    found = families(residents, one=(new, old), child_allowance__allowance=rows)
    assert (new, "2", "child") in found
    assert ("3", "4", "child") in found
    assert not {pair for pair in found if len({"3", "4"} & set(pair[:2])) == 1}, "no path between the two homes"


def test_the_old_home_is_guarded_where_its_record_is_all_that_is_protected() -> None:
    """The protected number left the city's register; the number without the mark is the resident's."""
    gone = {**MOTHER, "addressee_no": "7", "household_no": "H3", "protection": "1", "status": "2"}
    found = families([MOTHER, CHILD, FATHER, gone], one=("1", "7"), child_allowance__allowance=[allowance("3", "2")])
    assert found >= {("1", "2", "child"), ("2", "1", "parent")}
    assert not {pair for pair in found if "3" in pair[:2]}
