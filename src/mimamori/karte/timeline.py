"""What happened when, over all sources, read from the rows of one karte: starts, ends and events with their day.

Months of school and of fees are not events: they are pictures and tables of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mimamori.sources import Layout, Registry, Table

Row = dict[str, Any]
SCHOOL_YEAR_STARTS = 4  # April


@dataclass(frozen=True)
class SourceRows:
    """The rows of one record kind in which a person stands: as subject (`role` None) or in another role."""

    source: str
    table: str
    role: str | None
    rows: list[Row]


def timeline(parts: Iterable[SourceRows], registry: Registry, as_of: date) -> list[Row]:
    """Entries up to `as_of`, the newest first: day, school_year, source, table, field, is_end, says, role, as_of, row.

    `field` is the item whose day it is; `row` the row itself; `says` the (item, code) pairs that tell in words what
    happened, by the layout's `says`. Labels are the layout's: the reader's language and what the reader may see are
    decided later.
    """
    found: dict[tuple[Any, ...], Row] = {}
    order = {layout.name: layout.number for layout in registry}
    for part in parts:
        layout = registry.get(part.source)
        table = next((table for table in layout.tables if table.name == part.table), None)
        if table is None:  # a snapshot of before the layout was changed
            continue
        for row in part.rows:
            for entry in _entries(layout, table, part.role, row):
                if entry["day"] <= as_of:
                    found.setdefault((entry["day"], layout.name, table.name, entry["field"], entry["says"]), entry)
    return sorted(found.values(), key=lambda entry: (-entry["day"].toordinal(), order[entry["source"]], entry["table"]))


def school_year(day: date) -> int:
    """The school year a day lies in: April to March, named by its first year."""
    return day.year if day.month >= SCHOOL_YEAR_STARTS else day.year - 1


def _entries(layout: Layout, table: Table, role: str | None, row: Mapping[str, Any]) -> Iterator[Row]:
    says = tuple((field, str(row[field])) for field in table.says if row.get(field) not in {None, ""})
    end = table.active.end if table.active else None
    start = table.active.start if table.active else None
    for field in dict.fromkeys(field for field in (table.day or start, end) if field):
        day = _day(row.get(field))
        if day is None or table.item(field).type != "date":
            continue
        yield {
            "day": day,
            "school_year": school_year(day),
            "source": layout.name,
            "table": table.name,
            "field": field,
            "is_end": field == end,
            "says": says,
            "role": role,
            "as_of": row.get("_as_of"),
            "row": row,
        }


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
