"""What is known of a child: one state a source, and nothing unknown looks like fine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.karte.small import LONG_AGO, case, child, snapshot_of
from tests.linkage.tiny import DAY, Row, pupil

from mimamori.karte.snapshot import Snapshot

TODDLER, SCHOOLCHILD = date(2023, 5, 13), date(2016, 5, 13)  # 3 and 10 years old
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def care(number: str, started_on: date, ended_on: date | None = None) -> Row:
    return {"certification_no": f"N{number}{started_on}", "child_no": number, "certification": "2",
            "started_on": started_on, "ended_on": ended_on}  # fmt: skip


def visit(number: str, day: date | None) -> Row:
    return {"child_no": number, "visit_no": "1", "visited_on": day, "result": "1"}


# number of the child: born, source, what stands there, state
CASES: dict[str, tuple[date, str, str, str]] = {
    "101": (TODDLER, "childcare", "open", "in_use"),
    "102": (TODDLER, "childcare", "ends tomorrow", "in_use"),
    "103": (TODDLER, "childcare", "ended today: its last day was yesterday", "past"),
    "104": (TODDLER, "childcare", "one ended, another is open", "in_use"),
    "105": (TODDLER, "childcare", "begins tomorrow", "none"),
    "106": (TODDLER, "childcare", "no row", "none"),
    "107": (SCHOOLCHILD, "childcare", "too old, no row", "not_covered"),
    "108": (SCHOOLCHILD, "childcare", "too old, but was there", "past"),
    "109": (TODDLER, "maternal_child_health", "a visit within a year", "in_use"),
    "110": (TODDLER, "maternal_child_health", "a visit long ago", "past"),
    "111": (TODDLER, "maternal_child_health", "a visit that is yet to come", "none"),
    "112": (TODDLER, "maternal_child_health", "a visit without a day, of a covered child", "in_use"),
    "113": (SCHOOLCHILD, "maternal_child_health", "a visit without a day, of a child grown out of it", "past"),
    "114": (SCHOOLCHILD, "maternal_child_health", "too old, no row", "not_covered"),
    "115": (SCHOOLCHILD, "school_affairs", "no city school", "not_covered"),
    "116": (SCHOOLCHILD, "resident_register", "lives here", "in_use"),
    "117": (SCHOOLCHILD, "single_parent_loans", "never delivered", "missing"),
    "118": (SCHOOLCHILD, "disability_welfare", "stale, open", "stale"),
    "119": (SCHOOLCHILD, "disability_welfare", "stale, no row", "stale"),
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(
        missing=["single_parent_loans", "family_register"],
        stale=["disability_welfare"],
        resident_register__residents=[child(number, born) for number, (born, *_) in CASES.items()],
        childcare__certifications=[
            care("101", LONG_AGO),
            care("102", LONG_AGO, TOMORROW),
            care("103", LONG_AGO, DAY),
            care("104", LONG_AGO, YESTERDAY),
            care("104", YESTERDAY),
            care("105", TOMORROW),
            care("108", date(2021, 4, 1), date(2022, 3, 31)),
        ],
        maternal_child_health__home_visit=[
            visit("109", DAY - timedelta(days=365)),
            visit("110", DAY - timedelta(days=366)),
            visit("111", TOMORROW),
            visit("112", None),
            visit("113", None),
        ],
        disability_welfare__handbooks=[
            {"addressee_no": "118", "handbook": "1", "handbook_no": "T1", "issued_on": LONG_AGO}
        ],
        child_guidance__council=[
            {"guidance_no": "G1", "addressee_no": "101", "registered_on": LONG_AGO},
            {"guidance_no": "G2", "addressee_no": "102", "registered_on": LONG_AGO, "ended_on": DAY},
            {"guidance_no": "G3", "addressee_no": "103", "registered_on": TOMORROW},
        ],
        child_guidance__cases=[
            {"reception_no": "R1", "guidance_no": "G1", "addressee_no": "101", "received_on": LONG_AGO},
            {"reception_no": "R4", "guidance_no": "G4", "addressee_no": "104", "received_on": LONG_AGO},
        ],
    )  # fmt: skip


def line(snapshot: Snapshot, key: str, source: str) -> dict[str, Any]:
    (found,) = [row for row in snapshot.known(case(snapshot, key)) if row["source"] == source]
    return found


@pytest.mark.parametrize(
    ("number", "source", "state"),
    [pytest.param(number, source, state, id=f"{source}: {what}") for number, (_, source, what, state) in CASES.items()],
)
def test_one_state(snapshot: Snapshot, number: str, source: str, state: str) -> None:
    assert line(snapshot, number, source)["state"] == state


def test_every_source_has_a_line_but_the_optional_one_that_was_never_delivered(snapshot: Snapshot) -> None:
    expected = {layout.name for layout in snapshot.registry} - {"family_register"}
    for number in CASES:
        told = [row["source"] for row in snapshot.known(case(snapshot, number))]
        assert sorted(told) == sorted(expected)


def test_what_the_rows_say_is_kept_beside_a_stale_state(snapshot: Snapshot) -> None:
    assert [line(snapshot, number, "disability_welfare")["held"] for number in ("118", "119")] == ["in_use", "none"]
    assert line(snapshot, "118", "disability_welfare")["as_of"] == LONG_AGO


def test_where_the_child_is_a_case_already(snapshot: Snapshot) -> None:
    """Open ones only: not what ended today, nor what begins tomorrow."""
    found = snapshot.known_cases_of([case(snapshot, number) for number in ("101", "102", "103", "104", "105")])
    assert list(found.values()) == [["council", "guidance"], [], [], ["guidance"], []]


@pytest.fixture(scope="module")
def without_schools() -> Snapshot:
    return snapshot_of(
        missing=["pupil_register"],
        resident_register__residents=[child("201", SCHOOLCHILD), child("202", TODDLER)],
        child_guidance__cases=[
            {"reception_no": "R9", "guidance_no": "G9", "name": "住外 登", "kana": "ジュウガイ ノボル",
             "birth_date": SCHOOLCHILD, "received_on": LONG_AGO}
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "source", "state"),
    [
        ("201", "school_affairs", "missing"),  # who is a city pupil is not known
        ("201", "pupil_register", "missing"),
        ("202", "school_affairs", "not_covered"),  # too young whatever the school
        ("own_no:child_guidance:G9", "child_guidance", "in_use"),
        ("own_no:child_guidance:G9", "childcare", "not_covered"),  # nobody of the register
        ("own_no:child_guidance:G9", "resident_register", "not_covered"),
    ],
)
def test_without_the_schools_register(without_schools: Snapshot, key: str, source: str, state: str) -> None:
    assert line(without_schools, key, source)["state"] == state


def test_a_pupil_of_unknown_age_is_of_any_age() -> None:
    """So sources of any child and of pupils cover it, whatever their ages; those of residents do not."""
    snapshot = snapshot_of(pupil_register__pupils=[pupil("S1", "不詳 歳", "フショウ サイ", None, entered_on=LONG_AGO)])
    states = {row["source"]: row["state"] for row in snapshot.known(case(snapshot, "pupil_no:S1"))}
    assert states["pupil_register"] == "in_use"
    assert states["school_lunch_fees"] == states["child_guidance"] == "none"
    assert states["childcare"] == "not_covered"


def test_adults_have_no_lines() -> None:
    snapshot = snapshot_of(resident_register__residents=[child("301", date(1990, 1, 1))])
    assert snapshot.known(case(snapshot, "301")) == []
