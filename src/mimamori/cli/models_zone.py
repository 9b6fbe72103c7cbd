"""`mimamori models gather | zone | remove`: the projects of the analysis zone, where children have tokens."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON, days
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.access.models import Account
    from mimamori.screening import ConditionSet
    from mimamori.screening.models.zone import Manifest

BY = click.option("--by", default="", help="だれがするか(利用者名、なければシステム)/ user name, else the system")


@click.command("gather")
@click.argument("project")
@click.option("--difficulty", required=True, help="類型 / difficulty")
@click.option("--day", "chosen", multiple=True, callback=days, metavar="DAY", help="基準日(くり返せる)/ a day; again")
@click.option("--make", is_flag=True, help="残っていない日の状態を作り直す / make days again of which nothing is kept")
@click.option("--rotate", is_flag=True, help="新しい鍵で作る / under a new key")
@BY
@JSON
def gather_command(  # noqa: PLR0917 - one for each option
    project: str, difficulty: str, chosen: list[date], make: bool, rotate: bool, by: str, as_json: bool
) -> None:
    """仮名化したデータを分析区画に作る / gather pseudonymised days of a difficulty into the zone."""
    settings = config()
    open_store()
    from mimamori import modelling

    condition_set = _set_of(difficulty)
    account = account_or_none(by)
    with denials_told(account, "models gather"):
        [made] = modelling.gather(
            settings, {project: condition_set}, by=account, days=chosen or None, make=make, rotate=rotate, phase=tell
        )
    if as_json:
        put_json(made.model_dump(mode="json"))
    _tell(made)


@click.command("zone")
@BY
@JSON
def zone_command(by: str, as_json: bool) -> None:
    """分析区画にあるプロジェクト / what the analysis zone holds: counts and names of columns."""
    settings = config()
    open_store()
    from mimamori import modelling

    account = account_or_none(by)
    with denials_told(account, "models zone"):
        found = modelling.projects(settings, by=account)
    if as_json:
        put_json([one.model_dump(mode="json") for one in found])
    for one in found:
        _tell(one)
    if not found:
        say("分析区画には何もありません。", "The zone holds nothing.")


@click.command("remove")
@click.argument("project")
@BY
def remove_command(project: str, by: str) -> None:
    """プロジェクトを分析区画から消す / take a project off the disk."""
    settings = config()
    open_store()
    from mimamori import modelling

    account = account_or_none(by)
    with denials_told(account, "models remove"):
        modelling.remove(settings, project, by=account)
    say(f"分析プロジェクト {project} を消しました。", f"Removed the project {project}.")


def account_or_none(username: str) -> Account | None:
    """The account, or None for the command line itself."""
    return account_named(username) if username else None


def _set_of(difficulty: str) -> ConditionSet:
    """The conditions in force, else the first ones; raises `Refused` for a difficulty that there is not."""
    from mimamori import governance
    from mimamori.screening import first_sets

    sets = {one.difficulty: one for one in (*first_sets(), *governance.approved_sets())}
    found = next((one for name, one in sets.items() if name == difficulty), None)
    if found is None:
        named = ", ".join(sets)
        raise Refused(
            f"--difficulty: この類型はありません。次のどれかにしてください: {named}",
            f"--difficulty: there is no such one. One of: {named}",
        )
    return found


def _tell(made: Manifest) -> None:
    say(
        f"{made.project}: {made.difficulty}、鍵 第{made.key_version}版、{len(made.features)}列、"
        f"記録 {made.record_as_of}",
        f"{made.project}: {made.difficulty}, key {made.key_version}, {len(made.features)} columns, "
        f"record of {made.record_as_of}",
    )
    for one in made.days:
        events = "—" if one.events is None else f"{one.events:,}"
        say(f"  {one.day}  {one.rows:>9,}行  出来事 {events}", f"  {one.day}  {one.rows:>9,} rows, events {events}")
