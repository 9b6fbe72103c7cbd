"""The night's work, from top to bottom: what the systems told us becomes a dated snapshot with its findings.

People's decisions enter as plain tables (`ledger`, `decisions`, `condition_sets`); nothing here knows Django.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from mimamori import engine, intake, karte, linkage, screening
from mimamori.config import Config
from mimamori.engine import Connection
from mimamori.karte import store
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, indicators
from mimamori.sources import Registry

REGISTER = "resident_register"  # without it nobody can be named


@dataclass(frozen=True)
class Phase:
    """One phase of a night: `rows` is what it made."""

    name: str
    seconds: float
    rows: int


@dataclass(frozen=True)
class NightResult:
    """What a night made; `findings` counts children per difficulty, `pairs` wait for a person's decision."""

    snapshot: str
    as_of: date
    phases: list[Phase]
    peak_mib: int
    findings: dict[str, int]
    pairs: pa.Table


@dataclass
class Clock:
    """Times the phases and tells them when they are done."""

    tell: Callable[[str], None] | None
    phases: list[Phase] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str, rows: Callable[[], int]) -> Iterator[None]:
        """One phase; `rows` counts what it made, and is asked when it is done."""
        start = time.monotonic()
        yield
        self.phases.append(Phase(name, round(time.monotonic() - start, 2), rows()))
        if self.tell:
            self.tell(f"{name:<12}{self.phases[-1].seconds:>7.2f} s{self.phases[-1].rows:>12,}")


def night(
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    as_of: date | None,
    ledger: pa.Table,
    decisions: pa.Table,
    condition_sets: Sequence[ConditionSet],
    keep_ledger: Callable[[pa.Table], None],
    phase: Callable[[str], None] | None = None,
) -> NightResult:
    """Run one night as of a day (None: the newest delivery's) and put it in service.

    `keep_ledger` must make the new lines of the ledger safe: it is called before the snapshot comes into service.
    Raises `Refused` where another night runs, or without a delivery of the residents' register up to that day.
    """
    with _alone(config), ExitStack() as opened:
        day = _day(config, as_of)
        clock = Clock(phase)
        con = opened.enter_context(closing(engine.connect(threads=config.threads, memory_gib=config.memory_gib)))
        with clock.phase("read", lambda: _rows_held(con)):
            intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=day)
        with clock.phase("linkage", lambda: _count(con, "persons")):
            linked = linkage.link(con, registry, ledger=ledger, decisions=decisions, as_of=day)
            engine.drop_temporary(con)
        with clock.phase("karte", lambda: _count(con, "contents")):
            karte.build(con, registry, day, keep_state=False)
        with clock.phase("indicators", lambda: _count(con, "indicators")):
            indicators.compute(con, registry, day)
        with clock.phase("conditions", lambda: _count(con, "findings")):
            screening.run(con, condition_sets, day)
        with clock.phase("changes", lambda: _count(con, "finding_changes")):
            before, compared = _before(config, keyring)
            screening.compare_runs(con, condition_sets, before)
        with clock.phase("write", lambda: _rows_held(con)):
            extra = {
                "difficulties": [conditions.difficulty for conditions in condition_sets],
                "compared_with": compared,
            }
            name = store.write(con, registry, config=config, keyring=keyring, as_of=day, extra=extra)
        with clock.phase("ledger", lambda: linked.ledger_rows.num_rows):
            keep_ledger(linked.ledger_rows)
        with clock.phase("publish", lambda: 1):
            store.publish(config, name)
        counts = engine.rows_of(con, "SELECT difficulty, count(*) AS n FROM findings GROUP BY ALL ORDER BY ALL")
    return NightResult(
        snapshot=name,
        as_of=day,
        phases=clock.phases,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        findings={row["difficulty"]: row["n"] for row in counts},
        pairs=linked.pairs,
    )


def _before(config: Config, keyring: KeyRing) -> tuple[screening.Before | None, str | None]:
    """What the run before found, and its name. None before the first, and where its files cannot be read: a night mends
    that, and is not stopped by it."""
    try:
        found = store.serving(config, keyring, tables=("findings", "indicators", "source_status"))
    except engine.Damaged:
        return None, None
    if found is None:
        return None, None
    status = found.read("source_status", ("source", "state")).to_pylist()
    before = screening.Before(
        as_of=found.as_of,
        findings=found.read("findings", ("case_no", "difficulty", "must", "tier")),
        stale=frozenset(row["source"] for row in status if row["state"] == "stale"),
        columns=found.columns("indicators"),
        indicators=lambda columns: found.read("indicators", columns),
    )
    return before, found.name


LOOKED_BACK_AT = ("persons", "links", "indicators", "source_status")
_WITHOUT_NAMES = (
    "CREATE OR REPLACE TABLE persons AS SELECT case_no, sex, resident_type, household_no FROM persons ORDER BY case_no"
)


