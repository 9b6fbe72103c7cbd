"""How good a score is, each measure with its interval: at the length the wards work, over all lengths, as a chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.screening.models.bootstrap import Draws, Estimate, estimate, ratio
from mimamori.screening.models.columns import Flags, Floats, Ints
from mimamori.screening.models.listing import Listing
from mimamori.sources.item import Declared

LEAST_EVENTS = 10  # fewer tell nothing: 判定不能
LEAST_LISTED = 10
SINGLE = 300  # the first so many rows are counted one by one, where it matters
WIDER = 1.03  # each further bin is so much longer than the one before
BINS = 100
GROUPS = 10  # of the expected calibration error, equally many children in each


class Measures(Declared):
    """Of one candidate on one group of children. None: 判定不能, neither good nor bad.

    `listed`, `tied`: the list's length, and how many equals share its last places; precision and recall are told by
    lot among them, and at the best and the worst choice. `slope`: of the logit of the chance in a regression of the
    events on it; 1 is calibrated, below 1 too sure. `ece`: the mean gap between chance and events over ten groups.
    """

    children: int
    events: int
    listed: float
    tied: int
    precision: Estimate | None
    precision_best: Estimate | None
    precision_worst: Estimate | None
    recall: Estimate | None
    recall_best: Estimate | None
    recall_worst: Estimate | None
    lift: Estimate | None
    auc: Estimate | None
    average_precision: Estimate | None
    brier: Estimate | None
    slope: Estimate | None
    ece: Estimate | None


@dataclass(frozen=True)
class Judged:
    """Children with an answer, by row: a candidate's margin and chance, and what came."""

    margin: Floats
    chance: Floats
    event: Flags
    family: Ints

    def only(self, rows: Flags) -> Judged:
        return Judged(self.margin[rows], self.chance[rows], self.event[rows], self.family[rows])


def measure(judged: Judged, listing: Listing, draws: Draws) -> Measures:
    """Every measure of the rows; `listing` is of the same rows, cut among more of them or not."""
    event = judged.event.astype(np.float64)
    events = int(event.sum())
    told: dict[str, Estimate | None] = dict.fromkeys(
        name for name, field in Measures.model_fields.items() if field.annotation == Estimate | None
    )
    if LEAST_EVENTS <= events < len(event):
        told |= _of_list(judged, listing, draws) | of_order(judged, draws) | _of_chance(judged, draws)
    return Measures(children=len(event), events=events, listed=listing.length, tied=listing.tied, **told)


def difference(ours: Floats, theirs: Floats, event: Flags, family: Ints, draws: Draws) -> Estimate | None:
    """By how much more of its places one list hits than another of the same length, paired; by their shares of
    places."""
    if event.sum() < LEAST_EVENTS or ours.sum() < LEAST_LISTED:
        return None
    # Each list over its own drawn length: who is on both moves both alike.
    hit, length = draws.total(ours * event, family), draws.total(ours, family)
    their_hit, their_length = draws.total(theirs * event, family), draws.total(theirs, family)
    value = (ours @ event) / ours.sum() - (theirs @ event) / theirs.sum()
    return estimate(float(value), ratio(hit, length) - ratio(their_hit, their_length))


def _of_list(judged: Judged, listing: Listing, draws: Draws) -> dict[str, Estimate | None]:
    event = judged.event.astype(np.float64)
    ones = np.ones_like(event)
    events, children = draws.total(event, judged.family), draws.total(ones, judged.family)
    told: dict[str, Estimate | None] = {}
    for ending, share in (("", listing.lot), ("_best", listing.best), ("_worst", listing.worst)):
        hits, length = draws.total(share * event, judged.family), draws.total(share, judged.family)
        hit = float(share @ event)
        told["recall" + ending] = estimate(hit / event.sum(), ratio(hits, events))
        if share.sum() >= LEAST_LISTED:
            precision = hit / share.sum()
            told["precision" + ending] = estimate(precision, ratio(hits, length))
            if not ending:
                lift = ratio(ratio(hits, length), ratio(events, children))
                told["lift"] = estimate(precision / event.mean(), lift)
    return told


def of_order(judged: Judged, draws: Draws) -> dict[str, Estimate | None]:
    """`auc` and `average_precision`, from rows with and without an event."""
    from sklearn.metrics import average_precision_score, roc_auc_score  # noqa: PLC0415 - seconds: pages read measures

    order = np.argsort(-judged.margin, kind="stable")
    margin, event = judged.margin[order], judged.event[order].astype(np.float64)
    bins = _bins(margin, _widening(len(margin)))
    count = int(bins[-1]) + 1
    family = judged.family[order]
    drawn = draws.sums(event, family, bins, count), draws.sums(1 - event, family, bins, count)
    once = _once(bins, event), _once(bins, 1 - event)
    told = {}
    for name, value, counted in (
        ("auc", roc_auc_score(event, margin), _auc),
        ("average_precision", average_precision_score(event, margin), _average_precision),
    ):
        told[name] = estimate(float(value), counted(*drawn), shift=float(value) - float(counted(*once)[0]))
    return told


