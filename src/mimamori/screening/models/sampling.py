"""The rows a model is fitted on: every event, and of the many without one as many as it takes.

What a fit learns of the columns does not depend on how many of the children without an event it sees, only its
intercept does, and that by a known amount: the log of the share that was kept (King & Zeng 2001, "Logistic regression
in rare events data", prior correction). So a fit on 2,000,000 rows costs what one on `MOST` does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from mimamori.refusal import Refused
from mimamori.screening.models.columns import BAND, Flags, Floats, Ints, Seen, matrix, seen_of
from mimamori.screening.models.shapes import Panel

MOST = 40_000
MOST_EVENTS = 15_000
LEAST_EVENTS = 10  # fewer tell nothing
DIRECTIONS = {"higher": 1, "lower": -1, "neither": 0}


@dataclass(frozen=True)
class Rows:
    """What a candidate is fitted on: `values` of shape (rows, names), NaN where not known; `directions` 1 where more
    may only mean more risk, -1 where less; `offset` is added to the intercept of a fit, for the rows left out."""

    names: tuple[str, ...]
    directions: tuple[int, ...]
    values: Floats
    event: Flags
    family: Ints
    offset: float

    def parted(self, share: float, seed: int) -> Flags:
        """True for the rows of about so large a share of the families."""
        distinct, family = np.unique(self.family, return_inverse=True)
        return np.asarray(np.random.default_rng([seed, 3]).random(len(distinct)) < share)[family]

    def only(self, rows: Flags) -> Rows:
        return Rows(self.names, self.directions, self.values[rows], self.event[rows], self.family[rows], self.offset)

    def seen(self) -> tuple[Seen, ...]:
        return tuple(seen_of(name, self.values[:, place]) for place, name in enumerate(self.names))


def rows_of(panel: Panel, rows: Ints, family: Ints, seed: int, *, names: tuple[str, ...] | None = None) -> Rows:
    """A sample of the given rows of the panel, with the columns `names` (all of its features) and the age band; those
    of which nothing is known are left out.

    `family`: by row of the panel. Raises `Refused` with fewer than `LEAST_EVENTS` events, or none without one.
    """
    event = pc.fill_null(panel.table["event"], False).to_numpy()[rows]
    events, others = rows[event], rows[~event]
    if len(events) < LEAST_EVENTS or not len(others):
        raise Refused(
            f"学習に使える出来事が{LEAST_EVENTS}件に満たないので、モデルを作れません(判定不能)。",
            f"Fewer than {LEAST_EVENTS} events to learn from: no model can be made.",
        )
    random = np.random.default_rng([seed, 4])
    kept_events = random.permutation(events)[:MOST_EVENTS]
    kept_others = random.permutation(others)[: MOST - len(kept_events)]
    chosen = np.sort(np.concatenate([kept_events, kept_others]))
    features = [feature for feature in panel.features if names is None or feature.name in names]
    read = (*(feature.name for feature in features), BAND)
    values = matrix(panel.table, read, chosen)
    directions = (*(DIRECTIONS[feature.direction] for feature in features), 0)
    told = [place for place in range(len(read)) if not np.isnan(values[:, place]).all()]
    return Rows(
        names=tuple(read[place] for place in told),
        directions=tuple(directions[place] for place in told),
        values=values if len(told) == len(read) else np.asfortranarray(values[:, told]),
        event=np.isin(chosen, kept_events),
        family=family[chosen],
        offset=float(np.log(len(kept_others) / len(others)) - np.log(len(kept_events) / len(events))),
    )
