"""Statistical models, from their proof to being switched off: who makes one never approves it, and one that did not
prove itself cannot be approved at all.

Every verb goes along the table of `model_life`; each is one line of the model's record and one of the trail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, check_may, may
from mimamori.access.models import Account
from mimamori.access.permissions import Permission
from mimamori.governance.code import code_version
from mimamori.governance.model_life import KEEP, ModelAct, ModelState, ModelTransition, check_model_act
from mimamori.governance.models import ModelStep, ModelVersion
from mimamori.refusal import Refused
from mimamori.screening.models.model import Model

MOST_ADDED = 50  # children in a hundred of a ward's capacity that a model may add: the conditions lead


@transaction.atomic
def keep_model(
    model: Model, *, by: Account | None, evaluation: Mapping[str, Any], offered: bool, project: str, key_version: int
) -> ModelVersion:
    """Keep a model with what it was proved with; `by=None` is the command line. `offered`: what the stop rule said."""
    if by is not None:
        check_may(by, Permission.USE_ZONE)
    content = model.dump().decode()
    last = ModelVersion.objects.filter(difficulty=model.difficulty).aggregate(last=Max("number"))["last"] or 0
    version = ModelVersion.objects.create(
        difficulty=model.difficulty,
        number=last + 1,
        candidate=model.candidate,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        evaluation=dict(evaluation),
        offered=offered,
        project=project,
        key_version=key_version,
        code=code_version(),
        made_by=by,
    )
    ModelStep.objects.create(version=version, by=by, act=KEEP, to_state=version.state)
    detail = {"difficulty": version.difficulty, "number": version.number, "digest": version.digest, "offered": offered}
    audit.record("model.keep", by=by, detail=detail)
    return version


@transaction.atomic
def ask_model(version: ModelVersion | int, *, by: Account) -> ModelVersion:
    """Put a model before the second person; raises `Refused` for one that did not prove itself."""
    found, row = _allowed(version, ModelAct.ASK, by=by)
    check_offered(found)
    return _moved(found, row, by=by)


@transaction.atomic
def approve_model(version: ModelVersion | int, *, by: Account, adds: int, reason: str) -> ModelVersion:
    """Switch a model on from the next night on, in the place of the one that is on. `adds`: how many children it may
    add in a ward and month, in a hundred of what the ward works in it (1 to `MOST_ADDED`)."""
    found, row = _allowed(version, ModelAct.APPROVE, by=by)
    check_offered(found)
    if not 1 <= adds <= MOST_ADDED:
        raise Refused(
            f"加えてよい児童の割合は、1から{MOST_ADDED}までの整数で入れてください。",
            f"How many it may add is a whole number from 1 to {MOST_ADDED}.",
        )
    for other in ModelVersion.objects.select_for_update().filter(difficulty=found.difficulty, state=ModelState.ON):
        told = {"for": found.number}
        _moved(other, check_model_act(other.state, ModelAct.SWITCH_OFF), by=by, detail=told)
    found.approved_by, found.approved_at, found.adds = by, timezone.now(), adds
    return _moved(found, row, by=by, reason=reason, detail={"adds": adds})


@transaction.atomic
def send_model_back(version: ModelVersion | int, *, by: Account, reason: str) -> ModelVersion:
    """Do not approve it, with a reason."""
    found, row = _allowed(version, ModelAct.RETURN, by=by)
    return _moved(found, row, by=by, reason=reason)


@transaction.atomic
def withdraw_model(version: ModelVersion | int, *, by: Account, reason: str) -> ModelVersion:
    """Give a model up that nobody approved yet."""
    found, row = _allowed(version, ModelAct.WITHDRAW, by=by)
    return _moved(found, row, by=by, reason=reason)


@transaction.atomic
def switch_off(version: ModelVersion | int, *, by: Account, reason: str = "") -> ModelVersion:
    """Stop a model at once: no night runs it any more, and no page tells what it said."""
    found, row = _allowed(version, ModelAct.SWITCH_OFF, by=by)
    return _moved(found, row, by=by, reason=reason)


def models_on() -> list[ModelVersion]:
    """The models that a night runs, one a difficulty at most."""
    return list(ModelVersion.objects.filter(state=ModelState.ON).order_by("difficulty"))


def models_by_key(keys: Iterable[int]) -> dict[int, ModelVersion]:
    """These models, without what they are made of, by key."""
    return {one.pk: one for one in ModelVersion.objects.defer("content", "evaluation").filter(pk__in=set(keys))}


def model_of(version: ModelVersion) -> Model:
    """The model as it was kept; raises `Refused` where the bytes are not those it was proved with."""
    if hashlib.sha256(version.content.encode()).hexdigest() != version.digest:
        raise Refused(
            "登録したモデルの内容が、登録したときと違います。使いません。",
            "The content of this model is not what was kept: it is not run.",
        )
    return Model.load(version.content.encode())


def check_offered(version: ModelVersion) -> None:
    """Raise `Refused` for a model that the stop rule keeps off."""
    if not version.offered:
        raise Refused(
            "同じ人数の一覧で抽出条件を確かに上まわらなかったモデルは、承認に進めません。",
            "A model that did not for certain beat the conditions at the same length of list is not approved.",
        )


def _locked(version: ModelVersion | int) -> ModelVersion:
    pk = version if isinstance(version, int) else version.pk
    found = ModelVersion.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("このモデルはありません。", "There is no such model.")
    return found


def _allowed(version: ModelVersion | int, act: ModelAct, *, by: Account) -> tuple[ModelVersion, ModelTransition]:
    """The locked model and the table's row; raises `Refused` where the state, `Denied` where the role does not allow
    it, or where it takes another than who made it."""
    found = _locked(version)
    row = check_model_act(found.state, act)
    if not any(may(by, permission) for permission in row.permissions):
        check_may(by, row.permissions[0])
    check_another(by, found, row)
    return found, row


def check_another(account: Account, version: ModelVersion, row: ModelTransition) -> None:
    """Raise `Denied` where the act takes another than who made the model."""
    if row.by_another and version.made_by_id == account.pk:
        raise Denied(
            "自分が作ったモデルは承認できません。ほかの人に依頼してください。",
            "Nobody approves a model of their own: ask somebody else.",
            permission=row.permissions[0],
        )


def _moved(
    version: ModelVersion, row: ModelTransition, *, by: Account, reason: str = "", detail: dict[str, Any] | None = None
) -> ModelVersion:
    """Move a locked model along the table; the reason is for its record, the trail is told that there is one."""
    if row.reason and not reason.strip():
        raise Refused("理由を書いてください。", "Write the reason.")
    before, version.state = version.state, row.to.value
    version.save()
    facts = detail or {}
    ModelStep.objects.create(
        version=version, by=by, act=row.act, from_state=before, to_state=row.to, reason=reason.strip(), detail=facts
    )
    told = {"difficulty": version.difficulty, "number": version.number, "from": before, "to": row.to.value, **facts}
    audit.record(row.action, by=by, detail=told)
    return version
