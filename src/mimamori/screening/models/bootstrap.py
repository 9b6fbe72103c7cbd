"""Intervals by drawing families again: a family counts as often as it is drawn, all its children and days together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from mimamori.screening.models.columns import Floats, Ints
from mimamori.sources.item import Declared

REPEATS = 500
SURE = (2.5, 97.5)


class Estimate(Declared):
    """A measure with its 95 % interval."""

    value: float
    low: float
    high: float


class Draws:
    """How often each family is drawn in each repeat: Poisson(1), which is the bootstrap where there are many."""

    def __init__(self, families: int, seed: int, repeats: int = REPEATS) -> None:
        random = np.random.default_rng([seed, 5])
        self.repeats = repeats
        self._drawn = random.poisson(1.0, (families, repeats)).astype(np.float32)

    def sums(self, values: Floats, family: Ints, group: Ints | None = None, groups: int = 1) -> Floats:
        """What `values` add up to in each group and repeat, shape (groups, repeats)."""
        told = np.flatnonzero(values)
        place = np.zeros(len(told), dtype=np.int64) if group is None else group[told]
        spread = csr_array(
            (values[told].astype(np.float32), (place, family[told])), shape=(groups, self._drawn.shape[0])
        )
        return np.asarray(spread @ self._drawn, dtype=np.float64)

    def total(self, values: Floats, family: Ints) -> Floats:
        """`sums` without groups, shape (repeats,)."""
        return np.asarray(self.sums(values, family)[0])


def estimate(value: float, drawn: npt.NDArray[np.float64], *, shift: float = 0.0) -> Estimate | None:
    """`shift`: what the repeats' own way of counting is off by. None where hardly any repeat says anything."""
    told = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or len(told) < 0.9 * len(drawn):
        return None
    low, high = np.percentile(told, SURE) + shift
    return Estimate(value=float(value), low=float(low), high=float(high))


def ratio(above: Floats, below: Floats) -> Floats:
    """NaN where nothing is below."""
    shape = np.broadcast_shapes(np.shape(above), np.shape(below))
    return np.asarray(np.divide(above, below, out=np.full(shape, np.nan), where=below > 0))
