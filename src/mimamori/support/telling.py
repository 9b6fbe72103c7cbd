"""Who is told of what (お知らせ): of a step by the table of states, of what is overdue the supervisors."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.support.deadlines import working_day_after
from mimamori.support.models import Finding, Notice
from mimamori.support.states import State, Transition

OVERDUE = "overdue"
ESCALATED_AFTER = 3  # working days beyond its deadline, in which who holds the case sees it on top of the list


def tell(finding: Finding, row: Transition, *, by: Account) -> None:
    """One notice to each whom the table names for this step; nobody is told of what they did themselves."""
    to: list[Account] = []
    if row.told == "owner" and finding.owner is not None:
        to = [finding.owner]
    elif row.told == "supervisor":
        to = supervisors_of(finding)
    Notice.objects.bulk_create(
        [
            Notice(to=account, finding=finding, event=row.event, detail={"state": row.state.value})
            for account in to
            if account.pk != by.pk
        ]
    )


def supervisors_of(finding: Finding) -> list[Account]:
    """Who approves what is done about a finding: those of the office that holds it, else of the child's ward."""
    office = finding.owner.ward if finding.owner is not None else finding.ward
    accounts = Account.objects.filter(is_active=True, ward=office)
    return [account for account in accounts if may(account, Permission.CLOSE)]


@transaction.atomic
def escalate(today: date) -> int:
    """Tell supervisors of every case whose deadline passed more than `ESCALATED_AFTER` working days ago, once for each
    deadline; returns how many cases were told of now."""
    late = Finding.objects.exclude(state=State.CLOSED).filter(due_on__lt=today, waiting=False).select_related("owner")
    told = set(Notice.objects.filter(event=OVERDUE, finding__in=late).values_list("finding", "to", "detail__due_on"))
    fresh: list[Notice] = []
    for finding in late:
        assert finding.due_on is not None  # the query asked for one
        if working_day_after(finding.due_on, ESCALATED_AFTER) >= today:
            continue
        due = finding.due_on.isoformat()
        fresh += [
            Notice(to=account, finding=finding, event=OVERDUE, detail={"due_on": due})
            for account in supervisors_of(finding)
            if (finding.pk, account.pk, due) not in told
        ]
    Notice.objects.bulk_create(fresh)
    return len({notice.finding_id for notice in fresh})
