"""`mimamori audit`: is the trail whole, and what does it say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import click

from mimamori.cli.entry import put_json, say
from mimamori.cli.options import JSON, day
from mimamori.cli.people import open_store
from mimamori.refusal import Refused


@click.group()
def command() -> None:
    """監査記録の検証と報告 / the trail: verify, report."""


@command.command()
@JSON
def verify(as_json: bool) -> int:
    """記録の連なりを確かめます。書き換え・欠け・並べ替えがあれば終了コード 1 / prove the trail whole."""
    open_store()
    from mimamori import audit

    verdict = audit.verify()
    if as_json:
        put_json({"rows": verdict.rows, "ok": verdict.ok, "faults": [asdict(fault) for fault in verdict.faults]})
    if verdict.ok:
        say(f"{verdict.rows:,} 行。欠けも書き換えもありません。", f"{verdict.rows:,} rows, whole and unaltered.")
        return 0
    for fault in verdict.faults[:20]:
        say(f"{fault.number} 行目: {fault.what}", f"row {fault.number}: {fault.what}")
    say(f"{len(verdict.faults):,} か所で連なりが切れています。", f"The chain breaks at {len(verdict.faults):,} places.")
    return 1


@command.command()
@click.option("--from", "first", callback=day, metavar="DAY", help="最初の日 / first day (YYYY-MM-DD)")
@click.option("--to", "last", callback=day, metavar="DAY", help="最後の日 / last day (YYYY-MM-DD)")
@JSON
def report(first: date | None, last: date | None, as_json: bool) -> int:
    """閲覧の報告。既定は最近30日 / readings by person, night and holiday, refusals; the last 30 days by default."""
    open_store()
    from django.utils import timezone

    from mimamori.audit.report import report as make_report

    until = last or timezone.localdate()
    since = first or until - timedelta(days=30)
    if since > until:
        raise Refused("最初の日が最後の日より後です。", "The first day is after the last.")
    found = make_report(since, until)
    if as_json:
        put_json(found.as_json())
        return 0
    click.echo(f"{found.first} – {found.last}")
    for actor, counts in sorted(found.readings.items(), key=lambda pair: -sum(pair[1].values())):
        by_action = "  ".join(f"{action} {count:,}" for action, count in sorted(counts.items()))
        click.echo(f"{actor or '—':<24}{by_action}  夜間・休日 {found.out_of_hours.get(actor, 0):,}")
    click.echo(f"拒否 {sum(found.denied.values()):,}  サインイン失敗 {found.failed_sign_ins:,}")
    return 0
