from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from mimamori import audit
from mimamori.audit.report import is_out_of_hours, report

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 25, 9, 0, tzinfo=TOKYO), False),
        (datetime(2026, 11, 25, 6, 59, tzinfo=TOKYO), True),
        (datetime(2026, 11, 25, 22, 0, tzinfo=TOKYO), True),
        (datetime(2026, 11, 23, 10, 0, tzinfo=TOKYO), True),  # 勤労感謝の日, a Monday
        (datetime(2026, 11, 28, 10, 0, tzinfo=TOKYO), True),
    ],
)
def test_night_weekend_and_holiday(at: datetime, expected: bool) -> None:
    assert is_out_of_hours(at) is expected


@pytest.mark.django_db
def test_counts_by_person_and_action(workers: dict[str, Any]) -> None:
    for _ in range(3):
        audit.record("karte.open", by=workers["worker"], case_no="K-1")
    audit.record("search", by=workers["outsider"])
    audit.record("denied", by=workers["outsider"])
    audit.record("sign_in_failed", by=None)
    today = timezone.localdate()
    found = report(today, today)
    assert found.readings == {"worker": {"karte.open": 3}, "outsider": {"search": 1}}
    assert (found.denied, found.failed_sign_ins) == ({"outsider": 1}, 1)
    before = report(date(2020, 1, 1), today - timedelta(days=1))
    assert (before.by_action, before.readings) == ({}, {})
