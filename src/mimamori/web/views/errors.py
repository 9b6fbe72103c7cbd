"""Pages for what went wrong: 403, 404, 500, and a form whose session has ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.utils.translation import gettext

from mimamori.web.refusals import refusal_page


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = gettext("このページは、あなたの役割では開けません。")
    return refusal_page(request, gettext("このページは開けません"), words, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = gettext("そのページはないか、あなたの受け持ちの範囲にありません。")
    return refusal_page(request, gettext("見つかりません"), words, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = gettext(
        "画面を開いてから時間がたったため、送った内容を受け付けられませんでした。まだ何も変わっていません。"
    )
    now = gettext("前の画面にもどると、書いたことが残っています。写してから、開き直してください。")
    return refusal_page(request, gettext("画面の期限が切れています"), words, status=403, now=now)


def fault(request: HttpRequest) -> HttpResponse:
    """The last resort: needs no database and no frame."""
    return HttpResponseServerError(loader.render_to_string("500.html"))
