"""Events found by the length of the list: longer lists never find less, and the one of the capacity is the list."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from mimamori.screening.models.columns import Floats
from mimamori.screening.models.curves import TIMES, curve
from mimamori.screening.models.listing import Listing, cut

SCORE = np.array([9.0, 5.0, 5.0, 5.0, 1.0, 0.0, 8.0, 7.0])
EVENT = np.array([0, 0, 1, 0, 1, 0, 1, 0], dtype=np.bool_)
NOBODY, WARD = np.zeros(8, dtype=np.bool_), np.zeros(8, dtype=np.int64)


def listing(lengths: Floats) -> Listing:
    return cut(SCORE, must=NOBODY, ward=WARD, lengths=lengths, event=EVENT)


def test_each_place_counts_by_lot_at_best_and_at_worst() -> None:
    found = {place.times: place for place in curve(np.array([4.0]), EVENT, listing)}
    assert tuple(found) == TIMES
    assert (found[0.5].listed, found[0.5].found) == (2, 1)  # the highest two: 9 without an event, 8 with one
    assert found[1.0].listed == 4  # one more of the three equals at 5
    assert found[1.0].found == pytest.approx(1 + 1 / 3)
    assert (found[1.0].found_best, found[1.0].found_worst) == (2, 1)
    assert (found[2.0].listed, found[2.0].found) == (8, 3)


def test_a_longer_list_never_finds_less() -> None:
    random = np.random.default_rng(4)
    score, event = np.round(random.normal(size=500), 1), random.random(500) < 0.1
    ward, must = random.integers(0, 3, 500), random.random(500) < 0.02
    of = partial(cut, score, must=must, ward=ward, event=event)
    places = curve(np.array([10.0, 20.0, 5.0]), event, lambda lengths: of(lengths=lengths))
    for low, high in pairwise(places):
        assert low.listed <= high.listed and low.found <= high.found + 1e-9
        assert low.found_worst <= low.found <= low.found_best + 1e-9
