"""データの受領: one row per source system with the newest delivery, and one delivery's quality and quarantine."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from mimamori import door
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.door import Delivered, TableReport
from mimamori.refusal import Refused
from mimamori.sources import Layout, load_registry
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.pictures.filled import sparkline
from mimamori.web.words import DATE_STATES, PERSON_ROLES

QUARANTINE = 500


@page(permission=Permission.SEE_DELIVERIES)
def deliveries(request: HttpRequest, account: Account) -> HttpResponse:
    found = door.deliveries(account, language=language())
    by_source: dict[str, list[Delivered]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    day = (published.as_of if (published := door.published()) else None) or timezone.localdate()
    rows = [_row(layout, by_source.get(layout.name, []), day) for layout in load_registry()]
    rows = [row for row in rows if row["newest"] or not row["optional"]]
    context = {
        "rows": rows,
        "fresh": sum(row["state"] == "fresh" for row in rows),
        "stale": sum(row["state"] == "stale" for row in rows),
        "missing": sum(row["state"] == "missing" for row in rows),
        "quarantined": sum(row["newest"].quarantined for row in rows if row["newest"]),
        "day": day,
        "may_receive": may(account, Permission.RECEIVE_DELIVERIES),
    }
    return render(request, "deliveries/list.html", context)


@page(permission=Permission.SEE_DELIVERIES)
def delivery(request: HttpRequest, account: Account, source: str, delivery: str) -> HttpResponse:
    """One delivery: counts and items by table, earlier deliveries; the refused rows for those who may see them."""
    history = [one for one in door.deliveries(account, language=language()) if one.source == source]
    found = next((one for one in history if one.delivery_id == delivery), None)
    if found is None:
        raise Http404
    tables = [_table(table) for table in door.delivery_quality(account, source, delivery, language=language())]
    sees = may(account, Permission.SEE_QUARANTINE)
    quarantined = door.quarantine(account, source, delivery, language=language()) if sees and found.quarantined else []
    context = {
        "found": found,
        "layout": load_registry().get(source),
        "history": history,
        "tables": tables,
        "fallen": sum(table["report"].fallen for table in tables),
        "sees_quarantine": sees,
        "quarantined": quarantined[:QUARANTINE],
        "quarantined_rest": max(len(quarantined) - QUARANTINE, 0),
    }
    return render(request, "deliveries/one.html", context)


@page(permission=Permission.SEE_DELIVERIES)
def report(request: HttpRequest, account: Account, source: str, delivery: str) -> HttpResponse:
    """The quality of one delivery as JSON, to hand to the department that owns the source."""
    try:
        told = door.delivery_report(account, source, delivery)
    except Refused:
        raise Http404 from None
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{source}.{told["delivery"]}.json"'
    return response


def _table(found: TableReport) -> dict[str, Any]:
    """A table's items with their pictures, those first that fell or hold unknown codes."""
    items = sorted(found.items, key=lambda item: (not item.fell, not item.codes_unknown))
    return {
        "report": found,
        "items": [
            {
                "one": item,
                "percent": 100 * item.now,
                "usual": None if item.usual is None else 100 * item.usual,
                "down": 100 * ((item.usual or 0) - item.now),
                "spark": sparkline(found.days, item.filled, usual=item.usual, fell=item.fell),
                "dates": [(DATE_STATES.get(state, state), rows) for state, rows in item.dates.items()],
                "months": [None if share is None else 100 * share for share in item.filled],
            }
            for item in items
        ],
        "keys": [(PERSON_ROLES.get(keys.role, keys.role), keys) for keys in found.keys],
    }


def _row(layout: Layout, found: list[Delivered], day: date) -> dict[str, Any]:
    newest = found[0] if found else None
    before = found[1] if len(found) > 1 else None
    age = (day - newest.as_of).days if newest else None
    state = "missing" if age is None else "stale" if age > layout.freshness_days else "fresh"
    return {
        "layout": layout,
        "number": layout.number,
        "optional": layout.optional,
        "newest": newest,
        "age": max(age, 0) if age is not None else None,
        "promised": layout.freshness_days,
        "state": state,
        "change": newest.stored - before.stored if newest and before else None,
        "count": len(found),
    }
