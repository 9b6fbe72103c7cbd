"""The worklist: open findings in the account's scope, grouped by deadline, with the counts of the head."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from mimamori.access import Permission, check_may, may, may_see_ward
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.support.models import Finding, Referral
from mimamori.support.states import WAITING_TO_CLOSE, ReferralState, State

MINE = "mine"
UNASSIGNED = "unassigned"
ALL = "all"
REFERRED = "referred"
TO_CONFIRM = "to_confirm"
WAITING = "waiting"  # below the cut of its ward
CLOSED = "closed"  # this month
EFFECTS = "effects"  # what came of support is to be recorded, of open and of closed cases
VIEWS = (MINE, UNASSIGNED, ALL, REFERRED, TO_CONFIRM, WAITING, EFFECTS, CLOSED)


@dataclass(frozen=True)
class Group:
    """Findings that are due together: overdue, today, week, later; and waiting, which have no deadline yet."""

    kind: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Worklist:
    view: str
    counts: dict[str, int]  # by view
    groups: tuple[Group, ...]
    total: int  # of this view, with filters
    shown: int


@dataclass(frozen=True)
class Load:
    """What one worker carries."""

    account: Account
    total: int
    untouched: int
    looking: int
    supporting: int


def in_scope(account: Account) -> QuerySet[Finding]:
    """Every finding of the account's wards, open or closed."""
    check_may(account, Permission.SEE_WORKLIST)
    ward = ward_limit(account)
    findings = Finding.objects.select_related("owner")
    return findings if ward is None else findings.filter(ward=ward)


def worklist(
    account: Account,
    *,
    view: str = MINE,
    instead: str = "",
    difficulty: str = "",
    known: str = "",
    ward: str = "",
    narrow: Callable[[list[str]], Collection[str]] | None = None,
    limit: int = 100,
    today: date | None = None,
) -> Worklist:
    """One view of the worklist, by deadline, must-look first. `known`: new | known | empty for both. `instead`: the
    view that is shown where nothing at all stands in the one asked for, and something in this one. `narrow`: of the
    view's case numbers, those that stay: what this room does not know of a child is asked elsewhere."""
    day = today or timezone.localdate()
    everything = in_scope(account)
    counts = everything.aggregate(**{name: Count("pk", filter=_in_view(name, account, day)) for name in VIEWS})
    view = view if view in VIEWS else MINE
    view = instead if not counts[view] and counts.get(instead) else view
    chosen = _filtered(everything.filter(_in_view(view, account, day)), difficulty, known, ward)
    if narrow is not None:
        chosen = chosen.filter(case_no__in=narrow(list(chosen.values_list("case_no", flat=True))))
    due = F("due_on").asc(nulls_last=True)  # the databases differ on where nothing sorts
    shown = list(chosen.order_by("waiting", due, "-must", "-tied", "tier", "first_as_of", "pk")[:limit])
    return Worklist(
        view=view,
        counts=counts,
        groups=tuple(_grouped(shown, day)),
        total=chosen.count() if len(shown) == limit else len(shown),
        shown=len(shown),
    )


def _in_view(view: str, account: Account, day: date) -> Q:
    """What of all findings in scope stands in this view."""
    if view == CLOSED:
        first = datetime.combine(day.replace(day=1), time.min, timezone.get_default_timezone())
        return Q(state=State.CLOSED, joins=None, changed_at__gte=first)
    if view == EFFECTS:
        return Q(effect_due_on__lte=day, joins=None)
    narrowed = {
        MINE: Q(owner=account),
        UNASSIGNED: Q(owner=None, waiting=False),
        REFERRED: Q(state=State.REFERRED),
        TO_CONFIRM: Q(state__in=[state.value for state in WAITING_TO_CLOSE]),
        WAITING: Q(waiting=True),
    }
    return ~Q(state=State.CLOSED) & narrowed.get(view, Q())


