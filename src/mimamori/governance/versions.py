"""Versions of condition sets, from draft to retired: who writes one never approves it, only what was approved is run.

Every verb goes along the table of `life`; each is one line of the version's record and one of the trail.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, Permission, check_may
from mimamori.access.models import Account
from mimamori.governance.life import PROPOSE, Act, Transition, check_act
from mimamori.governance.models import ConditionVersion, Enforcement, Step
from mimamori.governance.proofs import check_proved
from mimamori.governance.standing import sets_of, standings, was_in_force
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet
from mimamori.screening.conditions import check


@transaction.atomic
def propose(condition_set: ConditionSet, *, by: Account, note: str = "") -> ConditionVersion:
    """Begin the next version of a difficulty as a draft; it is run only once somebody else approved it."""
    check_may(by, Permission.WRITE_CONDITIONS)
    return _begin(condition_set.difficulty, _kept(condition_set), by=by, note=note, copied_from=None)


@transaction.atomic
def copy(version: ConditionVersion | int, *, by: Account, note: str = "") -> ConditionVersion:
    """Begin a draft with the content of any version."""
    check_may(by, Permission.WRITE_CONDITIONS)
    found = _locked(version)
    return _begin(found.difficulty, found.content, by=by, note=note, copied_from=found)


@transaction.atomic
def edit(
    version: ConditionVersion | int, condition_set: ConditionSet, *, by: Account, revision: int, note: str | None = None
) -> ConditionVersion:
    """Change a draft. `revision` is the one that was before the writer; raises `Refused` where another wrote since."""
    found, row = _allowed(version, Act.EDIT, by=by)
    if found.revision != revision:
        raise Refused(
            "この間に、ほかの人がこの下書きを直しました。読み直してから、もう一度直してください。",
            "Somebody else edited this draft meanwhile: reload it and edit again.",
        )
    if condition_set.difficulty != found.difficulty:
        raise Refused("類型は変えられません。", "The difficulty of a version does not change.")
    found.content, found.revision = _kept(condition_set), revision + 1
    if note is not None:
        found.note = note
    return _moved(found, row, by=by, detail={"revision": found.revision})


@transaction.atomic
def send_to_test(version: ConditionVersion | int, *, by: Account, reason: str = "") -> ConditionVersion:
    """Fix the content: from here on it never changes, and personas and back-test can run."""
    found, row = _allowed(version, Act.TEST, by=by)
    check(sets_of([found])[0])
    return _moved(found, row, by=by, reason=reason, detail={"content": _digest(found)})


@transaction.atomic
def ask_approval(version: ConditionVersion | int, *, by: Account, reason: str = "") -> ConditionVersion:
    """Put a version before the second person; raises `Refused` where personas or back-test have not run for it."""
    found, row = _allowed(version, Act.ASK, by=by)
    check_proved(found)
    return _moved(found, row, by=by, reason=reason)


@transaction.atomic
def approve(
    version: ConditionVersion | int, *, by: Account, in_force_from: date | None = None, reason: str = ""
) -> ConditionVersion:
    """Put a version into force from a day on (None: the next night). Raises `Denied` for who wrote it, and `Refused`
    where a proof did not pass and no reason says why it is approved all the same."""
    found, row = _allowed(version, Act.APPROVE, by=by)
    proofs = check_proved(found)
    reason = reason.strip()
    if not reason and any(proof.passed is not True for proof in proofs.values()):
        raise Refused(
            "通っていない検証があります。それでも承認する理由を書いてください。",
            "Not every test was passed: write why you approve it all the same.",
        )
    today = timezone.localdate()
    day = in_force_from or today
    if day < today:
        raise Refused("使いはじめる日は、きょうより前にできません。", "A version does not come into force in the past.")
    found.approved_by, found.approved_at = by, timezone.now()
    _enforce(found, Enforcement.Kind.APPROVED, day, by=by, reason=reason)
    return _moved(found, row, by=by, reason=reason, detail={"in_force_from": day.isoformat()})


@transaction.atomic
def send_back(version: ConditionVersion | int, *, by: Account, reason: str) -> ConditionVersion:
    """Do not approve yet: back to testing, with a reason. Its content stays; other content is another version."""
    found, row = _allowed(version, Act.RETURN, by=by)
    return _moved(found, row, by=by, reason=reason)


@transaction.atomic
def withdraw(version: ConditionVersion | int, *, by: Account, reason: str) -> ConditionVersion:
    """Give a version up that nobody approved yet."""
    found, row = _allowed(version, Act.WITHDRAW, by=by)
    return _moved(found, row, by=by, reason=reason)


@transaction.atomic
def retire(version: ConditionVersion | int, *, by: Account, reason: str) -> ConditionVersion:
    """Take a version out of force, or call off that it comes into force. From the next night on nothing is screened
    in its place: to run an earlier version instead, `roll_back` to it."""
    found, row = _allowed(version, Act.RETIRE, by=by)
    standing = standings()[found.difficulty]
    used = [line.version_id for line in (standing.now, *standing.coming) if line]
    if found.pk not in used:
        raise Refused("この版は、もう使われていません。", "This version is in force no more.")
    _enforce(found, Enforcement.Kind.RETIRED, timezone.localdate(), by=by, reason=reason)
    return _moved(found, row, by=by, reason=reason)


@transaction.atomic
def roll_back(version: ConditionVersion | int, *, by: Account, reason: str) -> ConditionVersion:
    """Put an earlier version in force again, from the next night on."""
    found, row = _allowed(version, Act.ROLL_BACK, by=by)
    now = standings()[found.difficulty].now
    if now is not None and now.version_id == found.pk:
        raise Refused("この版は、いま使われています。", "This version is in force already.")
    if not was_in_force(found, timezone.localdate()):
        raise Refused(
            "まだ使われたことのない版には、もどせません。",
            "There is no going back to a version that never was in force.",
        )
    _enforce(found, Enforcement.Kind.ROLLED_BACK, timezone.localdate(), by=by, reason=reason)
    return _moved(found, row, by=by, reason=reason, detail={"instead_of": now.version.number if now else None})


def check_not_own(account: Account, version: ConditionVersion, row: Transition) -> None:
    """Raise `Denied` where the act is for another than who wrote the version."""
    if row.by_another and wrote(account, version):
        raise Denied(
            "自分が書いた抽出条件は承認できません。ほかの人に依頼してください。",
            "Nobody approves conditions of their own: ask somebody else.",
            permission=row.permission,
        )


def wrote(account: Account, version: ConditionVersion) -> bool:
    """Whether the account wrote the version: began or edited it, or one it was copied from that nobody approved."""
    one: ConditionVersion | None = version
    while one is not None:
        if one.steps.filter(by=account, act__in=[PROPOSE, Act.EDIT]).exists() or one.proposed_by_id == account.pk:
            return True
        one = one.copied_from if one.copied_from and one.copied_from.approved_by_id is None else None
    return False


def _begin(
    difficulty: str, content: Any, *, by: Account, note: str, copied_from: ConditionVersion | None
) -> ConditionVersion:
    of_difficulty = ConditionVersion.objects.filter(difficulty=difficulty)
    last = of_difficulty.aggregate(last=Max("number"))["last"] or 0
    version = ConditionVersion.objects.create(
        difficulty=difficulty, number=last + 1, content=content, note=note, proposed_by=by, copied_from=copied_from
    )
    detail = {"copied_from": copied_from.number} if copied_from else {}
    Step.objects.create(version=version, by=by, act=PROPOSE, to_state=version.state, detail=detail)
    audit.record("condition.propose", by=by, detail={"difficulty": difficulty, "number": version.number, **detail})
    return version


def _locked(version: ConditionVersion | int) -> ConditionVersion:
    pk = version if isinstance(version, int) else version.pk
    found = ConditionVersion.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    return found


def _allowed(version: ConditionVersion | int, act: Act, *, by: Account) -> tuple[ConditionVersion, Transition]:
    """The locked version and the table's row; raises `Refused` where the state, `Denied` where the role or the
    authorship does not allow it."""
    found = _locked(version)
    row = check_act(found.state, act)
    check_may(by, row.permission)
    check_not_own(by, found, row)
    return found, row


def _moved(
    version: ConditionVersion, row: Transition, *, by: Account, reason: str = "", detail: dict[str, Any] | None = None
) -> ConditionVersion:
    """Move a locked version along the table; the reason is for its record, the trail is told that there is one."""
    if row.reason and not reason.strip():
        raise Refused("理由を書いてください。", "Write the reason.")
    before, version.state = version.state, row.to.value
    version.save()
    facts = detail or {}
    Step.objects.create(
        version=version, by=by, act=row.act, from_state=before, to_state=row.to, reason=reason.strip(), detail=facts
    )
    told = {"difficulty": version.difficulty, "number": version.number, "from": before, "to": row.to.value, **facts}
    audit.record(row.action, by=by, detail=told)
    return version


def _enforce(version: ConditionVersion, kind: Enforcement.Kind, day: date, *, by: Account, reason: str) -> None:
    if kind is not Enforcement.Kind.APPROVED and not reason.strip():
        raise Refused("理由を書いてください。", "Write the reason.")
    Enforcement.objects.create(
        version=version, kind=kind, in_force_from=day, recorded_on=timezone.localdate(), by=by, reason=reason.strip()
    )


def _kept(condition_set: ConditionSet) -> Any:
    return json.loads(condition_set.model_dump_json())


def _digest(version: ConditionVersion) -> str:
    """Of the content, in one form whatever the database made of its order."""
    return hashlib.sha256(json.dumps(version.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
