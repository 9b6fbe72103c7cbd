"""What people do to a finding. Each verb is atomic, checks who may and what the state allows, and writes the trail.

`version` is the number the form was opened with: a form that somebody overtook is refused with both texts (`Stale`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, may, may_see_ward
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support.agencies import AGENCIES, BASES, SHARED
from mimamori.support.checklist import check_answers
from mimamori.support.effects import check_closing
from mimamori.support.models import Assessment, Finding, Referral
from mimamori.support.referral_forms import check_form
from mimamori.support.states import OUTCOME_EVENTS, WAITING_TO_CLOSE, Event, Outcome, ReferralState
from mimamori.support.steps import FindingNotFound, allowed, locked, need, take


@transaction.atomic
def assign(finding: Finding | int, *, to: Account, by: Account, version: int | None = None) -> Finding:
    """Give the finding to a worker of its ward (or of the centre)."""
    found = locked(finding, by=by, version=version)
    row = allowed(found, Event.ASSIGN, by=by)
    if not may(to, Permission.ASSESS) or not may_see_ward(to, found.ward):
        raise Refused("この人は、この区の担当になれません。", "This person cannot take a case of this ward.")
    found.owner = to
    return take(found, row, by=by, detail={"owner": to.username})


@transaction.atomic
def assign_many(findings: Sequence[int], *, to: Account, by: Account) -> list[Finding]:
    """Give several findings to one worker: all or none."""
    return [assign(pk, to=to, by=by) for pk in sorted(set(findings))]


@transaction.atomic
def start(finding: Finding | int, *, by: Account, version: int | None = None) -> Finding:
    """Begin to look. Whoever begins takes a finding that nobody owns."""
    found = locked(finding, by=by, version=version)
    row = allowed(found, Event.START, by=by)
    if found.owner is None:
        found.owner = by
    return take(found, row, by=by)


@transaction.atomic
def assess(
    finding: Finding | int,
    *,
    by: Account,
    outcome: str,
    reason: str,
    text: str,
    checklist: Mapping[str, str],
    checked: str = "",
    watch_until: date | None = None,
    version: int | None = None,
) -> Assessment:
    """Record the worker's own judgement; it moves the finding to what was found. Recorded ones are never changed."""
    found = locked(finding, by=by, version=version, yours=text)
    if outcome not in set(Outcome):
        raise Refused("判断をえらんでください。", "Choose an outcome.")
    row = allowed(found, OUTCOME_EVENTS[Outcome(outcome)], by=by)
    reason = need(reason, "判断の理由を書いてください。", "Write the reason of the outcome.")
    text = need(text, "所見を書いてください。", "Write the assessment.")
    answers = check_answers(checklist)
    if outcome == Outcome.WATCH:
        if watch_until is None or watch_until <= timezone.localdate():
            raise Refused(
                "いつまで見守るか、あすより後の日を入れてください。", "Name a day after today to watch until."
            )
    else:
        watch_until = None
    assessment = Assessment.objects.create(
        finding=found,
        case_no=found.case_no,
        by=by,
        checklist=answers,
        text=text,
        checked=checked.strip(),
        outcome=outcome,
        reason=reason,
        watch_until=watch_until,
        as_of=found.as_of,
        recorded_at=timezone.now(),
    )
    found.outcome = outcome
    found.owner = found.owner or by
    take(found, row, by=by, note=text, named=watch_until, detail={"assessment": assessment.pk, "outcome": outcome})
    return assessment


