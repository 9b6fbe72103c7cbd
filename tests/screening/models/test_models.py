"""Each candidate under one protocol: plain data, contributions that add up, columns by name, the same to the byte."""

from __future__ import annotations

import json
from typing import Any

import lightgbm
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interpret.glassbox import ExplainableBoostingClassifier
from tests.screening.models.panels import FEATURES, panel

from mimamori.refusal import Refused
from mimamori.screening.models import boosting
from mimamori.screening.models.additive import Additive, Shape
from mimamori.screening.models.candidates import LABELS, NAMES, TRAINED, Name
from mimamori.screening.models.columns import BAND, Floats
from mimamori.screening.models.model import Model
from mimamori.screening.models.sampling import Rows, rows_of
from mimamori.screening.models.splits import families
from mimamori.screening.models.training import FITS, columns_of, train, without_warnings

SHOWN = panel(5, children=1500)
MODELS = {name: train(SHOWN, 7, name) for name in NAMES}
EVENT = SHOWN.table["event"].fill_null(False).to_numpy()


def rows(most: int = 10_000) -> Rows:
    answered = np.flatnonzero(SHOWN.table["event"].is_valid().to_numpy())[:most]
    return rows_of(SHOWN, answered, families(SHOWN).family, 1)


def by_name(sample: Rows) -> dict[str, Floats]:
    return {name: np.ascontiguousarray(sample.values[:, place]) for place, name in enumerate(sample.names)}


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_makes_the_same_bytes_and_they_are_read_back(name: Name) -> None:
    kept = MODELS[name].dump()
    assert train(SHOWN, 7, name).dump() == kept
    again = Model.load(kept)
    assert again == MODELS[name]
    assert np.array_equal(again.score(SHOWN.table).margins, MODELS[name].score(SHOWN.table).margins)


@pytest.mark.parametrize("name", TRAINED)
def test_another_seed_makes_another_model(name: Name) -> None:
    assert train(SHOWN, 8, name).scorer != MODELS[name].scorer


@pytest.mark.parametrize("name", NAMES)
def test_contributions_add_up_to_the_margin(name: Name) -> None:
    reasons = MODELS[name].explain(SHOWN.table)
    margins = MODELS[name].score(SHOWN.table).margins
    assert reasons.added.shape == (SHOWN.table.num_rows, len(reasons.names))
    assert np.max(np.abs(reasons.intercept + reasons.added.sum(axis=1) - margins)) <= 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_shuffled_columns_score_the_same(name: Name) -> None:
    names = list(np.random.default_rng(5).permutation(SHOWN.table.column_names))
    shuffled = MODELS[name].score(SHOWN.table.select(names)).margins
    assert np.array_equal(shuffled, MODELS[name].score(SHOWN.table).margins)


@pytest.mark.parametrize("kind", [pa.int32(), pa.int64(), pa.float32(), pa.int8(), pa.bool_()])
def test_a_code_is_the_same_as_any_kind_of_number(kind: pa.DataType) -> None:
    flags = pa.array(SHOWN.table["arrears"].to_numpy())
    place = SHOWN.table.column_names.index("arrears")
    table = SHOWN.table.set_column(place, "arrears", flags.cast(kind))
    for name in TRAINED:
        scores = MODELS[name].score(table)
        assert np.array_equal(scores.margins, MODELS[name].score(SHOWN.table).margins)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (["01", "1"], "is string, not a number"),
        ([float("nan"), 1.0], "NaN or an infinity"),
        ([float("-inf"), 1.0], "NaN or an infinity"),
    ],
)
def test_what_is_no_number_is_refused(values: list[Any], why: str) -> None:
    table = SHOWN.table.slice(0, 2)
    table = table.set_column(table.column_names.index("plan"), "plan", pa.array(values))
    with pytest.raises(Refused, match=why):
        MODELS["shapes"].score(table)


def test_a_column_that_is_missing_or_there_twice_is_refused() -> None:
    for table in (SHOWN.table.drop_columns(["visit"]), SHOWN.table.append_column("visit", SHOWN.table["visit"])):
        with pytest.raises(Refused, match="visit is missing or there twice"):
            MODELS["logistic"].score(table)


def test_an_age_band_that_is_not_known_is_refused() -> None:
    table = SHOWN.table.set_column(4, BAND, pa.array(["19+"] * SHOWN.table.num_rows))
    with pytest.raises(Refused, match=r"19\+"):
        MODELS["shapes"].score(table)


@pytest.mark.parametrize("name", TRAINED)
def test_what_a_model_never_saw_is_counted_and_scored_as_what_lies_nearest(name: Name) -> None:
    table = SHOWN.table.slice(0, 3)
    changed = {"plan": [2.0, 7.0, None], "weight": [None, 3000.0, 99_999.0], "absent": [1.0, 1.0, 1.0]}
    for column, values in changed.items():
        table = table.set_column(table.column_names.index(column), column, pa.array(values))
    scores = MODELS[name].score(table)
    assert {key: scores.unseen[key] for key in changed if key in scores.unseen} == {"plan": 2, "weight": 1}
    assert np.isfinite(scores.margins).all()
    heaviest = next(seen.high for seen in MODELS[name].seen if seen.name == "weight")
    clipped = table.set_column(table.column_names.index("weight"), "weight", pa.array([None, 3000.0, heaviest]))
    assert MODELS[name].score(clipped).margins[2] == pytest.approx(scores.margins[2])


