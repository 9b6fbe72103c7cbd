"""The funnel: counts by group and stage; a group without children shows zeros; small cells are closed."""

import pytest

from mimamori.insight import Stage, funnel


def test_counts_and_totals() -> None:
    found = [("40134", Stage.WAITING)] * 12 + [("40134", Stage.SUPPORT)] * 15 + [("40131", Stage.WAITING)] * 20
    made = funnel(found, ["40131", "40132", "40134"])
    assert made.groups == ("40131", "40132", "40134")
    assert made.cells == (
        (20, 0, 0, 0, 0, 0, 20),
        (0, 0, 0, 0, 0, 0, 0),
        (12, 0, 15, 0, 0, 0, 27),
        (32, 0, 15, 0, 0, 0, 47),
    )


def test_a_small_cell_is_closed_with_what_would_tell_it() -> None:
    made = funnel([("a", Stage.WAITING)] * 3 + [("a", Stage.LOOKING)] * 30 + [("b", Stage.LOOKING)] * 40, ["a", "b"])
    assert made.cells[0][0] is None
    assert made.cells[2] != (3, 70, 0, 0, 0, 0, 73)


def test_a_group_without_a_row_is_a_fault() -> None:
    with pytest.raises(ValueError):
        funnel([("c", Stage.WAITING)], ["a", "b"])
