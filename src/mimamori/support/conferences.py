"""判定会議: called for a day, cases put on its agenda, each decided with its reason, then its minutes are closed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, Permission, check_may, may_see_ward
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.refusal import Refused
from mimamori.support.models import AgendaItem, Conference, Finding
from mimamori.support.states import Event
from mimamori.support.steps import FindingNotFound, Stale, allowed, locked, need, take

DECISIONS: dict[str, tuple[str, str]] = {
    "support": ("支援が必要", "Support needed"),
    "watch": ("日を決めて見守る", "Watch until a day"),
    "no_need": ("支援の必要なし", "No need"),
    "again": ("もう一度確認する", "Look again"),
}
TAKEN_OFF = "taken_off"
DECISION_WORDS = DECISIONS | {TAKEN_OFF: ("議題からはずした", "Taken off the agenda")}
EVENTS = {name: Event(f"decided_{name}") for name in DECISIONS}


@transaction.atomic
def call(*, by: Account, ward: str, title: str, held_on: date) -> Conference:
    """A conference of a ward, or of the city (an empty ward) for who sees all wards."""
    check_may(by, Permission.ASSESS)
    if ward_limit(by) not in {None, ward}:
        raise Refused("自分の区の会議だけを開けます。", "Only conferences of the own ward can be called.")
    if held_on < timezone.localdate():
        raise Refused("会議の日は、今日より前にはできません。", "A conference is not held before today.")
    made = Conference.objects.create(
        ward=ward, title=need(title, "会議の名前を入れてください。", "Name the conference."), held_on=held_on, by=by
    )
    audit.record("conference.call", by=by, detail={"conference": made.pk, "ward": ward})
    return made


@transaction.atomic
def put_on(finding: Finding | int, conference: int, *, by: Account, why: str, version: int | None = None) -> AgendaItem:
    """Put a case on the agenda, with what the conference is asked; it waits for that day."""
    found = locked(finding, by=by, version=version, yours=why)
    row = allowed(found, Event.TO_CONFERENCE, by=by)
    called = _locked(conference, by=by)
    if called.ward and called.ward != found.ward:
        raise Refused("ほかの区の会議にはかけられません。", "This conference is of another ward.")
    if called.held_on < timezone.localdate():
        raise Refused("この会議の日は過ぎています。", "The day of this conference is over.")
    asked = need(why, "会議で決めてほしいことを書いてください。", "Write what the conference is asked.")
    item = AgendaItem.objects.create(conference=called, finding=found, by=by, why=asked)
    take(found, row, by=by, note=asked, named=called.held_on, detail={"conference": called.pk})
    return item


@transaction.atomic
def decide(
    item: int, *, by: Account, decision: str, reason: str, watch_until: date | None = None, version: int | None = None
) -> AgendaItem:
    """Record what the conference decided of a case. `version`: the finding's, as the form was opened."""
    found, finding = _open_item(item, by=by, version=version, yours=reason)
    if decision not in DECISIONS:
        raise Refused("会議の決定をえらんでください。", "Choose what was decided.")
    if found.conference.held_on > timezone.localdate():
        raise Refused("会議の日より前には、決定を記録できません。", "A decision is not recorded before the conference.")
    row = allowed(finding, EVENTS[decision], by=by)
    if decision != "watch":
        watch_until = None
    elif watch_until is None or watch_until <= timezone.localdate():
        raise Refused("いつまで見守るか、あすより後の日を入れてください。", "Name a day after today to watch until.")
    found.reason = need(reason, "決定の理由を書いてください。", "Write the reason of the decision.")
    _settle(found, decision, by=by, watch_until=watch_until)
    detail = {"conference": found.conference_id, "decision": decision}
    take(finding, row, by=by, note=found.reason, named=watch_until, detail=detail)
    return found


@transaction.atomic
def take_off(item: int, *, by: Account, reason: str, version: int | None = None) -> AgendaItem:
    """Take a case off the agenda, with the reason; it is looked at again."""
    found, finding = _open_item(item, by=by, version=version, yours=reason)
    row = allowed(finding, Event.TAKEN_OFF, by=by)
    found.reason = need(reason, "議題からはずす理由を書いてください。", "Write why it is taken off.")
    _settle(found, TAKEN_OFF, by=by)
    take(finding, row, by=by, note=found.reason, detail={"conference": found.conference_id})
    return found


