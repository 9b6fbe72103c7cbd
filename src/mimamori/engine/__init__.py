"""The only room that speaks DuckDB: connections, quoted names, and encrypted Parquet for what lies on disk."""

from mimamori.engine.duck import Connection, connect, drop_temporary, identifier, rows_of, table_of
from mimamori.engine.parquet import Damaged, read_parquet, write_parquet

__all__ = [
    "Connection",
    "Damaged",
    "connect",
    "drop_temporary",
    "identifier",
    "read_parquet",
    "rows_of",
    "table_of",
    "write_parquet",
]
