"""Reasons as an ENUM read as the text they were, and an open snapshot holds them so."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from mimamori import engine
from mimamori.engine import rows_of
from mimamori.karte.reasons import as_enum


def made(*reasons: str | None) -> engine.Connection:
    """A table of one value that is missing for these reasons, as a snapshot keeps it."""
    con = engine.connect(threads=1, memory_gib=1)
    count = len(reasons)
    read = pa.table(
        {"case_no": [f"K-{n}" for n in range(count)], "days": pa.array([None] * count, pa.float64()),
         "days__why": pa.array(reasons, pa.string())}
    )  # fmt: skip
    con.register("read", read)
    con.execute(f"CREATE TABLE indicators AS SELECT {as_enum(con, read)} FROM read")
    return con


def type_of_reasons(con: engine.Connection) -> str:
    (found,) = [row for row in rows_of(con, "DESCRIBE indicators") if row["column_name"] == "days__why"]
    return str(found["column_type"])


def test_they_read_as_the_text_they_were() -> None:
    con = made("not_due", None, "it's new", "not_due")
    assert type_of_reasons(con).startswith("ENUM(")
    assert [row["days__why"] for row in rows_of(con, "SELECT * FROM indicators ORDER BY case_no")] == [
        "not_due", None, "it's new", "not_due"
    ]  # fmt: skip


def test_they_are_compared_with_words_that_none_of_them_is() -> None:
    con = made("not_due", None, "no_record")
    rows = rows_of(con, "SELECT coalesce(days__why NOT IN ('stale', 'not_due'), true) AS counts FROM indicators")
    assert [row["counts"] for row in rows] == [False, True, True]
    told = rows_of(con, "SELECT CASE WHEN days__why IS NULL THEN 'stale' ELSE days__why END AS why FROM indicators")
    assert [row["why"] for row in told] == ["not_due", "stale", "no_record"]


def test_a_table_without_a_reason_stays_as_it_is() -> None:
    assert type_of_reasons(made(None, None)) == "VARCHAR"


def test_an_open_snapshot_holds_them_so(snapshot: Any) -> None:
    whys = [row for row in rows_of(snapshot.cursor(), "DESCRIBE indicators") if row["column_name"].endswith("__why")]
    assert len(whys) > 50
    assert all(row["column_type"].startswith("ENUM(") for row in whys)
