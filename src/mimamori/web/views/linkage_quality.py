"""名寄せの質: what a night tells of its linkage, and what people said of samples."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mimamori.access.models import Account
from mimamori.privacy.small_cells import SMALL
from mimamori.web.gate import page
from mimamori.web.linkage_quality import PARTS, quality_page


@page()
def quality(request: HttpRequest, account: Account) -> HttpResponse:
    """The door lets in who sees pairs, or statistics."""
    context = {
        "found": quality_page(account),
        "parts": [(word, shape) for word, shape in PARTS.values()],
        "least": SMALL + 1,
    }
    return render(request, "linkage/quality.html", context)
