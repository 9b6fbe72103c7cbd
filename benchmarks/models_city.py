"""The days that `benchmarks.models` reads: a synthetic city's quarters, each made again, its children repeated.

A folder a day with the tables that a snapshot holds, and one of what came later, as plain Parquet: ours and the peer
begin at the same files. The repeated children are people of their own: numbers, refs and households get a tail each,
and of the copies' later events every other one is another child's: else one child with an event, repeated, would part
whole columns, which is what a leak looks like.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mimamori import intake, pipeline
from mimamori.city import build
from mimamori.config import Config
from mimamori.engine import Connection, identifier, table_of
from mimamori.karte import store
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.screening.later import record_of
from mimamori.screening.models.cohort import READS
from mimamori.screening.outcomes import load_outcomes
from mimamori.sources import load_registry

DAYS, WINDOW = 8, 4  # quarters that are learned from, and quarters of the window after the last of them
NUMBERS = ("case_no", "ref", "household_no")


def make_days(home: Path, residents: int, children: int, difficulty: str) -> tuple[list[date], date]:
    """Write `<home>/days/<day>/<table>.parquet` of eight days and `<home>/later/`; the days, and how far the record
    reaches. Each day has about `children` children."""
    config, registry = Config(home=home / "home"), load_registry()
    keyring = KeyRing(config.keys)
    [outcome] = [one for one in load_outcomes().values() if one.difficulty == difficulty]
    build(
        residents=residents, seed=1, deliveries=DAYS + WINDOW, apart=3, noise=1.0, out=home / "city", registry=registry
    )
    delivered = sorted(path for path in (home / "city" / "extracts").iterdir())
    for folder in delivered:
        intake.receive([folder], config=config, keyring=keyring, registry=registry)
    pipeline.night(
        config=config, keyring=keyring, registry=registry, as_of=None, ledger=LEDGER.empty_table(),
        decisions=DECISIONS.empty_table(), condition_sets=(), keep_ledger=lambda rows: None,
    )  # fmt: skip
    now = store.current(config, keyring)
    with closing(now.cursor()) as con:
        times = -(-children // len(con.execute("SELECT case_no FROM indicators").fetchall()))
        record = record_of(con, {outcome.difficulty: outcome}, name=now.name, as_of=now.as_of)
        con.register("spans_told", record.spans[outcome.difficulty])
        con.register("people_told", record.people)
        spans = table_of(con, _SPREAD, {"times": times})
        pq.write_table(spans, _made(home / "later" / "spans.parquet"))
        tables = {"links": record.links, "people": record.people}
        for name, table in tables.items():
            con.register(name + "_of_record", table)
            _write(
                con, f"SELECT * FROM {name}_of_record", table.column_names, times, home / "later" / f"{name}.parquet"
            )
    chosen = [date.fromisoformat(day.name) for day in delivered[:DAYS]]
    for day in chosen:
        with pipeline.made_again(config=config, keyring=keyring, registry=registry, as_of=day) as con:
            for name in (*READS, *outcome.tables):
                columns = [row[0] for row in con.sql(f"DESCRIBE {identifier(name)}").fetchall()]
                only = "" if "case_no" not in columns else "WHERE case_no IN (SELECT case_no FROM indicators)"
                path = home / "days" / day.isoformat() / f"{name}.parquet"
                _write(con, f"SELECT * FROM {identifier(name)} {only}", columns, times, path)
    return chosen, now.as_of


def _write(con: Connection, sql: str, columns: list[str], times: int, path: Path) -> None:
    """The rows of `sql` again and again, each time of other people; once where they are of nobody."""
    tails = ", ".join(f"{name} || '-' || r.n AS {name}" for name in columns if name in NUMBERS)
    table: pa.Table = (
        table_of(con, f"SELECT s.* REPLACE ({tails}) FROM ({sql}) s, range($times) r(n)", {"times": times})
        if tails
        else table_of(con, sql)
    )
    pq.write_table(table, _made(path))


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


_SPREAD = """
    WITH numbers AS (SELECT list(case_no ORDER BY case_no) AS every FROM people_told WHERE is_child)
    SELECT CASE WHEN hash(case_no, n) % 2 = 0 THEN case_no ELSE every[(1 + hash(n, case_no) % len(every))::BIGINT] END
        || '-' || n AS case_no, day, ends
    FROM spans_told, numbers, range($times) r(n)
"""
