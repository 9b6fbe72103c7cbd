"""過去のデータによる検証: how a version's list of an earlier day stood against what came later."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mimamori import backtesting, governance
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.governance.life import State
from mimamori.governance.models import ConditionVersion, Proof
from mimamori.privacy.small_cells import SMALL
from mimamori.refusal import Refused
from mimamori.web.backtest_table import backtest_page
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said


@page(permission=Permission.SEE_STATISTICS)
def backtest(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The figures of the last back-test of a version, small counts closed."""
    found = _found(pk)
    proof = governance.proofs_of(found).get(Proof.Kind.BACKTEST)
    context = {
        "version": found,
        "proof": proof,
        "found": backtest_page(proof.summary) if proof else None,
        "older": proof is not None and proof.code != governance.code_version(),
        "may_try": may(account, Permission.WRITE_CONDITIONS) and found.state not in {State.DRAFT, State.WITHDRAWN},
        "least": SMALL + 1,
    }
    return render(request, "conditions/backtest.html", context)


@page("POST", permission=Permission.WRITE_CONDITIONS)
def try_backtest(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Put this version before the past, and keep how it stood. Takes seconds; a day of which nothing is kept is made
    again from the command line alone, for it takes as long as a night."""
    try:
        (found,) = backtesting.try_backtest(settings.CONFIG, [_found(pk)], by=account)
    except Refused as refused:
        messages.warning(request, said(refused))
        return redirect("condition_set", pk)
    messages.success(request, found.sentence().text(language()))
    return redirect("condition_backtest" if may(account, Permission.SEE_STATISTICS) else "condition_set", pk)


def _found(pk: int) -> ConditionVersion:
    found = ConditionVersion.objects.filter(pk=pk).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    return found
