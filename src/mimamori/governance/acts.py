"""What an account may do next with a version, as its page offers it. The verbs of `versions` check everything again."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from mimamori.access import may
from mimamori.access.models import Account
from mimamori.governance.life import Act, Transition, acts_of
from mimamori.governance.models import ConditionVersion
from mimamori.governance.proofs import check_proved
from mimamori.governance.standing import Standing, was_in_force
from mimamori.governance.versions import check_not_own
from mimamori.refusal import Refused


@dataclass(frozen=True)
class Open:
    """One act. `stopped`: why it cannot be done just now, else None; `reason`: one has to be written."""

    row: Transition
    stopped: Refused | None
    reason: bool


def open_acts(account: Account, version: ConditionVersion, standing: Standing | None) -> list[Open]:
    """The acts of the version's state that the account's role holds, in the table's order; `standing` is that of its
    difficulty. What the version's own history rules out (going back to where one stands) is left out."""
    used = {line.version_id for line in (standing.now, *standing.coming) if line} if standing else set()
    now = standing.now.version_id if standing and standing.now else None
    offered = []
    for row in acts_of(version.state):
        if not may(account, row.permission):
            continue
        if row.act is Act.RETIRE and version.pk not in used:
            continue
        if row.act is Act.ROLL_BACK and (version.pk == now or not was_in_force(version, timezone.localdate())):
            continue
        offered.append(Open(row, _stopped(account, version, row), row.reason or _unproved(version, row)))
    return offered


def _stopped(account: Account, version: ConditionVersion, row: Transition) -> Refused | None:
    try:
        check_not_own(account, version, row)
        if row.act is Act.ASK:
            check_proved(version)
    except Refused as refused:
        return refused
    return None


def _unproved(version: ConditionVersion, row: Transition) -> bool:
    return row.act is Act.APPROVE and any(proof.passed is not True for proof in check_proved(version).values())
