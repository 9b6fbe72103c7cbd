"""所見: the worker's own judgement. What was typed is never lost: a draft while typing, shown again with errors."""

from __future__ import annotations

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
from mimamori.support.models import Finding
from mimamori.support.steps import Stale
from mimamori.web.drafting import Drafting, begin
from mimamori.web.forms import AssessmentForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.rows import row_of


@page("GET", "POST", permission=Permission.ASSESS)
def assess(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    finding = reading.finding_of(account, pk)
    kept = begin(request, account, "assess", finding.pk, case_no=finding.case_no)
    if request.method != "POST":
        form = AssessmentForm(initial={"version": finding.version} | kept.initial(), difficulties=finding.difficulties)
        return _form(request, account, finding, form, kept)
    form = AssessmentForm(request.POST, difficulties=finding.difficulties)
    if not form.is_valid():
        return _form(request, account, finding, form, kept, status=422)
    given = form.cleaned_data
    try:
        actions.assess(
            finding,
            by=account,
            outcome=given["outcome"],
            reason=given["reason"],
            text=given["text"],
            checked=given["checked"],
            checklist=form.answers(given),
            watch_until=given["watch_until"],
            version=given["version"],
        )
    except Stale as stale:
        form.data = {**request.POST.dict(), "version": str(stale.version)}
        return _form(request, account, finding, form, kept, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _form(request, account, finding, form, kept, status=422)
    kept.done()
    messages.success(request, gettext("所見を記録しました。"))
    return redirect("finding", finding.pk)


def _form(
    request: HttpRequest,
    account: Account,
    finding: Finding,
    form: AssessmentForm,
    kept: Drafting,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    child = door.headlines(account, [finding.case_no], language=language(), listed="assessment").get(finding.case_no)
    if form.is_bound:
        kept.hold(request.POST)
    context = {
        "finding": finding,
        "form": form,
        "row": row_of(account, finding, child, first=True, drafted=False) if child else None,
        "child": child,
        "kept": kept,
        "stale": stale,
        "today": timezone.localdate(),
    }
    return render(request, "support/assessment.html", context, status=status)
