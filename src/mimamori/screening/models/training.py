"""From a panel to the model that would be used: fitted on all answered days but the last, calibrated on that one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.exceptions import ConvergenceWarning

from mimamori.refusal import Refused
from mimamori.screening.models.additive import Additive
from mimamori.screening.models.baselines import fit_single, points
from mimamori.screening.models.boosting import fit_shapes, fit_trees
from mimamori.screening.models.calibration import calibrate
from mimamori.screening.models.candidates import LABELS, POINTS, Name
from mimamori.screening.models.columns import Floats, Ints, column
from mimamori.screening.models.leaks import check_copies
from mimamori.screening.models.logistic import fit_logistic
from mimamori.screening.models.model import Model
from mimamori.screening.models.sampling import Rows, rows_of
from mimamori.screening.models.shapes import Panel
from mimamori.screening.models.splits import CALIBRATING, families
from mimamori.screening.models.trees import Trees

FITS: dict[Name, Callable[[Rows, int], Additive | Trees]] = {
    "points": lambda rows, seed: points(),
    "single": fit_single,
    "logistic": fit_logistic,
    "shapes": fit_shapes,
    "trees": fit_trees,
}


@contextmanager
def without_warnings() -> Iterator[None]:
    """Around fits, and around all threads of them, for filters belong to the whole process."""
    with warnings.catch_warnings():
        # An early stop is one more pull to zero, and the measures say how good the result is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # The library's own pictures leave out what is not known; ours do not.
        warnings.filterwarnings("ignore", message="Missing values detected")
        yield


def train(panel: Panel, seed: int, candidate: Name) -> Model:
    """The same panel, seed and candidate make the same model, to the byte.

    A quarter of the families is kept out of the fit and calibrates it on the last answered day. Raises `Refused` with
    too few events, or where a column copies the answer.
    """
    check_copies(panel, seed)
    theirs = families(panel)
    answered = pc.is_valid(panel.table["event"]).to_numpy()
    last = theirs.day[answered].max(initial=-1)
    if last < 0:
        raise Refused("結果の分かる行がないので、学習できません。", "No row has an answer: nothing can be learned.")
    apart = (np.random.default_rng([seed, 1]).random(theirs.count) < CALIBRATING)[theirs.family]
    fitted = np.flatnonzero(answered & (theirs.day < max(last, 1)) & ~apart)
    calibrated = np.flatnonzero(answered & (theirs.day == last) & apart)
    rows = rows_of(panel, fitted, theirs.family, seed)
    days = tuple(theirs.days[place] for place in np.unique(theirs.day[answered]))
    with without_warnings():
        return fit(panel, rows, calibrated, seed, candidate, days=days)


def fit(panel: Panel, rows: Rows, calibrated: Ints, seed: int, candidate: Name, *, days: tuple[date, ...]) -> Model:
    """One candidate on a sample, calibrated on rows of the panel. Raises `Refused` where these hold no event. To be
    called `without_warnings`.

    `days`: those of both, for the record.
    """
    event = pc.fill_null(panel.table["event"].take(pa.array(calibrated)), False).to_numpy()
    if not event.any() or event.all():
        raise Refused(
            f"較正に使える出来事がないので、{LABELS[candidate].ja}を作れません(判定不能)。",
            f"No event to calibrate {LABELS[candidate].en} with: it cannot be made.",
        )
    scorer = FITS[candidate](rows, seed)
    margins = scorer.margins(columns_of(panel.table, scorer.names, calibrated))
    return Model(
        candidate=candidate,
        difficulty=panel.difficulty,
        window_months=panel.window_months,
        seed=seed,
        days=days,
        fitted_rows=len(rows.event),
        fitted_events=int(rows.event.sum()),
        seen=tuple(seen for seen in rows.seen() if seen.name in scorer.names),
        scorer=scorer,
        calibration=calibrate(margins, event, odds=candidate != POINTS),
    )


def columns_of(table: pa.Table, names: tuple[str, ...], rows: Ints) -> dict[str, Floats]:
    """The named columns of some rows."""
    part = table.select(list(names)).take(pa.array(rows))
    return {name: column(part, name) for name in names}
