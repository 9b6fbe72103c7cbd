"""Everything people did about one child, finding by finding: for its karte, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from mimamori.access import Permission, check_may, may, may_see_ward
from mimamori.access.models import Account
from mimamori.support.attachments import may_reach
from mimamori.support.models import Assessment, Attachment, Finding, Note, Referral
from mimamori.support.states import State


@dataclass(frozen=True)
class Case:
    """One finding with what was recorded of it, each newest first; notes and files that were taken back are left out,
    and those that the account may not see."""

    finding: Finding
    open: bool
    assessments: tuple[Assessment, ...]
    referrals: tuple[Referral, ...]
    notes: tuple[Note, ...]
    attachments: tuple[Attachment, ...]


def cases_of(account: Account, case_no: str) -> tuple[list[Case], int]:
    """The findings of a child, the open one first, then the newest; and how many lie in wards outside the scope."""
    check_may(account, Permission.SEE_SCREENING)
    standing = {"withdrawn_at": None}
    found = list(
        Finding.objects.filter(case_no=case_no)
        .select_related("owner")
        .prefetch_related(
            Prefetch("assessments", Assessment.objects.select_related("by")),
            Prefetch("referrals", Referral.objects.select_related("by")),
            Prefetch("notes", Note.objects.filter(**standing).select_related("by")),
            Prefetch("attachments", Attachment.objects.filter(**standing).select_related("by")),
        )
        .order_by("-first_as_of", "-pk")
    )
    within = [finding for finding in found if may_see_ward(account, finding.ward)]
    records = may(account, Permission.SEE_RECORDS)
    attached = next((finding for finding in within if finding.attachments.all()), None)
    files = attached is not None and may_reach(account, attached)  # asked once: it is the child's, whichever finding
    cases = [
        Case(
            finding,
            finding.state != State.CLOSED,
            tuple(finding.assessments.all()),
            tuple(finding.referrals.all()),
            tuple(finding.notes.all()) if records else (),
            tuple(finding.attachments.all()) if files else (),
        )
        for finding in within
    ]
    return sorted(cases, key=lambda case: not case.open), len(found) - len(within)


def open_findings(account: Account, case_nos: Iterable[str]) -> dict[str, Finding]:
    """The open findings of these children, by number, where they lie in the account's scope."""
    check_may(account, Permission.SEE_SCREENING)
    found = Finding.objects.filter(case_no__in=list(case_nos)).exclude(state=State.CLOSED).select_related("owner")
    return {finding.case_no: finding for finding in found if may_see_ward(account, finding.ward)}
