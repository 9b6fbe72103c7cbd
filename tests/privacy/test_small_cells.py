"""Closed cells: small counts, and whatever would give them away by subtraction."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimamori.privacy.small_cells import SMALL, close, close_line

X = None


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # nothing small: everything open, totals added
        ([[10, 20], [30, 40]], [[10, 20, 30], [30, 40, 70], [40, 60, 100]]),
        # a true nobody stays open
        ([[0, 20], [30, 40]], [[0, 20, 20], [30, 40, 70], [30, 60, 90]]),
        # one small cell: its row and its column would give it away, so a rectangle closes
        ([[3, 20], [30, 40]], [[X, X, 23], [X, X, 70], [33, 60, 93]]),
        # one row alone: only a total can hide it
        ([[3, 20]], [[X, X, 23], [X, X, 23]]),
        # everybody in one small cell: the totals tell it, so they close as well
        ([[4, 0], [0, 0]], [[X, 0, X], [0, 0, 0], [X, 0, X]]),
        # everybody in one column, as after a first night: one other row closes with its total, the rest stays open
        ([[63, 0], [1, 0], [12, 0], [30, 0]], [[63, 0, 63], [X, 0, X], [X, 0, X], [30, 0, 30], [106, 0, 106]]),
    ],
)
def test_tables(counts: list[list[int]], expected: list[list[int | None]]) -> None:
    assert close(counts) == expected


@pytest.mark.parametrize("counts", [[[1, 2], [3]], [[-1]], []])
def test_what_is_no_table_is_refused(counts: list[list[int]]) -> None:
    with pytest.raises(ValueError):
        close(counts)


tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 30), min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@settings(deadline=None)
@given(tables)
def test_no_small_count_is_open_and_open_cells_are_true(counts: list[list[int]]) -> None:
    published = close(counts)
    full = [[*row, sum(row)] for row in counts]
    full.append([sum(column) for column in zip(*full, strict=True)])
    for row, truth in zip(published, full, strict=True):
        for cell, count in zip(row, truth, strict=True):
            assert cell is None or (cell == count and not 1 <= cell <= SMALL)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=2, max_size=2))
def test_differencing_finds_no_closed_cell(counts: list[list[int]]) -> None:
    """Attack by trying: every closed cell must be able to hold at least two values (bounded tables, all tried)."""
    published = close(counts)
    closed = [(r, c) for r in range(2) for c in range(2) if published[r][c] is None]
    possible: dict[tuple[int, int], set[int]] = {place: set() for place in closed}
    for guess in itertools.product(range(26), repeat=len(closed)):
        table = [[published[r][c] for c in range(2)] for r in range(2)]
        for (r, c), value in zip(closed, guess, strict=True):
            table[r][c] = value
        whole = [[int(v or 0) for v in row] for row in table]
        totals = [*(sum(row) for row in whole), *(a + b for a, b in zip(*whole, strict=True)), sum(map(sum, whole))]
        told = [published[0][2], published[1][2], published[2][0], published[2][1], published[2][2]]
        if all(open_total in (None, total) for open_total, total in zip(told, totals, strict=True)):
            for place, value in zip(closed, guess, strict=True):
                possible[place].add(value)
        if all(len(values) > 1 for values in possible.values()):
            break
    assert all(len(values) > 1 for values in possible.values())


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_a_line_is_true_and_one_closed_cell_is_never_alone(counts: list[int]) -> None:
    published = close_line(counts)
    for cell, count in zip(published, [*counts, sum(counts)], strict=True):
        assert cell is None or (cell == count and not 1 <= cell <= SMALL)
    assert published.count(None) != 1, "the total would tell it"
    small = sum(1 <= count <= SMALL for count in [*counts, sum(counts)])
    assert published.count(None) == (2 if small == 1 else small), "no more is closed than must be"


def test_a_line_without_counts_below_zero() -> None:
    with pytest.raises(ValueError):
        close_line([20, -1])
