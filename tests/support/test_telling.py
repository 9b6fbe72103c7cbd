"""Notices: each step tells whom the table names, supervisors hear of what is overdue, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import actions, notices
from mimamori.support.models import Finding, Notice
from mimamori.support.states import TABLE, State, notice_of
from mimamori.support.telling import OVERDUE, escalate, supervisors_of

pytestmark = pytest.mark.django_db
JUDGED: dict[str, Any] = {"reason": "理由", "text": "会えた。", "checklist": {}}
MONDAY = date(2026, 11, 2)


def heard(account: Account) -> list[str]:
    return [one.event for one in notices.unread(account)]


def test_the_owner_hears_of_being_assigned_and_the_supervisor_of_what_is_to_confirm(
    finding: Finding, workers: dict[str, Any]
) -> None:
    actions.assign(finding, to=workers["worker"], by=workers["supervisor"])
    assert heard(workers["worker"]) == ["assign"] and heard(workers["supervisor"]) == []
    actions.start(finding, by=workers["worker"])
    actions.assess(finding, by=workers["worker"], outcome="no_need", **JUDGED)
    assert heard(workers["supervisor"]) == ["found_no_need"]
    actions.close(finding, by=workers["supervisor"], reason="確かめた")
    assert heard(workers["worker"]) == ["close", "assign"]
    told = Notice.objects.get(event="found_no_need")
    assert notice_of(told.detail["state"], told.event, "ja") == "支援の必要なしの確認をお願いします"


def test_nobody_hears_of_what_they_did_themselves(finding: Finding, workers: dict[str, Any]) -> None:
    actions.start(finding, by=workers["supervisor"])
    actions.assess(finding, by=workers["supervisor"], outcome="support_needed", **JUDGED)
    assert heard(workers["supervisor"]) == []


def test_other_offices_hear_nothing(finding: Finding, workers: dict[str, Any]) -> None:
    actions.start(finding, by=workers["worker"])
    actions.assess(finding, by=workers["worker"], outcome="support_needed", **JUDGED)
    assert set(Notice.objects.values_list("to__username", flat=True)) == {"supervisor"}
    assert {one.ward for one in supervisors_of(finding)} == {finding.ward}
    finding.owner = workers["centre_worker"]
    assert {one.ward for one in supervisors_of(finding)} <= {""}


def test_a_notice_holds_no_word_of_the_case(finding: Finding, workers: dict[str, Any]) -> None:
    actions.start(finding, by=workers["worker"])
    actions.assess(finding, by=workers["worker"], outcome="support_needed", **JUDGED)
    assert [one.detail for one in Notice.objects.all()] == [{"state": "looking"}]


def test_a_failed_step_tells_nobody(finding: Finding, workers: dict[str, Any]) -> None:
    actions.start(finding, by=workers["worker"])
    actions.assess(finding, by=workers["worker"], outcome="no_need", **JUDGED)
    with pytest.raises(Refused):
        actions.close(finding, by=workers["supervisor"], reason="")
    assert heard(workers["worker"]) == []


def test_every_row_that_tells_somebody_has_words() -> None:
    for row in TABLE:
        assert row.told in {"owner", "supervisor", "nobody"}
        assert notice_of(row.state, row.event, "ja") == row.notice_ja and row.notice_ja
        assert notice_of(row.state, row.event, "en") == row.notice_en and row.notice_en
    assert notice_of("closed", "start", "ja") == ""


@pytest.mark.parametrize(("days", "told"), [(3, 0), (4, 1)])  # Thursday, Friday after a Monday: 3 working days between
def test_supervisors_hear_of_a_deadline_that_passed(
    finding: Finding, workers: dict[str, Any], days: int, told: int
) -> None:
    Finding.objects.filter(pk=finding.pk).update(due_on=date(2026, 11, 9))
    today = date(2026, 11, 9) + timedelta(days=days)
    assert escalate(today) == told
    assert escalate(today) == 0, "once"
    assert heard(workers["supervisor"]) == [OVERDUE] * told
    assert heard(workers["worker"]) == []


def test_a_new_deadline_that_passes_is_told_again_and_waiting_or_closed_cases_never(
    finding: Finding, workers: dict[str, Any]
) -> None:
    today = timezone.localdate()
    of = Finding.objects.filter(pk=finding.pk)
    of.update(due_on=today - timedelta(days=30))
    assert escalate(today) == 1
    of.update(due_on=today - timedelta(days=20))
    assert escalate(today) == 1
    of.update(due_on=today - timedelta(days=19), state=State.CLOSED)
    assert escalate(today) == 0
