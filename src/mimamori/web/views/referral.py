"""つなぎ: the hand-over to an agency, and the agency's answer."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from mimamori import door
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import actions, reading
from mimamori.support.models import Finding, Referral
from mimamori.support.steps import FindingNotFound
from mimamori.web.forms import AnswerForm, ReferralForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.rows import row_of

ANSWER_DAYS = 14  # proposed to the worker, who may change it


@page("GET", "POST", permission=Permission.REFER)
def refer(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    finding = reading.finding_of(account, pk)
    if request.method != "POST":
        soon = timezone.localdate() + timedelta(days=ANSWER_DAYS)
        form = ReferralForm(initial={"version": finding.version, "due_on": soon, "shared": ["name", "worries"]})
        return _refer_page(request, account, finding, form)
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return _refer_page(request, account, finding, form, status=422)
    try:
        actions.refer(finding, by=account, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _refer_page(request, account, finding, form, status=422)
    messages.success(request, gettext("つなぎを記録しました。返事の期限が来たら、今日の仕事に出ます。"))
    return redirect("finding", finding.pk)


@page("GET", "POST", permission=Permission.REFER)
def answer(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    sent = Referral.objects.select_related("finding").filter(pk=pk).first()
    if sent is None:
        raise FindingNotFound
    finding = reading.finding_of(account, sent.finding_id)
    if request.method != "POST":
        return _answer_page(request, account, sent, finding, AnswerForm(initial={"version": finding.version}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, account, sent, finding, form, status=422)
    try:
        actions.answer_referral(sent, by=account, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _answer_page(request, account, sent, finding, form, status=422)
    messages.success(request, gettext("返事を記録しました。"))
    return redirect("finding", finding.pk)


def _context(account: Account, finding: Finding) -> dict[str, object]:
    child = door.headlines(account, [finding.case_no], language=language(), listed="referral").get(finding.case_no)
    row = row_of(account, finding, child, first=True, drafted=False) if child else None
    return {"finding": finding, "row": row, "assessments": reading.recorded(finding)}


def _refer_page(
    request: HttpRequest, account: Account, finding: Finding, form: ReferralForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "support/referral.html", {"form": form, **_context(account, finding)}, status=status)


def _answer_page(
    request: HttpRequest, account: Account, sent: Referral, finding: Finding, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "sent": sent, **_context(account, finding)}
    return render(request, "support/answer.html", context, status=status)
