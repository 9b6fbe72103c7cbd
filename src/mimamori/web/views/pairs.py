"""名寄せの確認: one pair, one question, equal answers."""

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
from mimamori.review.decisions import decide
from mimamori.review.pairs import open_pairs, pair_of
from mimamori.web.comparison import compare
from mimamori.web.forms import PairForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said

QUEUE = 200


@page(permission=Permission.SEE_PAIRS)
def pairs(request: HttpRequest, account: Account) -> HttpResponse:
    return render(request, "pairs/list.html", {"pairs": open_pairs(account, QUEUE), "most": QUEUE})


@page("GET", "POST", permission=Permission.SEE_PAIRS)
def pair(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    found = pair_of(account, pk)
    if request.method == "POST":
        form = PairForm(request.POST)
        try:
            if not form.is_valid():
                raise Refused("同じ人か、ちがう人かをえらんでください。", "Choose whether they are one person or two.")
            decide(found, same=form.said(), by=account, reason=form.cleaned_data["reason"])
        except Refused as refused:
            messages.error(request, said(refused))
            return redirect("pair", pk)
        messages.success(request, gettext("判断を記録しました。次の夜間処理から使われます。"))
        following = open_pairs(account, 1)
        return redirect("pair", following[0].pk) if following else redirect("pairs")
    left, right = door.open_pair(account, found.left_ref, found.right_ref, language=language())
    queue = [one.pk for one in open_pairs(account, QUEUE)]
    at = queue.index(found.pk) if found.pk in queue else -1
    context: dict[str, Any] = {
        "pair": found,
        "left": left,
        "right": right,
        "lines": compare(left, right),
        "at": at + 1,
        "of": len(queue),
        "before": queue[at - 1] if at > 0 else None,
        "after": queue[at + 1] if 0 <= at < len(queue) - 1 else None,
        "may_decide": may(account, Permission.DECIDE_PAIR) and found.open,
    }
    return render(request, "pairs/pair.html", context)
