"""Every page but the entrance begins here: signed in, of a role that may, by the right method, kept in no cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext

from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.web.drafting import rescue, ticket_of
from mimamori.web.refusals import refusal_page

Given = ParamSpec("Given")
# A page that is only read writes nothing but its lines in the trail, each a transaction of its own before the page is
# sent: a transaction around the page would hold the trail's end, and on SQLite the database, while it is being made.
READING = ("GET", "HEAD")
Page = Callable[Concatenate[HttpRequest, Account, Given], HttpResponse]


def page(
    *methods: str, permission: Permission | None = None, reads: bool = False
) -> Callable[[Page[Given]], Callable[Concatenate[HttpRequest, Given], HttpResponse]]:
    """A view for people who are signed in; it is given the account. `reads`: it only reads, also what is sent to it.
    Raises `Denied` where the role may not."""
    allowed = methods or ("GET",)

    def gate(view: Page[Given]) -> Callable[Concatenate[HttpRequest, Given], HttpResponse]:
        def answer(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
            account = request.user
            if not isinstance(account, Account) or not account.is_active:
                return to_entrance(request)
            if request.method not in {*allowed, "HEAD" if "GET" in allowed else ""}:
                return HttpResponseNotAllowed(allowed)
            if request.method == "POST" and (sent := ticket_of(request)) and sent.account != account.pk:
                return _anothers(request)
            if permission is not None:
                check_may(account, permission)
            response = view(request, account, *args, **kwargs)
            response["Cache-Control"] = "no-store"  # a shared terminal keeps no page of a child
            return response

        @transaction.non_atomic_requests
        @wraps(view)
        def gated(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
            if reads or request.method in READING:
                return answer(request, *args, **kwargs)
            with transaction.atomic():
                return answer(request, *args, **kwargs)

        return gated

    return gate


def to_entrance(request: HttpRequest) -> HttpResponse:
    """To signing in, and back to the page after it. A form that was sent is kept as its writer's draft where it carries
    a ticket; else it is told to be lost."""
    if request.method == "POST" and "HX-Request" in request.headers:
        return HttpResponse(status=204)  # a part of a page that is being typed in: it stays, `drafts.js` says so
    if request.method == "POST" and (kept := rescue(request)):
        told = gettext("時間がたったため、サインアウトしました。書いたことは下書きに残してあります。")
        messages.warning(request, told + gettext("サインインすると、つづきを書けます。"))
        return _sign_in(kept.page)
    if request.method == "POST":
        messages.warning(request, gettext("時間がたったため、サインアウトしました。送った内容はまだ保存していません。"))
        return redirect(resolve_url(settings.LOGIN_URL))
    return _sign_in(request.get_full_path())


def _sign_in(then: str) -> HttpResponse:
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?next={quote(then)}")


def _anothers(request: HttpRequest) -> HttpResponse:
    """The form was opened by somebody else who sat here before: it is not recorded under the wrong name."""
    kept = rescue(request) is not None
    words = gettext("この画面を開いた人と、いまサインインしている人がちがいます。何も記録していません。")
    now = gettext("書いたことは、開いた人の下書きに残してあります。") if kept else ""
    return refusal_page(request, gettext("受け付けられませんでした"), words, status=409, now=now)
