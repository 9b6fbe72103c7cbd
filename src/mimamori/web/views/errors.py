"""Pages for what went wrong: 403, 404, 500, and a form whose page expired."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext

from mimamori.web.drafting import rescue
from mimamori.web.refusals import refusal_page


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = gettext("このページは、あなたの役割では開けません。")
    return refusal_page(request, gettext("このページは開けません"), words, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = gettext("そのページはないか、あなたの受け持ちの範囲にありません。")
    return refusal_page(request, gettext("見つかりません"), words, status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is too old, or whose reader signed in anew: what it held is kept as a draft where it can be."""
    kept = rescue(request)
    return render(request, "403_csrf.html", {"page": kept.page if kept else ""}, status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """The last resort: needs no database and no frame."""
    return HttpResponseServerError(loader.render_to_string("500.html"))
