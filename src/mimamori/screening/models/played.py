"""A split played: every candidate fitted on what was known, and its scores of the day that is judged."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mimamori.screening.models.candidates import NAMES, Name
from mimamori.screening.models.columns import BAND, Flags, Floats, Ints, column, encoded
from mimamori.screening.models.fairness import DIMENSIONS, Dimension
from mimamori.screening.models.model import Model
from mimamori.screening.models.sampling import Rows, rows_of
from mimamori.screening.models.shapes import Panel
from mimamori.screening.models.splits import Fold, Split, families
from mimamori.screening.models.training import columns_of, fit, without_warnings

THREADS = 2


@dataclass(frozen=True)
class Keys:
    """The panel's keys as numbers, by row. `known`: how many of its features are known."""

    event: Flags
    must: Flags
    listed: Flags
    points: Floats
    family: Ints
    families: int
    band: Ints
    known: Floats
    dimensions: dict[Dimension, tuple[Ints, tuple[str, ...]]]

    @property
    def wards(self) -> tuple[str, ...]:
        return self.dimensions["ward"][1]

    @property
    def ward(self) -> Ints:
        return self.dimensions["ward"][0]


def keys_of(panel: Panel) -> Keys:
    table = panel.table
    theirs = families(panel)
    known = np.zeros(table.num_rows, dtype=np.float32)
    for feature in panel.features:
        known += pc.is_valid(table[feature.name]).to_numpy()
    return Keys(
        event=_flags(table["event"]),
        must=_flags(table["must"]),
        listed=_flags(table["listed"]),
        points=np.nan_to_num(column(table, "points")),
        family=theirs.family,
        families=theirs.count,
        band=np.nan_to_num(column(table, BAND), nan=-1.0).astype(np.int64),
        known=known.astype(np.float64),
        dimensions={name: encoded(table[name].cast(pa.string())) for name in DIMENSIONS},
    )


@dataclass(frozen=True)
class Played:
    """`rows`: of the panel, all that the split judges; by each of them every candidate's margin and chance. `models`:
    those of the first fold."""

    split: Split
    rows: Ints
    margins: dict[Name, Floats]
    chances: dict[Name, Floats]
    models: dict[Name, Model]


def play(panel: Panel, keys: Keys, split: Split, seed: int, done: Callable[[], None]) -> Played:
    """Fit every candidate on each fold and score those whom it never saw. `done` is called after each fit. Raises
    `Refused` where a fold has too few events."""
    rows = np.sort(np.concatenate([fold.evaluate for fold in split.folds]))
    margins = {name: np.empty(len(rows)) for name in NAMES}
    chances = {name: np.empty(len(rows)) for name in NAMES}
    models: dict[Name, Model] = {}
    days = tuple(dict.fromkeys((*split.fit_days, split.calibrate_day)))
    for fold in split.folds:
        sample = rows_of(panel, fold.fit, keys.family, seed)
        places = np.searchsorted(rows, fold.evaluate)
        read = columns_of(panel.table, (*sample.names, "points", "must"), fold.evaluate)

        def fitted(name: Name, sample: Rows = sample, fold: Fold = fold) -> Model:
            return fit(panel, sample, fold.calibrate, seed, name, days=days)

        # The libraries work outside of Python: two candidates at a time, each the same as if it were alone.
        with without_warnings(), ThreadPoolExecutor(THREADS) as threads:
            for name, model in zip(NAMES, threads.map(fitted, NAMES), strict=True):
                margins[name][places] = model.scorer.margins(read)
                chances[name][places] = model.calibration.chance(margins[name][places])
                models.setdefault(name, model)
                done()
    return Played(split, rows, margins, chances, models)


def _flags(values: pa.ChunkedArray) -> Flags:
    return np.asarray(pc.fill_null(values, False).to_numpy(), dtype=np.bool_)
