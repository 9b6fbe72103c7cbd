"""支援計画: made from a finding, read, changed and ended on its own page, printed for the office or for the family."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from mimamori import audit, door
from mimamori.access import Permission, check_may, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import plans, reading
from mimamori.support.case_history import open_findings
from mimamori.support.models import Finding, Plan
from mimamori.support.steps import Stale
from mimamori.web import days
from mimamori.web.drafting import Drafting, begin
from mimamori.web.forms import StepForm
from mimamori.web.frame import language, seat
from mimamori.web.gate import page
from mimamori.web.pdf import pdf_answer, pdf_of
from mimamori.web.plan_form import PlanForm, initial_of
from mimamori.web.refusals import said
from mimamori.web.rows import row_of

END = "end_plan"


@page("GET", "POST", permission=Permission.ASSESS)
def make(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """A new plan for a finding's child, and for brothers and sisters of whom a finding is open as well."""
    finding = reading.finding_of(account, pk)
    standing = next((plan for plan in plans.plans_of(finding) if plan.ended_at is None), None)
    if standing and request.method != "POST":
        return redirect("plan", standing.pk)
    kept = begin(request, account, "plan", finding.pk, case_no=finding.case_no)
    choices = _siblings(account, finding)
    if request.method != "POST":
        form = PlanForm(initial={"version": finding.version} | kept.initial(several={"together"}), siblings=choices)
        return _make_page(request, account, finding, form, kept)
    form = PlanForm(request.POST, siblings=choices)
    if not form.is_valid():
        return _make_page(request, account, finding, form, kept, status=422)
    chosen = [finding.pk, *(int(one) for one in form.cleaned_data.get("together", []))]
    try:
        plan = plans.make(chosen, by=account, content=form.content(), version=form.cleaned_data["version"])
    except Stale as stale:
        form.data = _with_version(request, stale)
        return _make_page(request, account, finding, form, kept, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _make_page(request, account, finding, form, kept, status=422)
    kept.done()
    messages.success(request, gettext("支援計画を記録しました。見直す日に、今日の仕事に出ます。"))
    return redirect("plan", plan.pk)


@page("GET", "POST", permission=Permission.SEE_RECORDS)
def plan(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """A plan, what it said before, and for who may the form to change it."""
    found = plans.plan_of(account, pk)
    content = plans.content_of(found)
    if request.method != "POST":
        return _plan_page(request, account, found, None)
    form = PlanForm(request.POST, rows=len(content.actions))
    if not form.is_valid():
        return _plan_page(request, account, found, form, status=422)
    kept = _kept(request, account, found)
    try:
        plans.revise(found, by=account, content=form.content(), version=form.cleaned_data["version"])
    except Stale as stale:
        form.data = _with_version(request, stale)
        return _plan_page(request, account, plans.plan_of(account, pk), form, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _plan_page(request, account, found, form, status=422)
    kept.done()
    messages.success(request, gettext("支援計画を直しました。直す前の文も残っています。"))
    return redirect("plan", pk)


@page("POST", permission=Permission.ASSESS)
def end(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """End the plan, with what became of it."""
    found = plans.plan_of(account, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, account, found, None, ending=form, status=422)
    try:
        plans.end(found, by=account, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"])
    except Stale as stale:
        form.data = _with_version(request, stale)
        return _plan_page(request, account, plans.plan_of(account, pk), None, ending=form, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _plan_page(request, account, found, None, ending=form, status=422)
    _kept(request, account, found, END).done()
    messages.success(request, gettext("支援計画を終えました。"))
    return redirect("plan", pk)


@page("POST", permission=Permission.PRINT_KARTE)
def printed(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The plan as PDF: `for=family` leaves out how not to approach them, who agreed, and what went before."""
    check_may(account, Permission.SEE_RECORDS)
    found = plans.plan_of(account, pk)
    for_family = request.POST.get("for") == "family"
    findings, _ = plans.children_of(account, found)
    children = _children(account, findings, listed="plan.print")
    number = 0
    for finding in findings:
        detail = {"plan": found.pk, "version": found.version, "for": "family" if for_family else "office"}
        number = audit.record("plan.print", by=account, case_no=finding.case_no, detail=detail)
    now = timezone.localtime()
    context = {
        "plan": found,
        "content": plans.content_of(found),
        "rows": children,
        "for_family": for_family,
        "consent": _word(plans.CONSENTS, found.consent),
        "actions": _actions(found),
        "who": account.display_name,
        "seat": seat(account),
        "moment": f"{days.long_day(now.date())} {now:%H:%M}",
        "number": number,
        "language": language(),
    }
    return pdf_answer(pdf_of(render_to_string("print/plan.html", context)), f"plan-{found.pk}")


def _siblings(account: Account, finding: Finding) -> list[tuple[str, str]]:
    """Open findings of brothers and sisters that may be planned with this one, with the child's name."""
    try:
        numbers = door.siblings(account, finding.case_no)
    except door.NotFound:  # moved away: the finding's child is in no data any more
        return []
    opened = {no: one for no, one in open_findings(account, numbers).items() if one.state in plans.PLANNABLE}
    names = door.headlines(account, list(opened), language=language(), listed="plan")
    return [
        (str(one.pk), f"{names[no].name} {days.age(names[no].birth_date)}") for no, one in opened.items() if no in names
    ]


def _children(account: Account, findings: list[Finding], *, listed: str) -> list[Any]:
    told = door.headlines(account, [one.case_no for one in findings], language=language(), listed=listed)
    return [
        row_of(account, one, told[one.case_no], first=True, drafted=False) for one in findings if one.case_no in told
    ]


def _kept(request: HttpRequest, account: Account, found: Plan, kind: str = "revise") -> Drafting:
    return begin(request, account, kind, found.pk, page=f"/plans/{found.pk}/")


def _with_version(request: HttpRequest, stale: Stale) -> QueryDict:
    """What was typed, to be sent again against what stands now."""
    again = request.POST.copy()
    again["version"] = str(stale.version)
    return again


def _word(table: dict[str, tuple[str, str]], name: str) -> str:
    return table[name][1 if language() == "en" else 0]


def _actions(found: Plan) -> list[dict[str, Any]]:
    return [{"one": one, "word": _word(plans.ACTION_STATES, one.state)} for one in found.actions.all()]


def _make_page(
    request: HttpRequest,
    account: Account,
    finding: Finding,
    form: PlanForm,
    kept: Drafting,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    if form.is_bound:
        kept.hold(request.POST)
    rows = _children(account, [finding], listed="plan")
    context = {
        "finding": finding,
        "row": rows[0] if rows else None,
        "form": form,
        "kept": kept,
        "stale": stale,
        "assessments": reading.recorded(finding),
    }
    return render(request, "support/plan_new.html", context, status=status)


def _plan_page(
    request: HttpRequest,
    account: Account,
    found: Plan,
    form: PlanForm | None,
    *,
    ending: StepForm | None = None,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    findings, elsewhere = plans.children_of(account, found)
    changing = found.ended_at is None and may(account, Permission.ASSESS)
    kept = ended = None
    if changing:
        kept, ended = _kept(request, account, found), _kept(request, account, found, END)
        content = plans.content_of(found)
        fresh = initial_of(content) | {"version": found.version}
        if form is None:
            form = PlanForm(initial=fresh | kept.initial(), rows=len(content.actions))
        elif form.is_bound:
            kept.hold(request.POST)
        if ending is None:
            ending = StepForm(initial={"event": END, "version": found.version} | ended.initial(), auto_id="end_%s")
        elif ending.is_bound:
            ended.hold(request.POST)
    context = {
        "plan": found,
        "rows": _children(account, findings, listed="plan"),
        "findings": findings,
        "elsewhere": elsewhere,
        "consent": _word(plans.CONSENTS, found.consent),
        "actions": _actions(found),
        "earlier": found.earlier.select_related("by"),
        "changing": changing,
        "form": form,
        "kept": kept,
        "ending": ending,
        "ended_kept": ended,
        "stale": stale,
        "to_do": found.actions.filter(state="open").exists(),
        "may_print": may(account, Permission.PRINT_KARTE),
    }
    return render(request, "support/plan.html", context, status=status)
