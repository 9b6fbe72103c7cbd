"""Lists with must-look and equals, and measures that are held against counting by hand and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from mimamori.screening.models.bootstrap import Draws, Estimate, estimate
from mimamori.screening.models.columns import Flags, Floats
from mimamori.screening.models.listing import cut, lengths_of, second_opinion, together
from mimamori.screening.models.measures import Judged, Measures, difference, measure

ONE = np.zeros(6, dtype=np.int64)


def flags(*values: int) -> Flags:
    return np.array(values, dtype=np.bool_)


def judged(seed: int = 1, *, rows: int = 4000, rounded: int = 8) -> Judged:
    random = np.random.default_rng(seed)
    margin = np.round(random.normal(-2.5, 1, rows), rounded)
    event = random.random(rows) < 1 / (1 + np.exp(-margin))
    return Judged(margin, 1 / (1 + np.exp(-margin)), event, random.integers(0, rows // 2, rows))


def test_must_look_never_waits_and_equals_share_what_is_left() -> None:
    score = np.array([9.0, 5.0, 5.0, 5.0, 1.0, 0.0])
    must = flags(0, 0, 0, 0, 0, 1)
    event = flags(0, 1, 0, 0, 1, 0)
    listing = cut(score, must=must, ward=ONE, lengths=np.array([4.0]), event=event)
    assert listing.lot == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, 0, 1])
    assert listing.best == pytest.approx([1, 1, 0.5, 0.5, 0, 1])
    assert listing.worst == pytest.approx([1, 0, 1, 1, 0, 1])
    assert listing.length == pytest.approx(4) and listing.tied == 3


def test_more_must_look_than_places_are_all_on_the_list() -> None:
    listing = cut(
        np.arange(6.0), must=flags(1, 1, 1, 0, 0, 0), ward=ONE, lengths=np.array([1.0]), event=flags(*[0] * 6)
    )
    assert list(listing.lot) == [1, 1, 1, 0, 0, 0]


def test_nobody_is_listed_who_cannot_be() -> None:
    listing = cut(
        np.arange(6.0),
        must=flags(*[0] * 6),
        ward=ONE,
        lengths=np.array([3.0]),
        event=flags(*[0] * 6),
        of=flags(1, 0, 0, 0, 0, 1),
    )
    assert list(listing.lot) == [1, 0, 0, 0, 0, 1]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_lists_are_as_long_as_the_wards_work(seed: int, rows: int, rooms: list[int]) -> None:
    random = np.random.default_rng(seed)
    ward, score = random.integers(0, 3, rows), random.integers(0, 5, rows).astype(float)
    must, event = random.random(rows) < 0.1, random.random(rows) < 0.3
    listing = cut(score, must=must, ward=ward, lengths=np.array(rooms, dtype=float), event=event)
    children, musts = np.bincount(ward, minlength=3), np.bincount(ward, must, minlength=3)
    wanted = np.maximum(np.minimum(rooms, children), musts)
    for shares in (listing.lot, listing.best, listing.worst):
        assert np.bincount(ward, shares, minlength=3) == pytest.approx(wanted)
        assert shares.min() >= 0 and shares.max() <= 1 + 1e-12
    assert listing.worst @ event <= listing.lot @ event + 1e-9 <= listing.best @ event + 2e-9
    for place in range(3):  # nobody stands before somebody with a higher score
        here = (ward == place) & ~must
        if here.any():
            ordered = listing.lot[here][np.argsort(-score[here], kind="stable")]
            assert np.all(np.diff(ordered) <= 1e-12)


def test_a_ward_that_nobody_spoke_of_lists_one_in_a_hundred() -> None:
    ward = np.repeat([0, 1, 2], [250, 10, 40])
    assert list(lengths_of({"b": 7}, ("a", "b", "c"), ward)) == [3, 7, 1]


def test_conditions_and_model_take_turns() -> None:
    points, margins = np.array([9.0, 8, 7, 0, 0, 0]), np.array([0.0, 1, 2, 3, 4, 9])
    turns = together(points, flags(1, 1, 1, 0, 0, 0), margins, ONE)
    assert list(np.argsort(-turns)[:4]) == [0, 5, 1, 4]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 50))
def test_a_second_opinion_only_adds(seed: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    ward, listed = random.integers(0, 2, rows), random.random(rows) < 0.3
    margins, more = random.normal(size=rows), random.integers(0, 5, 2).astype(float)
    both = second_opinion(listed, margins, ward=ward, more=more)
    assert np.all(both[listed])
    free = np.bincount(ward[~listed], minlength=2)
    assert list(np.bincount(ward[both & ~listed], minlength=2)) == list(np.minimum(free, more))


def test_measures_are_those_of_scikit_learn_and_lie_in_their_intervals() -> None:
    shown = judged()
    event = shown.event
    listing = cut(
        shown.margin, must=flags(*[0] * 4000), ward=np.zeros(4000, np.int64), lengths=np.array([200.0]), event=event
    )
    measures = measure(shown, listing, Draws(2000, 1))
    top = np.argsort(-shown.margin)[:200]
    curve = LogisticRegression(C=np.inf, tol=1e-10).fit(shown.margin[:, np.newaxis], event)
    happened, told = calibration_curve(event, shown.chance, n_bins=10, strategy="quantile")
    wanted = {
        "precision": event[top].mean(),
        "recall": event[top].sum() / event.sum(),
        "lift": event[top].mean() / event.mean(),
        "auc": roc_auc_score(event, shown.margin),
        "average_precision": average_precision_score(event, shown.margin),
        "brier": np.mean((event - shown.chance) ** 2),
        "slope": curve.coef_[0, 0],
        "ece": np.mean(np.abs(happened - told)),
    }
    for name, value in wanted.items():
        found = getattr(measures, name)
        assert found.value == pytest.approx(value, rel=1e-3 if name != "ece" else 0.05), name
        assert found.low <= found.value <= found.high, name
    assert measures.slope is not None and measures.slope.low < 1 < measures.slope.high
    assert measures.precision == measures.precision_best == measures.precision_worst


@pytest.mark.parametrize("rounded", [8, 0])
def test_intervals_are_those_of_drawing_rows_again(rounded: int) -> None:
    shown = judged(2, rounded=rounded)
    alone = Judged(shown.margin, shown.chance, shown.event, np.arange(4000))
    listing = cut(
        alone.margin,
        must=flags(*[0] * 4000),
        ward=np.zeros(4000, np.int64),
        lengths=np.array([200.0]),
        event=alone.event,
    )
    measures = measure(alone, listing, Draws(4000, 1))
    random = np.random.default_rng(4)
    drawn: dict[str, list[float]] = {"auc": [], "average_precision": [], "brier": [], "precision": []}
    for _ in range(300):
        rows = random.integers(0, 4000, 4000)
        event, margin, chance, lot = (each[rows] for each in (alone.event, alone.margin, alone.chance, listing.lot))
        drawn["auc"].append(roc_auc_score(event, margin))
        drawn["average_precision"].append(average_precision_score(event, margin))
        drawn["brier"].append(float(np.mean((event - chance) ** 2)))
        drawn["precision"].append(float(lot @ event / lot.sum()))
    for name, values in drawn.items():
        found, wide = getattr(measures, name), np.ptp(np.percentile(values, [2.5, 97.5]))
        assert found.high - found.low == pytest.approx(wide, rel=0.2), name
        assert found.low == pytest.approx(np.percentile(values, 2.5), abs=0.2 * wide), name


def test_siblings_make_intervals_wider() -> None:
    shown = judged(3)
    twice = np.repeat(np.arange(2000), 2)
    alone = Judged(shown.margin[twice], shown.chance[twice], shown.event[twice], np.arange(4000))
    families = Judged(alone.margin, alone.chance, alone.event, twice)
    listing = cut(
        alone.margin,
        must=flags(*[0] * 4000),
        ward=np.zeros(4000, np.int64),
        lengths=np.array([200.0]),
        event=alone.event,
    )
    wide = [measure(each, listing, Draws(4000, 1)).auc for each in (alone, families)]
    assert wide[0] is not None and wide[1] is not None
    assert (wide[1].high - wide[1].low) / (wide[0].high - wide[0].low) == pytest.approx(2**0.5, rel=0.2)


def test_fewer_than_ten_events_tell_nothing() -> None:
    for happened in (0, 9, 10):
        event = np.arange(500) < happened
        random = np.random.default_rng(1)
        shown = Judged(random.normal(size=500), np.full(500, 0.02), event, np.arange(500))
        listing = cut(
            shown.margin, must=flags(*[0] * 500), ward=np.zeros(500, np.int64), lengths=np.array([20.0]), event=event
        )
        measures = measure(shown, listing, Draws(500, 1))
        told = [name for name in Measures.model_fields if isinstance(getattr(measures, name), Estimate)]
        assert bool(told) == (happened == 10), told
        assert (difference(listing.lot, listing.lot, event, shown.family, Draws(500, 1)) is None) == (happened < 10)


def test_a_list_of_fewer_than_ten_has_no_precision() -> None:
    shown = judged()
    listing = cut(
        shown.margin, must=flags(*[0] * 4000), ward=np.zeros(4000, np.int64), lengths=np.array([9.0]), event=shown.event
    )
    measures = measure(shown, listing, Draws(2000, 1))
    assert measures.precision is None and measures.lift is None and measures.recall is not None


def test_a_chance_that_is_the_same_for_all_has_no_slope() -> None:
    shown = judged()
    flat = Judged(shown.margin, np.full(4000, 0.1), shown.event, shown.family)
    listing = cut(
        flat.margin, must=flags(*[0] * 4000), ward=np.zeros(4000, np.int64), lengths=np.array([50.0]), event=flat.event
    )
    assert measure(flat, listing, Draws(2000, 1)).slope is None


def test_a_paired_difference_is_narrower_than_its_parts() -> None:
    shown = judged()
    event, family = shown.event, shown.family
    better, worse = np.zeros(4000), np.zeros(4000)
    order = np.argsort(-shown.margin)
    better[order[:200]] = 1
    worse[order[20:220]] = 1
    draws = Draws(2000, 1)
    gain = difference(better, worse, event, family, draws)
    assert gain is not None
    assert gain.value == pytest.approx((better - worse) @ event / 200)
    alone = estimate(0.0, draws.total(better * event, family) / draws.total(better, family))
    assert alone is not None and gain.high - gain.low < 0.6 * (alone.high - alone.low)
    same = difference(better, better, event, family, draws)
    assert same is not None and (same.low, same.high) == (0, 0)


def test_draws_are_the_same_with_the_same_seed() -> None:
    values: Floats = np.arange(20.0)
    family = np.arange(20) // 2
    assert np.array_equal(Draws(10, 3).total(values, family), Draws(10, 3).total(values, family))
    assert Draws(10, 3, repeats=4000).total(values, family).mean() == pytest.approx(values.sum(), rel=0.03)
