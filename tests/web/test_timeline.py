"""The timeline: by school year, narrowed by area of life or to what is new; what comes by the month is one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from tests.web.test_pictures import karte

from mimamori.door import Happening, Since
from mimamori.web.timeline import OPEN_LINES, lines_of, timeline_of


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield


def happening(
    day: date, text: str, source: str = "校務支援", *, of: str = "school_affairs.attendance", mark: str = ""
) -> Happening:
    name, _, table = of.partition(".")
    return Happening(day=day, source=name, source_label=source, text=text, as_of=None, table=table, mark=mark)


def test_monthly_rows_become_one_line_a_school_year() -> None:
    months = [happening(date(2026, month, 1), "出欠(月)") for month in (4, 5, 6)]
    last_year = [happening(date(2026, month, 1), "出欠(月)") for month in (2, 3)]
    moved = happening(date(2026, 5, 20), "異動", "住民記録")
    found = lines_of([*months, *last_year, moved])
    assert [(line.first, line.last, line.text, line.count) for line in found] == [
        (date(2026, 4, 1), date(2026, 6, 1), "出欠(月)", 3),
        (date(2026, 5, 20), date(2026, 5, 20), "異動", 1),
        (date(2026, 3, 1), date(2026, 3, 1), "出欠(月)", 1),
        (date(2026, 2, 1), date(2026, 2, 1), "出欠(月)", 1),
    ]


def test_two_sources_are_never_one_line() -> None:
    days = [date(2026, month, 1) for month in (1, 2, 3)]
    assert len(lines_of([happening(day, "訪問", source) for day in days for source in ("a", "b")])) == 2
    assert lines_of([]) == []


def test_what_is_new_is_not_lost_among_what_was_known() -> None:
    known = [happening(date(2026, month, 1), "出欠(月)") for month in (4, 5, 6)]
    found = lines_of([*known, happening(date(2026, 7, 1), "出欠(月)", mark="new")])
    assert [(line.count, line.mark) for line in found] == [(1, "new"), (3, "")]


def test_what_happened_and_that_it_ended_are_told_apart() -> None:
    begun = replace(happening(date(2025, 5, 1), "手当", of="child_allowance.allowance"), says="ひとり親")
    found = lines_of([begun, replace(begun, day=date(2025, 9, 1), is_end=True)])
    assert [(line.text, line.is_end) for line in found] == [("手当 ひとり親", True), ("手当 ひとり親", False)]


MOVED = happening(date(2026, 3, 31), "異動", of="resident_register.residents")
ABSENT = happening(date(2026, 4, 1), "出欠(月)")
CHECKED = happening(date(2019, 12, 14), "健診", of="maternal_child_health.checkup")
CHART = replace(karte(), timeline=(ABSENT, MOVED, CHECKED))  # of a child born on 14 June 2016


def test_headings_are_school_years_with_the_grade_at_that_time() -> None:
    years = timeline_of(CHART).years
    assert [(year.word, year.grade) for year in years] == [
        ("令和8年度", "小4"), ("令和7年度", "小3"), ("平成31年度", "")
    ]  # fmt: skip
    assert [year.is_open for year in years] == [True, True, False]


def test_a_full_year_is_open_and_the_one_before_it_folded() -> None:
    many = tuple(happening(date(2026, 5, 1), f"出来事 {at}") for at in range(OPEN_LINES))
    found = timeline_of(replace(CHART, timeline=(*many, MOVED))).years
    assert [(len(year.lines), year.is_open) for year in found] == [(OPEN_LINES, True), (1, False)]


def test_it_narrows_by_area_of_life() -> None:
    whole = timeline_of(CHART)
    assert [(str(one.word), one.count, one.on) for one in whole.choices] == [
        ("すべて", 3, True), ("家族と住まい", 1, False), ("健康と発達", 1, False), ("学校", 1, False)
    ]  # fmt: skip
    health = timeline_of(CHART, "health")
    assert [line.text for year in health.years for line in year.lines] == ["健診"]
    assert [one.name for one in health.choices if one.on] == ["health"]
    assert health.years[0].is_open, "the newest of what is asked for lies open, however old it is"


@pytest.mark.parametrize("chosen", ["money", "nonsense", "news"])
def test_a_choice_that_there_is_not_narrows_nothing(chosen: str) -> None:
    found = timeline_of(CHART, chosen)
    assert sum(len(year.lines) for year in found.years) == 3
    assert [one.name for one in found.choices if one.on] == [""]


def test_it_narrows_to_what_is_new_and_counts_it_by_year() -> None:
    seen = Since(date(2026, 4, 2), ())
    chart = replace(CHART, timeline=(replace(ABSENT, mark="new"), replace(MOVED, mark="changed"), CHECKED), since=seen)
    assert [year.marked for year in timeline_of(chart).years] == [1, 1, 0]
    news = timeline_of(chart, "news")
    assert [line.text for year in news.years for line in year.lines] == ["出欠(月)", "異動"]
    assert [(one.name, one.count) for one in news.choices[:2]] == [("", 3), ("news", 2)]
    assert timeline_of(replace(CHART, since=seen), "news").years == (), "nothing is new, which the page says"
