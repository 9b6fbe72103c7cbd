"""Children by ward: the total is among the cells that close, so that one closed ward cannot be subtracted."""

import pytest

from mimamori.insight import headcount


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 40, "b": 20}, (40, 20, 0, 60)),
        ({"a": 40, "b": 20, "c": 3}, (40, None, None, 63)),
        ({"c": 3}, (0, 0, None, None)),
        ({}, (0, 0, 0, 0)),
    ],
)
def test_counts_and_total(counts: dict[str, int], expected: tuple[int | None, ...]) -> None:
    assert headcount(counts, ["a", "b", "c"]) == expected


def test_a_group_without_a_row_is_a_fault() -> None:
    with pytest.raises(ValueError):
        headcount({"x": 20}, ["a", "b"])
