"""The analysis zone from the people's side: who may make and read it, of which days, and how scores come home.

What a model reads and how a day becomes rows is `screening.models`; an earlier day is a kept snapshot, or made again
from its deliveries (`pipeline.made_again`) and kept nowhere but under tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mimamori import audit, engine, governance, intake, pipeline
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.config import Config
from mimamori.engine import Connection
from mimamori.governance import capacity
from mimamori.governance.models import ModelVersion
from mimamori.karte import store
from mimamori.karte.store import Snapshot
from mimamori.privacy.keys import KeyRing
from mimamori.privacy.pseudonyms import Pseudonyms
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, load_indicators
from mimamori.screening.fates import months_after
from mimamori.screening.later import Record, record_of
from mimamori.screening.models import zone
from mimamori.screening.models.answered import Answered
from mimamori.screening.models.cohort import READS, Cohort, cohort_of
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.features import Column, columns_of, why_left_out
from mimamori.screening.models.inputs import load_inputs
from mimamori.screening.models.shapes import Panel, Tell, silent
from mimamori.screening.models.zone import Manifest
from mimamori.screening.outcomes import Outcome, load_outcomes
from mimamori.sources import load_registry
from mimamori.sources.item import Label
from mimamori.support import answers_to

__all__ = ["bring_home", "days_to_learn_from", "evaluate", "gather", "panel", "projects", "remove", "train"]

DAYS, APART = 8, 3  # how many days a panel has by itself, and how many months lie between them


@dataclass(frozen=True)
class _Wanted:
    """A project that is being gathered, and what its cohorts are made with."""

    condition_set: ConditionSet
    outcome: Outcome
    columns: tuple[Column, ...]
    pseudonyms: Pseudonyms
    manifest: Manifest


def gather(
    config: Config,
    projects: Mapping[str, ConditionSet],
    *,
    by: Account | None,
    days: Sequence[date] | None = None,
    make: bool = False,
    rotate: bool = False,
    phase: Callable[[str], None] | None = None,
) -> list[Manifest]:
    """Write projects into the zone, each of its set's difficulty and in the place of what it was; the trail is told.

    `days`: by default `days_to_learn_from`; the day in service may be among them (to score it), and has no events.
    `make`: days of which no snapshot is kept are made again, once for all projects, each as long as a night. `rotate`:
    under a new key, so that no token of before means anything. `by=None` is the command line or the clock. Raises
    `Denied` where the account may not, `Refused` where no system tells of a difficulty by child, and where a day cannot
    be had.
    """
    if by is not None:
        check_may(by, Permission.USE_ZONE)
    keyring = KeyRing(config.keys)
    now = store.current(config, keyring)
    wanted = [_wanted(config, keyring, name, one, now, rotate=rotate) for name, one in projects.items()]
    outcomes = {one.outcome.difficulty: one.outcome for one in wanted}
    months = max((outcome.window_months for outcome in outcomes.values()), default=0)
    chosen = days_to_learn_from(config, now.as_of, months) if days is None else sorted(set(days))
    with closing(now.cursor()) as later:
        record = record_of(later, outcomes, name=now.name, as_of=now.as_of)
    with ExitStack() as opened:
        writers = [opened.enter_context(zone.writing(config.zone, keyring, one.manifest)) for one in wanted]
        for place, day in enumerate(chosen, start=1):
            if phase:
                phase(f"{day} ({place}/{len(chosen)})")
            with _day(config, keyring, day, now, wanted, make=make, phase=phase) as (name, con):
                for one, writer in zip(wanted, writers, strict=True):
                    writer.add(name, _cohort(con, day, one, record))
    for writer in writers:
        made = writer.manifest
        detail = {"project": made.project, "key_version": made.key_version, "days": len(made.days)}
        audit.record("zone.make", by=by, detail=detail)
    return [writer.manifest for writer in writers]


def _wanted(
    config: Config, keyring: KeyRing, project: str, condition_set: ConditionSet, now: Snapshot, *, rotate: bool
) -> _Wanted:
    outcome = load_outcomes()[condition_set.difficulty]
    if not outcome.events:
        raise Refused(
            f"{outcome.label.ja}: 児童ごとの記録がないので、モデルは作れません。",
            f"{outcome.label.en}: without a record by child there is nothing to learn from.",
        )
    version = _key_version(config, project, rotate=rotate)
    indicators, inputs = load_indicators(), load_inputs()
    columns = columns_of(outcome.difficulty, indicators, outcome, inputs)
    reasons = {one.id: why_left_out(one, outcome.difficulty, outcome, inputs) for one in indicators}
    manifest = Manifest(
        project=project,
        difficulty=outcome.difficulty,
        window_months=outcome.window_months,
        key_version=version,
        code=governance.code_version(),
        record=now.name,
        record_as_of=now.as_of,
        conditions=hashlib.sha256(condition_set.model_dump_json().encode()).hexdigest(),
        features=zone.told_features(column.feature for column in columns),
        left_out={name: reason for name, reason in reasons.items() if reason is not None},
    )
    return _Wanted(condition_set, outcome, columns, Pseudonyms(keyring, project, version), manifest)


def _cohort(con: Connection, day: date, one: _Wanted, record: Record) -> Cohort:
    return cohort_of(
        con,
        day=day,
        columns=one.columns,
        condition_set=one.condition_set,
        outcome=one.outcome,
        record=record,
        pseudonyms=one.pseudonyms,
    )


def panel(config: Config, project: str, *, by: Account | None, days: Sequence[date] | None = None) -> Panel:
    """The project's children, for who may use the zone; the trail is told. Raises `Denied`, `Refused`."""
    if by is not None:
        check_may(by, Permission.USE_ZONE)
    con = engine.connect(threads=config.threads, memory_gib=config.memory_gib)
    with closing(con):
        found = zone.read_panel(config.zone, KeyRing(config.keys), project, days=days, con=con)
    audit.record("zone.read", by=by, detail={"project": project, "rows": found.table.num_rows})
    return found


