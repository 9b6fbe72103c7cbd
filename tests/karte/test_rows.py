"""Rows under the case number: whose karte holds them, in which role, and what of a row is not kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.karte.small import LONG_AGO, case, child, snapshot_of
from tests.linkage.tiny import DAY, pupil, resident

from mimamori import engine
from mimamori.karte.snapshot import Snapshot
from mimamori.karte.timeline import SourceRows

BORN, GROWN = date(2023, 5, 13), date(1990, 1, 2)


def care(addressee_no: str, guardian_no: str | None, **more: Any) -> dict[str, Any]:
    return {"certification_no": f"N{addressee_no}", "child_no": addressee_no, "guardian_no": guardian_no,
            "certification": "2", "started_on": LONG_AGO, **more}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """A mother (1) of two (2, 3) in one household; their father (4) and his child (5) in another."""
    home = {"household_no": "H1"}
    away = {"household_no": "H4"}
    return snapshot_of(
        resident_register__residents=[
            resident("1", "試 母", "タメシ ハハ", GROWN, sex="2", **home),
            child("2", BORN, **home),
            child("3", date(2026, 7, 1), **home),
            resident("4", "別 父", "ベツ チチ", GROWN, **away),
            child("5", BORN, **away),
        ],
        childcare__certifications=[
            care("0000002", "0000001", facility_code="F2", ended_on=date(2025, 12, 31)),
            care("2", "1", facility_code="F9", certification_no="N9", started_on=date(2024, 4, 1)),
            care("3", "1", facility_code="F3"),
            care("", "1", certification_no="N0", facility_code="F0"),  # the child's key was left blank
            care("5", "5", facility_code="F5"),  # a clerk put the child's number twice
        ],
        maternal_child_health__home_visit=[
            {"child_no": "3", "mother_no": "1", "visit_no": "1", "visited_on": date(2026, 9, 1), "result": "1"}
        ],
        child_guidance__cases=[
            {"reception_no": "R1", "guidance_no": "G1", "addressee_no": "2", "name": "試 二", "received_on": LONG_AGO},
            {"reception_no": "R2", "guidance_no": "G1", "addressee_no": None, "name": "試 二", "received_on": DAY},
        ],
    )


def parts(snapshot: Snapshot, key: str, source: str) -> list[SourceRows]:
    return [part for part in snapshot.rows(case(snapshot, key)) if part.source == source]


def test_the_child_is_the_subject_and_its_guardian_stands_in_the_row(snapshot: Snapshot) -> None:
    (part,) = parts(snapshot, "2", "childcare")
    assert (part.table, part.role) == ("certifications", None)
    assert [row["facility_code"] for row in part.rows] == ["F9", "F2"]  # by the day they began
    assert {row["guardian_case_no"] for row in part.rows} == {case(snapshot, "1")}


def test_rows_of_the_children_stand_with_the_mother_in_her_role(snapshot: Snapshot) -> None:
    mother = case(snapshot, "1")
    found = {
        (part.role, row["case_no"], row.get("facility_code"))
        for source in ("childcare", "maternal_child_health")
        for part in parts(snapshot, "1", source)
        for row in part.rows
    }
    two, three = case(snapshot, "2"), case(snapshot, "3")
    assert found == {
        ("guardian", two, "F9"),
        ("guardian", two, "F2"),
        ("guardian", three, "F3"),
        ("guardian", None, "F0"),  # whose child it is nobody knows; hers it is
        ("mother", three, None),
    }
    assert mother not in {row["case_no"] for part in snapshot.rows(mother) if part.role for row in part.rows}


def test_who_is_subject_and_guardian_at_once_reads_the_row_once(snapshot: Snapshot) -> None:
    (part,) = parts(snapshot, "5", "childcare")
    assert (part.role, len(part.rows)) == (None, 1)


def test_a_source_with_numbers_of_its_own_is_found_by_either_key(snapshot: Snapshot) -> None:
    (part,) = parts(snapshot, "2", "child_guidance")
    assert [row["received_on"] for row in part.rows] == [LONG_AGO, DAY]


def test_another_familys_rows_are_nobodys(snapshot: Snapshot) -> None:
    assert {part.source for part in snapshot.rows(case(snapshot, "4"))} == {"resident_register"}


def test_no_row_holds_identity_but_the_day_it_speaks_of(snapshot: Snapshot) -> None:
    for layout, table in snapshot.registry.tables():
        columns = {
            row["column_name"] for row in engine.rows_of(snapshot.cursor(), f"DESCRIBE row_{layout.name}__{table.name}")
        }
        identity = {item.field for item in table.items if item.identity}
        days = {table.day, *((table.active.start, table.active.end) if table.active else ())}
        assert not columns & identity - days, f"{layout.name}.{table.name}"


def test_rows_of_a_relative_are_those_they_are_the_subject_of(snapshot: Snapshot) -> None:
    found = {
        relative["case_no"]: [(part.table, part.role) for part in rows]
        for relative, rows in snapshot.family_rows(case(snapshot, "3"), ["childcare"])
    }
    assert found == {case(snapshot, "2"): [("certifications", None)]}


def test_a_pupil_has_the_name_of_the_school() -> None:
    found = snapshot_of(pupil_register__pupils=[pupil("S1", "試 一", "タメシ イチ", date(2016, 5, 13))])
    assert (found.person(case(found, "pupil_no:S1")) or {})["school_name"] == "大橋小学校"


# --- protection -------------------------------------------------------------------------------------------------------


def guarded(**protection: str) -> Snapshot:
    """The mother (1) and her child (2); the father (4), and his other child (5), in another household."""
    return snapshot_of(
        resident_register__residents=[
            resident("1", "試 母", "タメシ ハハ", GROWN, sex="2", household_no="H1", **protection),
            child("2", BORN, household_no="H1"),
            resident("4", "別 父", "ベツ チチ", GROWN, household_no="H4"),
            child("5", BORN, household_no="H4"),
        ],
        child_allowance__allowance=[
            {"certification_no": f"C{number}", "recipient_no": "4", "child_no": number, "recipient_kind": "1",
             "started_on": LONG_AGO}
            for number in ("2", "5")
        ],
        childcare__certifications=[care("2", "1"), care("5", "4")],
    )  # fmt: skip


def relatives(snapshot: Snapshot, key: str) -> set[str]:
    return {row["case_no"] for row in snapshot.family(case(snapshot, key))}


def read_beside(snapshot: Snapshot, key: str) -> set[str]:
    """The relatives whose own rows are read beside this karte."""
    return {relative["case_no"] for relative, _ in snapshot.family_rows(case(snapshot, key), ["childcare"])}


@pytest.mark.parametrize("code", ["1", "2", "3", "9"])
def test_no_path_leads_past_a_protected_person(code: str) -> None:
    snapshot = guarded(protection=code)
    inside, outside = ({case(snapshot, key) for key in keys} for keys in (("1", "2"), ("4", "5")))
    for key in ("1", "2"):
        assert relatives(snapshot, key) == inside - {case(snapshot, key)}
    for key in ("4", "5"):
        assert relatives(snapshot, key) == outside - {case(snapshot, key)}
        assert not inside & read_beside(snapshot, key)


def test_without_protection_the_families_meet() -> None:
    """Else the test above could not fail."""
    snapshot = guarded(protection="0")
    assert case(snapshot, "4") in relatives(snapshot, "2")
    assert case(snapshot, "2") in relatives(snapshot, "4")
    assert case(snapshot, "2") in read_beside(snapshot, "4")
