"""A child's cases for its karte: the open one first, what was taken back left out, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.made import CASE, DAY, row

from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.support import notes
from mimamori.support.case_history import cases_of, open_findings
from mimamori.support.models import Assessment, Finding, Note
from mimamori.support.states import State
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(workers: dict[str, Account]) -> Account:
    return workers["worker"]


def written(finding: Finding, by: Account, text: str) -> Note:
    return notes.write(finding, by=by, happened_on=DAY, kind="visit", result="met_child", text=text)


def closed(finding: Finding) -> Finding:
    Finding.objects.filter(pk=finding.pk).update(state=State.CLOSED, outcome="no_need")
    take_findings([row(difficulty="poverty", met=["arrears"])], as_of=DAY)
    return Finding.objects.exclude(pk=finding.pk).get()


def test_the_open_case_comes_first_with_what_was_recorded_of_each(
    finding: Finding, worker: Account, cast_home: Any
) -> None:
    written(finding, worker, "1回目の訪問")
    assessed = Assessment.objects.create(
        finding=finding, case_no=CASE, by=worker, text="所見", reason="理由", as_of=DAY, recorded_at=finding.created_at
    )
    again = closed(finding)
    found, elsewhere = cases_of(worker, CASE)
    assert [(case.finding, case.open) for case in found] == [(again, True), (finding, False)]
    assert [len(case.notes) for case in found] == [0, 1]
    assert [case.assessments for case in found] == [(), (assessed,)]
    assert elsewhere == 0


def test_what_was_taken_back_is_not_told(finding: Finding, worker: Account, cast_home: Any) -> None:
    kept, wrong = written(finding, worker, "この児童"), written(finding, worker, "別の児童")
    notes.withdraw(wrong, by=worker, reason="別の児童の記録")
    [case], _ = cases_of(worker, CASE)
    assert case.notes == (kept,)


def test_another_ward_s_cases_are_counted_and_not_told(finding: Finding, workers: dict[str, Account]) -> None:
    assert cases_of(workers["outsider"], CASE) == ([], 1)
    assert len(cases_of(workers["centre_worker"], CASE)[0]) == 1


def test_without_the_right_nothing_is_read(finding: Finding, workers: dict[str, Account]) -> None:
    for read in (cases_of, lambda account, case: open_findings(account, [case])):
        with pytest.raises(Denied):
            read(workers["auditor"], CASE)


def test_of_siblings_only_what_is_open_and_in_the_scope(finding: Finding, workers: dict[str, Account]) -> None:
    worker = workers["worker"]
    assert open_findings(worker, [CASE, "K-0000-0000-0"]) == {CASE: finding}
    assert open_findings(workers["outsider"], [CASE]) == {}
    Finding.objects.update(state=State.CLOSED)
    assert open_findings(worker, [CASE]) == {}


def test_as_many_queries_for_a_long_history_as_for_none(
    finding: Finding, worker: Account, cast_home: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):
        cases_of(worker, CASE)
    for at in range(3):
        written(finding, worker, f"訪問 {at}")
    closed(finding)
    with django_assert_num_queries(5):
        cases_of(worker, CASE)