def evaluate(config: Config, project: str, *, by: Account | None, seed: int = 1, tell: Tell = silent) -> Evaluation:
    """Every candidate held against the conditions in force, at the wards' capacity of this month; nothing is kept. With
    it what people found of the children whom the model that is on has added. Minutes for a whole city. Raises `Denied`
    where the account may not use the zone, `Refused` where too little is known, or a leak is found."""
    return _evaluated(panel(config, project, by=by), seed, tell)


def train(config: Config, project: str, *, by: Account | None, seed: int = 1, tell: Tell = silent) -> ModelVersion:
    """Evaluate, train the chosen candidate and keep it with its proof, whatever the stop rule says of it: one that is
    not offered cannot be approved, and its card says why. Same project, capacity and seed, same bytes. Raises as
    `evaluate`."""
    from mimamori.screening.models.training import train as trained  # noqa: PLC0415 - seconds, which a night saves

    read = panel(config, project, by=by)
    evaluation = _evaluated(read, seed, tell)
    tell(Label(ja="選んだ方法を学習しています", en="training the one that was chosen"), 1.0)
    return governance.keep_model(
        trained(read, seed, evaluation.choice.candidate),
        by=by,
        evaluation=evaluation.model_dump(mode="json"),
        offered=evaluation.choice.offered,
        project=project,
        key_version=zone.read_manifest(config.zone, project).key_version,
    )


def _evaluated(read: Panel, seed: int, tell: Tell) -> Evaluation:
    from mimamori.screening.models.prove import prove  # noqa: PLC0415 - as above

    found = prove(read, capacity.rooms(timezone.localdate()), seed, tell)
    on = next((one for one in governance.models_on() if one.difficulty == read.difficulty), None)
    if on is None:
        return found
    answers = answers_to(on.pk)
    answered = Answered(number=on.number, added=answers.added, judged=answers.judged, agreed=answers.agreed)
    return found.model_copy(update={"answered": answered})


