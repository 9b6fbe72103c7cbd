"""The ledger of case numbers as the night reads and extends it. Rows only ever come in; triggers hold that."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.db import connection, transaction

SCHEMA = pa.schema(
    [
        ("case_no", pa.string()),
        ("ref", pa.string()),
        ("action", pa.string()),
        ("as_of", pa.date32()),
        ("why", pa.string()),
    ]
)
_NAMES = ", ".join(f'"{name}"' for name in SCHEMA.names)
_PORTION = 50_000  # rows read or written at a time: a city has millions


def ledger_table() -> pa.Table:
    """The whole ledger in the order it was written (columns of `SCHEMA`)."""
    from mimamori.review.models import LedgerEntry  # noqa: PLC0415

    rows = LedgerEntry.objects.order_by("pk").values_list(*SCHEMA.names).iterator(chunk_size=_PORTION)
    batches: list[pa.RecordBatch] = []
    portion: list[tuple[Any, ...]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == _PORTION:
            batches.append(_batch(portion))
            portion = []
    if portion:
        batches.append(_batch(portion))
    return pa.Table.from_batches(batches, schema=SCHEMA)


def keep(rows: pa.Table) -> int:
    """Append rows (columns of `SCHEMA`, in their order), and what they change (`CaseChange`); all or none.

    Returns how many came in.
    """
    from mimamori.review.changes import changes_in  # noqa: PLC0415
    from mimamori.review.models import CaseChange  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        CaseChange.objects.bulk_create(changes_in(rows), batch_size=500)
        for batch in rows.select(SCHEMA.names).cast(SCHEMA).to_batches(max_chunksize=_PORTION):
            values = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY review_ledgerentry ({_NAMES}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
            else:
                cursor.executemany(
                    f"INSERT INTO review_ledgerentry ({_NAMES}) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
                    [(*row[:3], row[3].isoformat(), row[4]) for row in values],
                )
    return int(rows.num_rows)


def _batch(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )
