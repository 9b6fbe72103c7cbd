"""The verbs: who may, in which state, what is kept, what the trail says, and that half an act is no act."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.support.made import CASE, DAY, row

from mimamori import audit
from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.support import actions, effects
from mimamori.support.deadlines import working_day_after
from mimamori.support.models import Assessment, Finding, Referral
from mimamori.support.reading import finding_of, next_events, open_finding, purpose_of
from mimamori.support.steps import FindingNotFound, Stale
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db
Workers = dict[str, Any]
JUDGED: dict[str, Any] = {
    "outcome": "support_needed",
    "reason": "欠席が続き、弟の世話をしている",
    "text": "担任から聞いた",
    "checklist": {"met_child": "yes", "own_time": "worry", "siblings": ""},
}


def later(days: int = 14) -> date:
    return timezone.localdate() + timedelta(days=days)


def sending(**change: Any) -> dict[str, Any]:
    return {
        "agency_kind": "school_social_worker",
        "agency_name": "若葉小 SSW",
        "basis": "consent",
        "basis_text": "母 11月25日 口頭",
        "text": "弟の送迎を一緒に考える",
        "shared": ["worries", "name"],
        "due_on": later(),
        **change,
    }


def looking(finding: Finding, workers: Workers) -> Finding:
    return actions.start(finding, by=workers["worker"])


def needing_support(finding: Finding, workers: Workers) -> Finding:
    looking(finding, workers)
    actions.assess(finding, by=workers["worker"], **JUDGED)
    return Finding.objects.get(pk=finding.pk)


def test_the_whole_way_to_help_that_arrives(finding: Finding, workers: Workers) -> None:
    worker, supervisor = workers["worker"], workers["supervisor"]
    actions.assign(finding, to=worker, by=supervisor)
    actions.start(finding, by=worker)
    actions.assess(finding, by=worker, **JUDGED)
    referral = actions.refer(finding, by=worker, **sending())
    actions.answer_referral(referral, by=worker, answer="accepted", text="")
    actions.answer_referral(referral, by=worker, answer="done", text="登校できている")
    with pytest.raises(Refused, match="what came of"):
        actions.close(finding, by=supervisor, reason="落ち着いた")
    effects.record(finding, by=worker, time="closing", scale="better", text="担任と本人に聞いた")
    actions.close(finding, by=supervisor, reason="落ち着いた")
    done = Finding.objects.get(pk=finding.pk)
    assert (done.state, done.due_on, done.owner, done.outcome) == ("closed", None, worker, "support_needed")
    assert [step.to_state for step in done.history.order_by("pk")] == [
        "proposed", "assigned", "looking", "support_needed", "referred", "in_support", "support_done", "closed",
    ]  # fmt: skip
    told = list(Event.objects.filter(case_no=CASE).order_by("number").values_list("action", flat=True))
    assert told == [
        "finding.assign", "finding.start", "finding.assess", "finding.refer", "finding.answer", "finding.answer",
        "finding.effect", "finding.close",
    ]  # fmt: skip
    assert audit.verify().ok


def test_what_people_wrote_is_not_in_the_trail(finding: Finding, workers: Workers) -> None:
    needing_support(finding, workers)
    actions.refer(finding, by=workers["worker"], **sending())
    trail = str(list(Event.objects.values_list("detail", flat=True)))
    assert "担任" not in trail and "若葉小" not in trail and "弟" not in trail


def test_starting_takes_what_nobody_owns(finding: Finding, workers: Workers) -> None:
    assert looking(finding, workers).owner == workers["worker"]


@pytest.mark.parametrize("who", ["outsider", "auditor", "administrator", "analyst", "data_officer"])
def test_out_of_scope_is_as_not_existing(finding: Finding, workers: Workers, who: str) -> None:
    with pytest.raises(FindingNotFound) as there:
        actions.start(finding.pk, by=workers[who])
    with pytest.raises(FindingNotFound) as nowhere:
        actions.start(999_999, by=workers[who])
    assert str(there.value) == str(nowhere.value)
    assert Finding.objects.get(pk=finding.pk).state == "proposed"


@pytest.mark.parametrize("who", ["coordinator", "manager"])
def test_headquarters_does_not_judge(finding: Finding, workers: Workers, who: str) -> None:
    with pytest.raises(Denied):
        actions.start(finding, by=workers[who])


def test_a_worker_does_not_assign_and_nobody_is_given_another_wards_child(finding: Finding, workers: Workers) -> None:
    with pytest.raises(Denied):
        actions.assign(finding, to=workers["worker"], by=workers["worker"])
    for stranger in ("outsider", "auditor", "coordinator"):
        with pytest.raises(Refused, match="cannot take"):
            actions.assign(finding, to=workers[stranger], by=workers["supervisor"])


def test_many_are_assigned_together_or_not_at_all(finding: Finding, workers: Workers) -> None:
    take_findings([row(must=True), row("K-2"), row("K-3", ward="40131")], as_of=DAY)
    numbers = dict(Finding.objects.values_list("case_no", "pk"))
    with pytest.raises(FindingNotFound):
        actions.assign_many(list(numbers.values()), to=workers["worker"], by=workers["supervisor"])
    assert not Finding.objects.exclude(owner=None).exists()
    mine = [numbers[CASE], numbers["K-2"], numbers["K-2"]]
    assert len(actions.assign_many(mine, to=workers["worker"], by=workers["supervisor"])) == 2


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("support_needed", "support_needed"),
        ("watch", "watching"),
        ("no_need", "no_need"),
        ("already_known", "already_known"),
        ("data_wrong", "data_wrong"),
    ],
)
def test_each_outcome_moves_the_finding(finding: Finding, workers: Workers, outcome: str, state: str) -> None:
    looking(finding, workers)
    until = later() if outcome == "watch" else None
    actions.assess(finding, by=workers["worker"], **{**JUDGED, "outcome": outcome, "watch_until": until})
    found = Finding.objects.get(pk=finding.pk)
    assert (found.state, found.outcome) == (state, outcome)
    assert found.due_on == (until or working_day_after(timezone.localdate(), 10 if outcome == "support_needed" else 5))


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": ""},
        {"outcome": "fine"},
        {"reason": "  "},
        {"text": ""},
        {"checklist": {"met_child": "maybe"}},
        {"checklist": {"horoscope": "yes"}},
        {"outcome": "watch"},  # without a day
        {"outcome": "watch", "watch_until": date(2020, 1, 1)},
    ],
)
def test_half_an_assessment_is_refused_and_changes_nothing(
    finding: Finding, workers: Workers, change: dict[str, Any]
) -> None:
    looking(finding, workers)
    before = Finding.objects.values().get(pk=finding.pk), Event.objects.count()
    with pytest.raises(Refused):
        actions.assess(finding, by=workers["worker"], **{**JUDGED, **change})
    assert (Finding.objects.values().get(pk=finding.pk), Event.objects.count()) == before
    assert not Assessment.objects.exists()


def test_an_assessment_needs_looking_first(finding: Finding, workers: Workers) -> None:
    with pytest.raises(Refused, match="does not allow"):
        actions.assess(finding, by=workers["worker"], **JUDGED)


def test_a_form_that_was_overtaken_shows_both_texts(finding: Finding, workers: Workers) -> None:
    version = looking(finding, workers).version
    actions.assess(finding, by=workers["worker"], version=version, **JUDGED)
    with pytest.raises(Stale) as stale:
        actions.assess(finding, by=workers["supervisor"], version=version, **{**JUDGED, "text": "私の所見"})
    assert (stale.value.yours, stale.value.theirs, stale.value.who) == ("私の所見", JUDGED["text"], "田島")
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"agency_kind": "astrologer"},
        {"agency_name": " "},
        {"basis": ""},
        {"basis_text": ""},
        {"text": " "},
        {"shared": ["address"]},
        {"due_on": date(2020, 1, 1)},
    ],
)
def test_a_referral_without_basis_or_content_is_refused(
    finding: Finding, workers: Workers, change: dict[str, Any]
) -> None:
    needing_support(finding, workers)
    with pytest.raises(Refused):
        actions.refer(finding, by=workers["worker"], **sending(**change))
    assert not Referral.objects.exists()
    assert Finding.objects.get(pk=finding.pk).state == "support_needed"


def test_a_refused_referral_comes_back_with_its_reason(finding: Finding, workers: Workers) -> None:
    needing_support(finding, workers)
    referral = actions.refer(finding, by=workers["worker"], **sending())
    with pytest.raises(Refused):
        actions.answer_referral(referral, by=workers["worker"], answer="refused", text=" ")
    actions.answer_referral(referral, by=workers["worker"], answer="refused", text="定員がいっぱい")
    found = Finding.objects.get(pk=finding.pk)
    assert found.state == "support_needed"
    assert found.due_on == working_day_after(timezone.localdate(), 10)
    with pytest.raises(Refused):
        actions.answer_referral(referral, by=workers["worker"], answer="done", text="x")


def test_one_of_two_referrals_may_end_while_the_other_goes_on(finding: Finding, workers: Workers) -> None:
    needing_support(finding, workers)
    first, second = (actions.refer(finding, by=workers["worker"], **sending()) for _ in range(2))
    actions.answer_referral(first, by=workers["worker"], answer="refused", text="定員")
    assert Finding.objects.get(pk=finding.pk).state == "referred"
    actions.answer_referral(second, by=workers["worker"], answer="done", text="届いた")
    assert Finding.objects.get(pk=finding.pk).state == "support_done"


def test_nobody_approves_their_own_judgement(finding: Finding, workers: Workers) -> None:
    supervisor = workers["supervisor"]
    actions.start(finding, by=supervisor)
    actions.assess(finding, by=supervisor, **{**JUDGED, "outcome": "no_need"})
    with pytest.raises(Refused, match="their own"):
        actions.close(finding, by=supervisor, reason="もう大丈夫")
    with pytest.raises(Denied):
        actions.close(finding, by=workers["worker"], reason="もう大丈夫")
    actions.close(finding, by=workers["centre_supervisor"], reason="もう大丈夫")
    assert Finding.objects.get(pk=finding.pk).state == "closed"


def test_sending_back_needs_a_reason(finding: Finding, workers: Workers) -> None:
    looking(finding, workers)
    actions.assess(finding, by=workers["worker"], **{**JUDGED, "outcome": "no_need"})
    with pytest.raises(Refused):
        actions.send_back(finding, by=workers["supervisor"], reason="")
    assert actions.send_back(finding, by=workers["supervisor"], reason="本人に会ってから").state == "looking"


def test_what_a_page_asks(finding: Finding, workers: Workers) -> None:
    assert purpose_of(workers["worker"], CASE) == "finding_check"
    looking(finding, workers)
    assert purpose_of(workers["worker"], CASE) == "open_case"
    assert purpose_of(workers["outsider"], CASE) == purpose_of(workers["coordinator"], CASE) == ""
    assert open_finding(workers["worker"], CASE) == finding
    assert open_finding(workers["outsider"], CASE) is None
    with pytest.raises(FindingNotFound):
        finding_of(workers["outsider"], finding.pk)
    with pytest.raises(Denied):
        finding_of(workers["auditor"], finding.pk)
    events = [step.event for step in next_events(workers["worker"], Finding.objects.get(pk=finding.pk))]
    outcomes = ("support_needed", "watch", "no_need", "already_known", "data_wrong")
    assert events == ["visit", *(f"found_{outcome}" for outcome in outcomes), "to_conference"]
