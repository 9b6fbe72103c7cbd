"""What every template may ask of the frame; computed only for people who are signed in, and once a request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mimamori import door
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.web.frame import home, menu, seat


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame`: menu, who, seat, home, the snapshot's day and how fresh its sources are."""
    account = getattr(request, "user", None)
    if not isinstance(account, Account):
        return {"frame": {"home": "/", "path": "/"}}
    return {"frame": SimpleLazyObject(lambda: _frame(request, account))}


def _frame(request: HttpRequest, account: Account) -> dict[str, Any]:
    view = request.resolver_match.view_name if request.resolver_match else ""
    try:
        found = door.source_status()
    except Refused:  # no night published yet: the pages say so themselves
        found = {"as_of": None, "rows": []}
    states = [source["state"] for source in found["rows"]]
    return {
        "menu": menu(account, view),
        "home": home(account),
        "who": account.display_name,
        "seat": seat(account),
        "path": request.get_full_path() if request.method == "GET" else "/",
        "may_search": may(account, Permission.SEARCH_CHILD),
        "may_deliveries": may(account, Permission.SEE_DELIVERIES),
        "as_of": found["as_of"],
        "sources": len(states),
        "fresh": states.count("fresh"),
        "stale": states.count("stale"),
        "missing": states.count("missing"),
        "rows": found["rows"],
    }
