"""The product's server for `benchmarks.karte`, with two things added: what each answer took is told in a header, and
there is a page that shows nothing, for the floor (the session read and written, a line in the trail, no child)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from importlib import import_module
from typing import Any

from benchmarks.karte import HEADER
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone


def _in_service_again() -> None:
    """A home that was kept from another day: its database brought up to date, its people still signed in."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - models exist once Django is set up

    from mimamori.web.database import prepare  # noqa: PLC0415

    prepare()
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mimamori.web.settings")
settings.ROOT_URLCONF = __name__
_inner: Callable[..., Iterable[bytes]] = import_module("mimamori.web.wsgi").application
_in_service_again()


def floor(request: HttpRequest) -> HttpResponse:
    from mimamori import audit  # noqa: PLC0415 - models exist once Django is set up
    from mimamori.access.models import Account  # noqa: PLC0415

    assert isinstance(request.user, Account)
    audit.record("list", by=request.user, detail={"list": "none", "cases": []})
    return HttpResponse("")


urlpatterns = [path("floor/", floor), path("", include("mimamori.web.urls"))]
handler403 = "mimamori.web.views.errors.denied"
handler404 = "mimamori.web.views.errors.not_found"
handler500 = "mimamori.web.views.errors.fault"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The inner application, timed from the request's arrival in a thread until its answer is whole."""
    begun = time.perf_counter()

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        took = f"{(time.perf_counter() - begun) * 1000:.2f}"
        return start_response(status, [*headers, (HEADER, took)], *more)

    return _inner(environ, start)
