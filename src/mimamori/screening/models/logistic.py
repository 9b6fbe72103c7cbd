"""Logistic regression with elastic net: a line per column, a step where its value is not known, a step per age band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from mimamori.screening.models.additive import Additive, Line, Shape, Term
from mimamori.screening.models.columns import BAND, Flags, Floats
from mimamori.screening.models.sampling import Rows
from mimamori.screening.models.shapes import AGE_BANDS

STRENGTHS = (0.003, 0.01, 0.1)  # scikit-learn's C for 40,000 rows, the weakest pull to zero last
ROWS_OF_STRENGTHS = 40_000
KINDS_MIXED = 0.5  # l1_ratio
ROWS_OF_CHOICE = 15_000
HELD_BACK = 0.2  # of the families, to choose the strength on
SELDOM = 0.005  # a step where nothing is known needs so large a share of the rows with and without
ROUNDS = 3


@dataclass(frozen=True)
class _Design:
    """Standardised columns, then steps: (column, None) not known, (the age band's column, place in AGE_BANDS)."""

    mean: Floats
    spread: Floats
    steps: tuple[tuple[int, int | None], ...]

    @classmethod
    def of(cls, rows: Rows) -> _Design:
        known = ~np.isnan(rows.values)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, rows.values, 0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, rows.values - mean, 0) ** 2).sum(axis=0) / count)
        bands = [place for place, name in enumerate(rows.names) if name == BAND]
        spread[bands] = 0  # the band speaks by its steps alone
        unknown = 1 - known.mean(axis=0)
        stepped = [place for place, share in enumerate(unknown) if SELDOM <= share <= 1 - SELDOM and place not in bands]
        return cls(
            mean,
            spread,
            (
                *((place, None) for place in stepped),
                *((band, level) for band in bands for level in range(len(AGE_BANDS))),
            ),
        )

    def matrix(self, values: Floats) -> Floats:
        lines = np.nan_to_num((values - self.mean) / np.where(self.spread > 0, self.spread, np.inf), nan=0.0)
        steps = [
            np.isnan(values[:, place]) if level is None else values[:, place] == level for place, level in self.steps
        ]
        return np.ascontiguousarray(np.column_stack([lines, *steps]), dtype=np.float64)


def fit_logistic(rows: Rows, seed: int) -> Additive:
    """The strength is chosen on families held back; a line that runs against its column's direction is left out and
    the others are fitted anew. Contributions are told against the average row."""
    design = _Design.of(rows)
    held = rows.parted(HELD_BACK, seed)
    matrix = design.matrix(rows.values)
    allowed = np.ones(matrix.shape[1], dtype=np.bool_)
    allowed[: len(rows.names)] = design.spread > 0
    strength = _strength(matrix, rows.event, held, allowed, seed)
    for _ in range(ROUNDS):
        weights, intercept = _fitted(matrix, rows.event, allowed, strength, seed)
        against = np.zeros_like(allowed)
        against[: len(rows.names)] = weights[: len(rows.names)] * np.array(rows.directions) < 0
        if not against.any():
            break
        allowed &= ~against
    weights = np.where(against, 0.0, weights)
    return _terms(rows, design, weights, intercept + rows.offset)


def _strength(matrix: Floats, event: Flags, held: Flags, allowed: Flags, seed: int) -> float:
    if len(np.unique(event[held])) < 2 or len(np.unique(event[~held])) < 2:
        return STRENGTHS[0]
    losses = []
    tried = np.flatnonzero(~held)
    # The order of strengths is seen on fewer rows; what a strength does on them is what it does on all (`_fitted`).
    tried = np.sort(np.random.default_rng([seed, 7]).permutation(tried)[:ROWS_OF_CHOICE])
    for strength in STRENGTHS:
        weights, intercept = _fitted(matrix[tried], event[tried], allowed, strength, seed)
        told = 1 / (1 + np.exp(-(matrix[held] @ weights + intercept)))
        losses.append(log_loss(event[held], told))
    return STRENGTHS[int(np.argmin(losses))]


def _fitted(matrix: Floats, event: Flags, allowed: Flags, strength: float, seed: int) -> tuple[Floats, float]:
    weights = np.zeros(matrix.shape[1])
    # C multiplies the loss of every row: with fewer rows the same C would pull harder.
    model = LogisticRegression(
        C=strength * ROWS_OF_STRENGTHS / len(event),
        l1_ratio=KINDS_MIXED,
        solver="saga",
        tol=1e-3,
        max_iter=300,
        random_state=seed,
    )
    model.fit(np.ascontiguousarray(matrix[:, allowed]), event)
    weights[allowed] = model.coef_[0]
    return weights, float(model.intercept_[0])


def _terms(rows: Rows, design: _Design, weights: Floats, intercept: float) -> Additive:
    steps = dict(zip(design.steps, weights[len(rows.names) :], strict=True))
    terms: list[Term] = []
    for place, (name, seen) in enumerate(zip(rows.names, rows.seen(), strict=True)):
        if name == BAND:
            adds = [float(steps[place, level]) for level in range(len(AGE_BANDS))]
            shares = [float(np.mean(rows.values[:, place] == level)) for level in range(len(AGE_BANDS))]
            mean = float(np.dot(adds, shares))
            cuts = tuple(level - 0.5 for level in range(1, len(AGE_BANDS)))
            terms.append(Shape(name=name, cuts=cuts, values=tuple(add - mean for add in adds), unknown=-mean))
            intercept += mean
            continue
        step = float(steps.get((place, None), 0.0))
        mean = step * float(np.mean(np.isnan(rows.values[:, place])))
        weight = float(weights[place] / design.spread[place]) if design.spread[place] > 0 else 0.0
        # Known values carry what the step of the unknown would else add to the average row.
        terms.append(
            Line(
                name=name,
                weight=weight,
                centre=float(design.mean[place]),
                low=seen.low,
                high=seen.high,
                known=-mean,
                unknown=step - mean,
            )
        )
        intercept += mean
    return Additive(intercept=intercept, terms=tuple(terms))
