"""`mimamori screen`: condition sets from draft to retired, and past runs repeated."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON, day
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.cli.screen_backtest import backtest_command
from mimamori.cli.screen_capacity import capacity_command, missed_command
from mimamori.cli.screen_filter import filter_command
from mimamori.cli.screen_personas import personas_command
from mimamori.cli.screen_what_if import what_if_command
from mimamori.cli.set_files import set_of
from mimamori.refusal import Refused

if TYPE_CHECKING:  # models exist only once Django is set up
    from mimamori.governance.models import ConditionVersion
    from mimamori.night import Repeated
    from mimamori.screening import ConditionSet

BY = click.option("--by", required=True, help="だれがするか(利用者名)/ user name")
REASON = click.option("--reason", default="", help="理由 / why")


@click.group()
def command() -> None:
    """抽出条件の版: 一覧・提案・検証・承認・使用の終了 / condition sets, from draft to retired."""


command.add_command(personas_command)
command.add_command(backtest_command)
command.add_command(capacity_command)
command.add_command(missed_command)
command.add_command(filter_command)
command.add_command(what_if_command)


@command.command("first")
def first() -> None:
    """はじめの条件の一覧 / the first sets, as shipped."""
    from mimamori.screening import first_sets

    for one in first_sets():
        _tell_set(one)


@command.command("list")
@click.option("--difficulty", default="", help="類型 / of one difficulty only")
@JSON
def list_versions(difficulty: str, as_json: bool) -> None:
    """版の一覧 / the versions and which are in force."""
    open_store()
    from mimamori.governance.models import ConditionVersion

    found = ConditionVersion.objects.select_related("proposed_by", "approved_by")
    told = [_told(one) for one in (found.filter(difficulty=difficulty) if difficulty else found)]
    if as_json:
        put_json(told)
        return
    for one in told:
        mark = "*" if one["in_force"] else " "
        tell(f"{one['id']:>5} {mark} {one['difficulty']:<14}{one['number']:>3}  {one['state_label']}")
    say("* がいま使われている版です。", "* marks the versions in force.")


@command.command()
@click.argument("version", type=int)
@JSON
def show(version: int, as_json: bool) -> None:
    """1つの版の内容と記録 / one version: what it holds and its record (its id)."""
    open_store()
    from mimamori import governance
    from mimamori.governance.models import ConditionVersion

    one = ConditionVersion.objects.select_related("proposed_by", "approved_by").filter(pk=version).first()
    if one is None:
        raise Refused("この版はありません。", "There is no such version.")
    told = _told(one) | {
        "content": one.content,
        "proofs": [
            {"kind": proof.kind, "passed": proof.passed, "at": proof.at, "code": proof.code, **proof.summary}
            for proof in governance.proofs_of(one).values()
        ],
        "record": [
            {"at": step.at, "by": step.by.username, "act": step.act, "to": step.to_state, "reason": step.reason}
            for step in one.steps.select_related("by").order_by("pk")
        ],
        "remarks": [
            {"said_by": said.said_by, "said_on": said.said_on, "text": said.text} for said in one.remarks.all()
        ],
    }
    if as_json:
        put_json(told)
        return
    _tell_set(governance.sets_of([one])[0])
    for step in told["record"]:
        click.echo(f"  {step['at']:%Y-%m-%d %H:%M}  {step['by']}  {step['act']} → {step['to']}  {step['reason']}")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@BY
@click.option("--note", default="", help="なぜ作るか / why it is written")
def propose(file: Path, by: str, note: str) -> None:
    """条件の組のファイルから下書きを作る / begin a draft from a file."""
    open_store()
    from mimamori import governance

    account = account_named(by)
    with denials_told(account, "screen propose"):
        version = governance.propose(set_of(file), by=account, note=note)
    _say_made(version)


@command.command()
@click.argument("version", type=int)
@BY
@click.option("--note", default="", help="なぜ作るか / why it is written")
def copy(version: int, by: str, note: str) -> None:
    """ある版を写して下書きを作る / begin a draft as a copy of a version (its id)."""
    open_store()
    from mimamori import governance

    account = account_named(by)
    with denials_told(account, "screen copy"):
        made = governance.copy(version, by=account, note=note)
    _say_made(made)


@command.command()
@click.argument("version", type=int)
@click.argument("file", type=click.Path(path_type=Path))
@BY
@click.option("--revision", type=int, required=True, help="直す前の改訂番号(show で見る)/ the revision you edited")
def edit(version: int, file: Path, by: str, revision: int) -> None:
    """下書きの内容をファイルで置きかえる / replace what a draft holds."""
    open_store()
    from mimamori import governance

    account = account_named(by)
    with denials_told(account, "screen edit"):
        governance.edit(version, set_of(file), by=account, revision=revision)
    say("下書きを直しました。", "The draft is edited.")


@command.command()
@click.argument("version", type=int)
@BY
@REASON
@click.option("--from", "from_day", callback=day, metavar="DAY", help="使いはじめる日(既定はきょう)/ from which day on")
def approve(version: int, by: str, reason: str, from_day: date | None) -> None:
    """ある日から使う版として承認する / approve a version into force from a day (its id)."""
    open_store()
    from mimamori import governance

    account = account_named(by)
    with denials_told(account, "screen approve"):
        made = governance.approve(version, by=account, in_force_from=from_day, reason=reason)
    say(f"第{made.number}版を承認しました。", f"Approved version {made.number}.")


def _step(name: str, verb: str, ja: str, en: str) -> None:
    """A command for an act that is asked for nothing but who and why."""

    @command.command(name, help=f"{ja} / {en} (its id).")
    @click.argument("version", type=int)
    @BY
    @REASON
    def act(version: int, by: str, reason: str) -> None:
        open_store()
        from mimamori import governance

        account = account_named(by)
        with denials_told(account, f"screen {name}"):
            moved = getattr(governance, verb)(version, by=account, reason=reason)
        say(f"第{moved.number}版: {ja}。", f"Version {moved.number}: {en}.")


_step("test", "send_to_test", "内容を確定して検証に進める", "fix the content and test it")
_step("ask", "ask_approval", "検証の済んだ版の承認を依頼する", "ask for approval")
_step("return", "send_back", "承認せずに検証に差し戻す", "send back to testing")
_step("withdraw", "withdraw", "承認の前に取り下げる", "withdraw before approval")
_step("retire", "retire", "次の夜間処理から使用をやめる", "retire from the next night on")
_step("roll-back", "roll_back", "前に使った版にもどす", "go back to an earlier version")


@command.command()
@click.argument("version", type=int)
@BY
@click.option("--said-by", required=True, help="だれの意見か / who said it")
@click.option("--on", "said_on", callback=day, required=True, metavar="DAY", help="意見のあった日 / when")
@click.option("--text", required=True, help="意見 / what was said")
def remark(version: int, by: str, said_by: str, said_on: date, text: str) -> None:
    """専門家の意見を版の記録に残す / type in what an expert said."""
    open_store()
    from mimamori import governance
    from mimamori.governance.models import ConditionVersion

    account = account_named(by)
    found = ConditionVersion.objects.filter(pk=version).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    with denials_told(account, "screen remark"):
        governance.remark(found, by=account, said_by=said_by, said_on=said_on, text=text)
    say("意見を記録しました。", "The remark is recorded.")


@command.command("run")
@click.option(
    "--repeat", "past", type=int, required=True, metavar="RUN", help="くり返す夜間処理の番号 / number of the night"
)
@JSON
def run(past: int, as_json: bool) -> int:
    """過去の抽出をその日の版でくり返し、1字もちがわないかを確かめる / repeat a past run, compare to the byte."""
    settings = config()
    open_store()
    from mimamori import night

    found = night.repeat(settings, past)
    if as_json:
        put_json(asdict(found) | {"identical": found.identical, "same_code": found.same_code})
    _say_repeated(found)
    return 0 if found.identical else 1


def _say_repeated(found: Repeated) -> None:
    if found.identical:
        say(
            f"夜間処理 {found.run} の抽出と、1字もちがいません({found.snapshot})。",
            f"Identical to the byte with the night {found.run} ({found.snapshot}).",
        )
        return
    say(f"夜間処理 {found.run} の抽出とちがいます。", f"Differs from the night {found.run}.")
    if not found.same_code:
        say("プログラムがその時と同じではありません。", "The code is not the code of then.")
    for difficulty in sorted(found.findings | found.findings_now):
        was, now = found.findings.get(difficulty, 0), found.findings_now.get(difficulty, 0)
        tell(f"  {difficulty:<14}{was:>8,} → {now:>8,}")


def _told(one: ConditionVersion) -> dict[str, Any]:
    from mimamori import governance
    from mimamori.governance.life import STATE_LABELS, State

    now = {version.pk for version in governance.in_force()}
    return {
        "id": one.pk,
        "difficulty": one.difficulty,
        "number": one.number,
        "state": one.state,
        "state_label": STATE_LABELS[State(one.state)][1 if config().language == "en" else 0],
        "in_force": one.pk in now,
        "revision": one.revision,
        "proposed_by": one.proposed_by.username,
        "approved_by": one.approved_by.username if one.approved_by else None,
        "note": one.note,
    }


def _tell_set(one: ConditionSet) -> None:
    language = config().language
    click.echo(f"{one.difficulty}  {one.note.text(language)}")
    for condition in one.conditions:
        mark = "!" if condition.must else " "
        click.echo(f"  {mark} {condition.sentence().text(language)}")


def _say_made(version: ConditionVersion) -> None:
    say(
        f"第{version.number}版の下書きを作りました(番号 {version.pk})。",
        f"Began version {version.number} as a draft (id {version.pk}).",
    )
