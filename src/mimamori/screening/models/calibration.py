"""From a margin to a probability, learned on later rows and other families. It is for evaluation and for the list of
candidates beside each other; no worker is shown one."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mimamori.screening.models.columns import Flags, Floats
from mimamori.sources.item import Declared

ENOUGH = 1_000  # events, for steps that follow the data; with fewer a curve of two numbers
CERTAIN = 1e-6  # nobody is ever certain


class Calibration(Declared):
    """`curve`: Platt's 1 / (1 + exp(-(slope · margin + intercept))). `steps`: isotonic, straight between knots."""

    way: Literal["curve", "steps"]
    slope: float
    intercept: float
    margins: tuple[float, ...]
    chances: tuple[float, ...]

    def chance(self, margins: Floats) -> Floats:
        """Probabilities, never rising where the margin falls."""
        if self.way == "curve":
            told = 1 / (1 + np.exp(-np.clip(self.slope * margins + self.intercept, -500, 500)))
        else:
            told = np.interp(margins, np.array(self.margins), np.array(self.chances))
        return np.clip(told, CERTAIN, 1 - CERTAIN)


def calibrate(margins: Floats, event: Flags, *, odds: bool) -> Calibration:
    """`odds`: the margins are log odds; those that are not are never on a curve."""
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 - seconds, which a model that only scores saves
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    if odds and event.sum() < ENOUGH and 0 < event.sum() < len(event):
        curve = LogisticRegression(C=np.inf, tol=1e-8, max_iter=200).fit(margins[:, np.newaxis], event)
        slope, intercept = float(curve.coef_[0, 0]), float(curve.intercept_[0])
        if slope < 0:  # the later day contradicts the model: it knows no more than the average
            share = float(event.mean())
            slope, intercept = 0.0, float(np.log(share / (1 - share)))
        return Calibration(way="curve", slope=slope, intercept=intercept, margins=(), chances=())
    steps = IsotonicRegression(out_of_bounds="clip").fit(margins, event.astype(np.float64))
    return Calibration(
        way="steps",
        slope=0.0,
        intercept=0.0,
        margins=tuple(map(float, steps.X_thresholds_)),
        chances=tuple(map(float, steps.y_thresholds_)),
    )
