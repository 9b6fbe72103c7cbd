"""The household over time: of whom a protected person parted from nothing is told, nor when they came."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mimamori.door.relatives import together_of

CHILD: dict[str, Any] = {"protection": None}
GUARDED: dict[str, Any] = {"protection": "1"}
CAME, LEFT = date(2020, 4, 1), date(2024, 4, 1)


def mate(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "parent", "name": "森下 良子", "age": 35, "sex": "2", "protection": None, "since": CAME,
        "came": "child", "came_by": "13", "until": None, "parted": None, "parted_by": None, **changed,
    }  # fmt: skip


def test_a_time_together_is_told_in_the_words_of_the_register(cast_home: Any) -> None:
    parted = mate(until=LEFT, parted="mate", parted_by="21")
    [stays, left] = together_of(CHILD, [mate(), parted], "ja")
    assert (stays.since, stays.goes_on, stays.came_by) == (CAME, True, "出生")
    assert (left.until, left.goes_on, left.parted, left.parted_by) == (LEFT, False, "mate", "国内転出")


@pytest.mark.parametrize(("child", "row"), [(GUARDED, {}), (CHILD, {"protection": "1"})])
def test_nothing_leads_past_a_protected_person(cast_home: Any, child: dict[str, Any], row: dict[str, Any]) -> None:
    parted = mate(until=LEFT, parted="mate", parted_by="21", **row)
    [stays] = together_of(child, [mate(**row), parted], "ja")
    assert (stays.since, stays.came, stays.came_by, stays.goes_on) == (None, "", "", True)
