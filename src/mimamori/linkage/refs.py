"""Refs: one person's key in one key space, as text, and where a row's key is held back.

`addressee_no:<digits without leading zeros>`, `pupil_no:<text>`, `own_no:<source>:<text>`. A key that its row
contradicts is marked in the state table with `HELD` and the source (`123@childcare.child`): the row no longer reaches
the person of that key.
"""

from __future__ import annotations

from mimamori.engine import identifier
from mimamori.sources import Layout

HELD = "@"


def space_of(layout: Layout, kind: str) -> str:
    """The key space of a kind of key: one space for all sources, but own numbers are each source's."""
    return f"own_no:{layout.name}" if kind == "own_no" else kind


def ref_sql(layout: Layout, kind: str, item: str, row: str = "s") -> str:
    """SQL of the ref that the item `item` of the row `row` holds; NULL where the key is blank or all zeros."""
    column = f"trim({row}.{identifier(item)})"
    if kind == "addressee_no":
        column = f"ltrim({column}, '0')"
    return f"'{space_of(layout, kind)}:' || nullif({column}, '')"


def mask(ref: str) -> str:
    """A ref for people to read: its space and the last three characters of the key."""
    space, _, key = ref.rpartition(":")
    key, held, source = key.partition(HELD)
    return f"{space}:…{key[-3:]}" + (f" ({source})" if held else "")
