"""What a page asks about one child's case work."""

from __future__ import annotations

from mimamori.access import Permission, check_may, may, may_see_ward
from mimamori.access.models import Account
from mimamori.access.rights import role_of
from mimamori.access.roles import Scope
from mimamori.support import drafts
from mimamori.support.models import Assessment, Draft, Finding, Note
from mimamori.support.states import State, Transition, events_of
from mimamori.support.steps import FindingNotFound


def open_finding(account: Account, case_no: str) -> Finding | None:
    """The child's open finding, where it lies in the account's scope."""
    check_may(account, Permission.SEE_SCREENING)
    found = Finding.objects.select_related("owner").filter(case_no=case_no).exclude(state=State.CLOSED).first()
    return found if found and may_see_ward(account, found.ward) else None


def finding_of(account: Account, pk: int) -> Finding:
    """A finding by its number; raises `FindingNotFound` outside the scope, as for one that does not exist."""
    check_may(account, Permission.SEE_SCREENING)
    found = Finding.objects.select_related("owner").filter(pk=pk).first()
    if found is None or not may_see_ward(account, found.ward):
        raise FindingNotFound
    return found


def note_of(account: Account, pk: int) -> Note:
    """An entry of the chronology; raises `FindingNotFound` outside the scope, and where its words were taken back."""
    check_may(account, Permission.SEE_RECORDS)
    found = Note.objects.select_related("by", "finding").filter(pk=pk, withdrawn_at=None).first()
    if found is None or not may_see_ward(account, found.finding.ward):
        raise FindingNotFound
    return found


def purpose_of(account: Account, case_no: str) -> str:
    """The purpose that goes without saying: `open_case` where the child's open case lies in the account's own ward."""
    role = role_of(account)
    if role is None or role.scope is not Scope.WARD:
        return ""
    found = Finding.objects.filter(case_no=case_no, ward=account.ward).exclude(state=State.CLOSED).first()
    if found is None:
        return ""
    return "finding_check" if found.state == State.PROPOSED else "open_case"


def next_events(account: Account, finding: Finding) -> list[Transition]:
    """What this account may do with the finding now, in the table's order."""

    return [row for row in events_of(finding.state) if may(account, row.permission)]


def draft_of(account: Account, finding: Finding) -> Draft | None:
    """The account's own draft of an assessment."""
    form = drafts.key("assess", finding.pk)
    return drafts.drafted(account, [form]).get(form)


def recorded(finding: Finding) -> list[Assessment]:
    """The recorded assessments, newest first."""
    return list(finding.assessments.select_related("by"))


def last_notes(account: Account, finding: Finding, limit: int = 3) -> list[Note]:
    """The newest entries of the chronology that stand; none for a role that may not see them."""
    if not may(account, Permission.SEE_RECORDS):
        return []
    return list(finding.notes.filter(withdrawn_at=None).select_related("by")[:limit])
