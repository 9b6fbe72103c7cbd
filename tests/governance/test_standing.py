"""Which version is in force on which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.approving import approved, in_review

from mimamori import governance
from mimamori.access import Denied
from mimamori.governance.models import Enforcement
from mimamori.refusal import Refused
from mimamori.screening import first_sets

pytestmark = pytest.mark.django_db
FIRST = first_sets()[0]
DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """People act on `DAY`, or on the day that a test sets."""
    now = {"day": DAY}
    moment = lambda: datetime(*now["day"].timetuple()[:3], 12, tzinfo=ZoneInfo("Asia/Tokyo"))  # noqa: E731
    monkeypatch.setattr(timezone, "now", moment)
    yield now


def day(after: int) -> date:
    return DAY + timedelta(days=after)


def numbers(after: int) -> list[int]:
    return [version.number for version in governance.in_force(day(after))]


def test_a_version_comes_into_force_on_its_day(workers: dict[str, Any]) -> None:
    approved(FIRST, workers)
    governance.approve(in_review(FIRST, workers), by=workers["manager"], in_force_from=day(10))
    assert (numbers(-1), numbers(0), numbers(9), numbers(10), numbers(99)) == ([], [1], [1], [2], [2])
    (coming,) = governance.standings(day(3))[FIRST.difficulty].coming
    assert (coming.version.number, coming.in_force_from) == (2, day(10))


def test_nothing_comes_into_force_in_the_past(workers: dict[str, Any]) -> None:
    version = in_review(FIRST, workers)
    with pytest.raises(Refused):
        governance.approve(version, by=workers["manager"], in_force_from=day(-1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Enforcement.objects.create(
            version=version, kind="approved", in_force_from=day(-1), recorded_on=day(0), by=workers["manager"]
        )


def test_going_back_is_an_act_that_leaves_the_past_as_it_was(workers: dict[str, Any], clock: Any) -> None:
    first = approved(FIRST, workers)
    clock["day"] = day(5)
    second = approved(FIRST, workers)
    clock["day"] = day(8)
    back = governance.roll_back(first, by=workers["manager"], reason="広く出すぎた")
    assert (numbers(4), numbers(7), numbers(8)) == ([1], [2], [1])
    line = back.enforcements.last()
    assert line is not None
    assert (line.kind, line.reason, line.by, line.in_force_from) == (
        "rolled_back", "広く出すぎた", workers["manager"], day(8),
    )  # fmt: skip
    with pytest.raises(Refused, match="already"):
        governance.roll_back(first, by=workers["manager"], reason="もう一度")
    governance.roll_back(second, by=workers["manager"], reason="やはり")
    assert numbers(8) == [2]


def test_going_back_to_ones_own_is_for_another(workers: dict[str, Any]) -> None:
    first = approved(FIRST, workers)
    approved(FIRST, workers)
    writer = workers["coordinator"]
    writer.role = "manager"
    writer.save()
    with pytest.raises(Denied, match="own"):
        governance.roll_back(first, by=writer, reason="x")


def test_retired_means_that_nothing_is_run_in_its_place(workers: dict[str, Any], clock: Any) -> None:
    approved(FIRST, workers)
    second = approved(FIRST, workers)
    clock["day"] = day(3)
    governance.retire(second, by=workers["manager"], reason="指標が変わった")
    assert (numbers(2), numbers(3)) == ([2], [])
    governance.roll_back(second, by=workers["manager"], reason="直した")
    assert numbers(3) == [2]


def test_what_was_to_come_is_called_off(workers: dict[str, Any], clock: Any) -> None:
    first = approved(FIRST, workers)
    coming = governance.approve(in_review(FIRST, workers), by=workers["manager"], in_force_from=day(10))
    clock["day"] = day(4)
    governance.retire(coming, by=workers["manager"], reason="見直す")
    assert (numbers(4), numbers(20)) == ([1], [1])
    assert governance.standings(day(4))[FIRST.difficulty].coming == ()
    with pytest.raises(Refused, match="never was"):
        governance.roll_back(coming, by=workers["manager"], reason="やはり")
    assert first.pk == governance.in_force(day(20))[0].pk


def test_a_version_that_another_replaced_cannot_be_retired(workers: dict[str, Any]) -> None:
    first = approved(FIRST, workers)
    approved(FIRST, workers)
    with pytest.raises(Refused, match="no more"):
        governance.retire(first, by=workers["manager"], reason="x")


def test_each_difficulty_stands_for_itself(workers: dict[str, Any]) -> None:
    approved(FIRST, workers)
    other = approved(first_sets()[1], workers)
    governance.retire(other, by=workers["manager"], reason="x")
    assert [version.difficulty for version in governance.in_force()] == [FIRST.difficulty]


@pytest.mark.parametrize("kind", ["rolled_back", "retired"])
def test_the_database_asks_for_a_reason_too(workers: dict[str, Any], kind: str) -> None:
    version = approved(FIRST, workers)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enforcement.objects.create(
            version=version, kind=kind, in_force_from=DAY, recorded_on=DAY, by=workers["manager"], reason=""
        )
