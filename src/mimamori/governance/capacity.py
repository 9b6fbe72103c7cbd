"""What each ward can work: new findings a month, and children looked at who were not extracted.

The month is the one in which the night runs, as with versions in force (`standing`). A number holds from its month on
until another is set; a ward without one has no limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, Permission, check_may, may, may_see_ward
from mimamori.access.models import Account
from mimamori.governance.models import MOST_FINDINGS, MOST_SAMPLED, Capacity
from mimamori.refusal import Refused
from mimamori.sources import load_registry


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


@transaction.atomic
def set_capacity(
    ward: str, month: date, *, by: Account, findings: int | None, sample: int = 0, note: str = ""
) -> Capacity:
    """From this month on the ward can work so many new findings (None: no limit) and looks at so many sampled children
    a night. Raises `Denied` for another's ward, `Refused` for a month that is over or a number out of range."""
    check_may(by, Permission.SET_CAPACITY)
    if not may_set(by, ward):
        raise Denied(
            "ほかの区の受け持てる数は決められません。",
            "You do not set the capacity of another ward.",
            permission=Permission.SET_CAPACITY,
        )
    if load_registry().municipality.ward_label(ward) is None:
        raise Refused("この番号の区はありません。", "There is no ward of this code.")
    if month_of(month) < month_of(timezone.localdate()):
        raise Refused("終わった月の数は変えられません。", "A month that is over does not change.")
    if not 0 <= (findings or 0) <= MOST_FINDINGS or not 0 <= sample <= MOST_SAMPLED:
        raise Refused(
            f"受け持てる数は 0〜{MOST_FINDINGS:,}、無作為の確認は 0〜{MOST_SAMPLED} で入れてください。",
            f"A capacity is 0 to {MOST_FINDINGS:,}, a sample 0 to {MOST_SAMPLED}.",
        )
    made = Capacity.objects.create(
        ward=ward, month=month_of(month), findings=findings, sample=sample, note=note.strip(), by=by
    )
    told = {"ward": ward, "month": made.month.isoformat()[:7], "findings": findings, "sample": sample}
    audit.record("capacity.set", by=by, detail=told)
    return made


def may_set(account: Account, ward: str) -> bool:
    """Whether the account may set this ward's capacity."""
    return may(account, Permission.SET_CAPACITY) and may_see_ward(account, ward)


def capacities(day: date) -> dict[str, Capacity]:
    """By ward code, what holds in the month of `day`; a ward that never had a number is missing."""
    found: dict[str, Capacity] = {}
    lines = Capacity.objects.select_related("by").filter(month__lte=month_of(day))
    for line in lines.order_by("month", "pk"):
        found[line.ward] = line
    return found


def rooms(day: date) -> Mapping[str, int]:
    """By ward code, how many new findings it works in the month of `day`; a ward without a limit is missing."""
    return {ward: one.findings for ward, one in capacities(day).items() if one.findings is not None}


def sample_sizes(day: date) -> Mapping[str, int]:
    """By ward code, how many children who were not extracted are drawn a night; none where it is 0."""
    return {ward: one.sample for ward, one in capacities(day).items() if one.sample}
