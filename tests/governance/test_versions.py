"""The life of a version: the table, and every verb beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from tests.approving import TOLD, approved, in_review

from mimamori import governance
from mimamori.access import Denied, Permission, load_roles
from mimamori.audit import ACTIONS
from mimamori.audit.models import Event
from mimamori.governance.life import ACT_LABELS, DONE_LABELS, PROPOSE, STATE_LABELS, TABLE, Act, State, acts_of
from mimamori.governance.models import ConditionVersion, Enforcement, Proof, Remark, Step
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, first_sets

pytestmark = pytest.mark.django_db
FIRST = first_sets()[0]
OTHER = FIRST.model_copy(update={"tiers": (99.0,)})
VERBS: dict[Act, Any] = {
    Act.EDIT: lambda version, by: governance.edit(version, OTHER, by=by, revision=version.revision),
    Act.TEST: lambda version, by: governance.send_to_test(version, by=by),
    Act.ASK: lambda version, by: governance.ask_approval(version, by=by),
    Act.APPROVE: lambda version, by: governance.approve(version, by=by),
    Act.RETURN: lambda version, by: governance.send_back(version, by=by, reason="理由"),
    Act.WITHDRAW: lambda version, by: governance.withdraw(version, by=by, reason="理由"),
    Act.RETIRE: lambda version, by: governance.retire(version, by=by, reason="理由"),
    Act.ROLL_BACK: lambda version, by: governance.roll_back(version, by=by, reason="理由"),
}


def at(state: State, workers: dict[str, Any]) -> ConditionVersion:
    """A version in this state, from which every act that the table allows can be done."""
    writer, manager = workers["coordinator"], workers["manager"]
    match state:
        case State.DRAFT:
            return governance.propose(FIRST, by=writer)
        case State.TESTING:
            return governance.send_back(in_review(FIRST, workers), by=manager, reason="もう一度")
        case State.REVIEW:
            return in_review(FIRST, workers)
        case State.APPROVED:
            return approved(FIRST, workers)
        case State.RETIRED:
            return governance.retire(approved(FIRST, workers), by=manager, reason="やめる")
        case State.WITHDRAWN:
            return governance.withdraw(governance.propose(FIRST, by=writer), by=writer, reason="やめる")


def test_the_table_is_whole() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(ACT_LABELS) == set(DONE_LABELS) == {PROPOSE, *Act}
    assert {row.act for row in TABLE} == set(Act) == set(VERBS)
    assert {row.action for row in TABLE} <= set(ACTIONS)
    assert {row.to for row in TABLE} | {State.DRAFT} == set(State), "every state is reached"
    held = {permission for role in load_roles().roles.values() for permission in role.permissions}
    assert {row.permission for row in TABLE} <= held
    both = [r for r in load_roles().roles.values() if {row.permission for row in TABLE} <= set(r.permissions)]
    assert both == [], "no role writes and approves"
    assert all(english.isascii() for _, english in [*STATE_LABELS.values(), *ACT_LABELS.values()])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_each_act_in_each_state(state: State, act: Act, workers: dict[str, Any]) -> None:
    version = at(state, workers)
    row = next((row for row in acts_of(state) if row.act is act), None)
    who = workers["coordinator"] if row is None or row.permission is Permission.WRITE_CONDITIONS else workers["manager"]
    if state is State.APPROVED and act is Act.ROLL_BACK:
        approved(OTHER, workers)  # another took its place
    if row is None:
        with pytest.raises(Refused):
            VERBS[act](version, who)
        return
    moved = VERBS[act](version, who)
    step = Step.objects.first()
    assert step is not None
    assert (moved.state, step.act, step.from_state, step.to_state, step.by) == (row.to, act, state, row.to, who)
    told = Event.objects.order_by("-number").first()
    assert told is not None
    assert (told.action, told.actor) == (row.action, who.username)
    assert (step.reason != "") == row.reason


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.state}-{row.act}")
@pytest.mark.parametrize("role", ["worker", "supervisor", "coordinator", "manager", "analyst", "auditor"])
def test_only_who_may(row: Any, role: str, workers: dict[str, Any]) -> None:
    if row.permission in load_roles().roles[workers[role].role].permissions:
        return
    version = at(row.state, workers)
    before = Step.objects.count()
    with pytest.raises(Denied):
        VERBS[row.act](version, workers[role])
    assert Step.objects.count() == before


@pytest.mark.parametrize("row", [row for row in TABLE if row.reason], ids=lambda row: f"{row.state}-{row.act}")
def test_a_reason_is_not_left_out(row: Any, workers: dict[str, Any]) -> None:
    version = at(row.state, workers)
    if row.state is State.APPROVED and row.act is Act.ROLL_BACK:
        approved(OTHER, workers)
    verb = {Act.RETURN: "send_back", Act.WITHDRAW: "withdraw", Act.RETIRE: "retire", Act.ROLL_BACK: "roll_back"}[
        row.act
    ]
    by = workers["coordinator" if row.permission is Permission.WRITE_CONDITIONS else "manager"]
    with pytest.raises(Refused, match="reason"):
        getattr(governance, verb)(version, by=by, reason="  ")


def test_only_what_was_approved_is_run(workers: dict[str, Any]) -> None:
    version = in_review(FIRST, workers)
    assert governance.approved_sets() == ()
    governance.approve(version, by=workers["manager"])
    assert governance.approved_sets() == (FIRST,)


def test_who_wrote_never_approves(workers: dict[str, Any]) -> None:
    version = in_review(FIRST, workers)
    writer = workers["coordinator"]
    writer.role = "manager"  # promoted since
    writer.save()
    with pytest.raises(Denied, match="own"):
        governance.approve(version, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConditionVersion.objects.filter(pk=version.pk).update(
            approved_by=writer, approved_at=timezone.now(), state="approved"
        )


def test_who_edited_a_draft_wrote_it_too(workers: dict[str, Any]) -> None:
    draft = governance.propose(FIRST, by=workers["coordinator"])
    helper = workers["analyst"]
    helper.role = "coordinator"
    helper.save()
    governance.edit(draft, OTHER, by=helper, revision=1)
    helper.role = "manager"
    assert governance.wrote(helper, draft)
    governance.send_to_test(draft, by=workers["coordinator"])
    for kind in ("persona", "backtest"):
        governance.record_proof(draft, kind=kind, passed=True, summary=TOLD, by=None)
    governance.ask_approval(draft, by=workers["coordinator"])
    helper.save()
    with pytest.raises(Denied, match="own"):
        governance.approve(draft, by=helper)


def test_a_copy_does_not_launder_authorship(workers: dict[str, Any]) -> None:
    mine = governance.propose(FIRST, by=workers["coordinator"])
    other = workers["analyst"]
    other.role = "coordinator"
    other.save()
    copied = governance.copy(mine, by=other)
    assert (copied.number, copied.content, copied.copied_from) == (2, mine.content, mine)
    assert governance.wrote(workers["coordinator"], copied)
    passed = approved(OTHER, workers)  # a second person saw this one
    assert not governance.wrote(workers["coordinator"], governance.copy(passed, by=other))


def test_two_who_edit_do_not_lose_each_others_work(workers: dict[str, Any]) -> None:
    draft = governance.propose(FIRST, by=workers["coordinator"])
    governance.edit(draft, OTHER, by=workers["coordinator"], revision=1)
    with pytest.raises(Refused, match="meanwhile"):
        governance.edit(draft, FIRST, by=workers["coordinator"], revision=1)


def test_another_difficulty_is_another_version(workers: dict[str, Any]) -> None:
    draft = governance.propose(FIRST, by=workers["coordinator"])
    with pytest.raises(Refused):
        governance.edit(draft, first_sets()[1], by=workers["coordinator"], revision=1)


@pytest.mark.parametrize("change", [{"content": {}}, {"difficulty": "poverty"}, {"number": 9}])
def test_the_database_keeps_what_left_the_draft(workers: dict[str, Any], change: dict[str, Any]) -> None:
    version = governance.propose(FIRST, by=workers["coordinator"])
    ConditionVersion.objects.filter(pk=version.pk).update(**change)
    fixed = governance.send_to_test(governance.propose(FIRST, by=workers["coordinator"]), by=workers["coordinator"])
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        ConditionVersion.objects.filter(pk=fixed.pk).update(**change)


@pytest.mark.parametrize("model", [Step, Enforcement, Proof, Remark])
def test_the_record_only_grows(workers: dict[str, Any], model: Any) -> None:
    version = approved(FIRST, workers)
    governance.remark(
        version, by=workers["coordinator"], said_by="大学 教員", said_on=timezone.localdate(), text="よい"
    )
    first = model.objects.order_by("pk")[:1].values_list("pk", flat=True)[0]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.filter(pk=first).update(by=workers["manager"])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.filter(pk=first).delete()


def test_nothing_is_asked_for_before_it_was_tested(workers: dict[str, Any]) -> None:
    draft = governance.propose(FIRST, by=workers["coordinator"])
    with pytest.raises(Refused, match="fixed"):
        governance.record_proof(draft, kind="persona", passed=True, summary=TOLD, by=None)
    governance.send_to_test(draft, by=workers["coordinator"])
    with pytest.raises(Refused, match="Personas, Back-test"):
        governance.ask_approval(draft, by=workers["coordinator"])
    governance.record_proof(draft, kind="persona", passed=True, summary=TOLD, by=None)
    with pytest.raises(Refused, match="run yet: Back-test"):
        governance.ask_approval(draft, by=workers["coordinator"])


@pytest.mark.parametrize("kind", ["persona", "backtest"])
@pytest.mark.parametrize("passed", [False, None])
def test_what_did_not_pass_needs_a_written_reason(workers: dict[str, Any], kind: str, passed: bool | None) -> None:
    version = in_review(FIRST, workers)
    governance.record_proof(version, kind=kind, passed=passed, summary=TOLD, by=None)
    with pytest.raises(Refused, match="why you approve"):
        governance.approve(version, by=workers["manager"], reason=" ")
    governance.approve(version, by=workers["manager"], reason="専門家が確かめた")
    assert version.steps.first().reason == "専門家が確かめた"  # type: ignore[union-attr]  # there is one


def test_the_last_proof_of_a_kind_counts(workers: dict[str, Any]) -> None:
    version = in_review(FIRST, workers)
    governance.record_proof(version, kind="persona", passed=False, summary=TOLD, by=None)
    governance.record_proof(version, kind="persona", passed=True, summary=TOLD, by=None, snapshot="2026-10-31.0a1b2c3d")
    assert governance.proofs_of(version)["persona"].passed is True
    assert governance.proofs_of(version)["persona"].code == governance.code_version()
    assert governance.approve(version, by=workers["manager"]).state == "approved"


def test_a_remark_is_somebodys_word_on_a_day(workers: dict[str, Any]) -> None:
    version = governance.propose(FIRST, by=workers["coordinator"])
    today = timezone.localdate()
    for said_by, said_on, text in (("", today, "x"), ("x", today, " "), ("x", today + timedelta(days=1), "x")):
        with pytest.raises(Refused):
            governance.remark(version, by=workers["coordinator"], said_by=said_by, said_on=said_on, text=text)
    governance.remark(
        version, by=workers["coordinator"], said_by="学校医 山口", said_on=today, text="歯は5本からでよい"
    )
    assert version.remarks.get().said_by == "学校医 山口"
    event = Event.objects.get(action="condition.remark")
    assert "山口" not in event.detail and "歯" not in event.detail


def test_a_set_that_can_never_be_met_is_not_tested(workers: dict[str, Any]) -> None:
    document = FIRST.model_dump(mode="json")
    document["conditions"][0]["indicator"] = "no_such_indicator"
    draft = governance.propose(ConditionSet.model_validate_json(json.dumps(document)), by=workers["coordinator"])
    with pytest.raises(Refused):
        governance.send_to_test(draft, by=workers["coordinator"])
