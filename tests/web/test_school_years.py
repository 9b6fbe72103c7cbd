"""School years begin in April; who is born on 1 April belongs to the older ones."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from mimamori.web.school_years import grade_in, grade_word, school_year


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 1), 2026)]
)
def test_a_day_lies_in_a_school_year(day: date, year: int) -> None:
    assert school_year(day) == year


@pytest.mark.parametrize(
    ("birth", "year", "grade"),
    [
        (date(2019, 4, 1), 2025, 1),
        (date(2019, 4, 2), 2025, None),
        (date(2019, 4, 2), 2026, 1),
        (date(2020, 3, 31), 2026, 1),
        (date(2011, 4, 2), 2026, 9),
        (date(2011, 4, 1), 2026, None),
        (None, 2026, None),
    ],
)
def test_a_grade_follows_from_the_birth(birth: date | None, year: int, grade: int | None) -> None:
    assert grade_in(birth, year) == grade


@pytest.mark.parametrize(("grade", "word"), [(1, "小1"), (6, "小6"), (7, "中1"), (None, "")])
def test_a_grade_has_a_word(grade: int | None, word: str) -> None:
    with translation.override("ja"):
        assert grade_word(grade) == word
