"""The shipped weights fit the levels, and stronger agreement never weighs less where order is meant."""

from __future__ import annotations

from math import log2

import pytest

from mimamori.linkage.model import COMPARISONS, Comparison, level_of, load_weights
from mimamori.linkage.train import as_document


@pytest.mark.parametrize("one", COMPARISONS, ids=lambda one: one.name)
def test_every_level_has_its_probabilities(one: Comparison) -> None:
    found = load_weights().probabilities[one.name]
    assert list(found) == [level.name for level in one.levels]
    assert all(0 < m < 1 and 0 < u < 1 for m, u in found.values())
    assert sum(m for m, _ in found.values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("one", COMPARISONS, ids=lambda one: one.name)
def test_the_first_level_speaks_for_and_the_last_against(one: Comparison) -> None:
    weights = [log2(m / u) for m, u in load_weights().probabilities[one.name].values()]
    assert weights[0] > 0.5  # bits: sex halves the field, a slip in it takes a little away
    assert weights[-1] < 0
    assert weights[-1] == min(weights)


def test_expectations_are_shares() -> None:
    for one in COMPARISONS:
        assert sum(level.expected for level in one.levels) == pytest.approx(1)


def test_levels_are_numbered_as_splink_numbers_them() -> None:
    birth = next(one for one in COMPARISONS if one.name == "birth")
    assert [level_of(birth, gamma) for gamma in (-1, 0, 4)] == ["nothing", "else", "same"]


def test_thresholds_and_origin() -> None:
    weights = load_weights()
    assert weights.review < weights.accept
    assert weights.margin > 0
    assert "true pairs" in weights.made_from
    assert set(as_document(weights)) == {"made_from", "prior", "accept", "margin", "review", "probabilities"}
