"""Searching a child. The term stands in no address: this process keeps it for a few minutes under a random token."""

from __future__ import annotations

import secrets

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori import door
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.web import days
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.rows import place_of

KEPT = 15 * 60  # seconds in which one may come back to the result
LONGEST = 100
SHOWN = 50
MATCHED: dict[str, Promise] = {
    "case_no": gettext_lazy("ケース番号"),
    "name": gettext_lazy("氏名"),
    "former_name": gettext_lazy("旧氏"),
    "alias": gettext_lazy("通称"),
    "roman": gettext_lazy("ローマ字"),
    "reading": gettext_lazy("よみ"),
    "other_name": gettext_lazy("前の名前・別の記録の名前"),
    "near": gettext_lazy("近い名前"),
    "birth_date": gettext_lazy("生年月日"),
    "school": gettext_lazy("学校"),
    "class": gettext_lazy("学年・組"),
    "address": gettext_lazy("住所"),
}


@page("GET", "POST", permission=Permission.SEARCH_CHILD)
def search(request: HttpRequest, account: Account) -> HttpResponse:
    """The form; a term that is sent leads to its result's page, so that going back sends nothing twice."""
    if request.method != "POST":
        return render(request, "search.html", {"term": ""})
    token = secrets.token_urlsafe(12)
    cache.set(f"search:{token}", (account.pk, request.POST.get("term", "")[:LONGEST]), KEPT)
    return redirect("found", token)


@page(permission=Permission.SEARCH_CHILD)
def found(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    """The result; every time it is shown it is searched, and logged, anew."""
    owner, term = cache.get(f"search:{token}", (None, ""))
    if owner != account.pk:
        told = gettext("検索の結果は15分で消えます。もう一度探してください。")
        return render(request, "search.html", {"term": "", "told": told})
    try:
        hits = door.search(account, term, language=language(), limit=SHOWN)
    except Refused as refused:
        return render(request, "search.html", {"term": term, "told": said(refused)}, status=422)
    shown = [
        {
            "hit": hit,
            "age": days.age(hit.birth_date),
            "place": place_of(hit.school, hit.grade),
            "matched": [MATCHED[kind] for kind in hit.matched],
        }
        for hit in hits
    ]
    context = {
        "term": term,
        "hits": shown,
        "searched": True,
        "near": any(hit.near for hit in hits),
        "most": SHOWN if len(hits) == SHOWN else 0,
    }
    return render(request, "search.html", context)
