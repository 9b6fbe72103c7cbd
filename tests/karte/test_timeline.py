"""The timeline: starts, ends and events up to the day, the newest first; nothing that is yet to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.karte.small import case, child, snapshot_of
from tests.linkage.tiny import DAY

from mimamori.karte.timeline import SourceRows, school_year, timeline
from mimamori.sources import load_registry

TOMORROW = DAY + timedelta(days=1)


def lines(*parts: SourceRows) -> list[tuple[Any, ...]]:
    return [
        (entry["day"], entry["table"], entry["field"], entry["is_end"])
        for entry in timeline(parts, load_registry(), DAY)
    ]


def care(*rows: dict[str, Any], role: str | None = None) -> SourceRows:
    return SourceRows(
        "childcare", "certifications", role, [{"certification": "2", "_as_of": DAY, **row} for row in rows]
    )


def visits(*rows: dict[str, Any], role: str | None = None) -> SourceRows:
    return SourceRows("maternal_child_health", "home_visit", role, [{"_as_of": DAY, **row} for row in rows])


@pytest.mark.parametrize(
    ("started_on", "ended_on", "fields"),
    [
        (date(2025, 4, 1), date(2026, 3, 31), ["ended_on", "started_on"]),
        (date(2025, 4, 1), DAY, ["ended_on", "started_on"]),
        (date(2025, 4, 1), TOMORROW, ["started_on"]),  # an end that is planned has not happened
        (TOMORROW, None, []),
        (TOMORROW, date(2027, 3, 31), []),
        (DAY, None, ["started_on"]),
        (None, date(2026, 3, 31), ["ended_on"]),
        (None, None, []),
        (datetime.fromisoformat("2025-04-01"), None, ["started_on"]),
    ],
)
def test_a_state_starts_and_ends(started_on: date | None, ended_on: date | None, fields: list[str]) -> None:
    found = timeline([care({"started_on": started_on, "ended_on": ended_on})], load_registry(), DAY)
    assert [entry["field"] for entry in found] == fields
    assert [entry["is_end"] for entry in found] == [field == "ended_on" for field in fields]
    assert all(type(entry["day"]) is date and entry["day"] <= DAY for entry in found)


def test_the_newest_first_and_sources_in_their_order() -> None:
    day = date(2026, 9, 1)
    found = lines(
        care({"started_on": day}),
        visits({"visited_on": date(2026, 8, 1), "result": "1"}, {"visited_on": day, "result": "2"}),
    )
    assert found == [
        (day, "home_visit", "visited_on", False),
        (day, "certifications", "started_on", False),
        (date(2026, 8, 1), "home_visit", "visited_on", False),
    ]


def test_an_entry_tells_what_happened_and_of_which_delivery() -> None:
    part = visits({"visited_on": DAY, "result": "3"}, role="mother")
    (entry,) = timeline([part], load_registry(), DAY)
    assert entry.pop("row") is part.rows[0]
    assert entry == {
        "day": DAY, "school_year": 2026, "source": "maternal_child_health", "table": "home_visit",
        "field": "visited_on", "is_end": False, "says": (("result", "3"),), "role": "mother", "as_of": DAY,
    }  # fmt: skip


def test_blank_items_say_nothing() -> None:
    found = timeline([visits({"visited_on": DAY, "result": ""}), visits({"visited_on": DAY})], load_registry(), DAY)
    assert [entry["says"] for entry in found] == [()]


def test_the_same_happening_in_two_rows_is_told_once() -> None:
    row = {"started_on": date(2026, 4, 1)}
    assert len(lines(care(row, row), care(row, role="guardian"))) == 1
    assert len(lines(care(row, {**row, "certification": "3"}))) == 2  # another thing on the same day


def test_months_are_no_events() -> None:
    month = {"month": date(2026, 9, 1), "absent_days": 4, "_as_of": DAY}
    assert lines(SourceRows("school_affairs", "attendance", None, [month])) == []


def test_a_table_that_the_layout_no_longer_has_is_left_out() -> None:
    assert lines(SourceRows("childcare", "waiting_list", None, [{"day": DAY}])) == []


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)],
)
def test_the_school_year_begins_in_april(day: date, year: int) -> None:
    assert school_year(day) == year


def test_over_all_sources_of_one_karte_nothing_lies_ahead() -> None:
    ahead = date(2026, 12, 1)
    snapshot = snapshot_of(
        resident_register__residents=[child("1", date(2023, 5, 13), move_date=date(2024, 4, 1))],
        childcare__certifications=[
            {"certification_no": "N1", "child_no": "1", "certification": "2", "started_on": date(2025, 4, 1),
             "ended_on": ahead},
            {"certification_no": "N2", "child_no": "1", "certification": "3", "started_on": ahead},
        ],
        child_guidance__cases=[
            {"reception_no": "R1", "guidance_no": "G1", "addressee_no": "1", "received_on": DAY, "consultation": "2"}
        ],
        disability_welfare__handbooks=[
            {"addressee_no": "1", "handbook": "1", "handbook_no": "T1", "issued_on": ahead, "review_on": ahead}
        ],
    )  # fmt: skip
    entries = snapshot.timeline(case(snapshot, "1"))
    assert [(entry["day"], entry["source"]) for entry in entries] == [
        (DAY, "child_guidance"),
        (date(2025, 4, 1), "childcare"),
        (date(2024, 4, 1), "resident_register"),
    ]


def test_what_is_said_is_never_a_bare_nothing() -> None:
    """「学校健診 なし」 reads as if there was none: what is said beside a record kind must be a word of its own."""
    said = [
        (layout.name, table.name, label.ja)
        for layout in load_registry()
        for table in layout.tables
        for codes in (table.item(field).codes for field in table.says)
        for label in (layout.codes[codes].values() if codes else ())
    ]
    assert len(said) > 50
    assert [one for one in said if one[2] in {"なし", "無", "有", "あり", "はい", "いいえ"}] == []
