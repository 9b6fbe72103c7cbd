"""Reasons why a value is missing, kept as an ENUM: a byte a cell instead of sixteen, and compared as numbers.

A wide table has one such column beside each value and the same few words in all of them, for every child of a city.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from mimamori.engine import Connection, identifier

SUFFIX = "__why"


def as_enum(con: Connection, read: pa.Table) -> str:
    """SQL: what to select of a table that is read, so that its columns `…__why` become an ENUM of the words they hold.
    Makes the type on the connection. It reads as the same text."""
    names = [name for name in read.schema.names if name.endswith(SUFFIX)]
    words = {word for name in names for word in pc.unique(read[name]).to_pylist() if word is not None}
    if not words:
        return "*"
    con.register("words", pa.table({"word": sorted(words)}))
    con.execute("CREATE TYPE reason AS ENUM (SELECT word FROM words)")
    con.unregister("words")
    return f"* REPLACE ({', '.join(f'{identifier(name)}::reason AS {identifier(name)}' for name in names)})"
