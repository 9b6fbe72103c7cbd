"""One finding: its steps so far, its assessments and referrals, and the steps that need a reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from mimamori import door, governance
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.governance.model_life import ModelState
from mimamori.governance.models import ModelVersion
from mimamori.refusal import Refused
from mimamori.support import actions, conferences, drafts, effects, opinions, plans, reading
from mimamori.support.models import Finding
from mimamori.support.states import Event, ReferralState
from mimamori.web import effect_form as effect_forms
from mimamori.web.case_words import HAPPENED, by_the_night, happened, tellable
from mimamori.web.days import due
from mimamori.web.drafting import Drafting, begin, begin_all
from mimamori.web.effect_form import EffectForm
from mimamori.web.forms import StepForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.letter import shared_rows
from mimamori.web.refusals import said
from mimamori.web.rows import row_of

REASONED = {Event.CLOSE: actions.close, Event.RETURN: actions.send_back, Event.LOOK_AGAIN: actions.look_again}


@page(permission=Permission.SEE_SCREENING)
def finding(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    found = reading.finding_of(account, pk)
    return _page(request, account, found)


@page("POST", permission=Permission.ASSESS)
def start(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Begin to look; the assessment opens at once."""
    version = request.POST.get("version", "")
    found = actions.start(pk, by=account, version=int(version) if version.isdecimal() else None)
    messages.success(request, gettext("確認をはじめました。担当はあなたです。"))
    return redirect("assess", found.pk)


