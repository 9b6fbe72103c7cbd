"""`mimamori receive`: files, folders → deliveries."""

from __future__ import annotations

from pathlib import Path

import click

from mimamori.cli.entry import config, put_json, say, tell


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="件数の大きな減少を確認済みとして受領する / store although counts fell")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で標準出力へ / one JSON document")
def command(paths: tuple[Path, ...], yes: bool, as_json: bool) -> int:
    """提供されたファイルやフォルダーを受領します / receive files and folders."""
    from mimamori.intake import receive
    from mimamori.privacy.keys import KeyRing
    from mimamori.sources import load_registry

    settings = config()
    receipts = receive(
        paths, config=settings, keyring=KeyRing(settings.keys), registry=load_registry(), confirm=yes, progress=tell
    )
    for receipt in receipts:
        counts = f"{receipt.received:,} → {receipt.stored:,} + {receipt.quarantined:,} + {receipt.out_of_scope:,}"
        tell(f"{receipt.as_of}  {receipt.source:<24}{receipt.state:<12}{counts}")
        for ja, en in receipt.reasons:
            tell(f"    {en if settings.language == 'en' else ja}")
    if as_json:
        put_json([receipt.as_json() for receipt in receipts])
    refused = [receipt for receipt in receipts if receipt.state in {"refused", "to_confirm"}]
    if refused and len(refused) == len(receipts):
        say("何も受領していません。", "Nothing was received.")
        return 2
    return 1 if refused or any(receipt.quarantined for receipt in receipts) else 0
