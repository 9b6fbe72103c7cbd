"""What a model must beat: the experts' points, and the best single column."""

from __future__ import annotations

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

from mimamori.screening.models.additive import Additive, Line, Shape
from mimamori.screening.models.columns import BAND, Flags, Floats
from mimamori.screening.models.sampling import Rows

MUST_FIRST = 1e6  # no count of points outweighs it
STEPS = 32
DOUBT = 20.0  # rows of the average risk added to each step, for a step of few rows tells little


def points() -> Additive:
    """The condition set in force as a score: must-look first, then points. On no scale of odds."""
    return Additive(
        intercept=0.0,
        terms=(
            Line(name="must", weight=MUST_FIRST, centre=0.0, low=0.0, high=1.0, known=0.0, unknown=0.0),
            Line(name="points", weight=1.0, centre=0.0, low=0.0, high=MUST_FIRST - 1, known=0.0, unknown=0.0),
        ),
    )


def fit_single(rows: Rows, seed: int) -> Additive:
    """The one column that parts the families best, as steps that follow its direction."""
    del seed  # nothing is drawn
    shapes = [
        _steps(name, rows.values[:, place], rows.event, rows.directions[place])
        for place, name in enumerate(rows.names)
        if name != BAND
    ]
    parted = [roc_auc_score(rows.event, shape.adds(rows.values[:, place])) for place, shape in enumerate(shapes)]
    best = shapes[int(np.argmax(parted))]
    share = float(rows.event.mean())
    return Additive(intercept=float(np.log(share / (1 - share))) + rows.offset, terms=(best,))


def _steps(name: str, values: Floats, event: Flags, direction: int) -> Shape:
    """Log odds of each step against the average row's."""
    known = ~np.isnan(values)
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, STEPS + 1)[1:])) if known.any() else np.empty(0)
    # A step begins right above the last value of the one before, and ends before the next that there is.
    cuts = np.nextafter(edges[:-1], np.inf)
    step = np.searchsorted(cuts, values[known], side="right")
    count = np.bincount(step, minlength=len(cuts) + 1).astype(np.float64)
    happened = np.bincount(step, weights=event[known], minlength=len(cuts) + 1)
    average = float(event.mean())
    share = (happened + DOUBT * average) / (count + DOUBT)
    if direction:
        level = np.arange(len(share), dtype=np.float64)
        share = IsotonicRegression(increasing=direction > 0).fit_transform(level, share, sample_weight=count + DOUBT)
    base = np.log(average / (1 - average))
    unknown = (event[~known].sum() + DOUBT * average) / ((~known).sum() + DOUBT)
    return Shape(
        name=name,
        cuts=tuple(map(float, cuts)),
        values=tuple(float(np.log(each / (1 - each)) - base) for each in share),
        unknown=float(np.log(unknown / (1 - unknown)) - base),
    )
