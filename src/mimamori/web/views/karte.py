"""個人カルテ: one child whole; the purpose of opening it; who else opened it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mimamori import door, review
from mimamori.access import Permission, PurposeNeeded, may, purposes_of
from mimamori.access.models import Account
from mimamori.door import FindingView, Reason
from mimamori.support import reading
from mimamori.support.case_history import cases_of, open_findings
from mimamori.support.states import Event, State
from mimamori.web import days
from mimamori.web.case_words import history_of
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.head_words import newness, place, unfresh
from mimamori.web.kin_words import kin_told
from mimamori.web.past_reasons import past_reasons
from mimamori.web.pictures import absences, arrears, genogram, growth
from mimamori.web.rows import next_step
from mimamori.web.since import differences
from mimamori.web.tables import areas_of, quiet_of
from mimamori.web.timeline import timeline_of
from mimamori.web.to_check import to_check


@page(permission=Permission.OPEN_KARTE)
def karte(request: HttpRequest, account: Account, case_no: str) -> HttpResponse:
    """The chart. Its purpose was chosen for this session, or goes without saying for the own ward's case."""
    chosen = request.session.get("purposes", {}).get(case_no, "") or reading.purpose_of(account, case_no)
    try:
        chart = door.open_karte(account, case_no, purpose=chosen, language=language())
    except PurposeNeeded as needed:
        return render(request, "karte/purpose.html", {"case_no": case_no, "choices": needed.choices})
    except door.NotFound:
        now = review.called_now(case_no)
        if now is None or not door.openable(account, [now]):
            raise
        return redirect("karte", now)  # the number was merged into another; who bears it now is opened, and logged
    narrowed = timeline_of(chart, request.GET.get("area", ""))
    asked = request.htmx  # type: ignore[attr-defined]  # put there by its middleware
    if asked and not asked.history_restore_request:  # only the timeline
        told = {"head": chart.header, "timeline": narrowed, "changes": history_of(account, case_no)}
        return render(request, "karte/timeline.html", told)
    screened = may(account, Permission.SEE_SCREENING)
    cases, elsewhere = cases_of(account, case_no) if screened else ([], 0)
    now_open = next((case for case in cases if case.open), None)
    finding = now_open.finding if now_open else None
    draft = reading.draft_of(account, finding) if finding else None
    events = {row.event for row in reading.next_events(account, finding)} if finding else set()
    step = next_step(account, finding, drafted=draft is not None) if finding else None
    children = [one.case_no for one in chart.family if one.case_no and one.is_child]
    context = {
        "karte": chart,
        "head": chart.header,
        "place": place(chart),
        "age": days.age(chart.header.birth_date),
        "newness": newness(chart),
        "unfresh": unfresh(chart),
        "finding": finding,
        "due": days.due(finding.due_on) if finding else None,
        "draft": draft,
        "may_start": Event.START in events,
        "may_refer": Event.REFER in events,
        "may_assess": Event.FOUND_NO_NEED in events,
        "step": step if finding and finding.state not in {State.PROPOSED, State.ASSIGNED} else None,
        "case": now_open,
        "cases": cases,
        "past": past_reasons(account, cases),
        "elsewhere": elsewhere,
        "may_see_screening": screened,
        "own_cases": open_findings(account, children) if screened else {},
        "any_child": any(one.is_child for one in chart.family),
        "may_print": may(account, Permission.PRINT_KARTE),
        "may_see_records": may(account, Permission.SEE_RECORDS),
        "findings": [_parted(view) for view in chart.findings],
        "must": [reason for view in chart.findings for reason in view.met if reason.must],
        "checks": to_check(chart),
        "areas": areas_of(chart.sections),
        "quiet": quiet_of(chart.sections),
        "absences": absences.picture(chart),
        "growth": growth.picture(chart),
        "growth_note": growth.note(),
        "arrears": arrears.picture(chart),
        "genogram": genogram.picture(chart),
        "kin_told": kin_told(chart),
        "changes": history_of(account, case_no),
        "timeline": narrowed,
        "since": differences(chart),
    }
    return render(request, "karte/page.html", context)


def _parted(view: FindingView) -> tuple[FindingView, list[Reason], list[Reason]]:
    """A difficulty's finding, what of it a person can find out, and what does not concern this child."""
    askable = [reason for reason in view.unknown if reason.why != "not_covered"]
    return view, askable, [reason for reason in view.unknown if reason.why == "not_covered"]


@page("POST", permission=Permission.OPEN_KARTE)
def purpose(request: HttpRequest, account: Account, case_no: str) -> HttpResponse:
    """Remember why this karte is opened, for this session; the door checks it again with every opening."""
    chosen = request.POST.get("purpose", "")
    names = {name for name, _label in purposes_of(account, language())}
    if chosen in names:
        request.session["purposes"] = {**request.session.get("purposes", {}), case_no: chosen}
        return redirect("karte", case_no)
    missing = PurposeNeeded(purposes_of(account, language()))
    messages.error(request, missing.text(language()))
    return redirect("karte", case_no)


@page(permission=Permission.OPEN_KARTE)
def readers(request: HttpRequest, account: Account, case_no: str) -> HttpResponse:
    """Who opened this child's karte, when and why."""
    viewings = door.viewers(account, case_no, language=language())
    return render(request, "karte/readers.html", {"case_no": case_no, "viewings": viewings})
