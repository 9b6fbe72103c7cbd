"""The only room that speaks DuckDB: connections and quoted names; encrypted Parquet, and what is whole on the disk."""

from mimamori.engine.disk import alone, settle, write_through
from mimamori.engine.duck import Connection, OutOfMemory, connect, drop_temporary, identifier, rows_of, table_of
from mimamori.engine.parquet import Damaged, parquet_columns, read_parquet, write_parquet, write_parts

__all__ = [
    "Connection",
    "Damaged",
    "OutOfMemory",
    "alone",
    "connect",
    "drop_temporary",
    "identifier",
    "parquet_columns",
    "read_parquet",
    "rows_of",
    "settle",
    "table_of",
    "write_parquet",
    "write_parts",
    "write_through",
]
