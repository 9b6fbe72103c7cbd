"""Every page but the entrance begins here: signed in, of a role that may, by the right method, kept in no cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext

from mimamori.access import Permission, check_may
from mimamori.access.models import Account

Given = ParamSpec("Given")
Page = Callable[Concatenate[HttpRequest, Account, Given], HttpResponse]


def page(
    *methods: str, permission: Permission | None = None
) -> Callable[[Page[Given]], Callable[Concatenate[HttpRequest, Given], HttpResponse]]:
    """A view for people who are signed in; it is given the account. Raises `Denied` where the role may not."""
    allowed = methods or ("GET",)

    def gate(view: Page[Given]) -> Callable[Concatenate[HttpRequest, Given], HttpResponse]:
        @wraps(view)
        def gated(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
            account = request.user
            if not isinstance(account, Account) or not account.is_active:
                return _to_entrance(request)
            if request.method not in {*allowed, "HEAD" if "GET" in allowed else ""}:
                return HttpResponseNotAllowed(allowed)
            if permission is not None:
                check_may(account, permission)
            response = view(request, account, *args, **kwargs)
            response["Cache-Control"] = "no-store"  # a shared terminal keeps no page of a child
            return response

        return gated

    return gate


def _to_entrance(request: HttpRequest) -> HttpResponse:
    """To signing in, and back to the page after it; a form that was sent is told to be lost only where it is."""
    told = gettext("サインアウトされています。別の画面でサインインするまで、下書きは保存されません。")
    if getattr(request, "htmx", False):
        return HttpResponse(told)
    if request.method == "POST":
        messages.warning(request, gettext("時間がたったため、サインアウトしました。送った内容はまだ保存していません。"))
        return redirect(resolve_url(settings.LOGIN_URL))
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?next={quote(request.get_full_path())}")
