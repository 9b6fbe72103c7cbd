from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from tests.support.made import DAY, row

from mimamori.access import Denied
from mimamori.support import actions
from mimamori.support.models import Finding
from mimamori.support.taking import take_findings
from mimamori.support.worklist import ALL, MINE, UNASSIGNED, loads, workers_for, worklist

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def week(workers: dict[str, Any]) -> dict[str, Finding]:
    """Findings of Minami by the day they are due, and one of Higashi."""
    days = {"K-1": 20, "K-2": 25, "K-3": 27, "K-4": 29, "K-5": 30}
    take_findings(
        [row(case_no) for case_no in days] + [row("K-9", "poverty", ward="40131", known="council")], as_of=DAY
    )
    for case_no, day in days.items():
        Finding.objects.filter(case_no=case_no).update(due_on=date(2026, 11, day))
    return {finding.case_no: finding for finding in Finding.objects.all()}


def grouped(account: Any, **asked: Any) -> dict[str, list[str]]:
    found = worklist(account, today=WEDNESDAY, **asked)
    return {group.kind: [finding.case_no for finding in group.findings] for group in found.groups}


def test_by_deadline(week: dict[str, Finding], workers: dict[str, Any]) -> None:
    assert grouped(workers["worker"], view=ALL) == {
        "overdue": ["K-1"],
        "today": ["K-2"],
        "week": ["K-3", "K-4"],
        "later": ["K-5"],
    }


@pytest.mark.parametrize(("who", "count"), [("worker", 5), ("outsider", 0), ("centre_worker", 6), ("coordinator", 6)])
def test_by_scope(week: dict[str, Finding], workers: dict[str, Any], who: str, count: int) -> None:
    found = worklist(workers[who], view=ALL)
    assert (found.total, found.counts[ALL], found.counts[UNASSIGNED], found.counts[MINE]) == (count, count, count, 0)


@pytest.mark.parametrize("who", ["manager", "auditor", "administrator", "analyst", "data_officer"])
def test_roles_without_a_worklist(week: dict[str, Finding], workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        worklist(workers[who])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"difficulty": "poverty"}, ["K-9"]),
        ({"difficulty": "absence"}, ["K-1", "K-2", "K-3", "K-4", "K-5"]),
        ({"difficulty": "x'; --"}, []),
        ({"known": "known"}, ["K-9"]),
        ({"known": "new", "ward": "40131"}, []),
        ({"ward": "40131"}, ["K-9"]),
    ],
)
def test_filters(week: dict[str, Finding], workers: dict[str, Any], asked: dict[str, str], expected: list[str]) -> None:
    found = grouped(workers["coordinator"], view=ALL, **asked)
    assert sorted(case_no for rows in found.values() for case_no in rows) == expected


def test_taken_findings_are_mine(week: dict[str, Finding], workers: dict[str, Any]) -> None:
    actions.start(week["K-3"], by=workers["worker"])
    found = worklist(workers["worker"])
    assert (found.view, found.counts[MINE], found.counts[UNASSIGNED]) == (MINE, 1, 4)


def test_loads(week: dict[str, Finding], workers: dict[str, Any]) -> None:
    actions.start(week["K-3"], by=workers["worker"])
    actions.assign(week["K-2"], to=workers["worker"], by=workers["supervisor"])
    people = workers_for(workers["supervisor"])
    assert {person.username for person in people} == {"worker", "supervisor"}
    load = {entry.account.username: entry for entry in loads(workers["supervisor"], people)}
    mine = load["worker"]
    assert (mine.total, mine.untouched, mine.looking, mine.supporting) == (2, 1, 1, 0)
    assert load["supervisor"].total == 0


def test_the_head_counts_in_a_fixed_number_of_queries(
    week: dict[str, Finding], workers: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        worklist(workers["worker"], view=ALL, today=timezone.localdate())
