"""Searching a child. The term stands in no address: this process keeps it for a few minutes under a random token."""

from __future__ import annotations

import secrets

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

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
        hits = door.search(account, term, language=language())
    except Refused as refused:
        return render(request, "search.html", {"term": term, "told": said(refused)}, status=422)
    shown = [{"hit": hit, "age": days.age(hit.birth_date), "place": place_of(hit.school, hit.grade)} for hit in hits]
    return render(request, "search.html", {"term": term, "hits": shown, "searched": True})
