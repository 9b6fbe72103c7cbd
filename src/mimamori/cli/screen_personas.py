"""`mimamori screen personas`: the city's own families through intake and night, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:  # loaded when it runs
    from mimamori.personas import Report


@click.command("personas")
@click.option(
    "--version", "number", type=int, metavar="ID", help="この版で確かめて記録する / try this version, and keep it"
)
@click.option("--by", default="", help="だれがするか(利用者名)/ user name, kept with the version")
@JSON
def personas_command(number: int | None, by: str, as_json: bool) -> int:
    """ペルソナを受領から抽出まで通し、想定どおりかを確かめる(既定は使われている版、なければはじめの条件)/
    run the personas through intake, night and conditions (those in force, else the first sets)."""
    settings = config()
    open_store()
    from mimamori import governance, personas
    from mimamori.screening import first_sets

    sets = governance.approved_sets() or first_sets()
    report = personas.judge(sets) if number is None else _tried(number, by)
    if as_json:
        put_json(report.summary() | {"passed": report.passed, "failed_personas": list(report.failed())})
    for label in report.differences():
        tell(f"  {label.text(settings.language)}")
    said = report.told()
    say(said.ja, said.en)
    return 0 if report.passed else 1


def _tried(number: int, by: str) -> Report:
    from mimamori import governance
    from mimamori.governance.models import ConditionVersion

    version = ConditionVersion.objects.filter(pk=number).first()
    if version is None:
        raise Refused("この版はありません。", "There is no such version.")
    if not by:
        return governance.try_personas(version, by=None)
    account = account_named(by)
    with denials_told(account, "screen personas"):
        return governance.try_personas(version, by=account)
