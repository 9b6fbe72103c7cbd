"""Lists as long as the wards work: must-look first and never waiting, then by a score; equals share the last places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mimamori.screening.models.columns import Flags, Floats, Ints

SHARE_LISTED = 0.01  # of a ward's children, where nobody said how many it can work


@dataclass(frozen=True)
class Listing:
    """By row how much of a place it has: 1 on the list, 0 not, between for equals of whom not all fit, as if by lot.
    `best`, `worst`: their places go to those with an event first, or last."""

    lot: Floats
    best: Floats
    worst: Floats

    @property
    def length(self) -> float:
        return float(self.lot.sum())

    @property
    def tied(self) -> int:
        return int(np.sum((self.lot > 0) & (self.lot < 1)))


def lengths_of(rooms: Mapping[str, int], wards: tuple[str, ...], ward: Ints) -> Floats:
    """By ward how many children it works in a month; of a ward that nobody spoke of one in a hundred."""
    children = np.bincount(ward, minlength=len(wards))
    return np.array(
        [
            float(rooms[name]) if name in rooms else max(1.0, np.ceil(SHARE_LISTED * children[place]))
            for place, name in enumerate(wards)
        ]
    )


def cut(score: Floats, *, must: Flags, ward: Ints, lengths: Floats, event: Flags, of: Flags | None = None) -> Listing:
    """`lengths`: by ward. `of`: who can be on it at all (all). Must-look are on it, even if they are more."""
    lot, best, worst = (np.zeros(len(score)) for _ in range(3))
    rows = np.arange(len(score)) if of is None else np.flatnonzero(of)
    if not len(rows):
        return Listing(lot, best, worst)
    rows = rows[np.lexsort((-score[rows], ~must[rows], ward[rows]))]
    # Equals stand together: of one ward, must-look or not, of one score.
    keys = (ward[rows], must[rows], score[rows])
    first = np.concatenate([[True], np.logical_or.reduce([key[1:] != key[:-1] for key in keys])])
    rank = np.cumsum(first) - 1
    start = np.flatnonzero(first)
    size = np.diff(np.append(start, len(rows))).astype(np.float64)
    ward_start = np.searchsorted(ward[rows], np.arange(len(lengths)))
    room = lengths[ward[rows[start]]] - (start - ward_start[ward[rows[start]]])
    free = np.where(must[rows[start]], size, np.clip(room, 0, size))
    events = np.bincount(rank, weights=event[rows].astype(np.float64))
    others = size - events
    lot[rows] = (free / size)[rank]
    for shares, first_served, then in ((best, events, others), (worst, others, events)):
        served = np.minimum(free, first_served)
        early = np.divide(served, first_served, out=np.zeros_like(free), where=first_served > 0)
        late = np.divide(free - served, then, out=np.zeros_like(free), where=then > 0)
        is_early = event[rows] if shares is best else ~event[rows]
        shares[rows] = np.where(is_early, early[rank], late[rank])
    return Listing(lot, best, worst)


def ranks(score: Floats, ward: Ints, of: Flags) -> Floats:
    """By row its place in its ward from 0; infinite for those who are not of it. Equals by their row."""
    places = np.full(len(score), np.inf)
    rows = np.flatnonzero(of)
    rows = rows[np.lexsort((-score[rows], ward[rows]))]
    places[rows] = np.arange(len(rows)) - np.searchsorted(ward[rows], ward[rows], side="left")
    return places


def together(points: Floats, listed: Flags, margins: Floats, ward: Ints) -> Floats:
    """A score that takes turns: the first by the conditions, the first by the model, the second by each, and so on.

    For measuring both at one length. Equals by points are ordered by the model.
    """
    level = np.unique(points, return_inverse=True)[1].astype(np.float64)
    finer = np.argsort(np.argsort(margins, kind="stable"), kind="stable") / max(1, len(margins))
    conditions = ranks(level + finer, ward, listed)
    model = ranks(margins, ward, np.ones(len(margins), dtype=np.bool_))
    return -np.minimum(2 * conditions, 2 * model + 1)


def second_opinion(listed: Flags, margins: Floats, *, ward: Ints, more: Floats) -> Flags:
    """The conditions' list, and by ward up to `more` children that the model would add, highest first. Nobody is ever
    taken off; equals of whom not all fit are not added."""
    added = cut(
        margins,
        must=np.zeros(len(margins), dtype=np.bool_),
        ward=ward,
        lengths=more,
        event=np.zeros(len(margins), dtype=np.bool_),
        of=~listed,
    )
    return np.asarray(listed | (added.lot >= 1))
