"""How many events a list would find by its length, in wards' capacities: what lengthening or shortening it is worth."""

from __future__ import annotations

from collections.abc import Callable

from mimamori.screening.models.columns import Flags, Floats
from mimamori.screening.models.listing import Listing
from mimamori.sources.item import Declared

TIMES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)  # of what the wards work in a month


class Place(Declared):
    """A list of `times` the wards' capacity: its children, how many events are among them by lot of equals, and with
    all equals best or worst."""

    times: float
    listed: float
    found: float
    found_best: float
    found_worst: float


def curve(lengths: Floats, event: Flags, listing: Callable[[Floats], Listing]) -> tuple[Place, ...]:
    """`lengths`: by ward, its capacity; `listing`: a candidate's list where the wards work so many. Must-look are on
    every list, so the shortest may be longer than its length."""
    places = []
    for times in TIMES:
        one = listing(times * lengths)
        places.append(
            Place(
                times=times,
                listed=one.length,
                found=float(one.lot @ event),
                found_best=float(one.best @ event),
                found_worst=float(one.worst @ event),
            )
        )
    return tuple(places)
