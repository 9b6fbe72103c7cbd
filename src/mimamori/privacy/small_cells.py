"""Closing small cells of a published table, so that nobody can be picked out of it, not even by subtracting.

Two constants and one function. A true 0 stays open: it tells of nobody. A count from 1 to `SMALL` is closed; then further
cells (or a total) are closed until no closed cell can be worked out from the row and column totals that stay open.
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
    while (told := _derivable(closed)) is not None:
        _close_one_more(full, closed, told)
    return [
        [CLOSED if hidden else int(count) for count, hidden in zip(row, hides, strict=True)]
        for row, hides in zip(full, closed, strict=True)
    ]


def _equations(shape: tuple[int, int]) -> np.ndarray:
    """Every row and every column of the table with totals sums to its total: one line of coefficients each."""
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


def _derivable(closed: np.ndarray) -> tuple[int, int] | None:
    """The place of a closed cell that the open cells determine, or None.

    A cell is determined when no vector of the null space of the equations over the closed cells moves it.
    """
    if not closed.any():
        return None
    places = np.flatnonzero(closed.ravel())
    _, sizes, basis = np.linalg.svd(_equations(closed.shape)[:, places])
    rank = int((sizes > 1e-9).sum())
    free = np.abs(basis[rank:]).sum(axis=0)
    fixed = places[free < 1e-9]
    if not fixed.size:
        return None
    row, column = divmod(int(fixed[0]), closed.shape[1])
    return row, column


def _close_one_more(full: np.ndarray, closed: np.ndarray, told: tuple[int, int]) -> None:
    """Close the smallest open non-zero cell in the row or column of a derivable one; a total only where nothing else is."""
    row, column = told
    rows, columns = full.shape
    line = [(row, other) for other in range(columns)] + [(other, column) for other in range(rows)]
    everywhere = [(r, c) for r in range(rows) for c in range(columns)]
    for choice in (line, everywhere):
        open_cells = [place for place in choice if not closed[place] and full[place] > 0]
        if open_cells:
            closed[min(open_cells, key=lambda p: (p[0] == rows - 1 or p[1] == columns - 1, full[p]))] = True
            return
    closed[:] = True
