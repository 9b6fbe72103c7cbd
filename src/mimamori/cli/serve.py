"""`mimamori serve`: the pages."""

from __future__ import annotations

import click

from mimamori.cli.entry import config, say, setup_django


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="待ち受けるポート / port (8000)")
@click.option(
    "--prepare", "only_prepare", is_flag=True, help="データベースを準備して終える / prepare the database and stop"
)
def command(port: int | None, only_prepare: bool) -> int:
    """画面を開きます。データベースは始める前に準備します / serve the pages; the database is prepared first."""
    settings = config()
    setup_django()
    from mimamori import night
    from mimamori.web.database import prepare

    if done := prepare():
        say(f"データベースを準備しました({len(done)} 件)。", f"Prepared the database ({len(done)} migrations).")
    if only_prepare:
        return 0
    if night.repair(settings):
        say("途中で止まった夜間処理の抽出を取り込みました。", "Took in the findings of a night that was cut off.")
    from mimamori.web.serving import serve

    address = f"http://{settings.bind}:{port or settings.port}"
    say(f"{address} で開いています。Ctrl-C で終わります。", f"Serving at {address}; Ctrl-C ends it.")
    serve(settings, port=port)
    return 0
