"""Versions of condition sets: who writes one never approves it, and only what was approved is run."""

from __future__ import annotations

import json

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, Permission, check_may
from mimamori.access.models import Account
from mimamori.governance.models import ConditionVersion
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet


@transaction.atomic
def propose(condition_set: ConditionSet, *, by: Account, note: str = "") -> ConditionVersion:
    """Keep a condition set as the next version of its difficulty; it is run only once somebody else approved it."""
    check_may(by, Permission.WRITE_CONDITIONS)
    of_difficulty = ConditionVersion.objects.filter(difficulty=condition_set.difficulty)
    last = of_difficulty.aggregate(last=Max("number"))["last"] or 0
    version = ConditionVersion.objects.create(
        difficulty=condition_set.difficulty,
        number=last + 1,
        content=json.loads(condition_set.model_dump_json()),
        note=note,
        proposed_by=by,
    )
    audit.record("condition.propose", by=by, detail={"difficulty": version.difficulty, "number": version.number})
    return version


@transaction.atomic
def approve(version: ConditionVersion | int, *, by: Account) -> ConditionVersion:
    """Put a version into force from the next night on. Raises `Denied` where `by` wrote it."""
    check_may(by, Permission.APPROVE_CONDITIONS)
    pk = version if isinstance(version, int) else version.pk
    found = ConditionVersion.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    if found.proposed_by_id == by.pk:
        raise Denied(
            "自分が書いた抽出条件は承認できません。ほかの人に依頼してください。",
            "Nobody approves conditions of their own: ask somebody else.",
            permission=Permission.APPROVE_CONDITIONS,
        )
    if found.approved_by_id is not None:
        raise Refused("この版は、もう承認されています。", "This version is approved already.")
    found.approved_by, found.approved_at = by, timezone.now()
    found.save()
    audit.record("condition.approve", by=by, detail={"difficulty": found.difficulty, "number": found.number})
    return found


def in_force() -> list[ConditionVersion]:
    """The newest approved version of each difficulty."""
    found: dict[str, ConditionVersion] = {}
    for version in ConditionVersion.objects.filter(approved_by__isnull=False).order_by("difficulty", "number"):
        found[version.difficulty] = version
    return list(found.values())


def approved_sets() -> tuple[ConditionSet, ...]:
    """The condition sets a night runs."""
    return tuple(ConditionSet.model_validate_json(json.dumps(version.content)) for version in in_force())
