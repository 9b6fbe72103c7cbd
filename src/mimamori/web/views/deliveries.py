"""データの受領: one row per source system with the newest delivery, and one delivery's quality and quarantine."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mimamori import door
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.door import Delivered
from mimamori.sources import Layout, load_registry
from mimamori.web.days import english
from mimamori.web.frame import language
from mimamori.web.gate import page

BLANKS = 40  # items listed with their share of blanks
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
    }
    return render(request, "deliveries/list.html", context)


@page(permission=Permission.SEE_DELIVERIES)
def delivery(request: HttpRequest, account: Account, source: str, delivery: str) -> HttpResponse:
    """One delivery: counts, the items that are often blank, earlier deliveries; the refused rows for those who may."""
    history = [one for one in door.deliveries(account, language=language()) if one.source == source]
    found = next((one for one in history if one.delivery_id == delivery), None)
    if found is None:
        raise Http404
    layout = load_registry().get(source)
    sees = may(account, Permission.SEE_QUARANTINE)
    quarantined = door.quarantine(account, source, delivery, language=language()) if sees and found.quarantined else []
    blanks = sorted(((share, name) for name, share in found.blanks.items() if share > 0), reverse=True)
    context = {
        "found": found,
        "layout": layout,
        "history": history,
        "sees_quarantine": sees,
        "quarantined": quarantined[:QUARANTINE],
        "quarantined_rest": max(len(quarantined) - QUARANTINE, 0),
        "blanks": [{"item": _item(layout, name), "percent": 100 * share} for share, name in blanks[:BLANKS]],
    }
    return render(request, "deliveries/one.html", context)


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


def _item(layout: Layout, name: str) -> str:
    """`table.item` in words; as it is where the layout of that day had other items."""
    table_name, _, field = name.partition(".")
    try:
        table = layout.table(table_name)
        labels = (table.label, table.item(field).label)
    except StopIteration:
        return name
    return " ・ ".join(label.en if english() else label.ja for label in labels)
