"""Where a child is by day whose school is not known by name: the kind of its nursery or school."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mimamori.door.masking import Reader, code_in_words
from mimamori.door.snapshots import registry
from mimamori.karte.timeline import SourceRows

# The record kinds that tell it, with the item, its codes, and the items of beginning and end.
TOLD_BY = (
    ("school_age_register", "children", "enrolment", "enrolment", "enrolled_on", None),
    ("childcare", "certifications", "facility_kind", "facility_kind", "started_on", "ended_on"),
)
NOWHERE = {("school_age_register", "6")}  # 未就学: then a nursery may tell


def attends(parts: Iterable[SourceRows], reader: Reader, as_of: date) -> str:
    """The kind in words by the newest row that holds on that day; empty where no row that this reader sees tells."""
    found = {(part.source, part.table): part.rows for part in parts if part.role is None}
    for source, table, field, codes, start, end in TOLD_BY:
        layout = registry().get(source)
        if not reader.may_see(layout, layout.table(table).item(field)):
            continue
        rows = [
            row
            for row in found.get((source, table), ())
            if row.get(field)
            and (source, row[field]) not in NOWHERE
            and (row.get(start) or as_of) <= as_of
            and (end is None or row.get(end) is None or row[end] > as_of)
        ]
        if rows:
            newest = max(rows, key=lambda row: row.get(start) or date.min)
            return code_in_words(layout, codes, newest[field], reader.language)
    return ""
