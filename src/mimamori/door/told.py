"""One person as one of their keys tells: the two sides of a link that is questioned, where `persons` has one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mimamori.engine import rows_of
from mimamori.karte.store import Snapshot

_OF_THE_REGISTER = ("building", "ward", "resident_type")
_OF_THE_SCHOOL = ("school_code", "school_name", "grade", "class_name")


def as_told(snapshot: Snapshot, ref: str, person: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row of `persons` with what the sources tell of this key instead of what the register has, and without what
    is known by other keys only. Protection stays: it is the person's, whatever the key."""
    held = rows_of(snapshot.cursor(), "SELECT 1 FROM duckdb_tables() WHERE table_name = 'particulars'")
    told = rows_of(snapshot.cursor(), "SELECT * FROM particulars WHERE ref = ?", [ref]) if held else []
    own: dict[str, Any] = dict(person)
    if not ref.startswith("pupil_no:"):
        own |= dict.fromkeys(_OF_THE_SCHOOL)
    if told:
        own |= dict.fromkeys(_OF_THE_REGISTER) | {name: value for name, value in told[0].items() if name != "ref"}
        own["birth_date_status"] = "exact" if own["birth_date"] else "unknown"
        own["in_register"] = False
    return own
