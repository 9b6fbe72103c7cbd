"""What is on which side of a split, and that planted leaks are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.screening.models.panels import DAYS, panel, with_column, with_key

from mimamori.refusal import Refused
from mimamori.screening.models.leaks import check_copies, check_days, check_families
from mimamori.screening.models.shapes import Panel
from mimamori.screening.models.splits import Split, families, splits

SHOWN = panel(children=900)


def test_four_days_are_played_again() -> None:
    found = splits(SHOWN, 1)
    assert [split.day for split in found] == list(DAYS[4:])
    assert [split.calibrate_day for split in found] == list(DAYS[:4])
    assert [len(split.fit_days) for split in found] == [1, 1, 2, 3]
    assert [split.later for split in found] == [False, True, True, True]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 200))
def test_no_split_leaks_and_each_judges_its_whole_day(seed: int, children: int) -> None:
    shown = panel(seed, children=children)
    for split in splits(shown, seed):
        check_days(shown, split)
        check_families(shown, split)
        judged = np.sort(np.concatenate([fold.evaluate for fold in split.folds]))
        answered = pc.is_valid(shown.table["event"]).to_numpy()
        assert list(judged) == list(
            np.flatnonzero(answered & (shown.table["day"].to_numpy() == np.datetime64(split.day)))
        )


def test_too_few_days_are_refused() -> None:
    with pytest.raises(Refused, match="Only 3 days can be judged"):
        splits(panel(children=60, days=DAYS[:7]), 1)


def test_who_moves_joins_both_households() -> None:
    shown = panel(children=300)
    moved = shown.table["household"].to_pylist()
    first, last = moved[0], moved[299]
    moved[300] = last  # the first child lives with the last one's household on the second day
    theirs = families(with_key(shown, "household", pa.array(moved)))
    of = {name: set(theirs.family[np.array(moved) == name]) for name in (first, last)}
    assert first != last and of[first] == of[last] and len(of[first]) == 1


def test_a_row_whose_window_was_not_over_is_refused() -> None:
    split = splits(SHOWN, 1)[0]
    later = np.flatnonzero(SHOWN.table["day"].to_numpy() == np.datetime64(DAYS[3]))[:1]
    with pytest.raises(Refused, match="2024-12-31, which were not answered"):
        check_days(SHOWN, _planted(split, fit=later))


def test_a_row_of_another_day_is_not_judged() -> None:
    split = splits(SHOWN, 1)[0]
    with pytest.raises(Refused, match="evaluate"):
        check_days(SHOWN, _planted(split, evaluate=np.array([0])))


def test_a_calibration_before_the_fit_is_refused() -> None:
    split = splits(SHOWN, 1)[2]
    with pytest.raises(Refused, match="earlier day than it is fitted on"):
        check_days(SHOWN, _planted(split, calibrate=np.array([0])))


@pytest.mark.parametrize("side", ["fit", "calibrate"])
def test_a_sibling_across_the_split_is_refused(side: str) -> None:
    split = splits(SHOWN, 1)[0]
    household, token = SHOWN.table["household"].to_pylist(), SHOWN.table["token"].to_pylist()
    judged = {household[row]: token[row] for row in split.folds[0].evaluate}
    sibling = next(row for row in range(900) if judged.get(household[row], token[row]) != token[row])
    with pytest.raises(Refused, match="of one household"):
        check_families(SHOWN, _planted(split, **{side: np.array([sibling])}))


def test_a_child_across_the_split_under_another_household_is_refused() -> None:
    split = splits(SHOWN, 1)[0]
    judged = int(split.folds[0].evaluate[0])
    earlier = judged - 4 * 900
    household = SHOWN.table["household"].to_pylist()
    household[earlier] = "elsewhere"
    with pytest.raises(Refused, match="of one token"):
        check_families(with_key(SHOWN, "household", pa.array(household)), _planted(split, fit=np.array([earlier])))


def test_columns_that_tell_little_are_no_copies() -> None:
    check_copies(SHOWN, 1)
    check_copies(panel(children=40), 1)


def test_copies_of_the_answer_are_refused() -> None:
    event = SHOWN.table["event"].fill_null(False).to_numpy().astype(float)
    random = np.random.default_rng(3)
    copies = {
        "same": event,
        "turned": 1 - event,
        "noisy": event + random.normal(0, 0.2, len(event)),
        "known": np.where(event > 0, random.normal(size=len(event)), np.nan),
        "unknown": np.where(event > 0, np.nan, random.normal(size=len(event))),
        "some": event * (random.random(len(event)) < 0.3),  # a third of the events, and nobody else
        "few_low": np.where((event > 0) & (random.random(len(event)) < 0.1), -9.0, random.normal(size=len(event))),
    }
    for name, values in copies.items():
        with pytest.raises(Refused, match=f"copy the answer: {name}"):
            check_copies(with_column(SHOWN, name, values), 1)


def test_the_days_of_a_panel_may_end_on_any_day() -> None:
    days = tuple(date(year, month, 15) for year in (2024, 2025) for month in (1, 4, 7, 10))
    assert len(splits(panel(children=60, days=days), 1)) == 4


def _planted(split: Split, **rows: np.ndarray) -> Split:
    first = split.folds[0]
    more = {side: np.concatenate([getattr(first, side), planted]) for side, planted in rows.items()}
    return replace(split, folds=(replace(first, **more), *split.folds[1:]))


def test_the_panel_of_the_tests_is_as_its_shape_says() -> None:
    assert isinstance(SHOWN, Panel)
    assert SHOWN.days == DAYS
