"""An in-memory DuckDB that can neither fetch nor open anything by itself, nor leave anything on the disk.

Data comes and goes as Arrow tables. What does not fit into memory is an error (`OutOfMemory`) and no file: DuckDB would
write personal data in plain text into the folder it is started in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

Connection: TypeAlias = duckdb.DuckDBPyConnection
Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]

OutOfMemory: type[Exception] = duckdb.OutOfMemoryException

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def connect(*, threads: int = 2, memory_gib: int = 4) -> Connection:
    """A fresh in-memory database; no extension is ever downloaded and days are those of Japan."""
    con = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": f"{memory_gib}GiB",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": "",
        },
    )
    con.execute("SET GLOBAL TimeZone = 'Asia/Tokyo'")  # global: cursors of other threads have it too
    return con


def identifier(name: str) -> str:
    """Quote a table's or column's name; raises `ValueError` unless it is of the closed form that layouts use.

    Values never go into SQL this way: they are bound as parameters.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name: {name!r}")
    return f'"{name}"'


def table_of(con: Connection, sql: str, params: Parameters = ()) -> pa.Table:
    """The result of one statement as an Arrow table."""
    return con.sql(sql, params=params or None).to_arrow_table()


def drop_temporary(con: Connection, *, keep: Collection[str] = ()) -> None:
    """Drop every temporary table but those of `keep`: a room's working tables must not stand before another room's of
    the same name, and hold memory."""
    for row in rows_of(con, "SELECT table_name FROM duckdb_tables() WHERE temporary"):
        if row["table_name"] not in keep:
            con.execute(f"DROP TABLE temp.{identifier(row['table_name'])}")


def rows_of(con: Connection, sql: str, params: Parameters = ()) -> list[dict[str, Any]]:
    """The result of one statement as one dict a row (for few rows: headings, one child's record)."""
    result = con.execute(sql, params)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
