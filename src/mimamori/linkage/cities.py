"""Several cities: who of one city is who of another, scored by the model of the night on one machine or on Spark.

This is no part of a night. Cities that may compare their registers (people who moved) each give a table of folded
persons, `PERSONS`, and get pairs with weights; what becomes of a pair is for people of both cities to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from splink import DuckDBAPI

from mimamori import engine
from mimamori.engine import Connection, spark
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.model import Weights, load_weights, splink_settings
from mimamori.linkage.names import COLUMNS
from mimamori.linkage.scoring import predict
from mimamori.linkage.spark_words import make_words, settings_in_spark

if TYPE_CHECKING:
    from mimamori.engine.spark import Session

# One row per name a person goes by; `ref` is of the city's own key space. NULL is no evidence.
PERSONS = pa.schema(
    [
        ("ref", pa.string()),
        *((column, pa.string()) for column in COLUMNS),
        ("birth_first", pa.date32()),
        ("birth_last", pa.date32()),
        ("sex", pa.string()),
        ("address", pa.string()),
        ("town", pa.string()),
        ("household_no", pa.string()),
        ("guardian", pa.string()),
        ("household_names", pa.list_(pa.string())),
    ]
)
SCORED = pa.schema([("left_ref", pa.string()), ("right_ref", pa.string()), ("weight", pa.float64())])


def folded_residents(con: Connection) -> pa.Table:
    """The residents of one city as `PERSONS`, from the tables of `mentions.collect`, `fold_names` and `make_sides`.

    Address and household are left out: who moved has others, and numbers of two cities mean nothing to each other. So
    is whoever lives in a household with a protected person: where they moved to must not be found this way.
    """
    names = ", ".join(f"n.{column}" for column in COLUMNS)
    nothing = ", ".join(f"NULL AS {column}" for column in ("address", "town", "household_no", "guardian"))
    return engine.table_of(
        con,
        "WITH guarded AS (SELECT ref, household_no FROM register_rows WHERE coalesce(protection, '0') <> '0')"
        f" SELECT DISTINCT e.ref, {names}, e.birth_first, e.birth_last, e.sex, {nothing}, NULL AS household_names"
        " FROM everybody e JOIN register_names n USING (ref)"
        " WHERE e.ref NOT IN (SELECT ref FROM register_rows WHERE household_no IN"
        "  (SELECT household_no FROM guarded WHERE household_no IS NOT NULL) OR ref IN (SELECT ref FROM guarded))"
        " ORDER BY ALL",
    ).cast(PERSONS)


def score(
    left: pa.Table,
    right: pa.Table,
    *,
    weights: Weights | None = None,
    at_least: float = float("-inf"),
    on: Session | None = None,
) -> pa.Table:
    """The pairs of two tables of `PERSONS` that share a block, by their best names, as `SCORED`; the same on DuckDB
    (an in-memory one of its own) and `on` a Spark session (`spark_session`). `at_least`: the match weight from which
    pairs are given."""
    if not (left.num_rows and right.num_rows):  # Splink refuses empty tables
        return SCORED.empty_table()
    known = weights or load_weights()
    one, other = _numbered(left), _numbered(right)
    scored = _on_spark(on, known, one, other, at_least) if on else _on_duckdb(known, one, other, at_least)
    return scored.cast(SCORED).sort_by([("left_ref", "ascending"), ("right_ref", "ascending")])


def _numbered(persons: pa.Table) -> pa.Table:
    numbers = pa.array(range(persons.num_rows), pa.int64())
    return persons.select(PERSONS.names).cast(PERSONS).append_column("unique_id", numbers)


def _on_duckdb(weights: Weights, left: pa.Table, right: pa.Table, at_least: float) -> pa.Table:
    con = engine.connect()
    make_macros(con)
    for name, table in (("city_left", left), ("city_right", right)):
        con.register("city", table)
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM city")
        con.unregister("city")
    found = predict(DuckDBAPI(con), splink_settings(weights), left="city_left", right="city_right")
    return engine.table_of(con, _best(found, at_least))


def _on_spark(session: Session, weights: Weights, left: pa.Table, right: pa.Table, at_least: float) -> pa.Table:
    from splink.backends.spark import SparkAPI  # noqa: PLC0415 (wants the extra)

    make_words(session)
    spark.load(session, "city_left", left)
    spark.load(session, "city_right", right)
    # In memory: Splink's own way would write the persons to the disk as Parquet, in plain.
    api = SparkAPI(  # type: ignore[no-untyped-call]
        spark_session=session, break_lineage_method="persist", register_udfs_automatically=False
    )
    found = predict(api, settings_in_spark(splink_settings(weights)), left="city_left", right="city_right")
    return spark.table_of(session, _best(found, at_least))


def _best(found: str, at_least: float) -> str:
    """SQL that both engines read: each pair's best weight."""
    left, right = (
        f"CASE source_dataset_l WHEN 'left' THEN {one} ELSE {other} END"
        for one, other in (("ref_l", "ref_r"), ("ref_r", "ref_l"))
    )
    having = "" if at_least == float("-inf") else f" HAVING max(match_weight) >= {float(at_least)!r}"
    return (
        f"SELECT {left} AS left_ref, {right} AS right_ref, max(match_weight) AS weight FROM {found}"
        f" GROUP BY {left}, {right}{having}"
    )


@contextmanager
def spark_session(*, master: str = "local[2]", memory_gib: int = 4, partitions: int = 4) -> Iterator[Session]:
    """A Spark session with Splink's jar; see `engine.spark.session`."""
    try:
        from splink.backends.spark import similarity_jar_location  # noqa: PLC0415 (wants the extra)
    except ImportError:
        jars = []  # the engine says what is missing
    else:
        jars = [Path(similarity_jar_location())]
    with spark.session(jars=jars, master=master, memory_gib=memory_gib, partitions=partitions) as session:
        yield session