@transaction.atomic
def refer(
    finding: Finding | int,
    *,
    by: Account,
    agency_kind: str,
    agency_name: str,
    basis: str,
    basis_text: str,
    text: str,
    shared: Sequence[str],
    due_on: date,
    form: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Referral:
    """Hand over to an agency. Without a basis nothing leaves; the worker stays responsible until the agency answers.
    `form`: the answers where the agency has a form of its own."""
    found = locked(finding, by=by, version=version, yours=text)
    row = allowed(found, Event.REFER, by=by)
    if agency_kind not in AGENCIES:
        raise Refused("つなぎ先の種類をえらんでください。", "Choose the kind of agency.")
    if basis not in BASES:
        raise Refused("同意か法令の根拠をえらんでください。", "Choose consent or a basis in law.")
    if not set(shared) <= set(SHARED):
        raise Refused("伝える項目が正しくありません。", "An item to share is not on the list.")
    if due_on <= timezone.localdate():
        raise Refused("返事の期限は、あすより後の日にしてください。", "The day to answer by must be after today.")
    referral = Referral.objects.create(
        finding=found,
        case_no=found.case_no,
        by=by,
        agency_kind=agency_kind,
        agency_name=need(agency_name, "つなぎ先の名前を入れてください。", "Name the agency."),
        basis=basis,
        basis_text=need(
            basis_text, "根拠(だれの同意か、どの条文か)を書いてください。", "Write whose consent or which article."
        ),
        shared=[item for item in SHARED if item in set(shared)],
        text=need(text, "お願いすることを書いてください。", "Write what you ask for."),
        form=check_form(agency_kind, form or {}),
        sent_on=timezone.localdate(),
        due_on=due_on,
    )
    facts = {"referral": referral.pk, "agency": agency_kind, "basis": basis, "shared": referral.shared}
    take(found, row, by=by, note=referral.text, named=due_on, detail=facts)
    return referral


@transaction.atomic
def answer_referral(
    referral: Referral | int, *, by: Account, answer: str, text: str, version: int | None = None
) -> Referral:
    """Record the agency's answer: accepted, refused (with the reason) or done (with what was done)."""
    pk = referral if isinstance(referral, int) else referral.pk
    sent = Referral.objects.select_for_update().filter(pk=pk).first()
    if sent is None:
        raise FindingNotFound
    found = locked(sent.finding_id, by=by, version=version, yours=text)
    if answer not in {ReferralState.ACCEPTED, ReferralState.REFUSED, ReferralState.DONE}:
        raise Refused("返事をえらんでください。", "Choose the answer.")
    row = allowed(found, Event(answer), by=by)
    if sent.state in {ReferralState.REFUSED, ReferralState.DONE}:
        raise Refused("このつなぎは、もう終わっています。", "This referral has ended already.")
    if answer != ReferralState.ACCEPTED:
        text = need(text, "理由または結果を書いてください。", "Write the reason or the result.")
    sent.state, sent.answer, sent.answered_at = answer, text.strip(), timezone.now()
    sent.save()
    others_open = (
        found.referrals.exclude(pk=sent.pk).filter(state__in=[ReferralState.SENT, ReferralState.ACCEPTED]).exists()
    )
    if others_open and answer != ReferralState.ACCEPTED:  # another agency still works: the finding stays where it is
        audit.record("finding.answer", by=by, case_no=found.case_no, detail={"referral": sent.pk, "answer": answer})
        return sent
    take(found, row, by=by, note=sent.answer, detail={"referral": sent.pk, "answer": answer})
    return sent


@transaction.atomic
def look_again(finding: Finding | int, *, by: Account, reason: str, version: int | None = None) -> Finding:
    """Go back to looking, with a reason."""
    found = locked(finding, by=by, version=version, yours=reason)
    row = allowed(found, Event.LOOK_AGAIN, by=by)
    return take(found, row, by=by, note=need(reason, "理由を書いてください。", "Write the reason."))


@transaction.atomic
def close(finding: Finding | int, *, by: Account, reason: str, version: int | None = None) -> Finding:
    """Approve that the finding ends; not by the person whose assessment it rests on. Where support was given, what came
    of it must stand there."""
    found = locked(finding, by=by, version=version, yours=reason)
    row = allowed(found, Event.CLOSE, by=by)
    waiting = [state.value for state in WAITING_TO_CLOSE]
    last = found.history.filter(to_state__in=waiting, by__isnull=False).first()  # nights tell of moves in between
    if last is not None and last.by_id == by.pk:
        raise Refused(
            "自分の判断を自分で承認することはできません。ほかの係長に依頼してください。",
            "Nobody approves an act of their own: ask another supervisor.",
        )
    check_closing(found)
    return take(found, row, by=by, note=need(reason, "終結の理由を書いてください。", "Write why it is closed."))


@transaction.atomic
def send_back(finding: Finding | int, *, by: Account, reason: str, version: int | None = None) -> Finding:
    """Do not approve: back to looking, with a reason."""
    found = locked(finding, by=by, version=version, yours=reason)
    row = allowed(found, Event.RETURN, by=by)
    return take(found, row, by=by, note=need(reason, "差し戻す理由を書いてください。", "Write why it is sent back."))
