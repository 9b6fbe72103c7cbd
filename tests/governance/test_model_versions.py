"""The life of a statistical model: the table, and every verb beside it; what did not prove itself stays off."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from mimamori.access import Denied, load_roles
from mimamori.audit import ACTIONS
from mimamori.audit.models import Event
from mimamori.governance import model_versions as verbs
from mimamori.governance.model_life import (
    KEEP,
    MODEL_ACT_LABELS,
    MODEL_DONE_LABELS,
    MODEL_STATE_LABELS,
    MODEL_TABLE,
    ModelAct,
    ModelState,
    model_acts_of,
)
from mimamori.governance.models import ModelStep, ModelVersion
from mimamori.refusal import Refused
from mimamori.screening.models.baselines import points
from mimamori.screening.models.calibration import Calibration
from mimamori.screening.models.model import Model

pytestmark = pytest.mark.django_db
VERBS: dict[ModelAct, Any] = {
    ModelAct.ASK: lambda version, by: verbs.ask_model(version, by=by),
    ModelAct.APPROVE: lambda version, by: verbs.approve_model(version, by=by, adds=10, reason="検証を見た"),
    ModelAct.RETURN: lambda version, by: verbs.send_model_back(version, by=by, reason="理由"),
    ModelAct.WITHDRAW: lambda version, by: verbs.withdraw_model(version, by=by, reason="理由"),
    ModelAct.SWITCH_OFF: lambda version, by: verbs.switch_off(version, by=by),
}
WHO = {ModelAct.ASK: "analyst", ModelAct.WITHDRAW: "analyst"}


def a_model(seed: int = 1) -> Model:
    return Model(
        candidate="points", difficulty="abuse", window_months=12, seed=seed, days=(), fitted_rows=0, fitted_events=0,
        seen=(), scorer=points(),
        calibration=Calibration(way="curve", slope=1.0, intercept=0.0, margins=(), chances=()),
    )  # fmt: skip


def kept(workers: dict[str, Any], *, offered: bool = True, seed: int = 1) -> ModelVersion:
    return verbs.keep_model(
        a_model(seed), by=workers["analyst"], evaluation={"proved": True}, offered=offered, project="abuse-1",
        key_version=1,
    )  # fmt: skip


def on(workers: dict[str, Any], seed: int = 1) -> ModelVersion:
    asked = verbs.ask_model(kept(workers, seed=seed), by=workers["analyst"])
    return verbs.approve_model(asked, by=workers["manager"], adds=10, reason="検証を見た")


def at(state: ModelState, workers: dict[str, Any]) -> ModelVersion:
    match state:
        case ModelState.MEASURED:
            return kept(workers)
        case ModelState.REVIEW:
            return verbs.ask_model(kept(workers), by=workers["analyst"])
        case ModelState.ON:
            return on(workers)
        case ModelState.OFF:
            return verbs.switch_off(on(workers), by=workers["manager"])
        case ModelState.WITHDRAWN:
            return verbs.withdraw_model(kept(workers), by=workers["analyst"], reason="やめる")


def test_the_table_is_whole() -> None:
    assert set(MODEL_STATE_LABELS) == set(ModelState)
    assert set(MODEL_DONE_LABELS) == {KEEP, *ModelAct} and set(MODEL_ACT_LABELS) == set(ModelAct)
    assert {row.act for row in MODEL_TABLE} == set(ModelAct) == set(VERBS)
    assert {row.action for row in MODEL_TABLE} <= set(ACTIONS)
    assert {row.to for row in MODEL_TABLE} | {ModelState.MEASURED} == set(ModelState), "every state is reached"
    makes_and_approves = [
        role for role in load_roles().roles.values() if {"use_zone", "approve_models"} <= {*map(str, role.permissions)}
    ]
    assert makes_and_approves == [], "no role makes and approves"


@pytest.mark.parametrize("state", ModelState)
@pytest.mark.parametrize("act", ModelAct)
def test_each_act_in_each_state(state: ModelState, act: ModelAct, workers: dict[str, Any]) -> None:
    version = at(state, workers)
    row = next((row for row in model_acts_of(state) if row.act is act), None)
    who = workers[WHO.get(act, "manager")]
    if row is None:
        with pytest.raises(Refused):
            VERBS[act](version, who)
        assert ModelVersion.objects.get(pk=version.pk).state == state
        return
    told = Event.objects.filter(action=row.action).count()
    assert VERBS[act](version, who).state == row.to
    assert Event.objects.filter(action=row.action).count() == told + 1
    step = ModelStep.objects.filter(version=version).first()
    assert step is not None and (step.act, step.from_state, step.to_state, step.by) == (act, state, row.to, who)


def test_what_did_not_prove_itself_is_never_approved(workers: dict[str, Any]) -> None:
    version = kept(workers, offered=False)
    with pytest.raises(Refused):
        verbs.ask_model(version, by=workers["analyst"])
    ModelVersion.objects.filter(pk=version.pk).update(state=ModelState.REVIEW)
    with pytest.raises(Refused):
        verbs.approve_model(version, by=workers["manager"], adds=10, reason="それでも")
    assert verbs.models_on() == []


def test_the_database_itself_keeps_an_unproved_model_off(workers: dict[str, Any]) -> None:
    version = kept(workers, offered=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=version.pk).update(state=ModelState.ON)


def test_nobody_approves_a_model_of_their_own(workers: dict[str, Any]) -> None:
    version = at(ModelState.REVIEW, workers)
    with pytest.raises(Denied):
        verbs.approve_model(version, by=workers["analyst"], adds=10, reason="よい")
    mine = verbs.keep_model(a_model(), by=None, evaluation={}, offered=True, project="abuse-1", key_version=1)
    assert mine.made_by is None
    ModelVersion.objects.filter(pk=mine.pk).update(state=ModelState.REVIEW, made_by=None)
    assert verbs.approve_model(mine.pk, by=workers["manager"], adds=1, reason="検証を見た").state == ModelState.ON


def test_one_model_a_difficulty_is_on(workers: dict[str, Any]) -> None:
    first, second = on(workers, 1), on(workers, 2)
    assert [version.pk for version in verbs.models_on()] == [second.pk]
    assert ModelVersion.objects.get(pk=first.pk).state == ModelState.OFF
    step = ModelStep.objects.filter(version=first).first()
    assert step is not None and step.detail == {"for": second.number}


@pytest.mark.parametrize("who", ["manager", "coordinator"])
def test_one_press_stops_a_model(workers: dict[str, Any], who: str) -> None:
    verbs.switch_off(on(workers), by=workers[who])
    assert verbs.models_on() == []


@pytest.mark.parametrize("who", ["worker", "supervisor", "data_officer", "auditor", "administrator"])
def test_who_may_not(workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        verbs.switch_off(on(workers), by=workers[who])
    with pytest.raises(Denied):
        verbs.keep_model(a_model(), by=workers[who], evaluation={}, offered=True, project="p", key_version=1)


@pytest.mark.parametrize("adds", [0, -1, 51])
def test_how_many_it_may_add_has_its_bounds(workers: dict[str, Any], adds: int) -> None:
    version = at(ModelState.REVIEW, workers)
    with pytest.raises(Refused):
        verbs.approve_model(version, by=workers["manager"], adds=adds, reason="よい")
    assert verbs.models_on() == []


def test_a_model_is_what_was_kept_to_the_byte(workers: dict[str, Any]) -> None:
    version = on(workers)
    assert verbs.model_of(version).dump() == a_model().dump()
    version.content = version.content.replace('"seed":1', '"seed":2')
    with pytest.raises(Refused):
        verbs.model_of(version)


@pytest.mark.parametrize("change", [{"content": "{}"}, {"evaluation": {}}, {"offered": True}, {"digest": "0"}])
def test_the_database_refuses_to_change_what_was_proved(workers: dict[str, Any], change: dict[str, Any]) -> None:
    version = kept(workers, offered=False)
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        ModelVersion.objects.filter(pk=version.pk).update(**change)


def test_the_record_only_grows(workers: dict[str, Any]) -> None:
    kept(workers)
    with pytest.raises(DatabaseError), transaction.atomic():
        ModelStep.objects.all().delete()
