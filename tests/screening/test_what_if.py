"""What a set would list beside the one in force: who stays, comes and goes, by ward and age, small counts closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mimamori import engine
from mimamori.refusal import Refused
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.what_if import Counted, Measure, compare, measure, waiting

DAY = date(2026, 10, 31)
WORDS = {"ja": "試し", "en": "a try"}
EAST, SOUTH = "40131", "40134"


def a_set(months: int, floor: float = 50, **more: Any) -> ConditionSet:
    """Listed from so many months of arrears on."""
    condition = {
        "id": "arrears", "indicator": "lunch_arrears_months", "comparison": ">=", "low": months, "domain": "fees",
        "points": 60, "label": WORDS, "basis": WORDS, **more,
    }  # fmt: skip
    domains = [{"id": "fees", "label": WORDS}] if condition["domain"] else []
    return ConditionSet.model_validate(
        {"difficulty": "poverty", "note": WORDS, "tiers": [floor], "domains": domains, "conditions": [condition]}
    )


def city(*people: tuple[int, str, int, float | None]) -> engine.Connection:
    """How many children of a ward and of an age in years have so many months of arrears (None: not known)."""
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(
        "CREATE TABLE indicators (case_no VARCHAR, ward VARCHAR, age_months BIGINT, lunch_arrears_months DOUBLE, "
        "lunch_arrears_months__why VARCHAR, lunch_arrears_months__day DATE)"
    )
    for group, (count, ward, age, months) in enumerate(people):
        why = "no_record" if months is None else None
        for n in range(count):
            row = [f"K-{group}-{n}", ward, age * 12, months, why, DAY]
            con.execute("INSERT INTO indicators VALUES (?, ?, ?, ?, ?, ?)", row)
    con.execute("CREATE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    con.execute("CREATE TABLE findings (case_no VARCHAR, difficulty VARCHAR)")
    return con


def test_who_stays_comes_and_goes_by_ward_and_age() -> None:
    con = city((20, EAST, 9, 3), (30, SOUTH, 9, 2), (40, SOUTH, 10, 1), (50, EAST, 10, None))
    found = compare(con, measure(con, a_set(2)), measure(con, a_set(3)))
    assert (found.whole.unchanged, found.whole.added, found.whole.removed, found.whole.listed) == (20, 30, 0, 50)
    assert [(one.group, one.unchanged, one.added) for one in found.wards] == [(EAST, 20, 0), (SOUTH, 0, 30)]
    assert [(one.group, one.listed) for one in found.ages] == [("9", 50)]
    (clause,) = found.clauses
    assert (clause.met, clause.unknown, clause.before, clause.was_there) == (50, 50, 20, True)
    back = compare(con, measure(con, a_set(3)), measure(con, a_set(2)))
    assert (back.whole.unchanged, back.whole.added, back.whole.removed) == (20, 0, 30)


def test_small_counts_are_closed_and_do_not_follow_from_their_totals() -> None:
    con = city((20, EAST, 9, 3), (4, EAST, 9, 2), (30, SOUTH, 9, 3), (40, SOUTH, 9, 2))
    found = compare(con, measure(con, a_set(2)), measure(con, a_set(3)))
    by_ward = {one.group: one for one in found.wards}
    assert by_ward[EAST].added is None
    assert None in {by_ward[EAST].unchanged, by_ward[EAST].listed}
    assert None in {by_ward[SOUTH].added, found.whole.added} or None in {
        by_ward[SOUTH].listed,
        by_ward[SOUTH].unchanged,
    }


def test_who_is_added_is_told_beside_a_few_who_stay() -> None:
    """The sum of both would tell the few, so it closes, and not what the reader asked for."""
    con = city((4, EAST, 9, 3), (60, EAST, 9, 2), (5, SOUTH, 9, 3), (70, SOUTH, 9, 2), (30, SOUTH, 9, 4))
    found = compare(con, measure(con, a_set(2)), measure(con, a_set(3)))
    assert [(one.unchanged, one.added, one.listed) for one in found.wards] == [(None, 60, None), (None, 70, None)]
    assert (found.whole.unchanged, found.whole.added, found.whole.listed) == (39, 130, 169)


def test_no_closed_count_of_a_line_follows_from_the_others() -> None:
    con = city((4, EAST, 9, 2), (20, SOUTH, 9, 2), (30, "40135", 9, 2), (11, EAST, 9, 3))
    found = compare(con, measure(con, a_set(3)), measure(con, a_set(2)))
    assert [one.removed for one in found.wards] == [None, None, 30]
    assert found.whole.removed == 54


def test_a_few_whom_other_difficulties_alone_list_are_not_told_by_the_sum() -> None:
    con = city((20, EAST, 9, 3), (15, EAST, 9, 0))
    con.execute("INSERT INTO findings SELECT case_no, 'abuse' FROM indicators WHERE lunch_arrears_months = 0 LIMIT 4")
    found = compare(con, measure(con, a_set(3)), None)
    assert (found.whole.listed, found.whole.any_difficulty) == (20, None)


def test_what_other_difficulties_list_counts_once() -> None:
    con = city((20, EAST, 9, 3), (15, EAST, 9, 0))
    con.execute("INSERT INTO findings SELECT case_no, 'abuse' FROM indicators WHERE lunch_arrears_months = 0")
    con.execute("INSERT INTO findings SELECT case_no, 'abuse' FROM indicators WHERE lunch_arrears_months = 3 LIMIT 10")
    con.execute("INSERT INTO findings SELECT case_no, 'poverty' FROM indicators")
    found = compare(con, measure(con, a_set(3)), None)
    assert (found.whole.added, found.whole.any_difficulty) == (20, 35)


def test_children_at_the_edge_are_counted_on_both_sides() -> None:
    """Two conditions of 24 and 26 points of 50: 48 and 52 of a hundred, the floor at 50."""
    other = {"indicator": "lunch_arrears_months", "domain": "fees", "label": WORDS, "basis": WORDS}
    rows = [
        {"id": "one", "comparison": "=", "values": [1], "points": 24, **other},
        {"id": "two", "comparison": "=", "values": [2], "points": 26, **other},
        {"id": "three", "comparison": "=", "values": [3], "points": 50, **other},
    ]
    chosen = ConditionSet.model_validate(
        {"difficulty": "poverty", "note": WORDS, "tiers": [50], "domains": [{"id": "fees", "label": WORDS}],
         "conditions": rows}
    )  # fmt: skip
    con = city((11, EAST, 9, 1), (12, EAST, 9, 2), (13, EAST, 9, 3), (14, EAST, 9, 0))
    found = compare(con, measure(con, chosen), None)
    assert (found.whole.listed, found.edge) == (25, (12, 11))


def test_nobody_anywhere_and_nothing_in_force() -> None:
    con = city((20, EAST, 9, 0))
    found = compare(con, measure(con, a_set(3)), None)
    assert (found.whole.listed, found.wards, found.ages) == (0, (), ())
    assert found.clauses[0].was_there is False


def test_a_test_is_counted_once_whatever_its_points_and_words() -> None:
    con = city((20, EAST, 9, 3), (30, EAST, 9, 2), (50, EAST, 9, None))
    counted: Counted = {}
    first = measure(con, a_set(3), counted=counted)
    assert first.clauses == {"arrears": (20, 50)}
    con.execute("UPDATE indicators SET lunch_arrears_months = 0")
    again = measure(con, a_set(3, points=10, label={"ja": "別の文", "en": "other words"}), counted=counted)
    assert again.clauses == first.clauses, "taken from what was counted: on one snapshot nothing changes"
    assert measure(con, a_set(2), counted=counted).clauses == {"arrears": (0, 0)}, "another threshold is counted"
    younger = a_set(3).model_copy(update={"ages": (0, 8)})
    assert measure(con, younger, counted=counted).clauses == {"arrears": (0, 0)}, "as are other ages"
    assert len(counted) == 3


@pytest.mark.parametrize(
    ("added", "free", "expected"),
    [
        (30, None, 0),
        (30, 25, 5),
        (30, 40, 0),
        (0, 0, 0),
        (None, 0, None),
        (None, 8, None),
        (None, 9, 0),
        (None, None, 0),
    ],
)
def test_how_many_wait_is_told_where_it_can_be(added: int | None, free: int | None, expected: int | None) -> None:
    assert waiting(added, free) == expected


def test_a_set_that_nobody_can_meet_is_refused() -> None:
    con = city((1, EAST, 9, 0))
    with pytest.raises(Refused):
        measure(con, a_set(99))


def test_a_measure_names_nobody_outside_the_edge() -> None:
    con = city((3, EAST, 9, 3), (5, EAST, 9, 0))
    found: Measure = measure(con, a_set(3))
    assert found.near.num_rows == 3
