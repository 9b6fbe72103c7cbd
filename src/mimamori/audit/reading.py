"""Reading the trail: for auditors. Looking at the trail is written into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mimamori.audit.models import Event
from mimamori.audit.trail import Actor, record

PAGE = 100


@dataclass(frozen=True)
class Page:
    """One page of the trail, the newest first."""

    events: tuple[Event, ...]
    total: int
    number: int
    pages: int


@transaction.atomic
def page_of(
    *,
    by: Actor,
    number: int = 1,
    actor: str = "",
    action: str = "",
    case_no: str = "",
    first: date | None = None,
    last: date | None = None,
) -> Page:
    """One page, filtered. Who may ask is the caller's to check (`access`), as this room knows no roles."""
    events = Event.objects.order_by("-number")
    wanted: dict[str, Any] = {"actor": actor, "action": action, "case_no": case_no}
    events = events.filter(**{name: value for name, value in wanted.items() if value})
    zone = timezone.get_default_timezone()
    if first:
        events = events.filter(at__gte=datetime.combine(first, time.min, zone))
    if last:
        events = events.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    total = events.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    found = tuple(events[(number - 1) * PAGE : number * PAGE])
    record("trail.see", by=by, case_no=case_no or None, detail={"actor": actor, "action": action, "page": number})
    return Page(found, total, number, pages)
