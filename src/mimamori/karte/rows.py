"""Every source's rows under the case number, sorted by it, and a list of what lies where.

Out: one table `row_{source}__{table}` a state table: `case_no` (the subject), `{role}_case_no` of the other persons,
the loaded items that are not identity, `_as_of`; and `contents`, `row_tables`, so that a reader opens only tables that
hold something of a child.
"""

from __future__ import annotations

from collections.abc import Iterator

from mimamori.engine import Connection, identifier
from mimamori.linkage import ref_sql
from mimamori.sources import Item, Layout, Person, Registry, Table


def row_table(layout: Layout, table: Table) -> str:
    """The name of the table that holds this record kind under the case number."""
    return f"row_{layout.name}__{table.name}"


def shown_items(table: Table) -> tuple[Item, ...]:
    """The items a row carries: loaded, and no identity (which the header shows once) but for the day it speaks of."""
    days = {table.day, *((table.active.start, table.active.end) if table.active else ())}
    return tuple(item for item in table.loaded_items() if not item.identity or item.field in days)


def role_columns(table: Table) -> Iterator[tuple[Person, str]]:
    """The persons of a row beside its subject, each with the column of their case number."""
    seen: dict[str, int] = {}
    for person in table.persons[1:]:
        seen[person.role] = seen.get(person.role, 0) + 1
        number = "" if seen[person.role] == 1 else f"_{seen[person.role]}"
        yield person, f"{person.role}{number}_case_no"


def build_rows(con: Connection, registry: Registry, *, keep_state: bool = True) -> None:
    """Make the row tables from the state tables and `links`; without `keep_state` each state table goes when done."""
    con.execute("CREATE OR REPLACE TABLE row_tables (table_no UTINYINT, source VARCHAR, table_name VARCHAR)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE contents_unsorted"
        " (case_no VARCHAR, table_no UTINYINT, role VARCHAR, subject_no VARCHAR, row_count BIGINT)"
    )
    for number, (layout, table) in enumerate(registry.tables()):
        con.execute("INSERT INTO row_tables VALUES (?, ?, ?)", [number, layout.name, table.name])
        con.execute(_rows_sql(layout, table))
        _list_contents(con, number, layout, table)
        if not keep_state:
            con.execute(f"DROP TABLE {identifier(f'{layout.name}__{table.name}')}")
    con.execute(
        "CREATE OR REPLACE TABLE contents AS SELECT * FROM contents_unsorted"
        " ORDER BY case_no, table_no, role NULLS FIRST"
    )
    con.execute("DROP TABLE contents_unsorted")


def _rows_sql(layout: Layout, table: Table) -> str:
    joins: list[str] = []
    subject = table.persons[0]
    subject_keys = [(subject.key, subject.key_kind), *((other.key, other.kind) for other in subject.also)]
    columns = [f"coalesce({', '.join(_linked(joins, layout, key, kind) for key, kind in subject_keys)}) AS case_no"]
    for person, column in role_columns(table):
        keys = [(person.key, person.key_kind), *((other.key, other.kind) for other in person.also)]
        linked = ", ".join(_linked(joins, layout, key, kind) for key, kind in keys)
        columns.append(f"coalesce({linked}) AS {identifier(column)}")
    for item in shown_items(table):
        columns.append(f"s.{identifier(item.field)}")
        if item.uncertain:
            columns += [f"s.{identifier(f'{item.field}_raw')}", f"s.{identifier(f'{item.field}_status')}"]
    order = f"s.{identifier(table.day)}, " if table.day else ""
    return (
        f"CREATE OR REPLACE TABLE {identifier(row_table(layout, table))} AS SELECT {', '.join(columns)}, s._as_of"
        f" FROM {identifier(f'{layout.name}__{table.name}')} s {' '.join(joins)} ORDER BY case_no, {order}s._row"
    )


def _linked(joins: list[str], layout: Layout, key: str, kind: str) -> str:
    alias = f"l{len(joins)}"
    joins.append(f"LEFT JOIN links {alias} ON {alias}.ref = {ref_sql(layout, kind, key)}")
    return f"{alias}.case_no"


def _list_contents(con: Connection, number: int, layout: Layout, table: Table) -> None:
    name = identifier(row_table(layout, table))
    con.execute(
        f"INSERT INTO contents_unsorted SELECT case_no, {number}, NULL, NULL, count(*)"
        f" FROM {name} WHERE case_no IS NOT NULL GROUP BY case_no"
    )
    for _, column in role_columns(table):
        con.execute(
            f"INSERT INTO contents_unsorted SELECT {identifier(column)}, {number}, ?, case_no, count(*) FROM {name}"
            f" WHERE {identifier(column)} IS NOT NULL AND {identifier(column)} IS DISTINCT FROM case_no"
            f" GROUP BY {identifier(column)}, case_no",
            [column],
        )