def _filtered(findings: QuerySet[Finding], difficulty: str, known: str, ward: str) -> QuerySet[Finding]:
    if difficulty:
        findings = findings.filter(difficulty_key(difficulty))
    if known in {"new", "known"}:
        findings = findings.filter(known="") if known == "new" else findings.exclude(known="")
    return findings.filter(ward=ward) if ward else findings


def difficulty_key(difficulty: str) -> Q:
    """Findings with this difficulty, in a form that both databases understand."""
    return Q(**{f"reasons__{difficulty}__isnull": False}) if difficulty.isidentifier() else Q(pk=None)


def _grouped(findings: list[Finding], day: date) -> list[Group]:
    week_ends = day + timedelta(days=6 - day.weekday())
    found: dict[str, list[Finding]] = {"overdue": [], "today": [], "week": [], "later": [], "waiting": []}
    for finding in findings:
        due = finding.due_on
        if finding.waiting:
            found["waiting"].append(finding)
        elif due is None or due > week_ends:
            found["later"].append(finding)
        elif due < day:
            found["overdue"].append(finding)
        else:
            found["today" if due == day else "week"].append(finding)
    return [Group(kind, tuple(rows)) for kind, rows in found.items() if rows]


@dataclass(frozen=True)
class Intake:
    """What one ward took in this month, and what waits: counts of children. `tied`: they wait at the edge of the list,
    being of the same rank and more than there are places. Children who were sampled, or whom a model added, are in
    none of these."""

    came_in: int
    must: int
    waiting: int
    tied: int


def intakes(account: Account | None, *, today: date | None = None) -> dict[str, Intake]:
    """By ward code, for the wards of the account's scope in which anything came in or waits; None is the command line,
    which counts every ward."""
    month = (today or timezone.localdate()).replace(day=1)
    came = Q(came_in_on__gte=month)
    waits = Q(waiting=True)
    rows = (
        (Finding.objects.all() if account is None else in_scope(account))
        .filter(came | waits, draw=None, by_model=None)
        .values("ward")
        .order_by("ward")
        .annotate(
            n_came=Count("pk", filter=came),
            n_must=Count("pk", filter=came & Q(must=True)),
            n_waiting=Count("pk", filter=waits),
            n_tied=Count("pk", filter=waits & Q(tied=True)),
        )
    )
    return {row["ward"]: Intake(row["n_came"], row["n_must"], row["n_waiting"], row["n_tied"]) for row in rows}


def workers_for(account: Account, ward: str = "") -> list[Account]:
    """To whom findings of `ward` (by default the account's own) may be given."""
    check_may(account, Permission.ASSIGN)
    ward = ward or account.ward
    return [
        worker
        for worker in Account.objects.filter(is_active=True)
        if may(worker, Permission.ASSESS) and (worker.ward == ward if ward else may_see_ward(worker, ward))
    ]


def loads(account: Account, workers: list[Account]) -> list[Load]:
    """What each of these workers carries of the findings in the account's scope."""
    rows = (
        in_scope(account)
        .exclude(state=State.CLOSED)
        .filter(owner__in=workers)
        .values("owner")
        .annotate(
            total=Count("pk"),
            untouched=Count("pk", filter=Q(state__in=[State.PROPOSED, State.ASSIGNED])),
            looking=Count("pk", filter=Q(state__in=[State.LOOKING, State.VISITED])),
        )
    )
    by_owner = {row["owner"]: row for row in rows}
    found = []
    for worker in workers:
        row = by_owner.get(worker.pk, {"total": 0, "untouched": 0, "looking": 0})
        rest = row["total"] - row["untouched"] - row["looking"]
        found.append(Load(worker, row["total"], row["untouched"], row["looking"], rest))
    return found


def overdue_referrals(account: Account, *, today: date | None = None) -> list[Referral]:
    """Referrals whose agency has not answered in time."""
    day = today or timezone.localdate()
    waiting = Referral.objects.select_related("finding").filter(state=ReferralState.SENT, due_on__lt=day)
    return [referral for referral in waiting if may_see_ward(account, referral.finding.ward)]
