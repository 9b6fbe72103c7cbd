"""What the trail needs from each request: the terminal, and refusals that outlive the request's rollback."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from mimamori import audit
from mimamori.access.models import Account
from mimamori.access.rights import Denied

AWAKE = 60  # seconds for which a session that was prolonged is not written again: a page less often waits for a write


class Awake:
    """Prolongs the session of who is at work: half an hour counts from the last request, less `AWAKE` at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        now = int(time.time())
        if not request.session.is_empty() and not 0 <= now - request.session.get("awake", 0) < AWAKE:
            request.session["awake"] = now
        return response


class Terminal:
    """Tells the trail which terminal the request comes from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.at_terminal(str(request.META.get("REMOTE_ADDR", ""))):
            return self.get_response(request)


class DenialTrail:
    """Writes a denial into the trail. The request's own transaction is rolled back by then, so this one is separate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not isinstance(exception, Denied):
            return
        by = request.user if isinstance(request.user, Account) else None
        page = request.resolver_match.view_name if request.resolver_match else ""
        with transaction.atomic():
            audit.record(
                "denied",
                by=by,
                case_no=exception.case_no,
                detail={"permission": str(exception.permission), "page": page},
            )