def look_back(
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    as_of: date,
    row_tables: Collection[str],
    extra: Mapping[str, Any],
    phase: Callable[[str], None] | None = None,
) -> str:
    """Make an earlier day again as a snapshot that never comes into service; returns its name. It holds what a
    back-test reads: indicators, links, and these `row_tables`; no names. Raises `Refused` as `night` does."""
    with made_again(config=config, keyring=keyring, registry=registry, as_of=as_of, phase=phase) as con:
        only = {*LOOKED_BACK_AT, *row_tables}
        name = store.write(con, registry, config=config, keyring=keyring, as_of=as_of, extra=extra, only=only)
        store.shelve(config, name)
    return name


@contextmanager
def made_again(
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    as_of: date,
    phase: Callable[[str], None] | None = None,
) -> Iterator[Connection]:
    """An earlier day again, from the deliveries up to it, on a connection of its own and without names; nothing is kept
    of it but what the caller keeps.

    The records are linked as on a first night: what people decided since on pairs, and the ledger, is later knowledge.
    So its case numbers are its own. Raises `Refused` as `night` does.
    """
    with _alone(config), ExitStack() as opened:
        day = _day(config, as_of)
        clock = Clock(phase)
        con = opened.enter_context(closing(engine.connect(threads=config.threads, memory_gib=config.memory_gib)))
        with clock.phase("read", lambda: _rows_held(con)):
            intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=day)
        with clock.phase("linkage", lambda: _count(con, "persons")):
            ledger, decisions = linkage.LEDGER.empty_table(), linkage.DECISIONS.empty_table()
            linkage.link(con, registry, ledger=ledger, decisions=decisions, as_of=day)
            engine.drop_temporary(con)
        with clock.phase("karte", lambda: _count(con, "contents")):
            karte.build_rows(con, registry, keep_state=False)
        with clock.phase("indicators", lambda: _count(con, "indicators")):
            indicators.compute(con, registry, day)
        con.execute(_WITHOUT_NAMES)
        yield con


def kept_state(
    config: Config,
    keyring: KeyRing,
    day: date,
    *,
    only: Collection[str],
    columns: Mapping[str, Collection[str]],
    but: str | None = None,
) -> store.Snapshot | None:
    """The newest kept snapshot of the day (not the one called `but`) that has all of `only`, these tables, and of each
    the columns named; None where there is none. Of a night whose layouts or indicators were others, there is none."""
    for name, as_of in reversed(store.kept(config)):
        if as_of != day or name == but:
            continue
        found = store.open_snapshot(config, keyring, name, only=only)
        if set(only) <= found.tables and all(set(wanted) <= _columns(found, of) for of, wanted in columns.items()):
            return found
        found.connection.close()
    return None


def _columns(snapshot: store.Snapshot, table: str) -> set[str]:
    described = snapshot.cursor().sql(f"DESCRIBE {engine.identifier(table)}").fetchall()
    return {column[0] for column in described}


def _day(config: Config, as_of: date | None) -> date:
    """The day of the night; raises `Refused` where the residents' register does not reach back to it."""
    delivered = intake.deliveries(config)
    if not any(d.source == REGISTER and (as_of is None or d.as_of <= as_of) for d in delivered):
        raise Refused(
            "その日までに受領した住民記録がありません。`mimamori receive` で受領してください。",
            "There is no delivery of the residents' register up to that day: `mimamori receive` takes one.",
        )
    return as_of or max(d.as_of for d in delivered)


def _count(con: Connection, table: str) -> int:
    return int(con.table(table).count("*").fetchall()[0][0])


def _rows_held(con: Connection) -> int:
    """How many rows all tables hold together."""
    found = engine.rows_of(con, "SELECT sum(estimated_size)::BIGINT AS n FROM duckdb_tables() WHERE NOT temporary")
    return int(found[0]["n"] or 0)


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """One night at a time, and nothing half-written before or after it.

    The lock is the kernel's and goes with the process, however it ends; what a killed night left goes with the next.
    """
    busy = Refused(
        "別の夜間処理が動いています。終わるのを待ってください。", "Another night is running: wait for its end."
    )
    with engine.alone(config.home / "night.lock", otherwise=busy):
        config.snapshots.mkdir(parents=True, exist_ok=True, mode=0o700)
        store.clean(config)
        try:
            yield
        except engine.OutOfMemory:
            raise Refused(
                f"夜間処理のメモリーが足りません。設定 memory_gib(いま {config.memory_gib})を増やしてください。",
                f"The night needs more memory: raise the setting memory_gib (now {config.memory_gib}).",
            ) from None
        finally:
            store.clean(config)
