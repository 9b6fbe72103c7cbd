"""Case numbers: random, told apart from a mistyped one, and never derived from a person.

`K-4827-1936-5`: eight random digits and one check digit after H. Michael Damm, „Total anti-symmetrische Quasigruppen"
(dissertation, Marburg 2004), which catches every single wrong digit and every swap of neighbours.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DIGITS = 8
_SHAPE = re.compile(r"K-(\d{4})-(\d{4})-(\d)")
# Damm's totally anti-symmetric quasigroup of order 10: _NEXT[interim][digit]; the check digit is the last interim.
_NEXT = np.array(
    [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ],
    dtype=np.int8,
)
_LARGEST_FAIR = 2**32 - 2**32 % 10**DIGITS  # draws at or above it would favour small numbers

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def new(count: int, taken: pa.Array | pa.ChunkedArray, random: Callable[[int], bytes] = os.urandom) -> pa.Array:
    """`count` case numbers, all different and none of `taken` (every number ever given), in random order.

    `random` gives so many random bytes. Raises `ValueError` where half of all numbers would be in use: drawing anew
    would take long and a mistyped number would too often be another person's.
    """
    if count + len(taken) > 10**DIGITS // 2:
        raise ValueError("the space of case numbers is nearly used up")
    used = np.sort(_digits_of(taken))
    found = np.empty(0, dtype=np.int64)
    while len(found) < count:
        drawn = _drawn(count - len(found) + 64, random)
        _, first = np.unique(drawn, return_index=True)
        drawn = drawn[np.sort(first)]  # keep the order drawn: sorted numbers would tell the order of persons
        found = np.concatenate([found, drawn[~_among(drawn, used) & ~_among(drawn, np.sort(found))]])
    return _written(found[:count])


def valid(text: str) -> bool:
    """Whether `text` is a whole case number with the right check digit."""
    found = _SHAPE.fullmatch(text)
    return found is not None and int(_check_digits(np.array([int(found[1] + found[2])]))[0]) == int(found[3])


def _among(numbers: Numbers, ordered: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which numbers stand in `ordered` (`np.isin` hashes both and takes ten times as long)."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.searchsorted(ordered, numbers).clip(max=len(ordered) - 1)
    return np.asarray(ordered[places] == numbers)


def _drawn(count: int, random: Callable[[int], bytes]) -> Numbers:
    drawn = np.frombuffer(random(4 * count), dtype=np.uint32).astype(np.int64)
    fair: Numbers = drawn[drawn < _LARGEST_FAIR]
    return np.asarray(fair % 10**DIGITS, dtype=np.int64)


def _check_digits(numbers: Numbers) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    interim = np.zeros(len(numbers), dtype=np.int8)
    for place in range(DIGITS - 1, -1, -1):
        interim = _NEXT[interim, numbers // 10**place % 10]
    return interim


def _digits_of(taken: pa.Array | pa.ChunkedArray) -> Numbers:
    """The eight digits of each number as an integer."""
    halves = [pc.cast(pc.utf8_slice_codeunits(taken, first, first + 4), pa.int64()).to_numpy() for first in (2, 7)]
    return np.asarray(halves[0] * 10_000 + halves[1], dtype=np.int64)


def _written(numbers: Numbers) -> pa.Array:
    chars = np.empty((len(numbers), 13), dtype=np.uint8)
    chars[:, 0] = ord("K")
    chars[:, [1, 6, 11]] = ord("-")
    for place, column in enumerate([2, 3, 4, 5, 7, 8, 9, 10]):
        chars[:, column] = numbers // 10 ** (DIGITS - 1 - place) % 10 + ord("0")
    chars[:, 12] = _check_digits(numbers) + ord("0")
    starts = np.arange(0, 13 * len(numbers) + 1, 13, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(starts), pa.py_buffer(chars))
