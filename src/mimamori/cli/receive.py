"""`mimamori receive`: files, folders, the answers of a database → deliveries."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON, day
from mimamori.cli.receipts import tell_receipts
from mimamori.refusal import Refused


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from-database",
    "source",
    metavar="NAME",
    help="ファイルの代わりに、システムのデータベースから / ask its database",
)
@click.option(
    "--as-of", callback=day, metavar="DAY", help="データベースに尋ねる基準日(既定は今日)/ the day asked about"
)
@click.option("--yes", is_flag=True, help="件数の大きな減少を確認済みとして受領する / store although counts fell")
@JSON
def command(paths: tuple[Path, ...], source: str | None, as_of: date | None, yes: bool, as_json: bool) -> int:
    """提供されたファイルやフォルダーを受領します / receive files and folders."""
    from mimamori.intake import TOKYO, receive, receive_answers
    from mimamori.privacy.keys import KeyRing
    from mimamori.sources import load_registry

    if bool(paths) == bool(source) or (as_of and not source):
        raise Refused(
            "ファイルかフォルダー、または --from-database(と --as-of)のどちらか一つを指定してください。",
            "Give files or folders, or --from-database (with --as-of): one of the two.",
        )
    settings, registry = config(), load_registry()
    keyring = KeyRing(settings.keys)
    if source is None:
        receipts = receive(paths, config=settings, keyring=keyring, registry=registry, confirm=yes, progress=tell)
    else:
        asked = as_of or datetime.now(TOKYO).date()
        receipts = [
            receive_answers(
                source, asked, config=settings, keyring=keyring, registry=registry, confirm=yes, progress=tell
            )
        ]
    tell_receipts(receipts)
    if as_json:
        put_json([receipt.as_json() for receipt in receipts])
    refused = [receipt for receipt in receipts if receipt.state in {"refused", "to_confirm"}]
    if refused and len(refused) == len(receipts):
        say("何も受領していません。", "Nothing was received.")
        return 2
    return 1 if refused or any(receipt.quarantined for receipt in receipts) else 0
