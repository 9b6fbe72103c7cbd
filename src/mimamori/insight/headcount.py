"""How many children there are in each group (ward), with their total, small cells closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mimamori.privacy.small_cells import Cell, close_line


def headcount(counts: Mapping[str, int], groups: Sequence[str]) -> tuple[Cell, ...]:
    """Counts in the order of `groups`, the total last; a closed cell is None, a group without a count is 0.

    Raises `ValueError` for a count of a group that is not in `groups`: a lost row would make the total lie.
    """
    if strangers := set(counts) - set(groups):
        raise ValueError(f"groups without a row: {len(strangers)}")
    return tuple(close_line([counts.get(group, 0) for group in groups]))
