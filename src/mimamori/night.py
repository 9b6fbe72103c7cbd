"""The night as people's store sees it: what people decided goes in, the snapshot comes out, worklist and queue follow.

A night killed at any moment leaves the previous snapshot in service. If it was killed after publishing, before its
findings were taken in, `repair` takes them in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from mimamori import audit, door, engine, governance, pipeline, review, scoring, screening, support
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.config import Config
from mimamori.governance import capacity
from mimamori.governance.models import Run
from mimamori.karte import store
from mimamori.karte.snapshot import Snapshot
from mimamori.pipeline import NightResult
from mimamori.privacy.keys import KeyRing
from mimamori.screening import findings_digest
from mimamori.screening.unlisted import draw_unlisted
from mimamori.sources import load_registry


def run(
    config: Config,
    *,
    as_of: date | None = None,
    by: Account | None = None,
    phase: Callable[[str], None] | None = None,
) -> NightResult:
    """Link, build, screen, publish as of a day (None: the newest delivery's), then bring worklist and queue up to it.

    `by=None` is the clock or the command line. Raises `Refused` where another night runs.
    """
    if by is not None:
        check_may(by, Permission.RUN_NIGHT)
    repair(config)
    versions = governance.in_force()
    this = Run.objects.create(
        asked_as_of=as_of,
        by=by,
        versions={version.difficulty: version.number for version in versions},
        code=governance.code_version(),
    )
    try:
        result = pipeline.night(
            config=config,
            keyring=KeyRing(config.keys),
            registry=load_registry(),
            as_of=as_of,
            ledger=review.ledger_table(),
            decisions=review.decisions_table(),
            condition_sets=governance.sets_of(versions),
            keep_ledger=_keep,
            phase=phase,
        )
    except BaseException as fault:
        Run.objects.filter(pk=this.pk).update(
            state=Run.State.FAILED, ended_at=timezone.now(), fault=type(fault).__name__
        )
        raise
    _publish(this, result)
    if phase and governance.models_on():
        phase("models")
    _take_in(config, this, result, by)
    return result


def repair(config: Config) -> bool:
    """Take in the findings of a published night that was cut off before it could; returns whether there was one."""
    if store.published_day(config) is None:
        return False
    snapshot = store.current(config, KeyRing(config.keys))
    if Run.objects.filter(snapshot=snapshot.name, state=Run.State.DONE).exists():
        return False
    with transaction.atomic():
        this = Run.objects.filter(snapshot=snapshot.name).first() or Run(asked_as_of=snapshot.as_of)
        this.snapshot, this.as_of = snapshot.name, snapshot.as_of
        this.opinions = _take_up(config, snapshot, by=None)
        this.digest = findings_digest(snapshot.cursor())
        this.state, this.ended_at = Run.State.DONE, timezone.now()
        this.save()
    return True


def _take_up(config: Config, snapshot: Snapshot, *, by: Account | None) -> dict[str, Any]:
    """Worklist and queue follow the published night; returns what the statistical models said, for its record.

    Findings go to the numbers that their children bear now before what was extracted under those numbers comes in: so a
    merge or a split is screened again at once. The models come after the conditions and add to their lists alone."""
    changes = review.to_follow(lambda numbers: {row["case_no"] for row in snapshot.people(list(numbers))})
    support.follow(
        [support.Renumbered(change.kind, change.old_no, change.new_no, change.keys) for change in changes], by=by
    )
    today = timezone.localdate()
    rooms = capacity.rooms(today)
    support.take_findings(snapshot.all_findings(), as_of=snapshot.as_of, rooms=rooms, by=by)
    second = scoring.opinions(config, snapshot, rooms)
    added = support.take_opinions(second.additions, as_of=snapshot.as_of, places=second.places, by=by)
    support.escalate(today)
    for difficulty, told in second.told.items():
        told["added"] = added.get(difficulty, 0)
    _draw_sample(snapshot, capacity.sample_sizes(today), by=by)
    pairs = engine.table_of(snapshot.cursor(), "SELECT left_ref, right_ref, weight, why FROM pairs")
    refs = {ref for side in ("left_ref", "right_ref") for ref in pairs.column(side).to_pylist()}
    review.keep_pairs(pairs, as_of=snapshot.as_of, sensitive=door.sensitive_refs(snapshot, refs))
    review.renew_shields()
    return second.told


def _draw_sample(snapshot: Snapshot, sizes: Mapping[str, int], *, by: Account | None) -> None:
    """Some children who were not extracted are looked at, too. The seed follows from the snapshot's name: a night that
    is taken in a second time, after it was cut off, draws the same children."""
    if not sizes:
        return
    seed = int(hashlib.sha256(snapshot.name.encode()).hexdigest()[:8], 16)
    drawn = draw_unlisted(snapshot.cursor(), sizes, seed=seed, without=support.looked_at())
    support.take_sample(drawn, sizes=sizes, snapshot=snapshot.name, as_of=snapshot.as_of, seed=seed, by=by)


def _keep(rows: pa.Table) -> None:
    """New lines of the ledger are safe in people's store before the snapshot that rests on them is in service."""
    review.keep(rows)


def _publish(this: Run, result: NightResult) -> None:
    """The snapshot is in service. Nights that are still said to run were killed: this one held the lock."""
    Run.objects.filter(state=Run.State.RUNNING).exclude(pk=this.pk).update(
        state=Run.State.FAILED, ended_at=timezone.now(), fault="Killed"
    )
    this.state, this.snapshot, this.as_of = Run.State.PUBLISHED, result.snapshot, result.as_of
    this.save()


@transaction.atomic
def _take_in(config: Config, this: Run, result: NightResult, by: Account | None) -> None:
    snapshot = store.current(config, KeyRing(config.keys))
    this.opinions = _take_up(config, snapshot, by=by)
    this.state, this.ended_at = Run.State.DONE, timezone.now()
    this.phases = [asdict(phase) for phase in result.phases]
    this.findings, this.peak_mib = result.findings, result.peak_mib
    this.digest = findings_digest(snapshot.cursor())
    this.save()
    audit.record(
        "night.run",
        by=by,
        detail={
            "snapshot": result.snapshot,
            "as_of": result.as_of,
            "versions": this.versions,
            "code": this.code,
            "digest": this.digest,
            "findings": result.findings,
        },
    )


SCREENED = ("indicators", "source_status", "findings")  # what a run of conditions reads and writes


@dataclass(frozen=True)
class Repeated:
    """A past run beside its repeat. `identical`: the findings are equal to the byte; `same_code`: it was the same code
    that found them, else a difference may come from what changed in it. Counts are children by difficulty."""

    run: int
    snapshot: str
    as_of: date
    versions: dict[str, int]
    code: str
    code_now: str
    digest: str
    digest_now: str
    findings: dict[str, int]
    findings_now: dict[str, int]

    @property
    def identical(self) -> bool:
        return self.digest == self.digest_now

    @property
    def same_code(self) -> bool:
        return self.code == self.code_now


def repeat(config: Config, run: int, *, by: Account | None = None) -> Repeated:
    """Screen the snapshot of a past run again with the versions of then, beside what is in service; nothing of it is
    kept. Raises `Refused` where the run noted no versions, or its snapshot is not on the disk any more."""
    if by is not None:
        check_may(by, Permission.RUN_NIGHT)
    past = governance.run_numbered(run)
    snapshot = store.open_snapshot(config, KeyRing(config.keys), past.snapshot, only=SCREENED)
    with closing(snapshot.connection) as con:
        before, counted = findings_digest(con), _counted(con)
        screening.run(con, governance.sets_of(governance.versions_of(past)), snapshot.as_of)
        found = Repeated(
            run=past.pk,
            snapshot=snapshot.name,
            as_of=snapshot.as_of,
            versions=past.versions,
            code=past.code,
            code_now=governance.code_version(),
            digest=past.digest or before,
            digest_now=findings_digest(con),
            findings=counted,
            findings_now=_counted(con),
        )
    detail = {"run": past.pk, "snapshot": snapshot.name, "digest": found.digest_now, "identical": found.identical}
    audit.record("night.repeat", by=by, detail=detail)
    return found


def _counted(con: engine.Connection) -> dict[str, int]:
    rows = engine.rows_of(con, "SELECT difficulty, count(*) AS n FROM findings GROUP BY ALL ORDER BY ALL")
    return {row["difficulty"]: row["n"] for row in rows}
