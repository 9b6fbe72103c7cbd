"""統計: how many children, how far the findings have come, how fresh the data are; small cells are closed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mimamori import audit, exchange
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.privacy.small_cells import SMALL
from mimamori.refusal import Refused
from mimamori.web import statistics as tables
from mimamori.web.gate import page
from mimamori.web.missed import missed_shown
from mimamori.web.words import STAGE_WORDS


@page(permission=Permission.SEE_STATISTICS)
def statistics(request: HttpRequest, account: Account) -> HttpResponse:
    context = {
        "found": tables.statistics(account),
        "missed": missed_shown(account),
        "stages": STAGE_WORDS.values(),
        "least": SMALL + 1,
    }
    return render(request, "statistics.html", context)


@page(permission=Permission.SEE_STATISTICS)
def export(request: HttpRequest, account: Account) -> HttpResponse:
    """The page's tables as a file; who took it stands in the trail once the file is made, before it is sent."""
    found = tables.statistics(account)
    if found is None:
        raise Refused("まだ公開された版がないので、書き出せません。", "Nothing has been published yet to export.")
    rows = list(tables.rows_of(found))
    response = HttpResponse(exchange.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statistics-{found.as_of:%Y%m%d}.csv"'
    detail = {"snapshot": found.snapshot, "as_of": found.as_of, "rows": len(rows) - 1}
    audit.record("statistics.export", by=account, detail=detail)
    return response
