"""The first page, the own page of a role without a menu, and 離席."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from mimamori.access.models import Account
from mimamori.web import frame
from mimamori.web.gate import page


@page()
def home(request: HttpRequest, account: Account) -> HttpResponse:
    return redirect(frame.home(account))


@page()
def own_page(request: HttpRequest, account: Account) -> HttpResponse:
    """Where somebody lands whose role opens no page of the menu."""
    return render(request, "own.html")


@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """離席: sign out at once, so that nobody reads on at an empty desk."""
    logout(request)
    messages.info(request, gettext("席を離れました。もどったら、もう一度サインインしてください。"))
    return redirect("account_login")
