"""判定会議: called, its agenda, what was decided of each case, its minutes and their print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from mimamori import audit, door
from mimamori.access import Denied, Permission, check_may, may
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.refusal import Refused
from mimamori.sources import load_registry
from mimamori.support import conferences, reading
from mimamori.support.models import AgendaItem, Conference
from mimamori.support.steps import FindingNotFound, Stale
from mimamori.web import days
from mimamori.web.conference_forms import CallForm, DecisionForm, MinutesForm, PutOnForm, TakeOffForm
from mimamori.web.drafting import Drafting, begin
from mimamori.web.frame import language, seat, ward_word
from mimamori.web.gate import page
from mimamori.web.pdf import pdf_answer, pdf_of
from mimamori.web.refusals import said
from mimamori.web.rows import Row, row_of

LISTED = 60  # conferences, the newest first


@page("GET", "POST", permission=Permission.SEE_RECORDS)
def listing(request: HttpRequest, account: Account) -> HttpResponse:
    """The conferences of the own wards, with a form to call one."""
    kept = begin(request, account, "call") if may(account, Permission.ASSESS) else None
    wards = _wards(account)
    if request.method != "POST":
        form = CallForm(wards=wards, initial={"ward": account.ward} | (kept.initial() if kept else {}))
        return _list_page(request, account, form, kept)
    check_may(account, Permission.ASSESS)
    form = CallForm(request.POST, wards=wards)
    if form.is_valid():
        try:
            made = conferences.call(by=account, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            if kept:
                kept.done()
            messages.success(request, gettext("会議を開きました。児童の「経過と支援」から、議題に入れます。"))
            return redirect("conference", made.pk)
    return _list_page(request, account, form, kept, status=422)


@page("GET", "POST", permission=Permission.ASSESS)
def put_on(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Put a finding's child on the agenda of a conference."""
    finding = reading.finding_of(account, pk)
    kept = begin(request, account, "agenda", finding.pk, case_no=finding.case_no)
    choices = [
        (str(one.pk), f"{days.with_weekday(one.held_on)} {one.title}") for one in conferences.coming(account, finding)
    ]
    rows = _rows(account, [finding], listed="conference")
    context = {"finding": finding, "row": rows.get(finding.pk), "kept": kept, "any": bool(choices)}
    if request.method != "POST":
        form = PutOnForm(conferences=choices, initial={"version": finding.version} | kept.initial())
        return render(request, "support/put_on.html", {**context, "form": form})
    form = PutOnForm(request.POST, conferences=choices)
    status, stale = 422, None
    if form.is_valid():
        given = form.cleaned_data
        try:
            conferences.put_on(
                finding, int(given["conference"]), by=account, why=given["why"], version=given["version"]
            )
        except Stale as overtaken:
            form.data, stale, status = _with_version(request, overtaken), overtaken, 409
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            kept.done()
            messages.success(request, gettext("判定会議の議題に入れました。"))
            return redirect("finding", finding.pk)
    kept.hold(request.POST)
    return render(request, "support/put_on.html", {**context, "form": form, "stale": stale}, status=status)


