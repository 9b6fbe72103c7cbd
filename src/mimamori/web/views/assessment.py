"""所見: the worker's own judgement. What was typed is never lost: kept as a draft, and shown again with every error."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from mimamori.support.models import Assessment, Finding
from mimamori.support.steps import Stale
from mimamori.web.days import moment
from mimamori.web.forms import CHECK, AssessmentForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.rows import row_of


@page("GET", "POST", permission=Permission.ASSESS)
def assess(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    finding = reading.finding_of(account, pk)
    if request.method != "POST":
        return _form(request, account, finding, _opened(finding, reading.draft_of(account, finding)))
    form = AssessmentForm(request.POST, difficulties=finding.difficulties)
    if not form.is_valid():
        return _form(request, account, finding, form, status=422)
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
        return _form(request, account, finding, form, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _form(request, account, finding, form, status=422)
    messages.success(request, gettext("所見を記録しました。"))
    return redirect("finding", finding.pk)


@page("POST", permission=Permission.ASSESS)
def draft(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Keep what was typed so far, by itself while typing (htmx) or by the button."""
    finding = reading.finding_of(account, pk)
    given = request.POST
    kept = actions.save_draft(
        finding,
        by=account,
        text=given.get("text", "")[:20000],
        checked=given.get("checked", "")[:5000],
        outcome=given.get("outcome", ""),
        reason=given.get("reason", "")[:5000],
        watch_until=_day(given.get("watch_until", "")),
        checklist={name.removeprefix(CHECK): str(value) for name, value in given.items() if name.startswith(CHECK)},
    )
    if getattr(request, "htmx", False):
        return HttpResponse(gettext("下書き %(when)s 自動保存") % {"when": moment(kept.changed_at)})
    messages.success(request, gettext("下書きを保存しました。あなただけが見られます。"))
    return redirect("assess", finding.pk)


def _opened(finding: Finding, kept: Assessment | None) -> AssessmentForm:
    initial: dict[str, Any] = {"version": finding.version}
    if kept is not None:
        initial |= {name: getattr(kept, name) for name in ("text", "checked", "outcome", "reason", "watch_until")}
        initial |= {CHECK + question: answer for question, answer in kept.checklist.items()}
    return AssessmentForm(initial=initial, difficulties=finding.difficulties)


def _form(
    request: HttpRequest,
    account: Account,
    finding: Finding,
    form: AssessmentForm,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    child = door.headlines(account, [finding.case_no], language=language(), listed="assessment").get(finding.case_no)
    kept = reading.draft_of(account, finding)
    context = {
        "finding": finding,
        "form": form,
        "row": row_of(account, finding, child, first=True, drafted=kept is not None) if child else None,
        "child": child,
        "draft": kept,
        "stale": stale,
        "today": timezone.localdate(),
    }
    return render(request, "support/assessment.html", context, status=status)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
