"""`mimamori screen what-if`: what a condition set would list beside the version in force, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mimamori.cli.entry import config, put_json, tell
from mimamori.cli.options import JSON
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.cli.screen_what_if_lines import COUNTS, lines
from mimamori.cli.set_files import text_of
from mimamori.refusal import Refused

if TYPE_CHECKING:  # loaded when it runs
    from mimamori.access.models import Account
    from mimamori.door.trying_sets import Tried
    from mimamori.governance.models import ConditionVersion
    from mimamori.privacy.small_cells import Cell
    from mimamori.screening import ConditionSet
    from mimamori.screening.checks import Finding
    from mimamori.screening.what_if import Counts


@dataclass(frozen=True)
class Answer:
    """What is put out. `wards`: every ward's counts, with its places this month."""

    condition_set: ConditionSet
    running: ConditionVersion | None
    tried: Tried
    findings: tuple[Finding, ...]
    wards: list[dict[str, Any]]

    def counts(self, one: Counts) -> dict[str, Cell]:
        """One group's counts, by column."""
        return _counts(one)


@click.command("what-if")
@click.argument("difficulty")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", default="", help="この利用者として試す(利用者名)/ as this user")
@JSON
def what_if_command(difficulty: str, file: Path, by: str, as_json: bool) -> None:
    """条件の組のファイルで何人が載るかを、使われている版とくらべる(区・年齢・類型ごと、受け持てる数とも)/
    what a file of conditions would list beside the version in force, by ward, age and difficulty."""
    condition_set = _set(difficulty, file)
    open_store()
    if by:
        account = account_named(by)
        with denials_told(account, "screen what-if"):
            found = _tried(account, condition_set)
    else:
        found = _tried(None, condition_set)
    if as_json:
        put_json(_document(found))
        return
    for line in lines(found, config().language):
        tell(line)


def _set(difficulty: str, file: Path) -> ConditionSet:
    """The set of the file; raises `Refused` with everything because of which it cannot be tried."""
    from mimamori.screening.checks import look_through
    from mimamori.screening.conditions.load import parsed
    from mimamori.screening.indicators import DIFFICULTIES

    if difficulty not in DIFFICULTIES:
        names = ", ".join(DIFFICULTIES)
        raise Refused(f"類型は {names} のどれかです。", f"The difficulty is one of {names}.")
    found = parsed(text_of(file), file.name)
    if found.difficulty != difficulty:
        raise Refused(
            f"{file.name} は {found.difficulty} の条件です。", f"{file.name} holds conditions of {found.difficulty}."
        )
    if stops := [one.said for one in look_through(found) if one.stops]:
        raise Refused(
            "\n".join(f"{file.name}: {said.ja}" for said in stops),
            "\n".join(f"{file.name}: {said.en}" for said in stops),
        )
    return found


def _tried(account: Account | None, condition_set: ConditionSet) -> Answer:
    from mimamori import governance
    from mimamori.door import trying_sets
    from mimamori.screening.checks import look_through

    standing = governance.standings().get(condition_set.difficulty)
    running = standing.now.version if standing and standing.now else None
    in_force = governance.sets_of([running])[0] if running else None
    tried = trying_sets.try_set(account, condition_set, in_force)
    findings = look_through(condition_set, fills=trying_sets.fills_of(account, condition_set))
    return Answer(condition_set, running, tried, findings, _wards(account, tried))


def _wards(account: Account | None, tried: Tried) -> list[dict[str, Any]]:
    """The city's wards in its order, then what is in none. `room`, `free`: None without a limit."""
    from django.utils import timezone

    from mimamori.governance import capacity
    from mimamori.screening.what_if import Counts, waiting
    from mimamori.sources import load_registry
    from mimamori.support.worklist import intakes

    today = timezone.localdate()
    held, came = capacity.capacities(today), intakes(account, today=today)
    counts = {one.group: one for one in tried.counts.wards}
    codes = [ward.code for ward in load_registry().municipality.wards]
    found = []
    for code in (*codes, *(name for name in counts if name not in codes)):
        one = counts.get(code, Counts(code, 0, 0, 0, 0, 0))
        room = held[code].findings if code in held else None
        free = None if room is None else max(room - (came[code].came_in if code in came else 0), 0)
        places = {"room": room, "free": free, "waiting": waiting(one.added, free)}
        found.append({"ward": code, **_counts(one), **places})
    return found


def _counts(one: Counts) -> dict[str, Cell]:
    return {name: getattr(one, name) for name in COUNTS}


def _document(found: Answer) -> dict[str, Any]:
    counts, whole = found.tried.counts, _counts(found.tried.counts.whole)
    return {
        "difficulty": found.condition_set.difficulty,
        "as_of": found.tried.as_of,
        "in_force": found.running.number if found.running else None,
        "findings": [
            {"kind": one.kind, "said": one.said.model_dump(), "conditions": one.conditions} for one in found.findings
        ],
        "whole": whole | {"any_difficulty": counts.whole.any_difficulty},
        "wards": found.wards,
        "ages": [{"age": one.group, **_counts(one)} for one in counts.ages],
        "difficulties": {found.condition_set.difficulty: whole["listed"], **found.tried.others},
        "conditions": [
            {
                "id": one.condition,
                "said": found.condition_set.condition(one.condition).sentence().model_dump(),
                "met": one.met,
                "unknown": one.unknown,
                "before": one.before,
                "was_there": one.was_there,
            }
            for one in counts.clauses
        ],
        "edge": dict(zip(("above", "below"), counts.edge, strict=True)),
    }
