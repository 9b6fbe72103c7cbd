"""Days, deadlines and ages as the pages write them."""

from datetime import date

import pytest
from django.utils import timezone, translation

from mimamori.web import days

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "japanese", "english"),
    [
        (date(2026, 11, 25), "令和8年11月25日", "25 November 2026"),
        (date(2019, 5, 1), "令和元年5月1日", "1 May 2019"),
        (date(2019, 4, 30), "平成31年4月30日", "30 April 2019"),
        (date(1989, 1, 8), "平成元年1月8日", "8 January 1989"),
        (date(1989, 1, 7), "昭和64年1月7日", "7 January 1989"),
        (date(1926, 12, 25), "昭和元年12月25日", "25 December 1926"),
        (date(1912, 7, 29), "明治45年7月29日", "29 July 1912"),
        (None, "", ""),
    ],
)
def test_long_day(day: date | None, japanese: str, english: str) -> None:
    with translation.override("ja"):
        assert days.long_day(day) == japanese
    with translation.override("en"):
        assert days.long_day(day) == english


@pytest.mark.parametrize(
    ("day", "state", "shown", "distance"),
    [
        (date(2026, 11, 20), "over", "11/20(金)", "5日過ぎ"),
        (date(2026, 11, 25), "today", "今日まで", "11/25(水)"),
        (date(2026, 11, 27), "plain", "11/27(金)", "あと2日"),
    ],
)
def test_a_deadline_is_a_day_and_a_distance(
    day: date, state: str, shown: str, distance: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    with translation.override("ja"):
        found = days.due(day, TODAY)
    assert found == days.Due(state, shown, distance)


def test_a_day_of_another_year_names_its_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    with translation.override("ja"):
        assert [days.short_day(day) for day in (date(2026, 6, 2), date(2025, 6, 2), date(2019, 5, 3))] == [
            "6/2", "R7.6.2", "R1.5.3",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("birth", "shown", "narrow"),
    [
        (date(2026, 8, 25), "生後3か月", "生後3か月"),
        (date(2026, 8, 26), "生後2か月", "生後2か月"),
        (date(2025, 4, 2), "1歳7か月", "1歳7か月"),
        (date(2016, 11, 25), "10歳0か月", "10歳"),
        (date(2016, 11, 26), "9歳11か月", "9歳"),
        (date(2027, 1, 1), "出生前", "出生前"),
        (None, "年齢不明", "年齢不明"),
    ],
)
def test_age(birth: date | None, shown: str, narrow: str) -> None:
    with translation.override("ja"):
        assert (days.age(birth, TODAY), days.years(birth, TODAY)) == (shown, narrow)
