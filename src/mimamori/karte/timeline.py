"""What happened when, over all sources: one entry per child, day and record kind."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection, identifier
from mimamori.karte.rows import row_table
from mimamori.sources import Registry


def make_timeline(con: Connection, registry: Registry, as_of: date) -> None:
    """Make `timeline(case_no, day, source, table_name, as_of)` of the children's own rows up to `as_of`."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE happened"
        " (case_no VARCHAR, day DATE, source VARCHAR, table_name VARCHAR, as_of DATE)"
    )
    for layout, table in registry.tables():
        if table.day is None:
            continue
        day = identifier(table.day)
        con.execute(
            f"INSERT INTO happened SELECT DISTINCT r.case_no, r.{day}, ?, ?, r._as_of"
            f" FROM {identifier(row_table(layout, table))} r JOIN persons p ON p.case_no = r.case_no AND p.is_child"
            f" WHERE r.{day} <= ?",
            [layout.name, table.name, as_of],
        )
    con.execute("CREATE OR REPLACE TABLE timeline AS SELECT * FROM happened ORDER BY case_no, day DESC, source")
    con.execute("DROP TABLE happened")
