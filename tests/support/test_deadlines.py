from __future__ import annotations

from datetime import date

import pytest

from mimamori.support.deadlines import first_look, is_working_day, next_due, working_day_after
from mimamori.support.states import Deadline


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 11, 25), 1, date(2026, 11, 26)),
        (date(2026, 11, 20), 1, date(2026, 11, 24)),  # Friday; Monday 23 is 勤労感謝の日
        (date(2026, 11, 25), 5, date(2026, 12, 2)),
        (date(2026, 12, 28), 1, date(2027, 1, 4)),  # the office rests 29 December to 3 January
        (date(2026, 5, 1), 1, date(2026, 5, 7)),  # Golden Week with its substitute holiday
    ],
)
def test_working_days(day: date, days: int, expected: date) -> None:
    assert working_day_after(day, days) == expected


def test_the_office_rests_over_new_year() -> None:
    assert not is_working_day(date(2026, 12, 30))
    assert is_working_day(date(2026, 12, 28))


@pytest.mark.parametrize(
    ("must", "tier", "expected"),
    [
        (True, 3, date(2026, 11, 26)),
        (False, 1, date(2026, 12, 2)),
        (False, 2, date(2026, 12, 9)),
        (False, 3, date(2026, 12, 23)),
        (False, 9, date(2026, 12, 23)),
    ],
)
def test_until_when_to_look(must: bool, tier: int, expected: date) -> None:
    assert first_look(date(2026, 11, 25), must=must, tier=tier) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Deadline.KEEP, date(2026, 11, 27)),
        (Deadline.LOOK, date(2026, 11, 26)),
        (Deadline.WATCH, date(2027, 1, 15)),
        (Deadline.ANSWER, date(2027, 1, 15)),
        (Deadline.PLAN, date(2026, 12, 9)),
        (Deadline.CONFIRM, date(2026, 12, 2)),
        (Deadline.NONE, None),
    ],
)
def test_the_next_deadline(rule: Deadline, expected: date | None) -> None:
    found = next_due(
        rule, today=date(2026, 11, 25), kept=date(2026, 11, 27), named=date(2027, 1, 15), must=True, tier=1
    )
    assert found == expected
