"""A version before the past: an earlier day is found or made again, its list is held against what is known by now, and
how it stood is kept as the version's proof. The measuring itself is `screening.backtest`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from django.utils import timezone

from mimamori import governance, intake, pipeline
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.config import Config
from mimamori.engine import Connection
from mimamori.governance import capacity
from mimamori.governance.models import ConditionVersion, Proof
from mimamori.karte import store
from mimamori.karte.store import Snapshot
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, load_indicators
from mimamori.screening.backtest import measure
from mimamori.screening.backtest_shapes import Backtest
from mimamori.screening.fates import find_again, months_after
from mimamori.screening.indicators import Difficulty
from mimamori.screening.later import SAYS_NEXT_12_MONTHS, Record, record_of, truth_of
from mimamori.screening.outcomes import Outcome, load_outcomes
from mimamori.sources import load_registry

__all__ = ["Backtest", "backtest", "make_again", "try_backtest"]


def try_backtest(
    config: Config,
    versions: Sequence[ConditionVersion],
    *,
    by: Account | None,
    start: date | None = None,
    truth: Path | None = None,
    make: bool = False,
    phase: Callable[[str], None] | None = None,
) -> list[Backtest]:
    """`backtest` for versions, each kept as the version's proof; `by=None` is the command line or the clock. Raises
    `Denied` where the account may not, `Refused` for a draft and for a version that was withdrawn."""
    if by is not None:
        check_may(by, Permission.WRITE_CONDITIONS)
    found = backtest(config, governance.sets_of(versions), start=start, truth=truth, make=make, phase=phase)
    for version, one in zip(versions, found, strict=True):
        governance.record_proof(
            version, kind=Proof.Kind.BACKTEST, passed=one.passed, summary=one.summary(), by=by, snapshot=one.snapshot
        )
    return found


def make_again(config: Config, day: date, *, phase: Callable[[str], None] | None = None) -> str:
    """Make an earlier day again from its deliveries and keep it for back-tests; returns the snapshot's name. It takes
    as long as a night, and never runs beside one: raises `Refused` then."""
    return pipeline.look_back(
        config=config,
        keyring=KeyRing(config.keys),
        registry=load_registry(),
        as_of=day,
        row_tables=_row_tables(load_outcomes()),
        extra={"looked_back": True, "code": governance.code_version()},
        phase=phase,
    )


def backtest(
    config: Config,
    sets: Iterable[ConditionSet],
    *,
    start: date | None = None,
    truth: Path | None = None,
    make: bool = False,
    phase: Callable[[str], None] | None = None,
) -> list[Backtest]:
    """Run the sets on the day `start` and hold their lists against the snapshot in service, or, with `truth`, on the
    day in service against what a synthetic city knows of the year after.

    `start=None`: the latest day from which the record covers the whole window, else the earliest there is. A day of
    which no snapshot is kept is made again from its deliveries where `make` allows it, which takes as long as a night.
    Raises `Refused` where there is no such day.
    """
    chosen = tuple(sets)
    outcomes = load_outcomes()
    keyring = KeyRing(config.keys)
    now = store.current(config, keyring)
    if truth is not None:
        if start is not None:
            raise Refused(
                "正解(--truth)とくらべるときは、公開中の基準日から始めます。--from は指定できません。",
                "The truth begins after the day in service: it goes without --from.",
            )
        record = truth_of(truth, as_of=months_after(now.as_of, SAYS_NEXT_12_MONTHS))
        with closing(now.cursor()) as con:
            return _measured(con, chosen, outcomes, record, start=now.as_of, snapshot=now.name)
    months = max((outcomes[one.difficulty].window_months for one in chosen), default=0)
    day = _start(config, start, now.as_of, months)
    then = _earlier(config, keyring, day, chosen, outcomes, make=make, but=now.name, phase=phase)
    with closing(then.connection) as con, closing(now.cursor()) as later:
        record = record_of(later, outcomes, name=now.name, as_of=now.as_of)
        return _measured(con, chosen, outcomes, record, start=day, snapshot=then.name)


def _measured(
    con: Connection,
    sets: Iterable[ConditionSet],
    outcomes: Mapping[Difficulty, Outcome],
    record: Record,
    *,
    start: date,
    snapshot: str,
) -> list[Backtest]:
    rooms = capacity.rooms(timezone.localdate())
    find_again(con, record)
    return [
        measure(con, one, outcomes[one.difficulty], record, start=start, snapshot=snapshot, rooms=rooms) for one in sets
    ]


def _start(config: Config, asked: date | None, now: date, months: int) -> date:
    """The day asked for, or the best there is; raises `Refused` where no register was delivered up to it."""
    days = {delivery.as_of for delivery in intake.deliveries(config) if delivery.source == pipeline.REGISTER}
    days |= {day for _, day in store.kept(config)}
    earlier = sorted(day for day in days if day < now)
    if not earlier or (asked is not None and not earlier[0] <= asked < now):
        raise Refused(
            f"公開中の基準日({now})より前の{'その日の' if asked else ''}受領データがありません。",
            f"There are no deliveries before the day in service ({now}){' up to the day asked for' if asked else ''}.",
        )
    whole = [day for day in earlier if months_after(day, months) <= now]
    return asked or (whole[-1] if whole else earlier[0])


def _earlier(
    config: Config,
    keyring: KeyRing,
    day: date,
    sets: Iterable[ConditionSet],
    outcomes: Mapping[Difficulty, Outcome],
    *,
    make: bool,
    but: str,
    phase: Callable[[str], None] | None,
) -> Snapshot:
    """A snapshot of the day on which the sets can be run: one that is kept, or made again."""
    only = {*pipeline.LOOKED_BACK_AT, *_row_tables(outcomes)}
    read = {condition.indicator for one in sets for condition in one.conditions} & {one.id for one in load_indicators()}
    found = pipeline.kept_state(config, keyring, day, only=only, columns={"indicators": read}, but=but)
    if found is not None:
        return found
    if not make:
        raise Refused(
            f"{day} の状態がまだ作られていません。「mimamori screen backtest --from {day}」を先に動かしてください。",
            f"The state of {day} has not been made yet: run `mimamori screen backtest --from {day}` first.",
        )
    return store.open_snapshot(config, keyring, make_again(config, day, phase=phase), only=only)


def _row_tables(outcomes: Mapping[Difficulty, Outcome]) -> set[str]:
    return {table for outcome in outcomes.values() for table in outcome.tables}
