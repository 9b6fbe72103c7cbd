"""The state of every source as of a day: what the stored deliveries up to that day say, as DuckDB tables."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from mimamori import engine
from mimamori.config import Config
from mimamori.engine import Connection
from mimamori.intake import scope
from mimamori.intake.delivery import Delivery
from mimamori.intake.store import Shelf, deliveries
from mimamori.intake.values import columns_of
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Layout, Registry, Table


def load_state(con: Connection, *, config: Config, keyring: KeyRing, registry: Registry, as_of: date) -> None:
    """Make `{source}__{table}` for every layout's table and `source_status(source, as_of, received_on, state)`.

    A full table is the newest delivery's rows; a difference table is replayed by day, sequence number and
    order of arrival; the last row of each key wins and D removes it. Nothing later than `as_of` is read; the day on
    which a row was learned stands beside it (`_known_on`).
    """
    known = [delivery for delivery in deliveries(config) if delivery.as_of <= as_of]
    shelf = Shelf(config, keyring, registry, known)
    status = []
    for layout in registry:
        for table in layout.tables:
            _load(con, shelf, layout, table, as_of)
        status.append(_status(layout, shelf.of_source(layout.name), as_of))
    kinds = pa.schema(
        [("source", pa.string()), ("as_of", pa.date32()), ("received_on", pa.date32()), ("state", pa.string())]
    )
    con.register("_status", pa.Table.from_pylist(status, kinds))
    con.execute("CREATE OR REPLACE TABLE source_status AS SELECT * FROM _status")
    con.unregister("_status")


def _status(layout: Layout, own: list[Delivery], as_of: date) -> dict[str, object]:
    """How old a source's word is: as old as that of the table, of those it delivers, that was longest not delivered."""
    newest = [
        max(delivered, key=lambda d: (d.as_of, d.n))
        for table in layout.tables
        if (delivered := [d for d in own if table.name in d.tables])
    ]
    if not newest:
        return {"source": layout.name, "as_of": None, "received_on": None, "state": "missing"}
    oldest = min(newest, key=lambda d: (d.as_of, d.n))
    fresh = (as_of - oldest.as_of).days <= layout.freshness_days
    return {
        "source": layout.name,
        "as_of": oldest.as_of,
        "received_on": oldest.received_at.date(),
        "state": "fresh" if fresh else "stale",
    }


def _load(con: Connection, shelf: Shelf, layout: Layout, table: Table, as_of: date) -> None:
    name, own = f"{layout.name}__{table.name}", shelf.of_table(layout.name, table.name, as_of)
    whole = [place for place, delivery in enumerate(own) if delivery.tables[table.name].kind == "full"]
    if table.kind == "full":
        own = [own[place] for place in whole[-1:]]
    elif whole:  # the table came in full before its layout said difference: what follows is replayed on that
        own = own[whole[-1] :]
    parts = []
    for place, delivery in enumerate(own):
        rows = _in_scope(_as_declared(shelf.rows(delivery, table.name), layout, table), shelf, delivery, table)
        rows = rows.append_column("_delivery", pa.array([delivery.id] * rows.num_rows, pa.string()))
        rows = rows.append_column("_as_of", pa.array([delivery.as_of] * rows.num_rows, pa.date32()))
        rows = rows.append_column("_known_on", pa.array([delivery.received_at.date()] * rows.num_rows, pa.date32()))
        parts.append(rows.append_column("_place", pa.array([place] * rows.num_rows, pa.int64())))
    if not parts:
        parts = [_schema(table).empty_table()]
    con.register("_rows", pa.concat_tables(parts, promote_options="default"))
    columns = ", ".join(engine.identifier(column) for column in _columns(table))
    select = f"SELECT {columns}, _delivery, _as_of, _known_on, _row FROM _rows"
    if table.kind == "difference":
        key = ", ".join(engine.identifier(field) for field in table.row_key)
        select += f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _place DESC, _row DESC) = 1"
        select += " AND _op IS DISTINCT FROM 'D'"
    con.execute(f"CREATE OR REPLACE TABLE {engine.identifier(name)} AS {select}")
    con.unregister("_rows")


def _in_scope(rows: pa.Table, shelf: Shelf, delivery: Delivery, table: Table) -> pa.Table:
    """Without rows about nobody who lives with a child by the register of that day: it may have come later."""
    if table.scope == "all" or delivery.source == scope.REGISTER:
        return rows
    known = scope.known_residents(shelf, delivery.as_of)
    if known is None:
        return rows
    gone = scope.outside(rows, table, known)
    return rows.filter(pc.invert(pc.is_in(rows["_row"], value_set=gone))) if len(gone) else rows


def _as_declared(rows: pa.Table, layout: Layout, table: Table) -> pa.Table:
    """The stored rows in today's layout: columns it has gained are null, columns it has lost are left out; raises
    `Refused` where a column is of a type now that its stored values cannot take."""
    made = {name: rows[name] for name in ("_op", "_row") if name in rows.column_names}
    for item in table.loaded_items():
        for name, kind in columns_of(item):
            try:
                made[name] = rows[name].cast(kind) if name in rows.column_names else pa.nulls(rows.num_rows, kind)
            except pa.ArrowException:
                raise Refused(
                    f"{layout.label.ja}「{table.label.ja}」の項目「{item.label.ja}」の型が、受領したときと変わっています。"
                    "新しいレイアウトでもう一度受領してください。",
                    f"{layout.name}.{table.name}: the type of {item.field} has changed since it was received.",
                ) from None
    return pa.table(made)


def _columns(table: Table) -> list[str]:
    return [column for item in table.loaded_items() for column, _ in columns_of(item)]


def _schema(table: Table) -> pa.Schema:
    fields = [field for item in table.loaded_items() for field in columns_of(item)]
    ours = [("_op", pa.string()), ("_row", pa.int64()), ("_delivery", pa.string()), ("_as_of", pa.date32()),
            ("_known_on", pa.date32())]  # fmt: skip
    return pa.schema([*fields, *ours, ("_place", pa.int64())])
