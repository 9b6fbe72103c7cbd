"""支援計画: made, changed and ended for one child or several of a family; all their findings move, or none.

What stood before a change stays readable. A plan in which somebody else was faster is refused with both texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may, may_see_ward
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support.models import EarlierPlan, Finding, Plan, PlanAction, PlanChild
from mimamori.support.states import TABLE, Event, State
from mimamori.support.steps import FindingNotFound, Stale, allowed, locked, need, take

CONSENTS: dict[str, tuple[str, str]] = {
    "given": ("家族が同意した", "The family agreed"),
    "not_asked": ("まだ聞いていない(理由を書く)", "Not asked, with the reason"),
    "refused": ("家族が断った", "The family refused"),
}
ACTION_STATES: dict[str, tuple[str, str]] = {
    "open": ("これから", "To do"),
    "done": ("した", "Done"),
    "dropped": ("やめた", "Given up"),
}
PLANNABLE = frozenset(row.state for row in TABLE if row.event is Event.PLAN)
MOST_ACTIONS = 15
LONGEST = timedelta(days=183)  # by then a plan is looked at again: our choice, for the city's experts to set


@dataclass(frozen=True)
class Action:
    """What somebody does by a day."""

    text: str
    who: str
    due_on: date
    state: str = "open"
    result: str = ""


@dataclass(frozen=True)
class Content:
    """What a plan says."""

    goals: str
    strengths: str
    avoid: str
    consent: str
    consent_text: str
    review_on: date
    actions: tuple[Action, ...]


@transaction.atomic
def make(findings: Sequence[int], *, by: Account, content: Content, version: int | None = None) -> Plan:
    """A plan for these children; `version` is that of the first finding, whose form was opened."""
    checked = _checked(content)
    numbers = list(dict.fromkeys(findings))
    found = [
        locked(pk, by=by, version=version if pk == numbers[0] else None, yours=content.goals) for pk in sorted(numbers)
    ]
    rows = [allowed(finding, Event.PLAN, by=by) for finding in found]
    if PlanChild.objects.filter(finding__in=found, plan__ended_at=None).exists():
        raise Refused(
            "すでに支援計画のある児童がいます。その計画を直してください。",
            "One of the children has a plan already: change that one.",
        )
    plan = Plan(by=by, changed_by=by)
    _fill(plan, checked)
    PlanChild.objects.bulk_create([PlanChild(plan=plan, finding=finding) for finding in found])
    for finding, row in zip(found, rows, strict=True):
        take(finding, row, by=by, named=plan.review_on, detail={"plan": plan.pk, "version": plan.version})
    return plan


@transaction.atomic
def revise(plan: Plan | int, *, by: Account, content: Content, version: int) -> Plan:
    """Change a plan that stands, for all its children; what it said before stays readable."""
    found = _locked(plan, by=by)
    if version != found.version:
        raise Stale(yours=content.goals, theirs=found.goals, who=found.changed_by.display_name, version=found.version)
    checked, before = _checked(content), content_of(found)
    if checked == before:
        return found
    EarlierPlan.objects.create(plan=found, version=found.version, content=_plain(before), by=found.changed_by)
    found.version += 1
    found.changed_by = by
    _fill(found, checked)
    for finding in _open_findings(found):
        row = allowed(finding, Event.PLAN, by=by)
        take(finding, row, by=by, named=found.review_on, detail={"plan": found.pk, "version": found.version})
    return found


@transaction.atomic
def end(plan: Plan | int, *, by: Account, reason: str, version: int) -> Plan:
    """End a plan whose actions are all done or given up; children who were supported by it alone go to be closed."""
    found = _locked(plan, by=by)
    if version != found.version:
        raise Stale(yours=reason, theirs=found.goals, who=found.changed_by.display_name, version=found.version)
    if found.actions.filter(state="open").exists():
        raise Refused(
            "まだ終わっていないことがあります。した、または、やめたと記録してから終えてください。",
            "Something is still to do: record it as done or given up before the plan ends.",
        )
    found.ended_why = need(reason, "計画を終える理由と、どうなったかを書いてください。", "Write why it ends, and how.")
    found.ended_at, found.ended_by = timezone.now(), by
    found.save()
    for finding in _open_findings(found):
        if finding.state == State.PLANNED:
            row = allowed(finding, Event.FULFILLED, by=by)
            take(finding, row, by=by, note=found.ended_why, detail={"plan": found.pk})
        else:
            audit.record("finding.fulfil", by=by, case_no=finding.case_no, detail={"plan": found.pk})
    return found


def plan_of(account: Account, pk: int) -> Plan:
    """A plan of which the account may see at least one child; raises `FindingNotFound` else, as where there is none."""
    check_may(account, Permission.SEE_RECORDS)
    found = Plan.objects.select_related("by", "changed_by", "ended_by").filter(pk=pk).first()
    if found is None or not _in_scope(account, found):
        raise FindingNotFound
    return found


def children_of(account: Account, plan: Plan) -> tuple[list[Finding], int]:
    """The findings of a plan's children in the account's scope, and how many lie outside it."""
    every = [child.finding for child in plan.children.select_related("finding__owner")]
    seen = [finding for finding in every if may_see_ward(account, finding.ward)]
    return seen, len(every) - len(seen)


def plans_of(finding: Finding) -> list[Plan]:
    """The plans in which a finding's child stands, the newest first."""
    return list(Plan.objects.filter(children__finding=finding).select_related("changed_by").prefetch_related("actions"))