def projects(config: Config, *, by: Account | None) -> list[Manifest]:
    """What the zone holds, by name: counts and names of columns. Raises `Denied`, `Damaged`."""
    if by is not None:
        check_may(by, Permission.USE_ZONE)
    return [zone.read_manifest(config.zone, name) for name in zone.names(config.zone)]


def remove(config: Config, project: str, *, by: Account | None) -> None:
    """Take a project off the disk; the trail is told. Raises `Denied`, `Refused`."""
    if by is not None:
        check_may(by, Permission.USE_ZONE)
    zone.remove_project(config.zone, project)
    audit.record("zone.remove", by=by, detail={"project": project})


def bring_home(config: Config, project: str, tokens: Collection[str]) -> Mapping[str, str]:
    """Token → case number in service, of those tokens that stand for somebody; the system does it and the trail is
    told. No person may ask for it: what comes home goes to the worklist, which has rules of its own."""
    keyring = KeyRing(config.keys)
    version = zone.read_manifest(config.zone, project).key_version
    with closing(store.current(config, keyring).cursor()) as con:
        people = [row[0] for row in con.execute("SELECT case_no FROM indicators").fetchall()]
    found = Pseudonyms(keyring, project, version).relink(tokens, people)
    detail = {"project": project, "key_version": version, "asked": len(tokens), "found": len(found)}
    audit.record("zone.relink", by=None, detail=detail)
    return found


def days_to_learn_from(config: Config, now: date, months: int) -> list[date]:
    """Up to `DAYS` days, about `APART` months from each other, of which a register was delivered or a night is kept and
    whose windows of so many `months` are over by now; raises `Refused` where there is none."""
    known = {delivery.as_of for delivery in intake.deliveries(config) if delivery.source == pipeline.REGISTER}
    known |= {day for _, day in store.kept(config)}
    over = sorted((day for day in known if months_after(day, months) <= now), reverse=True)
    if not over:
        raise Refused(
            f"{months}か月前までの受領データがありません。",
            f"There are no deliveries of {months} months ago.",
        )
    chosen: list[date] = []
    for day in over:
        if len(chosen) < DAYS and (not chosen or months_after(day, APART) <= _next_month(chosen[-1])):
            chosen.append(day)
    return chosen[::-1]


def _next_month(day: date) -> date:
    """The first of the next month: between month ends three months are not always the same number of days."""
    return months_after(day.replace(day=1), 1)


@contextmanager
def _day(
    config: Config,
    keyring: KeyRing,
    day: date,
    now: Snapshot,
    wanted: Sequence[_Wanted],
    *,
    make: bool,
    phase: Callable[[str], None] | None,
) -> Iterator[tuple[str, Connection]]:
    """The name of a state of the day and a connection that holds it: in service, kept, or made again."""
    if day == now.as_of:
        with closing(now.cursor()) as con:
            yield now.name, con
        return
    only = {*READS, *(table for one in wanted for table in one.outcome.tables)}
    read = {column.indicator.id for one in wanted for column in one.columns}
    needed = {"indicators": read, "persons": {"household_no"}}
    kept = pipeline.kept_state(config, keyring, day, only=only, columns=needed)
    if kept is not None:
        with closing(kept.connection) as con:
            yield kept.name, con
    elif make:
        registry = load_registry()
        with pipeline.made_again(config=config, keyring=keyring, registry=registry, as_of=day, phase=phase) as con:
            yield f"{day}.made", con
    else:
        raise Refused(
            f"{day} の状態が残っていません。作り直すときは「mimamori models gather --make」を動かしてください。",
            f"No state of {day} is kept: `mimamori models gather --make` makes it again.",
        )


def _key_version(config: Config, project: str, *, rotate: bool) -> int:
    """The version of the project's key: what it was, or the next; 1 for a new project."""
    if not zone.is_there(config.zone, project):
        return 1
    return zone.read_manifest(config.zone, project).key_version + rotate
