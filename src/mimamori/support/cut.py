"""Where the list of a ward ends: as long as the ward can work, and never between two of the same rank.

The order is by tier, then by the highest points of any difficulty, then by who has waited longer. Where the children of
one rank do not all fit into the places that are left, all of them wait: no lot and no case number decides between
equals. The places stay free, the page tells of them, and a person may take up whom they choose. Whoever stands lower
waits as well, so that nobody overtakes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeAlias

Rank: TypeAlias = tuple[int, float, date]  # tier, points below zero, waiting since: the smaller comes first


@dataclass(frozen=True)
class Cut:
    """Places of the given ranks: who comes in, who waits at the edge with others of the same rank, who waits below."""

    in_: tuple[int, ...]
    tied: tuple[int, ...]
    below: tuple[int, ...]


def cut(ranks: Sequence[Rank], room: int | None) -> Cut:
    """Divide candidates by their ranks; `room` is how many places are left, None for no limit."""
    ordered = sorted(range(len(ranks)), key=lambda place: ranks[place])
    if room is None:
        return Cut(tuple(ordered), (), ())
    taken: list[int] = []
    for _, group in groupby(ordered, key=lambda place: ranks[place]):
        equals = list(group)
        if len(taken) + len(equals) > max(room, 0):
            rest = ordered[len(taken) + len(equals) :]
            at_edge = len(equals) > 1 and len(taken) < room
            return Cut(tuple(taken), tuple(equals) if at_edge else (), tuple(rest if at_edge else equals + rest))
        taken += equals
    return Cut(tuple(taken), (), ())