def content_of(plan: Plan) -> Content:
    """What a plan says now."""
    actions = [Action(one.text, one.who, one.due_on, one.state, one.result) for one in plan.actions.all()]
    return Content(
        plan.goals, plan.strengths, plan.avoid, plan.consent, plan.consent_text, plan.review_on, tuple(actions)
    )


def _in_scope(account: Account, plan: Plan) -> bool:
    return any(may_see_ward(account, ward) for ward in plan.children.values_list("finding__ward", flat=True))


def _locked(plan: Plan | int, *, by: Account) -> Plan:
    """The plan as it is now, locked; raises `FindingNotFound` outside the scope, `Refused` where it has ended."""
    check_may(by, Permission.ASSESS)
    pk = plan if isinstance(plan, int) else plan.pk
    found = Plan.objects.select_for_update(of=("self",)).select_related("by", "changed_by").filter(pk=pk).first()
    if found is None or not _in_scope(by, found):
        raise FindingNotFound
    if found.ended_at is not None:
        raise Refused("この支援計画は終わっています。", "This plan has ended.")
    return found


def _open_findings(plan: Plan) -> Iterable[Finding]:
    """The findings that the plan still moves, locked: a child of another ward is moved with its siblings."""
    return Finding.objects.select_for_update().filter(planned__plan=plan, state__in=PLANNABLE).order_by("pk")


def _fill(plan: Plan, content: Content) -> None:
    plan.goals, plan.strengths, plan.avoid = content.goals, content.strengths, content.avoid
    plan.consent, plan.consent_text, plan.review_on = content.consent, content.consent_text, content.review_on
    plan.save()
    plan.actions.all().delete()
    PlanAction.objects.bulk_create(
        [PlanAction(plan=plan, place=place, **asdict(action)) for place, action in enumerate(content.actions, start=1)]
    )


def _plain(content: Content) -> dict[str, object]:
    """As JSON keeps it: days as text."""
    actions = [asdict(one) | {"due_on": one.due_on.isoformat()} for one in content.actions]
    return asdict(content) | {"review_on": content.review_on.isoformat(), "actions": actions}


def _checked(content: Content) -> Content:
    """The content without blanks around it; raises `Refused` where something is missing or cannot be."""
    today = timezone.localdate()
    if content.consent not in CONSENTS:
        raise Refused("家族の同意をえらんでください。", "Choose what the family said.")
    if not today < content.review_on <= today + LONGEST:
        raise Refused(
            "見直す日は、あすから半年のあいだにしてください。",
            "The day of review lies within half a year from tomorrow.",
        )
    if not content.actions:
        raise Refused(
            "だれが、いつまでに、何をするかを1つは書いてください。", "Write at least one thing somebody does."
        )
    if len(content.actions) > MOST_ACTIONS:
        raise Refused(f"することは{MOST_ACTIONS}件までです。", f"A plan holds at most {MOST_ACTIONS} actions.")
    return Content(
        need(content.goals, "めざすことを書いてください。", "Write what shall become better."),
        need(content.strengths, "できていること・強みを書いてください。", "Write what goes well."),
        content.avoid.strip(),
        content.consent,
        need(
            content.consent_text,
            "同意は、だれがいつか。聞いていない・断られたときは、その理由を書いてください。",
            "Write who agreed when, or why not.",
        ),
        content.review_on,
        tuple(_checked_action(one) for one in content.actions),
    )


def _checked_action(action: Action) -> Action:
    if action.state not in ACTION_STATES:
        raise Refused("することの状態をえらんでください。", "Choose how far it has come.")
    if action.state == "dropped":
        need(action.result, "やめた理由を書いてください。", "Write why it was given up.")
    return Action(
        need(action.text, "することを書いてください。", "Write what is done."),
        need(action.who, "だれがするかを書いてください。", "Write who does it."),
        action.due_on,
        action.state,
        action.result.strip(),
    )
