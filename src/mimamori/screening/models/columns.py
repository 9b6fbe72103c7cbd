"""The columns a model reads, found by their names and checked before a number of them is used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mimamori.refusal import Refused
from mimamori.screening.models.shapes import AGE_BANDS
from mimamori.sources.item import Declared

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BAND = "age_band"  # the one key that a model reads: its place in AGE_BANDS
CODES = 20  # a column of so few whole numbers may be a code: each of them is remembered


class Seen(Declared):
    """What a model saw of a column when it was made. `codes`: its only values; None: any between `low` and `high`."""

    name: str
    low: float
    high: float
    unknown: bool
    codes: tuple[float, ...] | None


def column(table: pa.Table, name: str) -> Floats:
    """A column by its name as float64, NaN where it is null (not known).

    Whole numbers and flags are taken as numbers; text is not, for "01" may be a code of another table. Raises
    `Refused` where the column is missing, there twice, text, or holds NaN or an infinity.
    """
    if table.column_names.count(name) != 1:
        raise Refused(
            f"列「{name}」がないか、二つあるので、採点できません。モデルを作ったときと同じ列を用意してください。",
            f"The column {name} is missing or there twice; give the columns that the model was made with.",
        )
    values = table[name]
    if name == BAND and not pa.types.is_floating(values.type):
        return _bands(values)
    kind = values.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        raise Refused(
            f"列「{name}」が数値ではない({kind})ので、採点できません。",
            f"The column {name} is {kind}, not a number.",
        )
    numbers = values.cast(pa.float64())
    if pc.all(pc.is_finite(numbers)).as_py() is False:
        raise Refused(
            f"列「{name}」に数でない値(NaN、無限大)があります。分からない値は空にしてください。",
            f"The column {name} holds NaN or an infinity; what is not known must be null.",
        )
    return np.asarray(numbers.to_numpy(), dtype=np.float64)


def matrix(table: pa.Table, names: Sequence[str], rows: Ints) -> Floats:
    """The named columns of some rows, shape (rows, names), in column order in memory."""
    part = table.select(list(dict.fromkeys(names))).take(pa.array(rows))
    read = np.empty((len(rows), len(names)), order="F")
    for place, name in enumerate(names):
        read[:, place] = column(part, name)
    return read


def encoded(values: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Text as numbers, and the texts they stand for in their order; null is the empty text."""
    dictionary = pc.fill_null(values, "").combine_chunks().dictionary_encode()
    dictionary = dictionary.combine_chunks() if isinstance(dictionary, pa.ChunkedArray) else dictionary
    found = dictionary.dictionary.to_pylist()
    texts = sorted(found)
    places = {text: place for place, text in enumerate(texts)}
    return np.array([places[text] for text in found], dtype=np.int64)[dictionary.indices.to_numpy()], tuple(texts)


def _bands(values: pa.ChunkedArray) -> Floats:
    numbers, bands = encoded(values)
    strange = [band for band in bands if band not in (*AGE_BANDS, "")]
    if strange:
        raise Refused(
            f"年齢区分に知らない値があります: {'、'.join(strange)}",
            f"Age bands that are not known: {', '.join(strange)}",
        )
    return np.array([AGE_BANDS.index(band) if band else np.nan for band in bands], dtype=np.float64)[numbers]


def seen_of(name: str, values: Floats) -> Seen:
    """What there is in a column that a model is made with; of nothing known only that."""
    known = values[~np.isnan(values)]
    if not len(known):
        return Seen(name=name, low=0.0, high=0.0, unknown=True, codes=())
    distinct = np.unique(known)
    coded = len(distinct) <= CODES and bool(np.all(distinct == np.round(distinct)))
    return Seen(
        name=name,
        low=float(distinct[0]),
        high=float(distinct[-1]),
        unknown=len(known) < len(values),
        codes=tuple(map(float, distinct)) if coded else None,
    )


def strangers(seen: Seen, values: Floats) -> int:
    """How many rows hold what the model never saw: another code, a value beyond, or no value where there always was
    one. They are scored as the nearest it knows, and counted."""
    unknown = np.isnan(values)
    known = values[~unknown]
    if seen.codes is None:
        strange = int(np.sum((known < seen.low) | (known > seen.high)))
    else:
        strange = int(np.sum(~np.isin(known, np.array(seen.codes))))
    return strange + (0 if seen.unknown else int(unknown.sum()))
