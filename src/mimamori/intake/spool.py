"""Typed rows of one file, compressed in memory until it is known which of them stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from mimamori.engine import Connection, identifier, table_of
from mimamori.sources import Table

_PACKED = pa.ipc.IpcWriteOptions(compression="zstd")


class Spool:
    """What was added, part by part, without the lines that were left out since."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._gone = np.empty(0, np.int64)
        self.rows = 0

    def add(self, rows: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema, options=_PACKED) as writer:
            writer.write_table(rows)
        self._parts.append(sink.getvalue().to_pybytes())  # a copy: the sink's buffer is larger than what it holds
        self.rows += rows.num_rows

    def leave_out(self, lines: pa.Array) -> None:
        """Rows on these lines do not stay."""
        self._gone = np.union1d(self._gone, np.asarray(lines, np.int64))

    def parts(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows that stay, part by part, with all columns or some."""
        for part in self._parts:
            rows = pa.ipc.open_stream(part).read_all()
            if len(self._gone):
                rows = rows.filter(pa.array(~np.isin(rows["_row"].to_numpy(), self._gone)))
            yield rows if columns is None else rows.select(list(columns))

    @property
    def staying(self) -> int:
        return self.rows - len(self._gone)


def repeated(con: Connection, spool: Spool, table: Table) -> list[int]:
    """The lines of rows that repeat an earlier one in every item; of rows with only the key in common, both stay."""
    keys = [_hashes(con, part, table.row_key) for part in spool.parts(table.row_key)]
    if not keys:
        return []
    values, counts = np.unique(np.concatenate(keys), return_counts=True)
    many = values[counts > 1]
    if not len(many):
        return []
    found: list[int] = []
    seen: set[tuple[object, ...]] = set()
    for part, hashes in zip(spool.parts(), keys, strict=True):
        shared = part.filter(pa.array(np.isin(hashes, many)))
        lines = shared["_row"].to_pylist()
        contents = zip(*(column.to_pylist() for column in shared.drop_columns(["_row"]).columns), strict=True)
        for line, content in zip(lines, contents, strict=True):
            if content in seen:
                found.append(line)
            seen.add(content)
    return found


def compared(con: Connection, now: Iterator[pa.Table], before: pa.Table, table: Table) -> tuple[int, int, int]:
    """(added, changed, gone): rows against those of the delivery before, told apart by the table's key."""
    columns = [column for item in table.loaded_items() for column in item.columns() if column in before.column_names]
    mine = [(_hashes(con, part, table.row_key), _hashes(con, part, columns)) for part in now]
    keys = np.concatenate([part[0] for part in mine]) if mine else np.empty(0, np.uint64)
    contents = np.concatenate([part[1] for part in mine]) if mine else np.empty(0, np.uint64)
    old_keys, old_contents = _hashes(con, before, table.row_key), _hashes(con, before, columns)
    known = np.isin(keys, old_keys)
    same = np.isin(contents, old_contents)
    gone = int((~np.isin(old_keys, keys)).sum())
    return int((~known).sum()), int((known & ~same).sum()), gone


def _hashes(con: Connection, rows: pa.Table, columns: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """One number for each row's values in these columns; only for comparing within one process."""
    con.register("hashed", rows.select(list(columns)))
    made = table_of(con, f"SELECT hash({', '.join(map(identifier, columns))}) AS h FROM hashed")
    con.unregister("hashed")
    result: np.ndarray[tuple[int], np.dtype[np.uint64]] = made["h"].to_numpy()
    return result