@page("POST", permission=Permission.SEE_SCREENING)
def step(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Close, send back or look again, each with its reason."""
    found = reading.finding_of(account, pk)
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["event"] not in set(REASONED):
        return _page(request, account, found, form=form, status=422)
    event = Event(form.cleaned_data["event"])
    try:
        REASONED[event](found, by=account, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"])
    except Refused as refused:
        form.add_error(None, said(refused))
        return _page(request, account, reading.finding_of(account, pk), form=form, status=422)
    page_of = reverse("finding", args=[pk])
    begin(request, account, "step", pk, event, page=page_of, case_no=found.case_no).done()
    messages.success(request, gettext("記録しました。"))
    return redirect("finding", pk)


@page("POST", permission=Permission.RECORD)
def effect(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """What came of the support, at a time that has come."""
    found = reading.finding_of(account, pk)
    form = EffectForm(request.POST, times=effects.open_times(found))
    if not form.is_valid():
        return _page(request, account, found, effect_form=form, status=422)
    try:
        effects.record(found, by=account, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _page(request, account, reading.finding_of(account, pk), effect_form=form, status=422)
    _kept_effect(request, account, found).done()
    messages.success(request, gettext("支援の結果を記録しました。"))
    return redirect("finding", pk)


def _kept_effect(request: HttpRequest, account: Account, found: Finding) -> Drafting:
    return begin(request, account, "effect", found.pk, page=reverse("finding", args=[found.pk]), case_no=found.case_no)


def _page(
    request: HttpRequest,
    account: Account,
    found: Finding,
    *,
    form: StepForm | None = None,
    effect_form: EffectForm | None = None,
    status: int = 200,
) -> HttpResponse:
    child = door.headlines(account, [found.case_no], language=language(), listed="finding").get(found.case_no)
    planned = plans.plans_of(found) if may(account, Permission.SEE_RECORDS) else []
    events = reading.next_events(account, found)
    names = {row.event for row in events}
    tried = form.data.get("event", "") if form else ""
    open_states = {ReferralState.SENT, ReferralState.ACCEPTED}
    steps = [name for name in REASONED if name in names]
    begun = _begun(request, account, found, steps)
    if tried in begun:
        begun[tried].hold(request.POST)
    kept_effect = _kept_effect(request, account, found)
    if effect_form is not None:
        kept_effect.hold(request.POST)
    elif may(account, Permission.RECORD):
        effect_form = effect_forms.fresh(found, kept_effect.initial())
    context = {
        "finding": found,
        "effects": effect_forms.recorded(found),
        "effect_form": effect_form,
        "effect_kept": kept_effect,
        "row": row_of(account, found, child, first=True, drafted=False) if child else None,
        "due": due(found.due_on),
        "may_start": Event.START in names,
        "may_assess": Event.FOUND_NO_NEED in names,
        "may_refer": Event.REFER in names,
        "may_plan": Event.PLAN in names and not any(plan.ended_at is None for plan in planned),
        "plans": planned,
        "may_confer": Event.TO_CONFERENCE in names,
        "agenda": [
            {
                "item": item,
                "word": conferences.DECISION_WORDS.get(item.decision, ("", ""))[1 if language() == "en" else 0],
            }
            for item in (conferences.agenda_of(found) if may(account, Permission.SEE_RECORDS) else [])
        ],
        "may_answer": Event.ACCEPTED in names,
        "may_print_letter": may(account, Permission.REFER),
        "may_see_records": may(account, Permission.SEE_RECORDS),
        "record_count": found.notes.filter(withdrawn_at=None).count(),
        "steps": [
            {
                "event": name.value,
                "kept": begun[name],
                "form": form
                if tried == name
                else StepForm(initial=_fresh(found, name) | begun[name].initial(), auto_id=f"{name}_%s"),
            }
            for name in steps
        ],
        "opinions": _opinions(account, found),
        "model_stopped": found.by_model is not None and not _on([found.by_model]),
        "assessments": reading.recorded(found),
        "referrals": [{"one": one, "open": one.state in open_states} for one in found.referrals.select_related("by")],
        "shared": shared_rows(found.referrals.select_related("by"), language()),
        "history": _history(account, found),
        "joined": found.joined.all(),
    }
    return render(request, "support/finding.html", context, status=status)


def _on(keys: Collection[int]) -> dict[int, ModelVersion]:
    """Of these models those that are on: what others said is shown to nobody."""
    return {key: one for key, one in governance.models_by_key(keys).items() if one.state == ModelState.ON}


def _opinions(account: Account, found: Finding) -> list[dict[str, Any]]:
    """What the models say, for who has written down an own view or supervises."""
    on = _on(set(found.opinions.values_list("model", flat=True)))
    return [
        {
            "difficulty": one.difficulty,
            "adds": one.adds,
            "as_of": one.as_of,
            "model": one.model,
            "number": on[one.model].number,
            **vars(door.opinion_reasons(account, one.difficulty, one.reasons, one.unknown, language=language())),
        }
        for one in opinions.opinions_of(account, found, on=on)
    ]


def _begun(request: HttpRequest, account: Account, found: Finding, steps: list[Event]) -> dict[str, Drafting]:
    """The drafts of these steps' reasons, by event."""
    forms = {drafts.key("step", found.pk, name): name for name in steps}
    page_of = reverse("finding", args=[found.pk])
    kept = begin_all(request, account, dict.fromkeys(forms, page_of), case_no=found.case_no)
    return {forms[form]: one for form, one in kept.items()}


def _history(account: Account, found: Finding) -> list[dict[str, Any]]:
    """The steps, newest first; what became of the child's case number as a sentence."""
    steps = list(found.history.select_related("by"))
    numbers = {no for one in steps for no in (one.detail.get("from"), one.detail.get("to")) if one.event in HAPPENED}
    told = tellable(account, {str(no) for no in numbers}, own=[found.case_no, *found.numbers]) if numbers else ()
    return [
        {
            "one": one,
            "text": by_the_night(one.event, waits="waiting" in one.detail)
            or happened(one.event, one.detail.get("from", ""), one.detail.get("to", ""), told=told),
        }
        for one in steps
    ]


def _fresh(found: Finding, name: Event) -> dict[str, object]:
    return {"event": name.value, "version": found.version}
