"""What the trail says of some days: who read how much, at night and on holidays, refusals, failed sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import jpholiday
from django.db.models import Count
from django.utils import timezone

OFFICE_OPENS, OFFICE_CLOSES = time(7, 0), time(22, 0)
READINGS = ("karte.open", "search", "list")


@dataclass(frozen=True)
class Report:
    """Counts from `first` to `last`, both included; people by user name."""

    first: date
    last: date
    by_action: dict[str, int]
    readings: dict[str, dict[str, int]]  # user name → action → count
    out_of_hours: dict[str, int]  # user name → readings at night, at weekends and on holidays
    denied: dict[str, int]
    failed_sign_ins: int

    def as_json(self) -> dict[str, Any]:
        return {**vars(self)}


def report(first: date, last: date) -> Report:
    """Read the trail from `first` to `last`, days of the city's time zone."""
    from mimamori.audit.models import Event  # noqa: PLC0415 - models exist once Django is set up

    zone = timezone.get_default_timezone()
    since = datetime.combine(first, time.min, zone)
    until = datetime.combine(last + timedelta(days=1), time.min, zone)
    events = Event.objects.filter(at__gte=since, at__lt=until)
    by_action = {row["action"]: row["n"] for row in events.order_by().values("action").annotate(n=Count("pk"))}
    readings: dict[str, dict[str, int]] = {}
    reads = events.filter(action__in=READINGS)
    for row in reads.order_by().values("actor", "action").annotate(n=Count("pk")):
        readings.setdefault(row["actor"], {})[row["action"]] = row["n"]
    out_of_hours: dict[str, int] = {}
    for actor, at in reads.values_list("actor", "at").iterator(chunk_size=5000):
        if is_out_of_hours(timezone.localtime(at, zone)):
            out_of_hours[actor] = out_of_hours.get(actor, 0) + 1
    refused = events.filter(action="denied").order_by().values("actor").annotate(n=Count("pk"))
    return Report(
        first=first,
        last=last,
        by_action=by_action,
        readings=readings,
        out_of_hours=out_of_hours,
        denied={row["actor"]: row["n"] for row in refused},
        failed_sign_ins=by_action.get("sign_in_failed", 0),
    )


def is_out_of_hours(at: datetime) -> bool:
    """Night, weekend or holiday."""
    return at.weekday() >= 5 or jpholiday.is_holiday(at.date()) or not OFFICE_OPENS <= at.time() < OFFICE_CLOSES
