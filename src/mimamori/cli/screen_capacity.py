"""`mimamori screen capacity` and `missed`: what each ward can work, and what its random checks found."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import click

from mimamori.cli.entry import put_json, say, tell
from mimamori.cli.options import JSON, day
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused


@click.command("capacity")
@click.option("--ward", default="", help="区の番号 / code of the ward")
@click.option(
    "--from", "month", callback=day, metavar="DAY", help="この日の月から(既定は今月)/ from the month of this day"
)
@click.option("--findings", type=click.IntRange(min=0), help="1か月に受け持てる新しい児童 / new children a month")
@click.option("--no-limit", is_flag=True, help="限りなしにする / no limit")
@click.option("--sample", type=click.IntRange(min=0), default=None, help="無作為の確認 / children drawn a night")
@click.option("--note", default="", help="理由 / why")
@click.option("--by", default="", help="決める人の利用者名 / user name")
@JSON
def capacity_command(  # noqa: PLR0917 - click gives options by name
    ward: str,
    month: date | None,
    findings: int | None,
    no_limit: bool,
    sample: int | None,
    note: str,
    by: str,
    as_json: bool,
) -> None:
    """区ごとの受け持てる数を見る・決める / see or set what each ward can work."""
    open_store()
    from django.utils import timezone

    from mimamori.governance import capacity

    if ward or by or findings is not None or no_limit or sample is not None:
        _set(ward, month, findings, no_limit, sample, note, by)
    asked = month or timezone.localdate()
    held = capacity.capacities(asked)
    told = [
        {"ward": code, "since": f"{one.month:%Y-%m}", "findings": one.findings, "sample": one.sample, "note": one.note}
        for code, one in sorted(held.items())
    ]
    if as_json:
        put_json(told)
        return
    for line in told:
        room = "∞" if line["findings"] is None else line["findings"]
        tell(f"{line['ward']}  {line['since']}  {room:>6}  {line['sample']}")
    if not told:
        say(
            "まだ決めていません。抽出された児童はすべて一覧に入ります。",
            "Nothing is set: all extracted children come in.",
        )


def _set(  # noqa: PLR0917 - one value per option
    ward: str, month: date | None, findings: int | None, no_limit: bool, sample: int | None, note: str, by: str
) -> None:
    from django.utils import timezone

    from mimamori.governance import capacity

    if not ward or not by or (findings is None) != no_limit:
        raise Refused(
            "決めるときは --ward と --by と、--findings か --no-limit のどちらかを指定してください。",
            "To set a number give --ward, --by, and one of --findings and --no-limit.",
        )
    account = account_named(by)
    since = month or timezone.localdate()
    held = capacity.capacities(since).get(ward)
    kept = held.sample if held else 0  # a number that is not given stays as it is
    with denials_told(account, "screen capacity"):
        capacity.set_capacity(
            ward, since, by=account, findings=findings, sample=kept if sample is None else sample, note=note
        )
    say("記録しました。次の夜間処理から使われます。", "Recorded; it holds from the next night on.")


@click.command("missed")
@click.option("--since", callback=day, metavar="DAY", help="この基準日から / from the nights of this day on")
@click.option("--by", required=True, help="見る人の利用者名 / user name")
@JSON
def missed_command(since: date | None, by: str, as_json: bool) -> int:
    """無作為の確認から、抽出が見落としている割合を推定する / estimate what is missed, with a 95 % interval."""
    open_store()
    from mimamori import support
    from mimamori.insight.missed import Stratum, missed

    account = account_named(by)
    with denials_told(account, "screen missed"):
        found = support.sample_results(account, since=since)
    told = missed(Stratum(one.frame, one.drawn, one.judged, one.missed) for one in found)
    if as_json:
        put_json(asdict(told) | {"nights": sorted({one.as_of.isoformat() for one in found})})
    if told.share is None:
        say(
            "まだ推定できません。確認の済んだ児童がいません。",
            "No estimate yet: nobody who was drawn has been looked at.",
        )
        return 1
    share = " – ".join(f"{100 * value:.1f} %" for value in (told.share.low, told.share.high))
    say(
        f"抽出されなかった児童のうち支援が必要: {100 * told.share.share:.1f} %(95 %区間 {share})。"
        f"確認 {told.judged}人、うち支援が必要 {told.missed}人。",
        f"Of the children not extracted, {100 * told.share.share:.1f} % need support (95 % interval {share}). "
        f"{told.judged} looked at, {told.missed} of them need support.",
    )
    return 0
