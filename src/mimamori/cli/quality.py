"""`mimamori quality`: how well records were linked, against the truth of a synthetic city."""

from __future__ import annotations

from pathlib import Path

import click

from mimamori.cli.entry import config, put_json, tell
from mimamori.refusal import Refused


@click.command()
@click.option("--truth", type=click.Path(path_type=Path), required=True, help="合成都市の truth フォルダー / its truth")
@click.option("--json", "as_json", is_flag=True, help="JSON で標準出力へ / one JSON document")
def command(truth: Path, as_json: bool) -> None:
    """公開中のスナップショットの名寄せの質 / linkage quality of the snapshot in service."""
    from mimamori import engine
    from mimamori.karte import store
    from mimamori.linkage.quality import measure
    from mimamori.privacy.keys import KeyRing

    if not (truth / "records.parquet").exists():
        raise Refused(f"{truth.name} に records.parquet がありません。", f"No records.parquet in {truth.name}.")
    settings = config()
    snapshot = store.current(settings, KeyRing(settings.keys))
    found = measure(engine.table_of(snapshot.cursor(), "SELECT * FROM links"), None, truth)
    if as_json:
        put_json(found)
        return
    for name, value in found["linkage"].items():
        tell(f"{name:<18}{value}")
