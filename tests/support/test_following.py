"""Findings follow their children's case numbers, are closed into one another and stand up again; owners are told."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.made import DAY, row

from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.support import actions, notes, notices
from mimamori.support.following import Renumbered, follow
from mimamori.support.models import Finding, Notice
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db
OLD, NEW = "K-1", "K-2"
MERGE, SPLIT = Renumbered("merged", OLD, NEW), Renumbered("split", NEW, OLD)


@pytest.fixture
def both(workers: dict[str, Any]) -> tuple[Finding, Finding]:
    """An open finding at each of the two numbers."""
    take_findings([row(OLD), row(NEW)], as_of=DAY)
    return Finding.objects.get(case_no=OLD), Finding.objects.get(case_no=NEW)


def stand() -> dict[int, tuple[str, str, list[str]]]:
    return {one.pk: (one.case_no, one.state, one.numbers) for one in Finding.objects.all()}


def test_an_open_finding_goes_with_its_child_and_comes_home(workers: dict[str, Any]) -> None:
    take_findings([row(OLD)], as_of=DAY)
    finding = actions.start(Finding.objects.get(), by=workers["worker"])
    assert follow([MERGE]) == 1
    assert stand() == {finding.pk: (NEW, "looking", [OLD])}
    notes.write(finding, by=workers["worker"], happened_on=DAY, kind="phone", result="reached", text="学校に聞いた")
    follow([SPLIT])
    assert stand() == {finding.pk: (OLD, "looking", [])}
    assert Finding.objects.get().notes.get().text == "学校に聞いた"
    assert [one.event for one in finding.history.all()][:2] == ["split", "merged"]
    assert Event.objects.filter(action="finding.follow").count() == 2
    assert [(one.event, one.to.username) for one in Notice.objects.order_by("pk")] == [
        ("merged", "worker"),
        ("split", "worker"),
    ]


@pytest.mark.parametrize("further", [0, 1])
def test_of_two_open_findings_the_further_goes_on(
    both: tuple[Finding, Finding], workers: dict[str, Any], further: int
) -> None:
    actions.start(both[further], by=workers["worker"])
    before = stand()
    follow([MERGE])
    stays, ends = both[further], both[1 - further]
    now = stand()
    assert now[stays.pk][:2] == (NEW, "looking")
    assert now[ends.pk][:2] == (NEW, "closed")
    assert Finding.objects.get(pk=ends.pk).joins_id == stays.pk
    take_findings([row(NEW, met=["in_a_row_7", "days_30"])], as_of=DAY)
    assert Finding.objects.count() == 2, "what was closed into another does not come back as a case of its own"
    follow([SPLIT])
    assert stand() == before
    assert not Finding.objects.filter(joins__isnull=False).exists()


def test_the_nearer_deadline_stays(both: tuple[Finding, Finding]) -> None:
    take_findings([row(OLD, must=True), row(NEW)], as_of=DAY)
    due = Finding.objects.get(case_no=OLD).due_on
    follow([MERGE])
    stays = Finding.objects.exclude(state="closed").get()
    assert (stays.must, stays.due_on) == (True, due)


def test_a_split_off_child_leaves_the_case_where_it_is(workers: dict[str, Any]) -> None:
    take_findings([row(OLD)], as_of=DAY)
    finding = actions.start(Finding.objects.get(), by=workers["worker"])
    follow([Renumbered("split", OLD, "K-9")])
    assert stand() == {finding.pk: (OLD, "looking", [])}
    assert [one.event for one in notices.unread(workers["worker"])] == ["split"]


def test_both_are_told_of_keys_that_moved(both: tuple[Finding, Finding], workers: dict[str, Any]) -> None:
    for finding in both:
        actions.start(finding, by=workers["worker"])
    follow([Renumbered("moved", OLD, NEW)])
    assert {one.finding_id for one in notices.unread(workers["worker"])} == {finding.pk for finding in both}
    assert {one.case_no for one in Finding.objects.all()} == {OLD, NEW}


def test_of_several_numbers_the_one_with_most_keys(workers: dict[str, Any]) -> None:
    take_findings([row(OLD)], as_of=DAY)
    follow([Renumbered("merged", OLD, "K-7", 1), Renumbered("merged", OLD, NEW, 3)])
    assert Finding.objects.get().case_no == NEW


def test_merges_of_merges_find_every_way_home(workers: dict[str, Any]) -> None:
    take_findings([row(OLD)], as_of=DAY)
    follow([MERGE])
    follow([Renumbered("merged", NEW, "K-3")])
    assert Finding.objects.get().numbers == [OLD, NEW]
    follow([Renumbered("split", "K-3", OLD)])
    assert (Finding.objects.get().case_no, Finding.objects.get().numbers) == (OLD, [])


def test_nobody_is_told_of_a_case_they_hold_no_more(workers: dict[str, Any]) -> None:
    """Closed long ago by one, and found again by another: only who looks after the child now is told."""
    take_findings([row(OLD)], as_of=DAY)
    first = actions.start(Finding.objects.get(), by=workers["worker"])
    actions.assess(first, by=workers["worker"], outcome="no_need", reason="元気", text="訪問した", checklist={})
    actions.close(first.pk, by=workers["supervisor"], reason="確かめた")
    take_findings([row(OLD, met=["in_a_row_7"], must=True, difficulty="abuse")], as_of=DAY)
    now = actions.start(Finding.objects.exclude(state="closed").get(), by=workers["supervisor"])
    for change in (MERGE, SPLIT):
        follow([change])
    assert {one.case_no for one in Finding.objects.all()} == {OLD}, "the closed one goes with the child as well"
    of_numbers = Notice.objects.filter(event__in=["merged", "split"])
    assert [(one.to.username, one.finding_id) for one in of_numbers] == [("supervisor", now.pk)] * 2


def test_whose_case_is_closed_into_another_is_told(both: tuple[Finding, Finding], workers: dict[str, Any]) -> None:
    for finding, who in zip(both, ("worker", "supervisor"), strict=True):
        actions.start(finding, by=workers[who])
    follow([MERGE])
    assert {one.to.username for one in Notice.objects.all()} == {"worker", "supervisor"}
    follow([SPLIT])
    told = {(one.to.username, one.event) for one in Notice.objects.all()}
    assert {who for who, event in told if event in {"split", "parted"}} == {"worker", "supervisor"}
    assert not Notice.objects.exclude(to__in=[workers["worker"], workers["supervisor"]]).exists()


def test_a_notice_is_read_by_whom_it_is_for(workers: dict[str, Any]) -> None:
    take_findings([row(OLD)], as_of=DAY)
    actions.start(Finding.objects.get(), by=workers["worker"])
    follow([MERGE])
    notice = notices.unread(workers["worker"])[0]
    assert notices.unread(workers["supervisor"]) == []
    with pytest.raises(Refused):
        notices.mark_read(notice.pk, by=workers["supervisor"])
    notices.mark_read(notice.pk, by=workers["worker"])
    assert notices.unread(workers["worker"]) == []


def test_a_night_between_lets_nobody_approve_their_own_act(workers: dict[str, Any]) -> None:
    take_findings([row(OLD)], as_of=DAY)
    boss = workers["supervisor"]
    finding = actions.start(Finding.objects.get(), by=boss)
    actions.assess(finding, by=boss, outcome="no_need", reason="元気", text="家庭訪問した", checklist={})
    follow([MERGE])
    with pytest.raises(Refused, match="own"):
        actions.close(finding.pk, by=boss, reason="確かめた")