@pytest.mark.parametrize("name", ["single", *TRAINED])
def test_more_never_means_less_risk_where_the_direction_says_so(name: Name) -> None:
    model = MODELS[name]
    base = SHOWN.table.slice(0, 200)
    for feature in FEATURES:
        if feature.direction == "neither" or feature.name not in model.names:
            continue
        at = base.column_names.index(feature.name)
        steps = np.linspace(-1, 10, 23) if feature.name != "weight" else np.linspace(1000, 5000, 23)
        told = np.array(
            [model.score(base.set_column(at, feature.name, pa.array([step] * 200))).margins for step in steps]
        )
        rising = np.diff(told, axis=0) * (1 if feature.direction == "higher" else -1)
        assert rising.min() >= -1e-9, feature.name


@pytest.mark.parametrize("name", ["single", *TRAINED])
def test_each_finds_the_risk_that_is_there(name: Name) -> None:
    margins = MODELS[name].score(SHOWN.table).margins
    assert margins[EVENT].mean() - margins[~EVENT].mean() > (0.2 if name == "single" else 0.5)
    chance = MODELS[name].chance(SHOWN.table)
    assert chance.mean() == pytest.approx(EVENT.mean(), rel=0.25)


def test_what_is_unknown_everywhere_is_left_out() -> None:
    assert all("empty" not in MODELS[name].names for name in NAMES)


def test_our_reading_of_the_trees_is_the_librarys() -> None:
    sample = rows()
    booster = lightgbm.train(
        boosting.TREES | {"seed": 3, "monotone_constraints": list(sample.directions)},
        lightgbm.Dataset(np.ascontiguousarray(sample.values), label=sample.event, params={"max_bin": boosting.BINS}),
        60,
    )
    ours = boosting.written_out(booster, sample.names, 0.0)
    columns = by_name(sample)
    # Also what was never unknown in the training: the library takes it for zero.
    columns["absent"] = np.where(np.arange(len(sample.event)) % 7 == 0, np.nan, columns["absent"])
    values = np.column_stack([columns[name] for name in sample.names])
    theirs = np.asarray(booster.predict(values, pred_contrib=True))
    intercept, added = ours.contributions(columns)
    assert np.max(np.abs(ours.margins(columns) - booster.predict(values, raw_score=True))) <= 1e-6
    assert np.max(np.abs(added - theirs[:, :-1])) <= 1e-6
    assert intercept == pytest.approx(theirs[0, -1], abs=1e-6)


def test_our_reading_of_the_shapes_is_the_librarys(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = []

    class Kept(ExplainableBoostingClassifier):  # type: ignore[misc]  # the library has no types
        def fit(self, *arguments: Any, **named: Any) -> Any:
            fitted.append(self)
            return super().fit(*arguments, **named)

    monkeypatch.setattr(boosting, "ExplainableBoostingClassifier", Kept)
    sample = rows()
    with without_warnings():
        ours = boosting.fit_shapes(sample, 1).margins(by_name(sample))
    theirs = fitted[0]._predict_score(np.ascontiguousarray(sample.values), None)
    assert np.max(np.abs(ours - np.ravel(theirs) - sample.offset)) <= 1e-6


def test_leaving_children_without_an_event_out_does_not_move_the_average(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = np.flatnonzero(SHOWN.table["event"].is_valid().to_numpy())
    monkeypatch.setattr("mimamori.screening.models.sampling.MOST", 3000)
    few = rows_of(SHOWN, answered, families(SHOWN).family, 1)
    assert len(few.event) == 3000 and few.event.sum() == EVENT.sum() and few.offset < -1
    for name in TRAINED:
        with without_warnings():
            margins = FITS[name](few, 1).margins(columns_of(SHOWN.table, few.names, answered))
        assert np.mean(1 / (1 + np.exp(-margins))) == pytest.approx(EVENT[answered].mean(), rel=0.1), name


def test_too_few_events_are_refused() -> None:
    with pytest.raises(Refused, match="Fewer than 10 events"):
        train(panel(children=20, base=-9.0), 1, "logistic")


def test_a_kept_model_that_was_changed_by_hand_is_refused() -> None:
    for change in ({"form": "other"}, {"scorer": {"kind": "pickle"}}, {"more": 1}):
        told = json.loads(MODELS["shapes"].dump()) | change
        with pytest.raises(Refused, match="not a model as it was kept"):
            Model.load(json.dumps(told).encode())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6), max_size=12, unique=True).map(sorted),
    st.lists(st.one_of(st.none(), st.floats(-2e6, 2e6)), min_size=1, max_size=20),
)
def test_a_shape_is_read_from_its_cuts_on(cuts: list[float], values: list[float | None]) -> None:
    shape = Shape(name="a", cuts=tuple(cuts), values=tuple(map(float, range(len(cuts) + 1))), unknown=-1.0)
    read = np.array([np.nan if value is None else value for value in values])
    wanted = [-1.0 if value is None else float(sum(cut <= value for cut in cuts)) for value in values]
    assert list(Additive(intercept=0.0, terms=(shape,)).margins({"a": read})) == wanted


def test_every_candidate_has_a_name_in_both_languages() -> None:
    assert set(LABELS) == set(NAMES) == set(FITS)
