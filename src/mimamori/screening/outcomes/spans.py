"""From when until when an event goes on, read off a snapshot's rows."""

from __future__ import annotations

import pyarrow as pa

from mimamori.engine import Connection, identifier, table_of
from mimamori.screening.extraction import Bound
from mimamori.screening.outcomes.schema import Event, Outcome, row_table_name

SPANS = pa.schema([("case_no", pa.string()), ("day", pa.date32()), ("ends", pa.date32())])
NEVER = "DATE '9999-12-31'"


def spans_of(con: Connection, outcome: Outcome) -> pa.Table:
    """`SPANS`: each event of the record that the connection holds, with the first day on which it goes on no more."""
    if not outcome.events:
        return SPANS.empty_table()
    bound = Bound()
    parts = [_spans(event, bound) for event in outcome.events]
    return table_of(con, f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})", bound.values).cast(SPANS)


def _spans(event: Event, bound: Bound) -> str:
    day = identifier(event.day)
    ends = []
    if event.until:
        ends.append(f"coalesce({identifier(event.until)}, {NEVER})")
    if event.current_months:
        ends.append(f"CAST({day} + to_months({bound(event.current_months)}) AS DATE)")
    tests = [f"case_no IS NOT NULL AND {day} IS NOT NULL"]
    for column, values in event.only.items():
        tests.append(f"CAST({identifier(column)} AS VARCHAR) IN (SELECT unnest({bound(list(values))}::VARCHAR[]))")
    for column, least in event.at_least.items():
        tests.append(f"{identifier(column)} >= {bound(least)}")
    return (
        f"SELECT case_no, {day} AS day, greatest({', '.join(ends)}) AS ends "
        f"FROM {identifier(row_table_name(event.table))} WHERE {' AND '.join(tests)}"
    )
