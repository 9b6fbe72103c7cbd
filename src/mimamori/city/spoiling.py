"""Bad rows: what systems really send now and then, and what quarantine is for."""

from __future__ import annotations

import numpy as np

from mimamori.sources import Item, Table
from mimamori.sources.writing import Columns


def spoil(rng: np.random.Generator, table: Table, columns: Columns, share: float) -> None:
    """Spoil a share of the rows, each in one item: a code of no table, a day no calendar has, a word for a number."""
    keyed = {person.key for person in table.persons} | {also.key for person in table.persons for also in person.also}
    able = [item for item in table.items if item.field in columns and item.field not in keyed and _bad(item)]
    count = len(next(iter(columns.values()), []))
    places = np.flatnonzero(rng.random(count) < share)
    if not able:
        return
    for place, which in zip(places.tolist(), rng.integers(0, len(able), len(places)).tolist(), strict=True):
        item = able[which]
        columns[item.field] = list(columns[item.field])
        columns[item.field][place] = _bad(item)


def _bad(item: Item) -> str:
    """What this item cannot be; a blank where anything can be."""
    if item.type == "code":
        return "?"
    if item.type in {"integer", "number"}:
        return "-"
    if item.type == "date" and not item.uncertain:
        return "20269945"
    return ""
