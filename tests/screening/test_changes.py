"""What changed in a finding since the run before, and what changed it: the data, condition by condition, or the set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from mimamori import engine, screening
from mimamori.screening.changes import Before, compare_runs
from mimamori.screening.conditions.schema import ConditionSet

THEN, NOW = date(2026, 9, 30), date(2026, 10, 31)
WORDS = {"ja": "試し", "en": "a try"}
ARREARS, VISIT = "lunch_arrears_months", "home_visit"
AGE = 9 * 12
VALUES = pa.schema(
    [("case_no", pa.string()), ("ward", pa.string()), ("age_months", pa.int64())]
    + [
        (f"{name}{suffix}", kind)
        for name in (ARREARS, VISIT)
        for suffix, kind in (("", pa.float64()), ("__why", pa.string()), ("__day", pa.date32()))
    ]
)


def a_set(
    low: int = 3, *, ages: tuple[int, int] = (6, 15), must: int = 9, tiers: Sequence[int] = (90, 50)
) -> ConditionSet:
    """Points from so many months of arrears on, and must-look from `must` months on."""
    words = {"label": WORDS, "basis": WORDS, "comparison": ">=", "indicator": ARREARS}
    return ConditionSet.model_validate(
        {
            "difficulty": "poverty", "note": WORDS, "ages": ages, "tiers": tiers,
            "domains": [{"id": "fees", "label": WORDS}],
            "conditions": [
                {"id": "some", "low": low, "points": 60, "domain": "fees", **words},
                {"id": "many", "low": low + 2, "points": 40, "domain": "fees", **words},
                {"id": "most", "low": must, "must": True, **words},
            ],
        }
    )  # fmt: skip


def values(months: float | None, why: str | None = None, *, age: int = AGE) -> dict[str, Any]:
    return {"case_no": "K", "ward": "a", "age_months": age, ARREARS: months, f"{ARREARS}__why": why}


def night(rows: list[dict[str, Any]], condition_set: ConditionSet, stale: Sequence[str] = ()) -> engine.Connection:
    con = engine.connect(threads=1, memory_gib=1)
    con.register("given", pa.Table.from_pylist(rows, schema=VALUES))
    con.execute("CREATE TABLE indicators AS SELECT * FROM given")
    con.execute("CREATE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    con.executemany(
        "INSERT INTO source_status VALUES (?, NULL, NULL, 'stale')", [[name] for name in stale or ["nobody"]]
    )
    screening.run(con, [condition_set], NOW)
    return con


def changes(
    then: list[dict[str, Any]],
    now: list[dict[str, Any]],
    *,
    before: ConditionSet | None = None,
    after: ConditionSet | None = None,
    stale: Sequence[str] = (),
    without: str = "-",
) -> list[dict[str, Any]]:
    """The rows of `finding_changes` of a night after another; `without`: columns the first one had not."""
    earlier = night(then, before or a_set())
    table = engine.table_of(earlier, "SELECT * FROM indicators")
    table = table.select([name for name in table.column_names if not name.startswith(without)])
    run = Before(
        as_of=THEN,
        findings=engine.table_of(earlier, "SELECT * FROM findings"),
        stale=frozenset(),
        columns=frozenset(table.column_names),
        indicators=lambda columns: table.select(list(columns)),
    )
    con = night(now, after or a_set(), stale)
    compare_runs(con, [after or a_set()], run)
    return engine.rows_of(con, "SELECT * FROM finding_changes ORDER BY case_no")


def causes(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    told = json.loads(row["causes"])
    return [(one["condition"], one["cause"], one["state_before"], one["state"]) for one in told]


def test_a_value_that_rose_puts_a_child_on_the_list() -> None:
    (row,) = changes([values(1)], [values(4)])
    assert (row["kind"], row["since"], row["tier_before"], row["tier"], row["by_set"]) == ("new", THEN, None, 2, False)
    assert causes(row) == [("some", "value", "failed", "met")]
    (one,) = json.loads(row["causes"])
    assert (one["value_before"], one["value"], one["source"], one["label"]) == (1, 4, "school_lunch_fees", WORDS)


@pytest.mark.parametrize(
    ("then", "now", "kind", "told"),
    [
        (4, 5, "higher", [("many", "value", "failed", "met")]),
        (5, 4, "lower", [("many", "value", "met", "failed")]),
        (4, 9, "higher", [("most", "value", "failed", "met"), ("many", "value", "failed", "met")]),
        (5, 0, "gone", [("some", "value", "met", "failed"), ("many", "value", "met", "failed")]),
    ],
)
def test_up_down_and_off_the_list(then: int, now: int, kind: str, told: list[tuple[str, ...]]) -> None:
    (row,) = changes([values(then)], [values(now)])
    assert (row["kind"], causes(row), row["by_set"]) == (kind, told, False)
    assert (row["must"], row["tier"]) == ((None, None) if kind == "gone" else (now >= 9, 1 if now >= 5 else 2))


@pytest.mark.parametrize(("then", "now"), [(4, 4), (5, 8), (0, 1)])
def test_who_stands_as_before_has_no_row(then: int, now: int) -> None:
    assert changes([values(then)], [values(now)]) == []


def test_other_reasons_at_the_same_place_are_told() -> None:
    one_domain = a_set(tiers=(30,))
    (row,) = changes([values(4)], [values(5)], before=one_domain, after=one_domain)
    assert (row["kind"], causes(row)) == ("reasons", [("many", "value", "failed", "met")])


def test_a_new_version_and_not_the_child_changed() -> None:
    (row,) = changes([values(2)], [values(2)], before=a_set(3), after=a_set(2))
    assert (row["kind"], row["by_set"], causes(row)) == ("new", True, [])
    (row,) = changes([values(3)], [values(3)], before=a_set(3), after=a_set(4))
    assert (row["kind"], row["by_set"], causes(row), row["tier_before"]) == ("gone", True, [], 2)


def test_both_changed() -> None:
    (row,) = changes([values(2)], [values(4)], before=a_set(3), after=a_set(2))
    assert (row["kind"], row["by_set"], causes(row)) == ("new", True, [("many", "value", "failed", "met")])


def test_what_was_not_delivered_is_no_change_of_the_child() -> None:
    (row,) = changes([values(4)], [values(None, "not_delivered")])
    assert (row["kind"], causes(row)) == ("gone", [("some", "delivery", "met", "unknown")])
    (row,) = changes([values(None, "not_delivered")], [values(4)])
    assert (row["kind"], causes(row)) == ("new", [("some", "delivery", "unknown", "met")])


def test_a_condition_that_begins_to_speak_of_the_child() -> None:
    (row,) = changes([values(None, "not_covered")], [values(4)])
    assert causes(row) == [("some", "cover", "unknown", "met")]


def test_who_came_into_the_ages_or_out_of_them() -> None:
    (row,) = changes([values(4, age=71)], [values(4, age=72)])
    assert (row["kind"], row["by_age"], row["arrived"], row["by_set"], row["causes"]) == (
        "new",
        True,
        False,
        False,
        "[]",
    )
    (row,) = changes([values(4, age=16 * 12 - 1)], [values(4, age=16 * 12)])
    assert (row["kind"], row["by_age"], row["tier"]) == ("gone", True, None)


def test_who_was_not_known_then() -> None:
    (row,) = changes([], [values(4)])
    assert (row["kind"], row["arrived"], row["by_age"], row["by_set"]) == ("new", True, False, False)


def test_who_is_not_known_any_more() -> None:
    (row,) = changes([values(4)], [])
    assert (row["kind"], row["must"], row["tier"], row["causes"]) == ("gone", None, None, "[]")


def test_a_value_that_was_not_worked_out_then() -> None:
    (row,) = changes([values(4)], [values(4)], without=ARREARS)
    assert (row["kind"], row["by_set"]) == ("reasons", True)
    assert causes(row) == [("some", "first", "unknown", "met")]


def test_another_difficultys_child_is_not_compared() -> None:
    then = [values(4), {**values(4), "case_no": "L"}]
    assert changes(then, then) == []


def test_the_first_run_has_nothing_before_it() -> None:
    con = night([values(4)], a_set())
    compare_runs(con, [a_set()], None)
    assert engine.rows_of(con, "SELECT * FROM finding_changes") == []