@page("GET", "POST", permission=Permission.SEE_RECORDS)
def conference(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """One conference: its agenda and its minutes; sent, the minutes are written or closed."""
    found = conferences.conference_of(account, pk)
    if request.method != "POST":
        return _page(request, account, found)
    form, stale, status = MinutesForm(request.POST), None, 422
    if form.is_valid():
        close = "close" in request.POST
        try:
            conferences.write_minutes(pk, by=account, close=close, **form.cleaned_data)
        except Stale as overtaken:
            form.data, stale, status = _with_version(request, overtaken), overtaken, 409
        except Denied:
            raise
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            _kept(request, account, found, "minutes").done()
            messages.success(request, gettext("確定しました。") if close else gettext("記録しました。"))
            return redirect("conference", pk)
    return _page(request, account, conferences.conference_of(account, pk), minutes=form, stale=stale, status=status)


@page("GET", "POST", permission=Permission.ASSESS)
def decide(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """What the conference decided of one case, or that it was taken off."""
    item = _item(account, pk)
    kept = begin(request, account, "decide", pk, case_no=item.finding.case_no)
    off_kept = begin(request, account, "take_off", pk, page=request.path, case_no=item.finding.case_no)
    fresh = {"version": item.finding.version}
    forms: dict[str, Any] = {
        "form": DecisionForm(initial=fresh | kept.initial()),
        "off": TakeOffForm(initial=fresh | off_kept.initial(), auto_id="off_%s"),
    }
    stale, status = None, 200
    if request.method == "POST":
        off = "take_off" in request.POST
        sent = TakeOffForm(request.POST, auto_id="off_%s") if off else DecisionForm(request.POST)
        forms["off" if off else "form"], status = sent, 422
        if sent.is_valid():
            act = conferences.take_off if off else conferences.decide
            try:
                act(pk, by=account, **sent.cleaned_data)
            except Stale as overtaken:
                sent.data, stale, status = _with_version(request, overtaken), overtaken, 409
            except Refused as refused:
                sent.add_error(None, said(refused))
            else:
                (off_kept if off else kept).done()
                messages.success(request, gettext("記録しました。"))
                return redirect("conference", item.conference_id)
        (off_kept if off else kept).hold(request.POST)
    rows = _rows(account, [item.finding], listed="conference")
    context = {"item": item, "row": rows.get(item.finding_id), "kept": kept, "off_kept": off_kept, "stale": stale}
    told = {"assessments": reading.recorded(item.finding)}
    return render(request, "support/decide.html", context | forms | told, status=status)


@page("POST", permission=Permission.PRINT_KARTE)
def printed(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The agenda with its decisions, and the minutes, as PDF; logged for every child on it."""
    found = conferences.conference_of(account, pk)
    items, elsewhere = conferences.items_of(account, found)
    rows = _rows(account, [item.finding for item in items], listed="conference.print")
    number = audit.record("conference.print", by=account, detail={"conference": pk, "cases": len(items)})
    for item in items:
        audit.record("conference.print", by=account, case_no=item.finding.case_no, detail={"conference": pk})
    now = timezone.localtime()
    context = {
        "conference": found,
        "ward": ward_word(found.ward) if found.ward else gettext("全市"),
        "lines": [_line(item, rows) for item in items],
        "elsewhere": elsewhere,
        "who": account.display_name,
        "seat": seat(account),
        "moment": f"{days.long_day(now.date())} {now:%H:%M}",
        "number": number,
        "language": language(),
    }
    return pdf_answer(pdf_of(render_to_string("print/minutes.html", context)), f"minutes-{pk}")


def _wards(account: Account) -> list[tuple[str, str]]:
    limit = ward_limit(account)
    wards = [(ward.code, ward_word(ward.code)) for ward in load_registry().municipality.wards]
    return [("", gettext("全市")), *wards] if limit is None else [one for one in wards if one[0] == limit]


def _item(account: Account, pk: int) -> AgendaItem:
    """An item whose case the account may see; raises `FindingNotFound` else."""
    found = AgendaItem.objects.select_related("conference", "finding", "by").filter(pk=pk).first()
    if found is None:
        raise FindingNotFound
    reading.finding_of(account, found.finding_id)
    return found


def _rows(account: Account, findings: list[Any], *, listed: str) -> dict[int, Row]:
    told = door.headlines(account, [one.case_no for one in findings], language=language(), listed=listed)
    return {
        one.pk: row_of(account, one, told[one.case_no], first=True, drafted=False)
        for one in findings
        if one.case_no in told
    }


def _line(item: AgendaItem, rows: dict[int, Row]) -> dict[str, Any]:
    words = conferences.DECISION_WORDS.get(item.decision, ("", ""))
    return {"item": item, "row": rows.get(item.finding_id), "word": words[1 if language() == "en" else 0]}


def _kept(request: HttpRequest, account: Account, found: Conference, kind: str) -> Drafting:
    return begin(request, account, kind, found.pk, page=f"/conferences/{found.pk}/")


def _with_version(request: HttpRequest, stale: Stale) -> QueryDict:
    """What was typed, to be sent again against what stands now."""
    again = request.POST.copy()
    again["version"] = str(stale.version)
    return again


def _list_page(
    request: HttpRequest, account: Account, form: CallForm, kept: Drafting | None, *, status: int = 200
) -> HttpResponse:
    if form.is_bound and kept:
        kept.hold(request.POST)
    found = [
        {"one": one, "ward": ward_word(one.ward) if one.ward else gettext("全市")}
        for one in conferences.in_scope(account)[:LISTED]
    ]
    return render(request, "support/conferences.html", {"found": found, "form": form, "kept": kept}, status=status)


def _page(
    request: HttpRequest,
    account: Account,
    found: Conference,
    *,
    minutes: MinutesForm | None = None,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    items, elsewhere = conferences.items_of(account, found)
    rows = _rows(account, [item.finding for item in items], listed="conference")
    own = ward_limit(account) in {None, found.ward}
    writes = found.closed_at is None and own and may(account, Permission.ASSESS)
    kept = None
    if writes:
        kept = _kept(request, account, found, "minutes")
        if minutes is None:
            stands = {"participants": found.participants, "minutes": found.minutes, "version": found.version}
            minutes = MinutesForm(initial=stands | kept.initial())
        else:
            kept.hold(request.POST)
    context = {
        "conference": found,
        "ward": ward_word(found.ward) if found.ward else gettext("全市"),
        "lines": [_line(item, rows) for item in items],
        "elsewhere": elsewhere,
        "may_decide": may(account, Permission.ASSESS) and found.closed_at is None,
        "has_been": found.held_on <= timezone.localdate(),
        "form": minutes,
        "kept": kept,
        "stale": stale,
        "may_print": may(account, Permission.PRINT_KARTE),
    }
    return render(request, "support/conference.html", context, status=status)
