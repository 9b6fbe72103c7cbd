"""What each source system is worth: the same fit without its columns, and with its columns alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mimamori.screening.models.boosting import fit_trees
from mimamori.screening.models.bootstrap import Draws, Estimate
from mimamori.screening.models.columns import BAND, Floats
from mimamori.screening.models.listing import cut
from mimamori.screening.models.measures import LEAST_EVENTS, Judged, difference, of_order
from mimamori.screening.models.played import Keys
from mimamori.screening.models.sampling import Rows, rows_of
from mimamori.screening.models.shapes import Panel
from mimamori.screening.models.splits import Split
from mimamori.screening.models.training import columns_of
from mimamori.screening.models.worth import Worth

MOST = 20_000  # rows of a fit: 29 fits in each fold, and only their difference counts

GROWN = 80  # trees of each


def worths(
    panel: Panel, keys: Keys, split: Split, *, lengths: Floats, draws: Draws, seed: int, done: Callable[[], None]
) -> tuple[Worth, ...]:
    """Every system that a feature is made of, by name. `done` is called after each. Nothing with too few events."""
    rows = np.sort(np.concatenate([fold.evaluate for fold in split.folds]))
    event, family, ward, must = keys.event[rows], keys.family[rows], keys.ward[rows], keys.must[rows]
    if event.sum() < LEAST_EVENTS or event.all():
        return ()
    samples = []
    for fold in split.folds:
        sample = rows_of(panel, fold.fit, keys.family, seed)
        kept = np.random.default_rng([seed, 6]).permutation(len(sample.event))[:MOST]
        # Rows are left out evenly here, so that the offset stays; the order of scores is all that is asked.
        samples.append((sample.only(np.isin(np.arange(len(sample.event)), kept)), fold.evaluate))

    def margins(names: frozenset[str]) -> Floats | None:
        """None where nothing is known of any of the columns."""
        told = np.empty(len(rows))
        for sample, judged in samples:
            part = _columns(sample, names)
            if not part.names:
                return None
            scorer = fit_trees(part, seed, grown=GROWN)
            told[np.searchsorted(rows, judged)] = scorer.margins(columns_of(panel.table, part.names, judged))
        return told

    def listed(told: Floats) -> Floats:
        return cut(told, must=must, ward=ward, lengths=lengths, event=event).lot

    def ordered(told: Floats | None) -> dict[str, Estimate | None]:
        if told is None:
            return {"auc": None, "average_precision": None}
        return of_order(Judged(told, told, event, family), draws)

    every = frozenset(feature.name for feature in panel.features)
    whole = margins(every)
    found = []
    for source in sorted({source for feature in panel.features for source in feature.sources}):
        of_it = frozenset(feature.name for feature in panel.features if source in feature.sources)
        only = frozenset(feature.name for feature in panel.features if set(feature.sources) == {source})
        without, alone = margins(every - of_it), margins(only)
        left, stands = ordered(without), ordered(alone)
        lost = None
        if whole is not None and without is not None:
            lost = difference(listed(whole), listed(without), event, family, draws)
        found.append(
            Worth(
                source=source,
                columns=len(of_it),
                without_auc=left["auc"],
                without_average_precision=left["average_precision"],
                alone_auc=stands["auc"],
                alone_average_precision=stands["average_precision"],
                lost=lost,
            )
        )
        done()
    return tuple(found)


def _columns(sample: Rows, names: frozenset[str]) -> Rows:
    kept = [place for place, name in enumerate(sample.names) if name in names or name == BAND]
    return replace(
        sample,
        names=tuple(sample.names[place] for place in kept),
        directions=tuple(sample.directions[place] for place in kept),
        values=np.asfortranarray(sample.values[:, kept]),
    )
