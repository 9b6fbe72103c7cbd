"""What the conditions miss, with an interval."""

from __future__ import annotations

import pytest

from mimamori.insight.missed import Stratum, missed


def test_each_ward_weighs_as_many_children_as_it_has() -> None:
    found = missed([Stratum(9_000, 10, 10, 0), Stratum(1_000, 10, 10, 5)])
    assert found.share is not None and found.children is not None
    assert found.share.share == pytest.approx(0.05)  # not 5 of 20
    assert found.children[0] == 500
    assert found.children[1] <= 500 <= found.children[2]
    assert (found.frame, found.drawn, found.judged, found.missed, found.covers) == (10_000, 20, 20, 5, 1.0)


def test_nobody_found_is_not_nobody_missed() -> None:
    found = missed([Stratum(1_000, 20, 20, 0)])
    assert found.share is not None and found.children is not None
    assert (found.share.share, found.share.low) == (0, 0)
    assert found.share.high == pytest.approx(0.1611, abs=1e-4)  # Wilson's score interval of 0 of 20
    assert found.children == (0, 0, 162)


def test_a_ward_where_nobody_was_looked_at_says_nothing() -> None:
    found = missed([Stratum(3_000, 10, 10, 1), Stratum(1_000, 10, 0, 0)])
    assert found.covers == 0.75
    assert found.children is not None and found.children[0] == 300


@pytest.mark.parametrize("strata", [[], [Stratum(100, 5, 0, 0)]])
def test_without_a_judgement_there_is_no_estimate(strata: list[Stratum]) -> None:
    found = missed(strata)
    assert (found.share, found.children) == (None, None)


@pytest.mark.parametrize(
    "wrong", [Stratum(10, 5, 6, 0), Stratum(10, 5, 5, 6), Stratum(4, 5, 0, 0), Stratum(9, 5, 3, -1)]
)
def test_counts_that_cannot_be_are_refused(wrong: Stratum) -> None:
    with pytest.raises(ValueError):
        missed([wrong])
