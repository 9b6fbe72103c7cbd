"""Which rows a model is made with, calibrated with and judged on: earlier, later, latest, and never the same household.

A split is a day of the past that is played again: of the panel only the days whose windows were over by then are
answered. The latest of them calibrates, those before it are fitted on. Families are parted into `FOLDS`: the children
of one are scored by a model that saw no row of their families, so that the whole day is judged, at the wards' full
length. Those who calibrate are other families again, for windows overlap, and a model knows the events it was made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mimamori.refusal import Refused
from mimamori.screening.fates import months_after
from mimamori.screening.models.columns import Ints, encoded
from mimamori.screening.models.shapes import Panel

LEAST_SPLITS = 4
FOLDS = 3
CALIBRATING = 0.25  # of the families that are not judged


@dataclass(frozen=True)
class Fold:
    """Row numbers of the panel, each with an answer."""

    fit: Ints
    calibrate: Ints
    evaluate: Ints


@dataclass(frozen=True)
class Split:
    """`later`: it is calibrated on a later day than it is fitted on; not so where one day only is answered by then."""

    day: date
    fit_days: tuple[date, ...]
    calibrate_day: date
    folds: tuple[Fold, ...]

    @property
    def later(self) -> bool:
        return self.calibrate_day > self.fit_days[-1]


@dataclass(frozen=True)
class Families:
    """By row the number of its day in `days`, and of its family."""

    days: tuple[date, ...]
    day: Ints
    family: Ints

    @property
    def count(self) -> int:
        return int(self.family.max()) + 1 if len(self.family) else 0


def families(panel: Panel) -> Families:
    """Children and households that belong together on any day: whoever moved once joins both households."""
    day, days = encoded(panel.table["day"].cast("string"))
    token, tokens = encoded(panel.table["token"])
    household, households = encoded(panel.table["household"])
    size = len(tokens) + len(households)
    together = coo_array((np.ones(len(token), dtype=np.int8), (token, household + len(tokens))), shape=(size, size))
    _, family = connected_components(together, directed=False)
    return Families(tuple(date.fromisoformat(each) for each in days), day, family[token].astype(np.int64))


def splits(panel: Panel, seed: int, *, least: int = LEAST_SPLITS) -> tuple[Split, ...]:
    """Every split that the panel's days allow, the earliest first. Raises `Refused` with fewer than `least`."""
    theirs = families(panel)
    answered = np.flatnonzero(pc.is_valid(panel.table["event"]).to_numpy())
    day, family = theirs.day[answered], theirs.family[answered]
    random = np.random.default_rng([seed, 1])
    fold = random.integers(0, FOLDS, theirs.count)[family]
    calibrating = (random.random(theirs.count) < CALIBRATING)[family]
    found = []
    for place, at in enumerate(theirs.days):
        known = [earlier for earlier in theirs.days if months_after(earlier, panel.window_months) <= at]
        if not known or not np.any(day == place):
            continue
        last = len(known) - 1
        fitted = day < max(last, 1)  # days are in their order, so that the known are the first
        calibrated = day == last
        found.append(
            Split(
                day=at,
                fit_days=tuple(known[: max(last, 1)]),
                calibrate_day=known[-1],
                folds=tuple(
                    Fold(
                        fit=answered[fitted & (fold != number) & ~calibrating],
                        calibrate=answered[calibrated & (fold != number) & calibrating],
                        evaluate=answered[(day == place) & (fold == number)],
                    )
                    for number in range(FOLDS)
                ),
            )
        )
    if len(found) < least:
        months = panel.window_months
        raise Refused(
            f"検証できる基準日が{len(found)}日しかありません(必要: {least}日)。それぞれの{months}か月以上前にも"
            "基準日が要ります。過去の基準日を増やしてください。",
            f"Only {len(found)} days can be judged ({least} are needed): each needs a day at least {months} months "
            "before it. Add earlier days.",
        )
    return tuple(found)
