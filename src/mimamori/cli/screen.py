"""`mimamori screen`: condition sets, proposed by one person and approved by another."""

from __future__ import annotations

from pathlib import Path

import click

from mimamori.cli.entry import config, say
from mimamori.cli.people import account_named, open_store
from mimamori.refusal import Refused


@click.group()
def command() -> None:
    """抽出条件の一覧・提案・承認 / condition sets: list, propose, approve."""


@command.command("list")
def list_sets() -> None:
    """はじめの条件の一覧 / the first sets, as shipped."""
    from mimamori.screening import first_sets

    language = config().language
    for one in first_sets():
        click.echo(f"{one.difficulty}  {one.note.text(language)}")
        for condition in one.conditions:
            mark = "!" if condition.must else " "
            click.echo(f"  {mark} {condition.sentence().text(language)}")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, help="提案する人の利用者名 / user name")
def propose(file: Path, by: str) -> None:
    """条件の組をファイルから提案する / propose a set from a file."""
    open_store()
    from mimamori import governance
    from mimamori.screening.conditions.load import read

    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file.name}: UTF-8 で保存してください。", f"{file.name}: save it as UTF-8.") from None
    except OSError:
        raise Refused(f"{file.name}: 読めるファイルがありません。", f"{file.name}: no file to read.") from None
    version = governance.propose(read(text, file.name), by=account_named(by))
    say(f"第{version.number}版を提案しました。", f"Proposed version {version.number}.")


@command.command()
@click.argument("version", type=int)
@click.option("--by", required=True, help="承認する人の利用者名 / user name")
def approve(version: int, by: str) -> None:
    """提案された条件の組を承認する / approve a proposed set (its id)."""
    open_store()
    from mimamori import governance

    made = governance.approve(version, by=account_named(by))
    say(f"第{made.number}版を承認しました。", f"Approved version {made.number}.")
