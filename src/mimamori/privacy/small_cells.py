"""Closing small cells of a published table, so that nobody can be picked out of it by reading or by subtracting.

Two constants, a function for a table and one for a line. A true 0 stays open: it tells of nobody. A count from 1 to
`SMALL` is closed; then further cells (or a total) are closed until no closed cell can be worked out from the totals
that stay open.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SMALL = 9  # counts of 1–9 are closed; a city's ethics committee may ask for more, never for less
CLOSED = None  # what a closed cell holds; the screen shows a mark with an explanation

Cell = int | None


def close(counts: Sequence[Sequence[int]]) -> list[list[Cell]]:
    """Counts (rows × columns, without totals) → the same with a total column and a total row, small cells closed.

    Raises `ValueError` for a ragged table or a negative count.
    """
    table = np.array(counts, dtype=np.int64)
    if table.ndim != 2 or (table < 0).any():
        raise ValueError("counts must be a rectangle of non-negative numbers")
    full = np.block([[table, table.sum(axis=1, keepdims=True)], [table.sum(axis=0, keepdims=True), table.sum()]])
    closed = (full >= 1) & (full <= SMALL)
    while told := _derivable(closed):
        _close_one_more(full, closed, told)
    return [
        [CLOSED if hidden else int(count) for count, hidden in zip(row, hides, strict=True)]
        for row, hides in zip(full, closed, strict=True)
    ]


def close_line(counts: Sequence[int]) -> list[Cell]:
    """Counts of one line → the same with their total at the end, small cells closed.

    One closed cell would follow from the total, so the smallest open count closes with it. Raises `ValueError` for a
    negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError("counts must not be negative")
    full = [*counts, sum(counts)]
    closed = {place for place, count in enumerate(full) if 1 <= count <= SMALL}
    if len(closed) == 1:  # the total is more than SMALL then, so another count is open and not 0
        closed.add(min((count, place) for place, count in enumerate(counts) if count > SMALL)[1])
    return [CLOSED if place in closed else count for place, count in enumerate(full)]


def _equations(shape: tuple[int, int]) -> np.ndarray:
    """Every row and column of the table sums to its total: one line of coefficients each."""
    rows, columns = shape
    lines = []
    for row in range(rows):
        line = np.zeros(shape)
        line[row, :-1], line[row, -1] = 1, -1
        lines.append(line.ravel())
    for column in range(columns):
        line = np.zeros(shape)
        line[:-1, column], line[-1, column] = 1, -1
        lines.append(line.ravel())
    return np.array(lines)


def _derivable(closed: np.ndarray) -> list[tuple[int, int]]:
    """The places of closed cells that the open cells determine.

    A cell is determined when no vector of the null space of the equations over the closed cells moves it.
    """
    if not closed.any():
        return []
    places = np.flatnonzero(closed.ravel())
    _, sizes, basis = np.linalg.svd(_equations(closed.shape)[:, places])
    rank = int((sizes > 1e-9).sum())
    free = np.abs(basis[rank:]).sum(axis=0)
    return [divmod(int(place), closed.shape[1]) for place in places[free < 1e-9]]


def _close_one_more(full: np.ndarray, closed: np.ndarray, told: list[tuple[int, int]]) -> None:
    """Close one more open cell in the lines of the derivable ones: that after which the fewest are derivable, rather
    within the table than a total, rather a small one.

    Without the first, a row that is all in one column would be closed there while its total tells it, and every other
    row of that column after it.
    """
    rows, columns = full.shape
    in_line = {(row, other) for row, _ in told for other in range(columns)}
    in_line |= {(other, column) for _, column in told for other in range(rows)}
    everywhere = {(row, column) for row in range(rows) for column in range(columns)}

    def cost(place: tuple[int, int]) -> tuple[int, bool, int, tuple[int, int]]:
        after = closed.copy()
        after[place] = True
        return len(_derivable(after)), place[0] == rows - 1 or place[1] == columns - 1, int(full[place]), place

    for choice in (in_line, everywhere):
        if open_cells := [place for place in choice if not closed[place] and full[place] > 0]:
            closed[min(open_cells, key=cost)] = True
            return
    closed[:] = True
