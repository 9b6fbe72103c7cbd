"""`mimamori media`: removable media between the schools' network and the city's. `key` and `pack` need no Django."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mimamori.cli.columns import aligned
from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.media_city import BY, LABEL, erase, receive, trust
from mimamori.cli.media_trail import beside_the_trail
from mimamori.cli.options import JSON, check_new
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.media.ledger import Entry

HEADING = ("行 no", "日時 at", "種別 what", "結果 outcome", "媒体 medium", "送り手 sender", "番号 package", "件数 rows")

WORDS = {
    "pack": "作成",
    "trust": "登録",
    "receive": "受領",
    "refuse": "拒否",
    "erase": "消去",
    "packed": "作成済み",
    "registered": "登録済み",
    "received": "受領済み",
    "partly": "一部受領",
    "waiting": "確認待ち",
    "nothing": "受領なし",
    "refused": "拒否",
    "erased": "消去済み",
}


@click.group()
def command() -> None:
    """可搬媒体での受け渡し / removable media: key, pack, trust, receive, ledger, erase."""


@command.command()
@click.option("--sender", metavar="NAME", help="送り手の名前 / the sender's name (school side)")
@click.option("--city", is_flag=True, help="市の受取用の鍵 / the city's key (city side)")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="公開鍵ファイル / the public key file")
@JSON
def key(sender: str | None, city: bool, out: Path, as_json: bool) -> int:
    """鍵を作り(すでにあればそれを使い)、公開鍵を書き出します / make a key, write its public half."""
    from mimamori.media.keyfile import write_key_file
    from mimamori.media.naming import spoken
    from mimamori.media.sending import Sender

    if bool(sender) == city:
        raise Refused("--sender 名前 か --city のどちらかを指定してください。", "Give either --sender NAME or --city.")
    check_new(out)
    if sender:
        public = Sender(config(), sender).public_key()
    else:
        from mimamori.media.receive import city_public_key
        from mimamori.sources import load_registry

        public = city_public_key(config(), load_registry().municipality.label.ja)
    write_key_file(out, public)
    say(
        f"「{public.name}」の公開鍵を {out.name} に書きました。相手に渡し、指紋は電話で伝えてください。",
        f"Wrote the public key of {public.name} to {out.name}. Hand it over, and tell the fingerprint by telephone.",
    )
    tell(spoken(public.fingerprint))
    if as_json:
        put_json({"kind": public.kind, "name": public.name, "fingerprint": public.fingerprint, "file": out.name})
    return 0


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--sender", required=True, metavar="NAME", help="送り手の名前 / the sender's name")
@click.option(
    "--recipient", required=True, type=click.Path(path_type=Path), metavar="KEYFILE", help="市の公開鍵 / city's key"
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="作るパッケージ / the package to write")
@click.option("--new-recipient-key", is_flag=True, help="市の鍵が替わったと確認済み / the city has changed its key")
@LABEL
@BY
@JSON
def pack(  # noqa: PLR0917
    files: tuple[Path, ...],
    sender: str,
    recipient: Path,
    out: Path,
    new_recipient_key: bool,
    medium: str,
    by: str,
    as_json: bool,
) -> int:
    """ファイルやフォルダーを署名・暗号化して、一つのパッケージにします / sign and encrypt files into one package."""
    from mimamori.media.keyfile import read_key_file
    from mimamori.media.naming import spoken
    from mimamori.media.pack import pack as make
    from mimamori.sources import load_registry

    city = read_key_file(recipient, "city")
    made = make(
        files,
        sender=sender,
        recipient=city,
        out=out,
        config=config(),
        registry=load_registry(),
        medium=medium,
        by=by,
        new_recipient_key=new_recipient_key,
    ).manifest
    for file in made.files:
        tell(f"  {file.name}  {'—' if file.rows is None else f'{file.rows:,}'}")
    say(
        f"パッケージ {made.id}(番号 {made.sequence}、{len(made.files)} ファイル)を {out.name} に作りました。"
        f"あて先は {city.name} です。番号を媒体のラベルに書いてください。あて先の鍵の指紋:",
        f"Made the package {made.id} (number {made.sequence}, {len(made.files)} files) in {out.name} for {city.name}. "
        "Write its number on the medium's label. Fingerprint of the recipient's key:",
    )
    tell(spoken(city.fingerprint))
    if as_json:
        put_json(
            {
                "package": made.id,
                "file": out.name,
                **made.model_dump(mode="json", exclude={"files": {"__all__": {"beside"}}}),
            }
        )
    return 0


for city in (trust, receive):
    command.add_command(city)


@command.command()
@JSON
def ledger(as_json: bool) -> int:
    """受払簿と、消去待ちの媒体。書き換えや欠けがあれば終了コード 1 / the ledger, and erasures that are open."""
    from mimamori.media.erasure import open_erasures
    from mimamori.media.ledger import Ledger

    entries, faults = Ledger(config()).read()
    faults += beside_the_trail(entries)
    due = open_erasures(entries)
    if as_json:
        put_json(
            {
                "entries": [entry.model_dump(mode="json") for entry in entries],
                "open_erasures": [asdict(one) for one in due],
                "ok": not faults,
                "faults": [asdict(fault) for fault in faults],
            }
        )
    else:
        english = config().language == "en"
        heading, rule, *lines = aligned(HEADING, [_row(entry, english) for entry in entries], right=frozenset({0, 7}))
        click.echo(f"{heading}\n{rule}")
        for entry, line in zip(entries, lines, strict=True):
            click.echo(line)
            if entry.reason or entry.by:
                click.echo(" " * 7 + "  ".join(filter(None, (entry.reason, entry.by and f"[{entry.by}]"))))
    for one in due:
        say(
            f"消去待ち: {one.package} {one.medium}({one.sender}、{one.since} 受領)",
            f"To be erased: {one.package} {one.medium} ({one.sender}, received {one.since})",
        )
    for fault in faults[:20]:
        say(f"{fault.line} 行目: {fault.what}", f"line {fault.line}: {fault.what}")
    if faults:
        say("受払簿は書き換えられたか、欠けています。", "The ledger was altered, or lines are missing.")
    return 1 if faults else 0


command.add_command(erase)


def _row(entry: Entry, english: bool) -> tuple[str, ...]:
    what = (code if english else WORDS.get(code, code) for code in (entry.action, entry.outcome))
    whose = (entry.medium, entry.sender, entry.package)
    return (str(entry.number), f"{entry.at:%Y-%m-%d %H:%M}", *what, *whose, f"{entry.rows:,}")
