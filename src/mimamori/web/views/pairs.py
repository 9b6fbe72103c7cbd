"""名寄せの確認: one pair, one question, equal answers; a second person where one is needed; taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from mimamori import door
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.review.decisions import decide, standing_of
from mimamori.review.decisions import undo as take_back
from mimamori.review.models import Pair
from mimamori.review.pairs import last_said, open_pairs, pair_of, progress, waiting_pairs
from mimamori.review.standing import Standing, State
from mimamori.web.comparison import compare, ties
from mimamori.web.drafting import begin, sent
from mimamori.web.forms import PairForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.pair_words import steps, thresholds
from mimamori.web.pictures import waterfall
from mimamori.web.refusals import said

QUEUE = 200


@page(permission=Permission.SEE_PAIRS)
def pairs(request: HttpRequest, account: Account) -> HttpResponse:
    context = {
        "pairs": open_pairs(account, QUEUE),
        "waiting": waiting_pairs(account),
        "progress": progress(account),
        "most": QUEUE,
    }
    return render(request, "pairs/list.html", context)


@page("GET", "POST", permission=Permission.SEE_PAIRS)
def pair(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    found = pair_of(account, pk)
    queue = [one.pk for one in open_pairs(account, QUEUE)]
    at = queue.index(found.pk) if found.pk in queue else -1
    after = queue[at + 1] if 0 <= at < len(queue) - 1 else None
    if request.method == "POST":
        return _decide(request, account, found, after)
    left, right = door.open_pair(account, found.left_ref, found.right_ref, language=language())
    evidence = door.waterfall(found.why, found.weight)
    context: dict[str, Any] = {
        "pair": found,
        "left": left,
        "right": right,
        "as_one": left.header is not None and right.header is not None and left.header.case_no == right.header.case_no,
        "lines": compare(left, right),
        "ties": ties(left, right),
        "at": at + 1,
        "of": len(queue),
        "before": queue[at - 1] if at > 0 else None,
        "after": after,
        "progress": progress(account),
        "steps": steps(evidence) if evidence else [],
        "thresholds": thresholds(evidence) if evidence else "",
        "waterfall": waterfall.picture(evidence) if evidence else "",
        "kept": begin(request, account, "pair", found.pk),
        **_turn(account, found, standing_of(found)),
    }
    return render(request, "pairs/pair.html", context)


@page("POST", permission=Permission.SEE_PAIRS)
def undo(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Take back what was said of a pair; it opens again."""
    found = pair_of(account, pk)
    kept = sent(request, account)
    try:
        take_back(found, by=account, reason=request.POST.get("reason", "")[:1000])
    except Refused as refused:
        if kept:
            kept.hold(request.POST)
        messages.error(request, said(refused))
        return redirect("pair", pk)
    if kept:
        kept.done()
    found.refresh_from_db()
    messages.success(
        request,
        gettext("取り消しを求めました。もう1人が同意するまで、判断は変わりません。")
        if found.state == State.UNDOING
        else gettext("判断を取り消しました。この組は、もう一度決められます。"),
    )
    return redirect("pair", pk)


def _decide(request: HttpRequest, account: Account, found: Pair, after: int | None) -> HttpResponse:
    form = PairForm(request.POST)
    kept = begin(request, account, "pair", found.pk)
    try:
        if not form.is_valid():
            raise Refused("同じ人か、ちがう人かをえらんでください。", "Choose whether they are one person or two.")
        decide(found, same=form.said(), by=account, reason=form.cleaned_data["reason"])
    except Refused as refused:
        kept.hold(request.POST)
        messages.error(request, said(refused))
        return redirect("pair", found.pk)
    kept.done()
    found.refresh_from_db()
    told = {
        State.SECOND: gettext("判断を記録しました。もう1人が同じ判断をするまで使われません。"),
        State.DISPUTED: gettext("判断を記録しました。2人の判断がちがうため、3人目が両方の理由を見て決めます。"),
    }
    messages.success(request, told.get(State(found.state), gettext("判断を記録しました。次の夜間処理から使われます。")))
    following = after if after is not None else next((one.pk for one in open_pairs(account, 1)), None)
    return redirect("pair", following) if following else redirect("pairs")


def _turn(account: Account, found: Pair, now: Standing) -> dict[str, Any]:
    """Whose turn it is, and what may be read of what others said: a second person judges without the first's word."""
    own = now.of(account.pk)
    asked = now.undoing is not None and now.undoing.by == account.pk
    permission = Permission.SETTLE_PAIR if now.state is State.DISPUTED else Permission.DECIDE_PAIR
    waits = now.state in {State.OPEN, State.SECOND, State.DISPUTED}
    undoes = found if now.words and (now.same is not None or own is not None) and not asked else last_said(account)
    return {
        "state": now.state.value,
        "held": now.same,
        "own": own,
        "words": now.words if now.state is not State.SECOND or own is not None else (),
        "undoing": now.undoing,
        "two": found.needs_second or now.takes > 1,
        "may_decide": waits and found.open and own is None and may(account, permission),
        "may_keep": now.state is State.UNDOING and not asked and may(account, Permission.DECIDE_PAIR),
        "undoes": undoes,
    }
