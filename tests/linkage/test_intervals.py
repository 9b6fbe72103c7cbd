"""Intervals of shares, against the values of Newcombe 1998 (Statistics in Medicine 17, 857–872, table I, method 3)."""

from __future__ import annotations

import pytest

from mimamori.linkage.intervals import Counted, weighted, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
     (20, 20, 0.8389, 1.0)],
)  # fmt: skip
def test_wilson(hits: int, of: int, low: float, high: float) -> None:
    found = wilson(hits, of)
    assert found is not None
    assert (found.share, round(found.low, 4), round(found.high, 4)) == (hits / of, low, high)


def test_nothing_judged_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert weighted([Counted(100, 0, 0)]) is None
    with pytest.raises(ValueError, match="between"):
        wilson(3, 2)


def test_one_stratum_is_its_own_interval() -> None:
    assert weighted([Counted(1000, 263, 81), Counted(50, 0, 0)]) == wilson(81, 263)


def test_strata_weigh_as_many_links_as_they_have() -> None:
    found = weighted([Counted(900, 20, 20), Counted(100, 20, 10)])
    assert found is not None
    assert found.share == pytest.approx(0.95)
    # below: the root of (0.9 × 0.1611)² + (0.1 × (0.5 − 0.2993))²; above: of (0.1 × (0.7007 − 0.5))² alone
    assert found.low == pytest.approx(0.95 - 0.14638, abs=1e-4)
    assert found.high == pytest.approx(0.95 + 0.02007, abs=1e-4)
