"""Later events as data: read from a tiny record, and checked against the layouts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mimamori import engine
from mimamori.refusal import Refused
from mimamori.screening.indicators import DIFFICULTIES
from mimamori.screening.outcomes import Outcome, load_outcomes, spans_of
from mimamori.screening.outcomes.load import check, shipped_outcomes
from mimamori.sources.registry import shipped_registry

WORDS = {"ja": "試し", "en": "a try"}
OPEN = date(9999, 12, 31)


def an_outcome(**event: Any) -> Outcome:
    return Outcome.model_validate({"difficulty": "absence", "label": WORDS, "note": WORDS, "events": [event]})


def test_each_difficulty_has_its_events_or_says_that_nothing_tells_of_it() -> None:
    outcomes = shipped_outcomes()
    assert tuple(outcomes) == DIFFICULTIES
    assert {name for name, outcome in outcomes.items() if not outcome.events} == {"bullying", "carer"}
    assert all("記録なし" in outcomes[name].label.ja for name in ("bullying", "carer"))


def test_codes_flags_numbers_and_ends_are_read() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(
        "CREATE TABLE row_child_guidance__cases AS FROM (VALUES"
        " ('A', DATE '2026-06-01', NULL::DATE, '1'), ('B', DATE '2026-06-02', DATE '2026-07-01', '1'),"
        " ('C', DATE '2026-06-03', NULL, '6')) AS t(case_no, received_on, closed_on, consultation)"
    )
    con.execute(
        "CREATE TABLE row_child_guidance__council AS FROM (VALUES"
        " ('D', DATE '2026-06-04', NULL::DATE, '3'), ('A', DATE '2026-06-05', NULL, '2'))"
        " AS t(case_no, registered_on, ended_on, council_kind)"
    )
    spans = spans_of(con, shipped_outcomes()["abuse"]).sort_by([("day", "ascending")]).to_pylist()
    assert [(row["case_no"], row["ends"]) for row in spans] == [("A", OPEN), ("B", date(2026, 7, 1)), ("A", OPEN)]
    con.execute(
        "CREATE TABLE row_maternal_child_health__home_visit AS FROM (VALUES"
        " ('A', DATE '2026-06-01', true), ('B', DATE '2026-06-01', false), ('C', DATE '2026-06-01', NULL))"
        " AS t(case_no, visited_on, follow_up)"
    )
    visits = an_outcome(
        table="maternal_child_health.home_visit", day="visited_on", current_months=1, only={"follow_up": ["true"]}
    )
    assert spans_of(con, visits).to_pylist() == [{"case_no": "A", "day": date(2026, 6, 1), "ends": date(2026, 7, 1)}]


def test_a_month_of_absence_goes_on_for_three() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(
        "CREATE TABLE row_school_affairs__attendance AS FROM (VALUES ('A', DATE '2026-06-01', 10),"
        " ('A', DATE '2026-07-01', 9), ('B', DATE '2026-06-01', NULL)) AS t(case_no, month, absent_days)"
    )
    (span,) = spans_of(con, shipped_outcomes()["absence"]).to_pylist()
    assert span == {"case_no": "A", "day": date(2026, 6, 1), "ends": date(2026, 9, 1)}


def test_both_ends_make_the_later_one() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(
        "CREATE TABLE row_disability_welfare__services AS FROM (VALUES"
        " ('A', DATE '2026-01-01', DATE '2026-02-01', '61'), ('B', DATE '2026-01-01', NULL, '63'))"
        " AS t(case_no, started_on, ended_on, service)"
    )
    con.execute(
        "CREATE TABLE row_disability_welfare__handbooks"
        " (case_no VARCHAR, issued_on DATE, returned_on DATE, handbook VARCHAR)"
    )
    spans = spans_of(con, shipped_outcomes()["develop"]).sort_by([("case_no", "ascending")]).to_pylist()
    assert [row["ends"] for row in spans] == [date(2027, 1, 1), OPEN]


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({"table": "school_affairs.none", "day": "month"}, "school_affairs.none"),
        ({"table": "school_affairs.attendance", "day": "absent_days"}, "absent_days"),
        ({"table": "school_affairs.attendance", "day": "month", "at_least": {"nothing": 1}}, "nothing"),
        ({"table": "school_affairs.attendance", "day": "month", "at_least": {"month": 1}}, "month"),
        ({"table": "child_guidance.cases", "day": "received_on", "only": {"consultation": ["77"]}}, "77"),
        ({"table": "child_guidance.cases", "day": "received_on", "only": {"name": ["山田"]}}, "name"),
        ({"table": "maternal_child_health.home_visit", "day": "visited_on", "only": {"follow_up": ["1"]}}, "follow_up"),
    ],
)
def test_what_no_layout_has_is_refused_by_name(event: dict[str, Any], named: str) -> None:
    with pytest.raises(Refused, match=named):
        check([an_outcome(current_months=3, **event)], shipped_registry())


def test_an_event_says_how_long_it_goes_on() -> None:
    with pytest.raises(ValueError, match="how long it goes on"):
        an_outcome(table="school_affairs.attendance", day="month")


def test_a_city_puts_its_own_file_in_the_place_of_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path))
    own = tmp_path / "outcomes" / "carer.toml"
    own.parent.mkdir()
    text = (
        'difficulty = "carer"\nlabel = { ja = "市の記録", en = "own" }\nnote = { ja = "注", en = "note" }\n[[events]]\n'
        'table = "child_guidance.council"\nday = "registered_on"\nuntil = "ended_on"\n'
    )
    own.write_text(text, encoding="utf-8")
    assert load_outcomes()["carer"].tables == ("row_child_guidance__council",)
    assert len(load_outcomes()) == len(DIFFICULTIES)


def test_a_difficulty_told_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path))
    own = tmp_path / "outcomes" / "second.toml"
    own.parent.mkdir()
    text = 'difficulty = "carer"\nlabel = { ja = "市の記録", en = "own" }\nnote = { ja = "注", en = "note" }\n'
    own.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="one file for each"):
        load_outcomes()
