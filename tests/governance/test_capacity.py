"""What a ward can work, month by month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.governance import capacity
from mimamori.governance.models import Capacity
from mimamori.refusal import Refused

pytestmark = pytest.mark.django_db
MINAMI, HIGASHI = "40134", "40131"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 26, 12, tzinfo=ZoneInfo("Asia/Tokyo")))


def test_a_number_holds_until_another_month_is_set(workers: dict[str, Any]) -> None:
    by = workers["supervisor"]
    capacity.set_capacity(MINAMI, date(2026, 11, 15), by=by, findings=30, sample=3)
    capacity.set_capacity(MINAMI, date(2027, 1, 1), by=by, findings=None)
    assert capacity.rooms(date(2026, 10, 31)) == {}
    assert capacity.rooms(date(2026, 11, 1)) == capacity.rooms(date(2026, 12, 31)) == {MINAMI: 30}
    assert capacity.rooms(date(2027, 1, 1)) == {}, "no limit from then on"
    assert (capacity.sample_sizes(date(2026, 12, 1)), capacity.sample_sizes(date(2027, 1, 1))) == ({MINAMI: 3}, {})


def test_the_last_word_on_a_month_counts_and_the_first_stays_told(workers: dict[str, Any]) -> None:
    for number in (30, 0):
        capacity.set_capacity(MINAMI, date(2026, 11, 1), by=workers["coordinator"], findings=number)
    assert capacity.rooms(date(2026, 11, 26)) == {MINAMI: 0}
    assert [(one.findings, one.by) for one in Capacity.objects.all()] == [
        (30, workers["coordinator"]), (0, workers["coordinator"]),
    ]  # fmt: skip
    assert Event.objects.filter(action="capacity.set").count() == 2


@pytest.mark.parametrize("who", ["worker", "centre_supervisor", "manager", "auditor", "analyst"])
def test_only_who_may(workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        capacity.set_capacity(MINAMI, date(2026, 11, 1), by=workers[who], findings=1)


def test_a_ward_supervisor_sets_the_own_ward_alone(workers: dict[str, Any]) -> None:
    with pytest.raises(Denied, match="another ward"):
        capacity.set_capacity(HIGASHI, date(2026, 11, 1), by=workers["supervisor"], findings=1)
    assert capacity.set_capacity(HIGASHI, date(2026, 11, 1), by=workers["coordinator"], findings=1).findings == 1


@pytest.mark.parametrize(
    "change",
    [{"ward": "99999"}, {"month": date(2026, 10, 31)}, {"findings": -1}, {"findings": 10_000}, {"sample": 100},
     {"sample": -1}],
)  # fmt: skip
def test_what_cannot_be_is_refused(workers: dict[str, Any], change: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"ward": MINAMI, "month": date(2026, 11, 1), "findings": 5, "sample": 0, **change}
    with pytest.raises(Refused):
        capacity.set_capacity(asked.pop("ward"), asked.pop("month"), by=workers["coordinator"], **asked)
    assert not Capacity.objects.exists()


@pytest.mark.parametrize("wrong", [{"findings": 10_000}, {"sample": 100}])
def test_the_database_refuses_it_too(workers: dict[str, Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Capacity.objects.create(ward=MINAMI, month=date(2026, 11, 1), by=workers["coordinator"], **wrong)


def test_what_was_set_stays(workers: dict[str, Any]) -> None:
    made = capacity.set_capacity(MINAMI, date(2026, 11, 1), by=workers["coordinator"], findings=5)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Capacity.objects.filter(pk=made.pk).update(findings=6)
