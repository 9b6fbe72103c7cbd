"""`mimamori screen backtest`: condition sets on an earlier day, held against what came to be known later."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON, day
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:  # loaded when it runs
    from mimamori.backtesting import Backtest
    from mimamori.linkage.intervals import Interval
    from mimamori.screening.backtest_shapes import Count

UNDECIDED = ("判定不能", "cannot be told")


@click.command("backtest")
@click.option(
    "--version", "number", type=int, metavar="ID", help="この版で確かめて記録する / try this version, and keep it"
)
@click.option("--from", "start", callback=day, metavar="DAY", help="この日の情報で抽出する / the day of the list")
@click.option("--truth", type=click.Path(path_type=Path), help="合成都市の truth フォルダー / a synthetic city's truth")
@click.option("--by", default="", help="だれがするか(利用者名)/ user name, kept with the version")
@JSON
def backtest_command(number: int | None, start: date | None, truth: Path | None, by: str, as_json: bool) -> int:
    """過去の日の情報で抽出し、あとの出来事とくらべる(既定は使われている版、なければはじめの条件)/
    run conditions (those in force, else the first sets) on an earlier day, against later events."""
    settings = config()
    open_store()
    from mimamori import backtesting, governance
    from mimamori.screening import first_sets

    if number is None:
        sets = governance.approved_sets() or first_sets()
        found = backtesting.backtest(settings, sets, start=start, truth=truth, make=True, phase=tell)
    else:
        found = _tried(number, by, start, truth)
    if as_json:
        put_json([one.summary() for one in found])
    for one in found:
        _tell(one)
    return 0 if all(one.passed for one in found) else 1


def _tried(number: int, by: str, start: date | None, truth: Path | None) -> list[Backtest]:
    """Put one version before the past and keep how it stood."""
    from mimamori import backtesting
    from mimamori.governance.models import ConditionVersion

    version = ConditionVersion.objects.filter(pk=number).first()
    if version is None:
        raise Refused("この版はありません。", "There is no such version.")
    attempt = partial(backtesting.try_backtest, config(), [version], start=start, truth=truth, make=True, phase=tell)
    if not by:
        return attempt(by=None)
    account = account_named(by)
    with denials_told(account, "screen backtest"):
        return attempt(by=account)


def _tell(one: Backtest) -> None:
    """A line for the whole and one for each group; counts are exact here, a page closes them."""
    sentence = one.sentence()
    mark = {True: "✓", False: "!", None: "?"}[one.passed]
    say(f"{mark} {one.difficulty}: {sentence.ja}", f"{mark} {one.difficulty}: {sentence.en}")
    if not one.told:
        return
    whole = one.whole
    say(
        f"    すでに起きていた {whole.known}、転出 {whole.gone}、年齢で外れた {whole.grown}、たどれない {whole.lost}、"
        f"くじなら {_percent(one.chance)}",
        f"    known already {whole.known}, gone {whole.gone}, grown {whole.grown}, lost {whole.lost}, "
        f"by lot {_percent(one.chance)}",
    )
    say(
        "                   児童  出来事  一覧  あたり  適合率(95 %区間)          再現率(95 %区間)",
        "               children  events  taken  hits  precision (95 %)          recall (95 %)",
    )
    for group in (whole, *one.groups):
        tell(f"    {group.dimension:<12}{group.value or '?':<7}{_row(group)}")
    if one.ties.children and (bounds := one.precision_bounds):
        worst, best = (_interval(bound) for bound in bounds)
        children, free = one.ties.children, one.ties.free
        say(
            f"    同順位 {children}人・空き {free}: 適合率は {worst} から {best}",
            f"    {children} tied for {free} places: precision from {worst} to {best}",
        )
    if one.oracle is not None:
        say(
            f"    同じ長さを隠れたリスクの順に選ぶと、あたり {one.oracle}",
            f"    a list as long by the hidden risk: {one.oracle} hits",
        )


def _row(group: Count) -> str:
    counts = f"{group.followed:>5,}{group.events:>8,}{group.taken:>7,}{group.hits:>6,}"
    return f"{counts}  {_interval(group.precision):<25} {_interval(group.recall)}"


def _interval(share: Interval | None) -> str:
    if share is None:
        return UNDECIDED[config().language == "en"]
    return f"{_percent(share.share)} ({_percent(share.low)}–{_percent(share.high)})"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f} %"
