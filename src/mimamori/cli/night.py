"""`mimamori night`: from the stored deliveries to a published snapshot and the worklist."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

import click

from mimamori.cli.entry import config, put_json, say, setup_django, tell
from mimamori.refusal import Refused


@click.command()
@click.option("--as-of", "as_of", default=None, metavar="DAY", help="基準日(既定は最新の提供)/ the day (YYYY-MM-DD)")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で標準出力へ / one JSON document")
def command(as_of: str | None, as_json: bool) -> int:
    """夜間処理: 名寄せ、個人カルテ、抽出、公開 / link, build, screen, publish."""
    day = _day(as_of)
    settings = config()
    setup_django()
    from mimamori import governance, night
    from mimamori.web.database import check_ready

    check_ready()
    result = night.run(settings, as_of=day, phase=tell)
    say(f"{result.as_of} を公開しました({result.snapshot})。", f"Published {result.as_of} ({result.snapshot}).")
    for difficulty, count in result.findings.items():
        tell(f"  {difficulty:<12}{count:>8,}")
    unscreened = not governance.approved_sets()
    if unscreened:
        say(
            "承認された抽出条件がないので、抽出はしていません。",
            "No condition set is approved: nothing was screened.",
        )
    if as_json:
        put_json(
            {
                "snapshot": result.snapshot,
                "as_of": result.as_of,
                "phases": [asdict(phase) for phase in result.phases],
                "peak_mib": result.peak_mib,
                "findings": result.findings,
            }
        )
    return 1 if unscreened else 0


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise Refused("基準日は 2026-10-31 の形で指定してください。", "Give the day as 2026-10-31.") from None
