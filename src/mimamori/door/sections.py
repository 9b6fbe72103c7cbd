"""One section per source system, and the cells that tell what is known and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mimamori.door.masking import Reader, shown_items, value_of, withheld
from mimamori.door.shapes import KnownCell, Row, Section, TableView
from mimamori.door.snapshots import registry
from mimamori.karte.store import Snapshot, SourceRows
from mimamori.sources import Item, Layout, Table


def known_cells(snapshot: Snapshot, case_no: str, reader: Reader) -> tuple[KnownCell, ...]:
    """The cells in the order of the list of systems; an optional system only where it is delivered and may be seen."""
    states = {row["source"]: row for row in snapshot.known(case_no)}
    return tuple(
        KnownCell(
            source=layout.name,
            number=layout.number,
            short_label=layout.short_label.text(reader.language),
            network=layout.network,
            state=states[layout.name]["state"],
            as_of=states[layout.name]["as_of"],
        )
        for layout in registry()
        if layout.name in states and not (layout.optional and _unseen(layout, states[layout.name]["state"], reader))
    )


def sections_of(
    snapshot: Snapshot,
    read: Iterable[SourceRows],
    reader: Reader,
    known: tuple[KnownCell, ...],
    marks: Mapping[int, str],
) -> tuple[Section, ...]:
    """Every source's rows of this child, newest first; a system above the reader's sensitivity is named and empty.

    `marks`: of rows by their identity, as `looks.News` has them.
    """
    cells = {cell.source: cell for cell in known}
    states = {row["source"]: row for row in snapshot.source_status()}
    found: dict[str, dict[str, list[SourceRows]]] = {}
    for part in read:
        found.setdefault(part.source, {}).setdefault(part.table, []).append(part)
    sections = []
    for layout in registry():
        if layout.name not in cells:
            continue
        hidden = not reader.may_see_source(layout) and not any(
            reader.may_see(layout, item) for table in layout.tables for item in table.items
        )
        parts = {} if hidden else found.get(layout.name, {})
        tables = tuple(
            TableView(
                table.name,
                table.label.text(reader.language),
                tuple(_rows(layout, table, parts[table.name], reader, marks)),
            )
            for table in layout.tables
            if table.name in parts
        )
        sections.append(
            Section(
                source=layout.name,
                number=layout.number,
                label=layout.label.text(reader.language),
                short_label=layout.short_label.text(reader.language),
                owner=layout.owner.text(reader.language),
                network=layout.network,
                as_of=states[layout.name]["as_of"],
                freshness=states[layout.name]["state"],
                state=cells[layout.name].state,
                tables=tuple(table for table in tables if table.rows),
                hidden=hidden,
                items_withheld=sum(withheld(layout, layout.table(name), reader) for name in found.get(layout.name, {})),
            )
        )
    return tuple(sections)


def _unseen(layout: Layout, state: str, reader: Reader) -> bool:
    return state == "missing" or not reader.may_see_source(layout)


def _rows(layout: Layout, table: Table, parts: list[SourceRows], reader: Reader, marks: Mapping[int, str]) -> list[Row]:
    items = shown_items(layout, table, reader)
    rows = []
    for part in parts:
        for row in part.rows:
            found = _row(layout, table, row, items=items, role=part.role or "", reader=reader)
            rows.append(replace(found, mark=marks[id(row)]) if id(row) in marks else found)
    shown = [row for row in rows if row.values]
    return sorted(shown, key=lambda row: -(row.day.toordinal() if row.day else 0))


def _row(layout: Layout, table: Table, row: Mapping[str, Any], *, items: list[Item], role: str, reader: Reader) -> Row:
    values = [value_of(layout, item, row, reader.language) for item in items]
    return Row(
        day=row.get(table.day) if table.day else None,
        values=tuple(value for value in values if value is not None),
        as_of=row.get("_as_of"),
        role=role,
    )
