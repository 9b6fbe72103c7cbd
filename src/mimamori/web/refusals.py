"""How a refusal becomes a page: not found, denied, or refused with what, why and what now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from mimamori.access import Denied
from mimamori.door import NotFound
from mimamori.refusal import Refused
from mimamori.support.steps import FindingNotFound


class RefusalPages:
    """Answers a `Refused` that no view caught; by then the request's transaction has been rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, (NotFound, FindingNotFound)):
            return refusal_page(request, gettext("見つかりません"), said(exception), status=404)
        if isinstance(exception, Denied):
            return refusal_page(request, gettext("この操作はできません"), said(exception), status=403)
        return refusal_page(request, gettext("受け付けられませんでした"), said(exception), status=422)


def said(refused: Refused) -> str:
    """The refusal's words in the reader's language."""
    return refused.text(get_language() or "ja")


def refusal_page(request: HttpRequest, title: str, words: str, *, status: int, now: str = "") -> HttpResponse:
    """A page that says what, why and what now; with the frame for people who are signed in."""
    return render(
        request, "error.html", {"heading": title, "words": words, "now": now, "status": status}, status=status
    )