def _of_chance(judged: Judged, draws: Draws) -> dict[str, Estimate | None]:
    from sklearn.metrics import brier_score_loss  # noqa: PLC0415 - as above

    order = np.argsort(judged.chance, kind="stable")
    chance, event, family = judged.chance[order], judged.event[order].astype(np.float64), judged.family[order]
    logit = np.log(chance / (1 - chance))
    bins = _bins(chance, np.linspace(0, len(chance), min(BINS, len(chance)) + 1)[1:].astype(np.int64))
    count = int(bins[-1]) + 1
    size = np.bincount(bins)
    mean_chance, mean_logit = np.bincount(bins, chance) / size, np.bincount(bins, logit) / size
    group = (np.cumsum(size) - size / 2) // (len(chance) / GROUPS)
    events = draws.sums(event, family, bins, count)
    children = draws.sums(np.ones_like(event), family, bins, count)
    once = _once(bins, event), _once(bins, np.ones_like(event))
    square = draws.total((chance - event) ** 2, family)
    brier = float(brier_score_loss(event, chance))
    told: dict[str, Estimate | None] = {"brier": estimate(brier, ratio(square, children.sum(axis=0)))}
    ece = float(_ece(*once, mean_chance, group)[0])
    drawn = estimate(ece, _ece(events, children, mean_chance, group))
    if drawn is not None:  # noise only ever adds to it, in the repeats as in the measure: turned round
        drawn = Estimate(value=ece, low=max(0.0, 2 * ece - drawn.high), high=max(ece, 2 * ece - drawn.low))
    told["ece"] = drawn
    told["slope"] = None
    if np.ptp(logit) > 1e-9:
        slope = float(_slope(event[:, np.newaxis], np.ones((len(event), 1)), logit)[0])
        shift = slope - float(_slope(*once, mean_logit)[0])
        told["slope"] = estimate(slope, _slope(events, children, mean_logit), shift=shift)
    return told


def _widening(rows: int) -> Ints:
    ends = list(range(1, min(SINGLE, rows) + 1))
    while ends[-1] < rows:
        ends.append(min(rows, max(ends[-1] + 1, int(ends[-1] * WIDER))))
    return np.array(ends, dtype=np.int64)


def _bins(ordered: Floats, ends: Ints) -> Ints:
    """By row its bin; equals are never parted."""
    last = np.append(ordered[1:] != ordered[:-1], True)
    end = np.flatnonzero(last)
    kept = np.unique(end[np.searchsorted(end, np.clip(ends - 1, 0, len(ordered) - 1))])
    return np.searchsorted(kept, np.arange(len(ordered)))


def _once(bins: Ints, values: Floats) -> Floats:
    """Sums of the bins as they are, with no family drawn twice; shape (bins, 1)."""
    return np.asarray(np.bincount(bins, values), dtype=np.float64)[:, np.newaxis]


def _auc(events: Floats, others: Floats) -> Floats:
    """Of bins from the highest score down, shape (bins, repeats)."""
    below = others.sum(axis=0) - np.cumsum(others, axis=0)
    return ratio((events * (below + others / 2)).sum(axis=0), events.sum(axis=0) * others.sum(axis=0))


def _average_precision(events: Floats, others: Floats) -> Floats:
    found = np.cumsum(events, axis=0)
    precision = ratio(found, found + np.cumsum(others, axis=0))
    return ratio((events * np.nan_to_num(precision)).sum(axis=0), events.sum(axis=0))


def _ece(events: Floats, children: Floats, chance: Floats, group: Floats) -> Floats:
    gap = np.array(
        [(events - children * chance[:, np.newaxis])[group == each].sum(axis=0) for each in np.unique(group)]
    )
    return ratio(np.abs(gap).sum(axis=0), children.sum(axis=0))


def _slope(events: Floats, children: Floats, logit: Floats) -> Floats:
    """Newton's steps of a logistic regression on one number, all repeats at once; NaN where it does not settle."""
    x = logit[:, np.newaxis]
    intercept, slope = np.zeros(events.shape[1]), np.ones(events.shape[1])
    step = np.full(events.shape[1], np.inf)
    for _ in range(25):
        told = 1 / (1 + np.exp(-np.clip(intercept + slope * x, -30, 30)))
        off, weight = events - children * told, children * told * (1 - told)
        zeroth, first, second = weight.sum(axis=0), (weight * x).sum(axis=0), (weight * x * x).sum(axis=0)
        down = zeroth * second - first**2
        by, along = off.sum(axis=0), (off * x).sum(axis=0)
        step = ratio(zeroth * along - first * by, down)
        intercept = intercept + np.clip(ratio(second * by - first * along, down), -5, 5)
        slope = slope + np.clip(step, -5, 5)
        if np.all(np.abs(np.nan_to_num(step)) < 1e-9):
            break
    return np.where(np.abs(step) < 1e-6, slope, np.nan)
