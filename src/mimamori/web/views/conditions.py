"""抽出条件: what is in force for each difficulty, in sentences; each version with its life, from draft to retired."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from mimamori import governance
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.governance.life import STATE_LABELS, State
from mimamori.governance.models import ConditionVersion
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet
from mimamori.screening.indicators import DIFFICULTIES, load_indicators
from mimamori.sources import load_registry
from mimamori.web import life
from mimamori.web.drafting import sent
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.life import ActForm, RemarkForm
from mimamori.web.refusals import said
from mimamori.web.set_changes import changes


@page(permission=Permission.SEE_CONDITIONS)
def conditions(request: HttpRequest, account: Account) -> HttpResponse:
    """One difficulty's set in force, the others in tabs."""
    asked = request.GET.get("difficulty", "")
    name = asked if asked in DIFFICULTIES else DIFFICULTIES[0]
    standings = governance.standings()
    versions = list(ConditionVersion.objects.select_related("proposed_by", "approved_by"))
    waiting = [version for version in versions if version.state == State.REVIEW]
    standing = standings.get(name)
    now = standing.now if standing else None
    context = {
        "name": name,
        "tabs": [
            {"name": one, "waiting": sum(version.difficulty == one for version in waiting)} for one in DIFFICULTIES
        ],
        "line": now,
        "coming": standing.coming if standing else (),
        "running": _shown(now.version) if now else None,
        "waiting": [version for version in waiting if version.difficulty == name],
        "versions": [
            {"one": one, "state": life.word(STATE_LABELS[State(one.state)]), "now": bool(now and now.version == one)}
            for one in versions
            if one.difficulty == name
        ],
        "may_approve": may(account, Permission.APPROVE_CONDITIONS),
    }
    return render(request, "conditions/page.html", context)


@page("GET", "POST", permission=Permission.SEE_CONDITIONS)
def version(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """One version whole, with its life; the acts that its state and the account's role allow are done here."""
    found = _found(pk)
    if request.method != "POST":
        return _page(request, account, found)
    offered = life.acts(account, found, governance.standings().get(found.difficulty))
    act = next((one for one in offered if one.row.act == request.POST.get("act", "")), None)
    if act is None:
        raise Refused(
            "いまはこの操作ができません。画面を読み直してください。", "This cannot be done now: reload the page."
        )
    form = ActForm(request.POST, opened=act)
    if not form.is_valid():
        return _page(request, account, found, tried=form, status=422)
    try:
        told = life.do(found, form, by=account)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _page(request, account, _found(pk), tried=form, status=422)
    if kept := sent(request, account):
        kept.done()
    messages.success(request, told)
    return redirect("condition_set", pk)


@page("POST", permission=Permission.WRITE_CONDITIONS)
def copy(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """A new draft with the content of this version."""
    made = governance.copy(pk, by=account)
    messages.success(request, gettext("写して、第%(n)d版の下書きを作りました。") % {"n": made.number})
    return redirect("condition_set", made.pk)


@page("POST", permission=Permission.WRITE_CONDITIONS)
def remark(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Type in what an expert said of this version."""
    found = _found(pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            governance.remark(found, by=account, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            if kept := sent(request, account):
                kept.done()
            messages.success(request, gettext("意見を記録しました。"))
            return redirect("condition_set", pk)
    return _page(request, account, found, remark_form=form, status=422)


@page("POST", permission=Permission.WRITE_CONDITIONS)
def try_personas(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Put this version before the personas, and keep how it stood. Takes seconds, the first time in a process."""
    told = governance.try_personas(_found(pk), by=account).told()
    messages.success(request, told.text(language()))
    return redirect("condition_set", pk)


def _found(pk: int) -> ConditionVersion:
    known = ConditionVersion.objects.select_related("proposed_by", "approved_by", "copied_from")
    found = known.filter(pk=pk).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    return found


def _page(
    request: HttpRequest,
    account: Account,
    found: ConditionVersion,
    *,
    tried: ActForm | None = None,
    remark_form: RemarkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    standing = governance.standings().get(found.difficulty)
    running = standing.now.version if standing and standing.now else None
    offered = life.acts(account, found, standing)
    kept = life.begun(request, account, found, offered)
    remark_kept = kept[life.REMARK]
    if remark_form:
        remark_kept.hold(request.POST)
    context = {
        "version": found,
        "shown": _shown(found),
        "running": running,
        "changes": changes(_set(running), _set(found)) if running and running.pk != found.pk else [],
        "may_try": may(account, Permission.WRITE_CONDITIONS) and found.state not in {State.DRAFT, State.WITHDRAWN},
        "may_edit": may(account, Permission.WRITE_CONDITIONS) and found.state == State.DRAFT,
        "may_see_backtest": may(account, Permission.SEE_STATISTICS),
        "acts": life.shown_acts(offered, kept, request.POST if tried else None, tried),
        "remark_form": remark_form or RemarkForm(initial={"said_on": timezone.localdate()} | remark_kept.initial()),
        "remark_kept": remark_kept,
        **life.shown_life(account, found, standing),
    }
    return render(request, "conditions/version.html", context, status=status)


def _set(found: ConditionVersion) -> ConditionSet:
    return ConditionSet.model_validate_json(json.dumps(found.content))


def _shown(found: ConditionVersion) -> dict[str, Any]:
    """A version as the page reads it: must-look sentences, then domains with their sentences and points."""
    conditions_of = _set(found)
    indicators = {indicator.id: indicator for indicator in load_indicators()}
    sources = {layout.name: layout.short_label for layout in load_registry()}

    def line(condition: Any) -> dict[str, Any]:
        indicator = indicators.get(condition.indicator)
        return {
            "sentence": condition.sentence(),
            "points": condition.points,
            "ages": condition.ages,
            "basis": condition.basis,
            "source": sources.get(indicator.source) if indicator else None,
        }

    return {
        "version": found,
        "set": conditions_of,
        "musts": [line(condition) for condition in conditions_of.musts],
        "domains": [
            {
                "label": domain.label,
                "most": sum(condition.points for condition in conditions_of.scored(domain)),
                "rows": [line(condition) for condition in conditions_of.scored(domain)],
            }
            for domain in conditions_of.domains
        ],
        "floor": conditions_of.tiers[-1],
    }
