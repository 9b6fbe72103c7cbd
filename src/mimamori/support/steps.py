"""One step of a finding: lock, check who and when, move along the table, tell history, trail and whom it concerns.

Every verb of `actions` goes through it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, check_may, may_see_ward
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.screening.fates import months_after
from mimamori.support.deadlines import next_due
from mimamori.support.models import Finding, History
from mimamori.support.states import Event, State, Transition, check_event
from mimamori.support.telling import tell

FIRST_EFFECT = 3  # months until what came of support is asked for first (`effects.MONTHS`)


class Stale(Refused):
    """Somebody changed the finding after this form was opened. Nothing is lost: `yours` is what was typed, `theirs`
    what was saved meanwhile; the page shows both, and the form is sent again with `version`."""

    def __init__(self, *, yours: str, theirs: str, who: str, version: int) -> None:
        super().__init__(
            f"この間に {who} さんが更新しました。両方の文を見て、もう一度記録してください。",
            f"{who} changed this meanwhile. Read both texts and record again.",
        )
        self.yours = yours
        self.theirs = theirs
        self.who = who
        self.version = version


class FindingNotFound(Denied):
    """No such finding in the account's scope: the same answer whether it exists or not."""

    def __init__(self) -> None:
        super().__init__("この抽出は見つかりません。", "There is no such finding.", permission="scope")


def locked(finding: Finding | int, *, by: Account, version: int | None, yours: str = "") -> Finding:
    """The finding as it is now, locked until the transaction ends; raises `FindingNotFound` outside the scope of `by`
    and `Stale` where `version` is not the present one (None: do not compare)."""
    pk = finding if isinstance(finding, int) else finding.pk
    found = Finding.objects.select_for_update().filter(pk=pk).first()
    if found is None or not may_see_ward(by, found.ward):
        raise FindingNotFound
    if version is not None and version != found.version:
        last = found.history.select_related("by").first()
        raise Stale(
            yours=yours,
            theirs=last.note if last else "",
            who=last.by.display_name if last and last.by else "システム",
            version=found.version,
        )
    return found


def allowed(finding: Finding, event: Event, *, by: Account) -> Transition:
    """The table's row for this event; raises `Refused` where the state, `Denied` where the role does not allow it."""
    row = check_event(finding.state, event)
    check_may(by, row.permission)
    return row


def take(
    finding: Finding,
    row: Transition,
    *,
    by: Account,
    note: str = "",
    named: date | None = None,
    detail: dict[str, Any] | None = None,
) -> Finding:
    """Move a locked finding along `row`. `note` is for the finding's page; the trail gets states and `detail` only."""
    finding.due_on = next_due(
        row.deadline,
        today=timezone.localdate(),
        kept=finding.due_on,
        named=named,
        must=finding.must,
        tier=finding.tier,
    )
    if finding.waiting:  # a person takes up a child that waited below the cut
        finding.waiting, finding.tied, finding.came_in_on = False, False, timezone.localdate()
    before, finding.state = finding.state, row.to.value
    if row.to is State.SUPPORT_NEEDED and finding.supported_from is None:
        finding.supported_from = timezone.localdate()
        finding.effect_due_on = months_after(finding.supported_from, FIRST_EFFECT)
    finding.version += 1
    finding.save()
    facts = detail or {}
    History.objects.create(
        finding=finding, by=by, event=row.event, from_state=before, to_state=row.to, note=note, detail=facts
    )
    told = {"finding": finding.pk, "from": before, "to": row.to.value, **facts}
    audit.record(row.action, by=by, case_no=finding.case_no, detail=told)
    tell(finding, row, by=by)
    return finding


def need(text: str, ja: str, en: str) -> str:
    """The text without blanks around it; raises `Refused` where nothing was written."""
    if not text.strip():
        raise Refused(ja, en)
    return text.strip()
