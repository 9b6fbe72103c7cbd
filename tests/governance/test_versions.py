from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mimamori import governance
from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.governance.models import ConditionVersion
from mimamori.refusal import Refused
from mimamori.screening import first_sets

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(workers: dict[str, Any]) -> ConditionVersion:
    return governance.propose(first_sets()[0], by=workers["coordinator"], note="第1版")


def test_only_what_was_approved_is_run(proposed: ConditionVersion, workers: dict[str, Any]) -> None:
    assert governance.approved_sets() == ()
    governance.approve(proposed, by=workers["manager"])
    assert governance.approved_sets() == (first_sets()[0],)


def test_the_newest_approved_version_is_in_force(proposed: ConditionVersion, workers: dict[str, Any]) -> None:
    governance.approve(proposed, by=workers["manager"])
    changed = first_sets()[0].model_copy(update={"tiers": (99.0,)})
    second = governance.propose(changed, by=workers["coordinator"])
    assert (second.number, governance.approved_sets()) == (2, (first_sets()[0],))
    governance.approve(second, by=workers["manager"])
    assert governance.approved_sets() == (changed,)
    assert [version.number for version in governance.in_force()] == [2]


def test_who_wrote_never_approves(proposed: ConditionVersion, workers: dict[str, Any]) -> None:
    writer = workers["coordinator"]
    writer.role = "manager"  # promoted since
    writer.save()
    with pytest.raises(Denied, match="own"):
        governance.approve(proposed, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConditionVersion.objects.filter(pk=proposed.pk).update(approved_by=writer)


@pytest.mark.parametrize("who", ["worker", "supervisor", "coordinator", "analyst", "administrator", "auditor"])
def test_only_the_manager_approves(proposed: ConditionVersion, workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        governance.approve(proposed, by=workers[who])


@pytest.mark.parametrize("who", ["worker", "manager", "analyst", "administrator"])
def test_only_the_coordinator_writes(workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        governance.propose(first_sets()[0], by=workers[who])


def test_approved_once(proposed: ConditionVersion, workers: dict[str, Any]) -> None:
    governance.approve(proposed, by=workers["manager"])
    with pytest.raises(Refused):
        governance.approve(proposed, by=workers["manager"])
    assert list(Event.objects.values_list("action", flat=True)) == ["condition.propose", "condition.approve"]