@transaction.atomic
def write_minutes(
    conference: int, *, by: Account, participants: str, minutes: str, version: int, close: bool = False
) -> Conference:
    """Write who was there and what was said; `close`: nothing is changed any more, every case has been decided."""
    found = _locked(conference, by=by)
    if ward_limit(by) not in {None, found.ward}:
        raise Denied(
            "全市の会議の記録は、全市を担当する人が書きます。",
            "The minutes of the city's conference are written by who sees all wards.",
            permission=Permission.ASSESS,
        )
    if version != found.version:
        raise Stale(yours=minutes, theirs=found.minutes, who=found.by.display_name, version=found.version)
    found.participants, found.minutes = participants.strip(), minutes.strip()
    if close:
        if found.held_on > timezone.localdate():
            raise Refused("会議の日より前には、確定できません。", "Minutes are not closed before the conference.")
        if found.items.filter(decision="").exists():
            raise Refused(
                "決定を記録していない児童がいます。決定を記録するか、議題からはずしてください。",
                "A case has no decision: record it, or take it off the agenda.",
            )
        need(found.participants, "出席した人を書いてください。", "Write who was there.")
        found.closed_at, found.closed_by = timezone.now(), by
    found.version += 1
    found.save()
    action = "conference.close" if close else "conference.write"
    audit.record(action, by=by, detail={"conference": found.pk, "version": found.version})
    return found


def conference_of(account: Account, pk: int) -> Conference:
    """A conference in the account's scope; raises `FindingNotFound` else, as where there is none."""
    check_may(account, Permission.SEE_RECORDS)
    found = in_scope(account).filter(pk=pk).select_related("by", "closed_by").first()
    if found is None:
        raise FindingNotFound
    return found


def in_scope(account: Account) -> QuerySet[Conference]:
    """The conferences of the account's wards, with how many cases are `undecided`; of the city's those that have a
    case of the own ward on the agenda."""
    counted = Conference.objects.annotate(
        total=Count("items", distinct=True), undecided=Count("items", filter=Q(items__decision=""), distinct=True)
    )
    ward = ward_limit(account)
    if ward is None:
        return counted
    cases = AgendaItem.objects.filter(finding__ward=ward).values("conference")
    return counted.filter(Q(ward=ward) | Q(ward="", pk__in=cases))


def coming(account: Account, finding: Finding) -> list[Conference]:
    """Conferences on whose agenda this finding can be put, the next first."""
    check_may(account, Permission.ASSESS)
    found = Conference.objects.filter(closed_at=None, held_on__gte=timezone.localdate(), ward__in=["", finding.ward])
    return list(found.order_by("held_on", "pk"))


def items_of(account: Account, conference: Conference) -> tuple[list[AgendaItem], int]:
    """The agenda in the account's scope, and how many cases lie outside it."""
    every = list(conference.items.select_related("finding__owner", "by", "decided_by"))
    seen = [item for item in every if may_see_ward(account, item.finding.ward)]
    return seen, len(every) - len(seen)


def agenda_of(finding: Finding) -> list[AgendaItem]:
    """On which agendas a finding stood, the newest first."""
    found = AgendaItem.objects.filter(finding=finding).select_related("conference", "decided_by")
    return list(found.order_by("-pk"))


def _locked(pk: int, *, by: Account) -> Conference:
    found = Conference.objects.select_for_update(of=("self",)).select_related("by").filter(pk=pk).first()
    check_may(by, Permission.ASSESS)
    if found is None or (found.ward and not may_see_ward(by, found.ward)):
        raise FindingNotFound
    if found.closed_at is not None:
        raise Refused("この会議の記録は確定しています。", "The minutes of this conference are closed.")
    return found


def _open_item(pk: int, *, by: Account, version: int | None, yours: str) -> tuple[AgendaItem, Finding]:
    found = AgendaItem.objects.select_for_update(of=("self",)).select_related("conference").filter(pk=pk).first()
    if found is None:
        raise FindingNotFound
    finding = locked(found.finding_id, by=by, version=version, yours=yours)
    if found.decision:
        raise Refused("この児童の決定は、もう記録されています。", "What was decided of this case is recorded already.")
    return found, finding


def _settle(item: AgendaItem, decision: str, *, by: Account, watch_until: date | None = None) -> None:
    item.decision, item.watch_until = decision, watch_until
    item.decided_by, item.decided_at = by, timezone.now()
    item.save()
