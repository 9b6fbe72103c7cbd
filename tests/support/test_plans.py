"""支援計画: for one child or several, all or none; what stood before stays; who was faster is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.support.made import CASE, DAY, row

from mimamori.access import Denied
from mimamori.audit.models import Event as Trail
from mimamori.refusal import Refused
from mimamori.support import actions, effects, plans
from mimamori.support.models import Finding, Plan
from mimamori.support.plans import ACTION_STATES, CONSENTS, LONGEST, MOST_ACTIONS, Action, Content
from mimamori.support.states import State
from mimamori.support.steps import FindingNotFound, Stale
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db
Workers = dict[str, Any]
OTHER, AWAY = "K-5512-0934-1", "K-6601-7782-9"


def written(**changed: Any) -> Content:
    today = timezone.localdate()
    content = Content(
        goals=" 学校に行ける日がふえる。 ",
        strengths="祖母が毎日来ている。",
        avoid="夜は電話しない。",
        consent="given",
        consent_text="母、面接で",
        review_on=today + timedelta(days=60),
        actions=(Action("朝の声かけ", "祖母", today + timedelta(days=14)),),
    )
    return replace(content, **changed)


def needed(workers: Workers, case_no: str = CASE, ward: str = "40134") -> Finding:
    """A finding of whom support was found to be needed."""
    take_findings(
        [row(one.case_no, ward=one.ward) for one in Finding.objects.all()] + [row(case_no, ward=ward)], as_of=DAY
    )
    found = Finding.objects.get(case_no=case_no)
    by = workers["worker"] if ward == "40134" else workers["outsider"]
    actions.start(found, by=by)
    actions.assess(found.pk, by=by, outcome="support_needed", reason="理由", text="所見", checklist={})
    return Finding.objects.get(pk=found.pk)


def state(finding: Finding) -> str:
    return str(Finding.objects.get(pk=finding.pk).state)


def test_every_choice_has_words() -> None:
    assert all(ja and en.isascii() for table in (CONSENTS, ACTION_STATES) for ja, en in table.values())


def test_a_plan_moves_every_child_to_the_day_of_review(workers: Workers) -> None:
    first, second = needed(workers), needed(workers, OTHER)
    plan = plans.make([first.pk, second.pk], by=workers["worker"], content=written(), version=first.version)
    assert plan.goals == "学校に行ける日がふえる。"
    for finding in (first, second):
        now = Finding.objects.get(pk=finding.pk)
        assert (now.state, now.due_on) == (State.PLANNED, plan.review_on)
        assert [one.pk for one in plans.plans_of(now)] == [plan.pk]
    assert Trail.objects.filter(action="finding.plan").count() == 2


def test_all_children_or_none(workers: Workers) -> None:
    mine, theirs = needed(workers), needed(workers, AWAY, ward="40135")
    with pytest.raises(FindingNotFound):
        plans.make([mine.pk, theirs.pk], by=workers["worker"], content=written())
    assert state(mine) == State.SUPPORT_NEEDED and not Plan.objects.exists()


def test_a_child_stands_in_one_plan_at_a_time(workers: Workers) -> None:
    finding = needed(workers)
    plans.make([finding.pk], by=workers["worker"], content=written())
    with pytest.raises(Refused, match="has a plan already"):
        plans.make([finding.pk], by=workers["worker"], content=written())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"goals": " "}, "become better"),
        ({"strengths": ""}, "goes well"),
        ({"consent": "maybe"}, "family said"),
        ({"consent_text": ""}, "who agreed"),
        ({"actions": ()}, "at least one"),
        ({"actions": (Action("する", "だれか", DAY),) * (MOST_ACTIONS + 1)}, "at most"),
        ({"actions": (Action(" ", "だれか", DAY),)}, "what is done"),
        ({"actions": (Action("する", "", DAY),)}, "who does it"),
        ({"actions": (Action("する", "だれか", DAY, "half"),)}, "how far"),
        ({"actions": (Action("する", "だれか", DAY, "dropped"),)}, "given up"),
        ({"review_on": DAY}, "half a year"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_kept(changed: dict[str, Any], told: str, workers: Workers) -> None:
    finding = needed(workers)
    with pytest.raises(Refused, match=told):
        plans.make([finding.pk], by=workers["worker"], content=written(**changed))
    assert state(finding) == State.SUPPORT_NEEDED and not Plan.objects.exists()


def test_the_day_of_review_lies_within_half_a_year(workers: Workers) -> None:
    finding, today = needed(workers), timezone.localdate()
    for day in (today, today + LONGEST + timedelta(days=1)):
        with pytest.raises(Refused, match="half a year"):
            plans.make([finding.pk], by=workers["worker"], content=written(review_on=day))
    plans.make([finding.pk], by=workers["worker"], content=written(review_on=today + LONGEST))


def test_a_change_keeps_what_stood_before(workers: Workers) -> None:
    finding = needed(workers)
    plan = plans.make([finding.pk], by=workers["worker"], content=written())
    later = plan.review_on + timedelta(days=30)
    changed = plans.revise(
        plan, by=workers["supervisor"], content=written(goals="休まない。", review_on=later), version=1
    )
    assert (changed.version, changed.changed_by) == (2, workers["supervisor"])
    [before] = changed.earlier.all()
    assert (before.content["goals"], before.by) == ("学校に行ける日がふえる。", workers["worker"])
    assert before.content["actions"][0]["due_on"] == written().actions[0].due_on.isoformat()
    assert Finding.objects.get(pk=finding.pk).due_on == later
    assert plans.revise(changed, by=workers["worker"], content=plans.content_of(changed), version=2).version == 2


def test_who_was_overtaken_is_told_with_both_texts(workers: Workers) -> None:
    finding = needed(workers)
    plan = plans.make([finding.pk], by=workers["worker"], content=written())
    plans.revise(plan, by=workers["supervisor"], content=written(goals="休まない。"), version=1)
    mine = written(goals="わたしの文")
    with pytest.raises(Stale) as told:
        plans.revise(plan, by=workers["worker"], content=mine, version=1)
    assert (told.value.yours, told.value.theirs, told.value.version) == ("わたしの文", "休まない。", 2)
    with pytest.raises(Stale) as told:
        plans.end(plan, by=workers["worker"], reason="わたしの文", version=1)
    assert (told.value.yours, told.value.theirs, told.value.version) == ("わたしの文", "休まない。", 2)
    with pytest.raises(Stale):
        plans.make([finding.pk], by=workers["worker"], content=written(), version=finding.version)


def test_a_plan_ends_when_nothing_is_left_to_do_and_the_supervisor_closes(workers: Workers) -> None:
    finding = needed(workers)
    plan = plans.make([finding.pk], by=workers["worker"], content=written())
    with pytest.raises(Refused, match="still to do"):
        plans.end(plan, by=workers["worker"], reason="終わり", version=1)
    done = tuple(replace(one, state="done") for one in plan_actions(plan))
    plan = plans.revise(plan, by=workers["worker"], content=written(actions=done), version=1)
    with pytest.raises(Refused, match="why it ends"):
        plans.end(plan, by=workers["worker"], reason=" ", version=2)
    plans.end(plan, by=workers["worker"], reason="毎日登校している。", version=2)
    assert state(finding) == State.SUPPORT_DONE
    with pytest.raises(Refused, match="has ended"):
        plans.revise(plan, by=workers["worker"], content=written(), version=2)
    effects.record(finding, by=workers["worker"], time="closing", scale="much_better", text="学校に聞いた")
    actions.close(finding.pk, by=workers["supervisor"], reason="よくなった")
    assert state(finding) == State.CLOSED


def test_a_child_whom_an_agency_helps_stays_there_when_the_plan_ends(workers: Workers) -> None:
    finding, today = needed(workers), timezone.localdate()
    plan = plans.make([finding.pk], by=workers["worker"], content=written())
    sent: dict[str, Any] = {
        "agency_kind": "school",
        "agency_name": "若葉小",
        "basis": "consent",
        "basis_text": "母",
        "text": "見守り",
    }
    actions.refer(finding.pk, by=workers["worker"], shared=["name"], due_on=today + timedelta(days=9), **sent)
    done = tuple(replace(one, state="dropped", result="要らなくなった") for one in plan_actions(plan))
    plan = plans.revise(plan, by=workers["worker"], content=written(actions=done), version=1)
    plans.end(plan, by=workers["worker"], reason="つないだ。", version=2)
    assert state(finding) == State.REFERRED


def test_who_sees_no_child_of_it_sees_no_plan(workers: Workers) -> None:
    finding = needed(workers)
    plan = plans.make([finding.pk], by=workers["worker"], content=written())
    assert plans.plan_of(workers["supervisor"], plan.pk) == plan
    with pytest.raises(FindingNotFound):
        plans.plan_of(workers["outsider"], plan.pk)
    with pytest.raises(FindingNotFound):
        plans.revise(plan, by=workers["outsider"], content=written(), version=1)
    with pytest.raises(FindingNotFound):
        plans.plan_of(workers["worker"], plan.pk + 1)
    with pytest.raises(Denied):
        plans.plan_of(workers["auditor"], plan.pk)


def test_of_a_child_who_moved_to_another_ward_the_number_alone_is_told(workers: Workers) -> None:
    first, second = needed(workers), needed(workers, OTHER)
    plan = plans.make([first.pk, second.pk], by=workers["worker"], content=written())
    Finding.objects.filter(pk=second.pk).update(ward="40135")
    seen, elsewhere = plans.children_of(workers["worker"], plan)
    assert ([one.pk for one in seen], elsewhere) == ([first.pk], 1)


def plan_actions(plan: Plan) -> tuple[Action, ...]:
    return plans.content_of(plan).actions
