"""Encrypted Parquet: rows, names of columns and statistics are unreadable without the key, and tampering is noticed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from mimamori.refusal import Refused

ROWS_PER_GROUP = 256 * 1024  # a reader of one column holds one group of it at a time


class Damaged(Refused):
    """A stored file cannot be read: another key, or not the bytes that were written."""


def write_parquet(path: Path, table: pa.Table, key: bytes) -> None:
    """Write `table` under `key` (16, 24 or 32 bytes): whole or not at all, readable by this account alone."""
    write_parts(path, iter([table]), key)


def write_parts(path: Path, parts: Iterator[pa.Table], key: bytes) -> None:
    """The same of a table that comes in parts of one schema, at least one; some rows at a time are in memory."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.touch(mode=0o600, exist_ok=False)
        with temporary.open("wb") as file:
            first = next(parts)
            sealed = pe.create_encryption_properties(footer_key=key, plaintext_footer=False)
            with pq.ParquetWriter(file, first.schema, compression="zstd", encryption_properties=sealed) as writer:
                for part in chain([first], parts):
                    writer.write_table(part, row_group_size=ROWS_PER_GROUP)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_parquet(path: Path, key: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Read what `write_parquet` wrote; raises `Damaged` where key or bytes are not the ones written."""
    with _opened(path, key) as file:
        return file.read(columns=None if columns is None else list(columns))


def parquet_columns(path: Path, key: bytes) -> frozenset[str]:
    """The names of its columns; raises `Damaged` as `read_parquet` does."""
    with _opened(path, key) as file:
        return frozenset(file.schema_arrow.names)


@contextmanager
def _opened(path: Path, key: bytes) -> Iterator[pq.ParquetFile]:
    try:
        with path.open("rb") as file:
            yield pq.ParquetFile(file, decryption_properties=pe.create_decryption_properties(footer_key=key))
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise Damaged(
            f"保存済みのファイル {path.name} を読めません。鍵が違うか、ファイルが壊れています。",
            f"The stored file {path.name} cannot be read: another key, or a damaged file.",
        ) from error
