"""From extracted to helped: how many children reached each stage, by a group (ward, difficulty), small cells closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from mimamori.privacy.small_cells import Cell, close


class Stage(IntEnum):
    """How far a finding has come; a finding counts in its own stage alone, so that columns add up."""

    WAITING = 0  # nobody has looked yet
    LOOKING = 1
    SUPPORT = 2  # support was found to be needed, no agency has been asked yet
    REFERRED = 3  # an agency was asked, or helps
    WATCHING = 4
    ENDED = 5  # no need, known already, data wrong, or closed


STAGES = tuple(Stage)


@dataclass(frozen=True)
class Funnel:
    """Groups × stages with totals (last row, last column); a closed cell is None, a true nobody is 0."""

    groups: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def funnel(found: Iterable[tuple[str, Stage]], groups: Sequence[str]) -> Funnel:
    """Count (group, stage) pairs; `groups` gives the rows and their order, so that an empty group shows its zeros.

    Raises `ValueError` for a pair of a group that is not in `groups`: a lost row would make totals lie.
    """
    counted = Counter(found)
    if strangers := {group for group, _ in counted} - set(groups):
        raise ValueError(f"groups without a row: {len(strangers)}")
    counts = [[counted[group, stage] for stage in STAGES] for group in groups]
    return Funnel(tuple(groups), tuple(tuple(row) for row in close(counts)))
