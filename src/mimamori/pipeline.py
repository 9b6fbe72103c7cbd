"""The night's work, from top to bottom: what the systems told us becomes a dated snapshot with its findings.

People's decisions enter as plain tables (`ledger`, `decisions`, `condition_sets`); nothing here knows Django.
"""

from __future__ import annotations

import fcntl
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

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
    """Times the phases and tells them."""

    tell: Callable[[str], None] | None
    phases: list[Phase] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str, con: Connection, counted: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        rows = con.table(counted).count("*").fetchall()[0][0]
        self.phases.append(Phase(name, round(time.monotonic() - start, 2), rows))
        if self.tell:
            self.tell(f"{name:<12}{self.phases[-1].seconds:>7.2f} s{rows:>12,}")


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
    """Run one night as of a day (None: the newest delivery of the residents' register) and put it in service.

    `keep_ledger` must make the new lines of the ledger safe: it is called before the snapshot comes into service.
    Raises `Refused` where another night runs, or without a delivery of the residents' register.
    """
    day = _day(config, as_of)
    with _alone(config):
        store.clean(config)
        clock = Clock(phase)
        con = engine.connect(threads=config.threads, memory_gib=config.memory_gib)
        with clock.phase("read", con, "source_status"):
            intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=day)
        with clock.phase("linkage", con, "persons"):
            linked = linkage.link(con, registry, ledger=ledger, decisions=decisions, as_of=day)
            engine.drop_temporary(con)
        with clock.phase("karte", con, "contents"):
            karte.build(con, registry, day)
        with clock.phase("indicators", con, "indicators"):
            indicators.compute(con, registry, day)
        with clock.phase("conditions", con, "findings"):
            screening.run(con, condition_sets, day)
        with clock.phase("write", con, "findings"):
            name = store.write(con, registry, config=config, keyring=keyring, as_of=day)
        keep_ledger(linked.ledger_rows)
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


def _day(config: Config, as_of: date | None) -> date:
    days = [delivery.as_of for delivery in intake.deliveries(config) if delivery.source == REGISTER]
    known = [day for day in days if as_of is None or day <= as_of]
    if not known:
        raise Refused(
            "その日までに受領した住民記録がありません。`mimamori receive` で受領してください。",
            "There is no delivery of the residents' register up to that day: `mimamori receive` takes one.",
        )
    return as_of or max(known)


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """One night at a time; the lock goes with the process, however it ends."""
    config.snapshots.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (config.home / "night.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                "別の夜間処理が動いています。終わるのを待ってください。", "Another night is running: wait for its end."
            ) from None
        yield
