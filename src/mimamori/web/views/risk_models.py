"""統計モデル: what was proved of each difficulty's models, which is on, and each model's card with its life."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mimamori import audit, governance
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.governance.model_life import MODEL_STATE_LABELS, ModelState
from mimamori.governance.models import ModelVersion
from mimamori.privacy.small_cells import Cell, close_line
from mimamori.refusal import Refused
from mimamori.screening.indicators import DIFFICULTIES
from mimamori.screening.models.evaluation import Evaluation
from mimamori.support.opinions import answers_to
from mimamori.web import model_life
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.life import word
from mimamori.web.model_card import card_pdf, told_card
from mimamori.web.model_curves import curves_of
from mimamori.web.model_life import ModelActForm
from mimamori.web.pdf import pdf_answer
from mimamori.web.refusals import said


@page(permission=Permission.SEE_CONDITIONS)
def models(request: HttpRequest, account: Account) -> HttpResponse:
    """One difficulty's models, the others in tabs."""
    asked = request.GET.get("difficulty", "")
    name = asked if asked in DIFFICULTIES else DIFFICULTIES[0]
    every = list(ModelVersion.objects.select_related("made_by", "approved_by").defer("content"))
    waiting = [one for one in every if one.state == ModelState.REVIEW]
    rows: list[dict[str, Any]] = [
        {
            "one": one,
            "state": word(MODEL_STATE_LABELS[ModelState(one.state)]),
            "reason": Evaluation.model_validate(one.evaluation).choice.reason,
        }
        for one in every
        if one.difficulty == name
    ]
    context = {
        "name": name,
        "tabs": [{"name": one, "waiting": sum(each.difficulty == one for each in waiting)} for one in DIFFICULTIES],
        "rows": rows,
        "on": next((row for row in rows if row["one"].state == ModelState.ON), None),
    }
    return render(request, "models/page.html", context)


@page("GET", "POST", permission=Permission.SEE_CONDITIONS)
def model(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """One model whole: its curves, its card, its life; what its state and the account's role allow is done here."""
    found = _found(pk)
    if request.method != "POST":
        return _page(request, account, found)
    offered = governance.open_model_acts(account, found)
    act = next((one for one in offered if one.row.act == request.POST.get("act", "")), None)
    if act is None:
        raise Refused(
            "いまはこの操作ができません。画面を読み直してください。", "This cannot be done now: reload the page."
        )
    form = ModelActForm(request.POST, opened=act)
    if not form.is_valid():
        return _page(request, account, found, tried=form, status=422)
    kept = model_life.begun(request, account, found, offered)[act.row.act]
    try:
        told = model_life.do(found, form, by=account)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _page(request, account, _found(pk), tried=form, status=422)
    kept.done()
    messages.success(request, told)
    return redirect("model", pk)


@page(permission=Permission.SEE_CONDITIONS)
def card(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The model card as PDF, in the reader's language."""
    found = _found(pk)
    content = card_pdf(found, language())
    audit.record("model.print", by=account, detail={"difficulty": found.difficulty, "number": found.number})
    return pdf_answer(content, f"model-card-{found.difficulty}-{found.number}")


def _answers(version: ModelVersion) -> dict[str, Cell]:
    """What people found of the children whom it added, small counts closed; empty where it added nobody yet."""
    answers = answers_to(version.pk)
    if not answers.added:
        return {}
    agreed, others, waiting, added = close_line(
        [answers.agreed, answers.judged - answers.agreed, answers.added - answers.judged]
    )
    return {"agreed": agreed, "others": others, "waiting": waiting, "added": added}


def _found(pk: int) -> ModelVersion:
    found = ModelVersion.objects.select_related("made_by", "approved_by").filter(pk=pk).first()
    if found is None:
        raise Refused("このモデルはありません。", "There is no such model.")
    return found


def _page(
    request: HttpRequest, account: Account, found: ModelVersion, *, tried: ModelActForm | None = None, status: int = 200
) -> HttpResponse:
    offered = governance.open_model_acts(account, found)
    kept = model_life.begun(request, account, found, offered)
    evaluation = Evaluation.model_validate(found.evaluation)
    context = {
        "version": found,
        "told": told_card(found, language()),
        "curves": curves_of(evaluation),
        "evaluation": evaluation,
        "answers": _answers(found),
        "acts": model_life.shown_acts(offered, kept, request.POST if tried else None, tried),
    }
    return render(request, "models/one.html", context, status=status)
