"""`mimamori quality`: how well records were linked, against a synthetic city's truth; training of the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.refusal import Refused


@click.command()
@click.option("--truth", type=click.Path(path_type=Path), help="合成都市の truth フォルダー / a synthetic city's truth")
@click.option(
    "--train", "out", type=click.Path(path_type=Path), help="重みを学習して書き出すファイル / write trained weights"
)
@click.option("--json", "as_json", is_flag=True, help="JSON で標準出力へ / one JSON document")
def command(truth: Path | None, out: Path | None, as_json: bool) -> int:
    """名寄せの質を測ります。正解がなければ件数だけ / linkage quality; without a truth, counts only."""
    if out is not None:
        _train(truth, out)
        return 0
    found = _measured(truth)
    if as_json:
        put_json(found)
        return 0
    for part, figures in [("linkage", found["linkage"]), *found["by_source"].items()]:
        tell(part)
        for name, value in figures.items():
            tell(f"  {name:<18}{value}")
    return 0


def _measured(truth: Path | None) -> dict[str, Any]:
    """The snapshot in service against `truth`; without one, how many refs were linked how."""
    from mimamori import engine
    from mimamori.karte import store
    from mimamori.linkage import quality
    from mimamori.privacy.keys import KeyRing

    settings = config()
    snapshot = store.current(settings, KeyRing(settings.keys))
    links, pairs = (engine.table_of(snapshot.cursor(), sql) for sql in ("SELECT * FROM links", "SELECT * FROM pairs"))
    return quality.counts(links, pairs) if truth is None else quality.measure(links, pairs, truth)


def _train(truth: Path | None, out: Path) -> None:
    """Train on the newest deliveries of this home, which must be the city's whose truth is given."""
    from mimamori import engine, intake
    from mimamori.linkage import train
    from mimamori.privacy.keys import KeyRing
    from mimamori.sources import load_registry

    if truth is None or not (truth / "records.parquet").is_file():
        raise Refused(
            "学習には --truth に合成都市の正解が必要です。",
            "Training needs the truth of a synthetic city: --truth DIR.",
        )
    if out.exists() or not out.parent.is_dir():
        raise Refused(
            f"{out.name} には書けません。すでにあるか、フォルダーがありません。",
            f"{out.name} exists already, or its folder does not.",
        )
    settings, registry = config(), load_registry()
    delivered = intake.deliveries(settings)
    if not delivered:
        raise Refused("受領した提供データがありません。", "Nothing has been received.")
    day = max(delivery.as_of for delivery in delivered)
    con = engine.connect(threads=settings.threads, memory_gib=settings.memory_gib)
    intake.load_state(con, config=settings, keyring=KeyRing(settings.keys), registry=registry, as_of=day)
    weights = train.train(con, registry, truth=truth, as_of=day)
    out.write_text(json.dumps(train.as_document(weights), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"{out.name} を書きました。{weights.made_from}", f"Wrote {out.name}: {weights.made_from}")
