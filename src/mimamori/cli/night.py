"""`mimamori night`: from the stored deliveries to a published snapshot and the worklist."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON, day
from mimamori.cli.people import open_store


@click.command()
@click.option("--as-of", "as_of", callback=day, metavar="DAY", help="基準日(既定は最新の提供)/ the day (YYYY-MM-DD)")
@JSON
def command(as_of: date | None, as_json: bool) -> int:
    """夜間処理: 名寄せ、個人カルテ、抽出、公開 / link, build, screen, publish."""
    settings = config()
    open_store()
    from mimamori import governance, night

    result = night.run(settings, as_of=as_of, phase=tell)
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
