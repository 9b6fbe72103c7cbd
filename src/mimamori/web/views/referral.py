"""つなぎ: the hand-over to an agency, and the agency's answer."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from mimamori import door
from mimamori.access import Permission, PurposeNeeded
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.sources import load_registry
from mimamori.support import actions, reading
from mimamori.support.agencies import BASES
from mimamori.support.models import Finding, Referral
from mimamori.support.steps import FindingNotFound, Stale
from mimamori.web import days
from mimamori.web import letter as letters
from mimamori.web.drafting import Drafting, begin
from mimamori.web.forms import AnswerForm, ReferralForm
from mimamori.web.frame import language, seat
from mimamori.web.gate import page
from mimamori.web.pdf import pdf_answer, pdf_of
from mimamori.web.refusals import said
from mimamori.web.rows import row_of

ANSWER_DAYS = 14  # proposed to the worker, who may change it


@page("GET", "POST", permission=Permission.REFER)
def refer(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    finding = reading.finding_of(account, pk)
    kept = begin(request, account, "refer", finding.pk, case_no=finding.case_no)
    if request.method != "POST":
        soon = timezone.localdate() + timedelta(days=ANSWER_DAYS)
        fresh = {"version": finding.version, "due_on": soon, "shared": ["name", "worries"]}
        form = ReferralForm(initial=fresh | kept.initial(several={"shared"}))
        return _refer_page(request, account, finding, form, kept)
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return _refer_page(request, account, finding, form, kept, status=422)
    try:
        actions.refer(finding, by=account, **form.cleaned_data)
    except Stale as stale:
        form.data = _with_version(request, stale)
        return _refer_page(request, account, finding, form, kept, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _refer_page(request, account, finding, form, kept, status=422)
    kept.done()
    messages.success(request, gettext("つなぎを記録しました。返事の期限が来たら、今日の仕事に出ます。"))
    return redirect("finding", finding.pk)


@page("GET", "POST", permission=Permission.REFER)
def answer(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    sent, finding = _sent(account, pk)
    kept = begin(request, account, "answer", sent.pk, case_no=finding.case_no)
    if request.method != "POST":
        form = AnswerForm(initial={"version": finding.version} | kept.initial())
        return _answer_page(request, account, sent, form, kept)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, account, sent, form, kept, status=422)
    try:
        actions.answer_referral(sent, by=account, **form.cleaned_data)
    except Stale as stale:
        form.data = _with_version(request, stale)
        return _answer_page(request, account, sent, form, kept, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _answer_page(request, account, sent, form, kept, status=422)
    kept.done()
    messages.success(request, gettext("返事を記録しました。"))
    return redirect("finding", finding.pk)


@page("POST", permission=Permission.REFER)
def letter(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The referral as PDF, with the items that were chosen when it was recorded."""
    sent, finding = _sent(account, pk)
    case_no = finding.case_no
    purpose = request.session.get("purposes", {}).get(case_no, "") or reading.purpose_of(account, case_no)
    try:
        shared = door.share(
            account,
            case_no,
            kinds=sent.shared,
            purpose=purpose,
            referral=sent.pk,
            to=sent.agency_kind,
            language=language(),
        )
    except PurposeNeeded:
        return redirect("karte", case_no)  # which asks for it
    title, answers = letters.form_of(sent, language())
    now = timezone.localtime()
    context = {
        "sent": sent,
        "title": title,
        "answers": answers,
        "items": letters.items_of(shared, language()),
        "left_out": letters.left_out(shared, language()),
        "basis": BASES[sent.basis][1 if language() == "en" else 0],
        "city": load_registry().municipality.label.text(language()),
        "as_of": shared.karte.as_of,
        "number": shared.number,
        "who": account.display_name,
        "seat": seat(account),
        "moment": f"{days.long_day(now.date())} {now:%H:%M}",
        "language": language(),
    }
    return pdf_answer(pdf_of(render_to_string("print/referral.html", context)), f"referral-{sent.pk}")


def _sent(account: Account, pk: int) -> tuple[Referral, Finding]:
    """A referral and its finding, as this account may read them; raises `FindingNotFound`."""
    sent = Referral.objects.select_related("finding").filter(pk=pk).first()
    if sent is None:
        raise FindingNotFound
    return sent, reading.finding_of(account, sent.finding_id)


def _context(account: Account, finding: Finding) -> dict[str, object]:
    child = door.headlines(account, [finding.case_no], language=language(), listed="referral").get(finding.case_no)
    row = row_of(account, finding, child, first=True, drafted=False) if child else None
    return {"finding": finding, "row": row, "assessments": reading.recorded(finding)}


def _with_version(request: HttpRequest, stale: Stale) -> QueryDict:
    """What was typed, to be sent again against the finding as it is now."""
    again = request.POST.copy()
    again["version"] = str(stale.version)
    return again


def _refer_page(
    request: HttpRequest,
    account: Account,
    finding: Finding,
    form: ReferralForm,
    kept: Drafting,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    if form.is_bound:
        kept.hold(request.POST)
    context = {"form": form, "kept": kept, "stale": stale, **_context(account, finding)}
    return render(request, "support/referral.html", context, status=status)


def _answer_page(
    request: HttpRequest,
    account: Account,
    sent: Referral,
    form: AnswerForm,
    kept: Drafting,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    if form.is_bound:
        kept.hold(request.POST)
    context = {"form": form, "sent": sent, "kept": kept, "stale": stale, **_context(account, sent.finding)}
    return render(request, "support/answer.html", context, status=status)
