"""Random streams: one generator per topic, so that a change in one topic leaves every other topic as it was."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Streams:
    """Generators drawn from one seed; the same topic name always gives the same numbers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def topic(self, name: str) -> np.random.Generator:
        """A fresh generator for `name`; ask once per topic and pass it on."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


def pick(rng: np.random.Generator, shares: dict[Any, float] | Array, size: int) -> Array:
    """`size` draws from `shares` (weights by key, or weights by position), in proportion to the weights."""
    if isinstance(shares, dict):
        keys = np.array(list(shares))
        return keys[pick(rng, np.array(list(shares.values()), dtype=float), size)]
    cumulated = np.cumsum(shares)
    places: Array = np.searchsorted(cumulated, rng.random(size) * cumulated[-1], side="right")
    return np.minimum(places, len(shares) - 1)


def choose(rng: np.random.Generator, weights: Array, count: int) -> Array:
    """`count` different positions (fewer where fewer have weight), drawn without replacement by weight.

    Efraimidis and Spirakis: the largest values of log(u) / weight.
    """
    able = np.flatnonzero(weights > 0)
    count = min(count, len(able))
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    keys = np.log(rng.random(len(able))) / weights[able]
    return np.sort(able[np.argpartition(keys, len(able) - count)[len(able) - count :]])


def calibrated(score: Array, share: float) -> Array:
    """Probabilities 1 / (1 + exp(-(a + score))) with the `a` that makes their mean `share`."""
    if len(score) == 0:
        return np.empty(0)
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        if float(np.mean(1 / (1 + np.exp(-(middle + score))))) < share:
            low = middle
        else:
            high = middle
    result: Array = 1 / (1 + np.exp(-(low + score)))
    return result


def scaled(weights: Array, share: float) -> Array:
    """Probabilities proportional to `weights`, capped at .95, whose mean is `share`."""
    if len(weights) == 0 or weights.sum() == 0:
        return np.zeros(len(weights))
    factor = share / weights.mean()
    for _ in range(8):
        mean = float(np.minimum(weights * factor, 0.95).mean())
        factor *= share / mean if mean else 1.0
    result: Array = np.minimum(weights * factor, 0.95)
    return result


def each_of(keys: Array, wanted: Array) -> tuple[Array, Array]:
    """All pairs (position in `wanted`, position in the sorted `keys`) of equal values, as two arrays."""
    start, stop = np.searchsorted(keys, wanted, side="left"), np.searchsorted(keys, wanted, side="right")
    count = stop - start
    one = np.repeat(np.arange(len(wanted)), count)
    place = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    return one, start[one] + place
