"""`mimamori city`: a synthetic city's extracts and the truth behind them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from mimamori.cli.entry import put_json, say
from mimamori.cli.options import JSON, day


@click.command()
@click.option("--residents", type=int, required=True, help="人口 / residents")
@click.option("--seed", type=int, default=1, show_default=True, help="乱数の種 / seed")
@click.option("--deliveries", type=int, default=6, show_default=True, help="提供の回数 / deliveries")
@click.option("--apart", type=int, default=1, show_default=True, help="提供のあいだの月数 / months between deliveries")
@click.option("--noise", type=float, default=1.0, show_default=True, help="表記のゆれの強さ / dirt")
@click.option(
    "--last-day", callback=day, metavar="DAY", default="2026-10-31", show_default=True, help="最後の基準日 / last day"
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="書き出す先 / folder")
@JSON
def command(  # noqa: PLR0917 - click passes by name
    residents: int, seed: int, deliveries: int, apart: int, noise: float, last_day: date, out: Path, as_json: bool
) -> int:
    """合成した都市と、14システムの提供データを作ります / a synthetic city and its extracts."""
    from mimamori.city import build
    from mimamori.sources import load_registry

    made = build(
        residents=residents,
        seed=seed,
        deliveries=deliveries,
        apart=apart,
        noise=noise,
        out=out,
        registry=load_registry(),
        last_day=last_day,
    )
    say(
        f"人口 {made.residents:,}、児童 {made.children:,}、ファイル {made.files}({made.seconds} 秒)",
        f"{made.residents:,} residents, {made.children:,} children, {made.files} files ({made.seconds} s)",
    )
    if as_json:
        put_json(asdict(made))
    return 0
