"""`mimamori media`: removable media between the schools' network and the city's. `key` and `pack` need no Django."""

from __future__ import annotations

import json
import signal
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mimamori.cli.columns import aligned
from mimamori.cli.entry import config, put_json, say, setup_django, tell
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.media.ledger import Entry, Fault
    from mimamori.media.receive import Received

JSON = click.option("--json", "as_json", is_flag=True, help="結果を JSON で標準出力へ / one JSON document")


def _name(context: click.Context, option: click.Parameter, text: str) -> str:
    """What comes into the ledger and from there to a terminal is short and printable."""
    from mimamori.media.naming import checked_name

    return checked_name(text) if text else ""


LABEL = click.option("--medium", default="", metavar="LABEL", callback=_name, help="媒体のラベル / the medium's label")
BY = click.option("--by", "by", default="", metavar="NAME", callback=_name, help="取り扱った職員 / who did it")
HEADING = ("行 no", "日時 at", "種別 what", "結果 outcome", "媒体 medium", "送り手 sender", "番号 package", "件数 rows")


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
    if out.exists() or not out.parent.is_dir():
        raise Refused(
            f"{out.name}: 書けません。すでにあるか、フォルダーがありません。",
            f"{out.name} exists already, or its folder does not.",
        )
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
@click.argument("key_file", type=click.Path(path_type=Path))
@click.option("--fingerprint", required=True, help="送り手から電話で聞いた指紋 / the fingerprint told by telephone")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="送ってよいシステム / what it may send")
@click.option("--replace", is_flag=True, help="登録済みの鍵を替える / change the key of a registered sender")
@BY
@JSON
def trust(  # noqa: PLR0917 - click gives options by name
    key_file: Path, fingerprint: str, sources: tuple[str, ...], replace: bool, by: str, as_json: bool
) -> int:
    """送り手を登録します。送れるのは、指定がなければ校務系のシステムです / register a sender."""
    from mimamori.media.keyfile import read_key_file
    from mimamori.media.ledger import Entry, Ledger
    from mimamori.media.naming import heard, now
    from mimamori.media.senders import trust as register
    from mimamori.sources import load_registry

    settings, told = config(), heard(fingerprint)
    trail = _has_trail()
    ledger = Ledger(settings)
    ledger.entries()
    made = register(
        read_key_file(key_file, "sender"),
        heard=told,
        sources=sources,
        registered_on=f"{now():%Y-%m-%d}",
        config=settings,
        registry=load_registry(),
        replace=replace,
    )
    line = Entry(action="trust", outcome="registered", sender=made.name, sender_key=made.fingerprint, by=by)
    entry = ledger.append(line)
    if trail:
        _record("media.trust", entry, by=by)
    say(
        f"「{made.name}」を登録しました。送れるシステム: {'、'.join(made.sources)}",
        f"Registered {made.name}; it may send {', '.join(made.sources)}.",
    )
    if as_json:
        put_json(made.model_dump())
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
    """ファイルを署名・暗号化して、一つのパッケージにします / sign and encrypt files into one package."""
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


@command.command()
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="番号の抜けや件数の減少を確認済みとして受領する / although told of a doubt")
@click.option("--reason", default="", help="確認した内容。受払簿に残ります / what was found out, for the ledger")
@LABEL
@BY
@JSON
def receive(package: Path, yes: bool, reason: str, medium: str, by: str, as_json: bool) -> int:  # noqa: PLR0917
    """パッケージを検証して受領し、消去記録を書き出します / prove a package and receive it."""
    from mimamori.media.receive import Rejected
    from mimamori.media.receive import receive as take
    from mimamori.sources import load_registry

    settings, trail = config(), _has_trail()
    before = signal.signal(signal.SIGTERM, _stop)  # else what was unpacked would outlive a stopped service
    try:
        found = take(
            package,
            config=settings,
            registry=load_registry(),
            confirm=yes,
            reason=reason,
            medium=medium,
            by=by,
            progress=tell,
        )
    except Rejected as rejected:
        if trail:
            _record("media.refuse", rejected.entry, by=by)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    if trail:
        _record("media.receive", found.entry, by=by)
    _tell_receipts(found, english=settings.language == "en")
    if found.erasure is not None:
        say(
            f"消去記録を {found.erasure} に書きました。媒体を消去して署名し、"
            f"`mimamori media erase {found.package} --by 氏名` で閉じてください。",
            f"Wrote the record of erasure to {found.erasure}. Erase the medium, sign, and close it with "
            f"`mimamori media erase {found.package} --by NAME`.",
        )
        if not as_json:
            click.echo(found.erasure.read_text(encoding="utf-8"))
    if as_json:
        put_json(found.as_json())
    if not any(receipt.state in {"stored", "duplicate"} for receipt in found.receipts):
        say("何も受領していません。", "Nothing was received.")
        return 2
    return 1 if found.outcome != "received" or any(receipt.quarantined for receipt in found.receipts) else 0


@command.command()
@JSON
def ledger(as_json: bool) -> int:
    """受払簿と、消去待ちの媒体。書き換えや欠けがあれば終了コード 1 / the ledger, and erasures that are open."""
    from mimamori.media.erasure import open_erasures
    from mimamori.media.ledger import Ledger

    entries, faults = Ledger(config()).read()
    faults += _beside_the_trail(entries)
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
        rows = [_row(entry) for entry in entries]
        for line in aligned(HEADING, rows, right=frozenset({0, 7})):
            click.echo(line)
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


@command.command()
@click.argument("package_id")
@click.option("--by", "by", required=True, metavar="NAME", help="消去した職員 / who erased the medium")
@click.option("--how", default="", help="消去の方法 / how it was erased")
@JSON
def erase(package_id: str, by: str, how: str, as_json: bool) -> int:
    """媒体を消去したことを受払簿に記録します / record that a medium was erased."""
    from mimamori.media.erasure import erase as close
    from mimamori.media.erasure import open_erasures
    from mimamori.media.ledger import Ledger

    settings, trail = config(), _has_trail()
    entry = close(package_id, by=by, how=how, config=settings)
    if trail:
        _record("media.erase", entry, by=by)
    left = open_erasures(Ledger(settings).entries())
    say(
        f"{package_id} の消去を記録しました。消去待ちはあと {len(left)} 件です。",
        f"Recorded the erasure of {package_id}; {len(left)} are open.",
    )
    if as_json:
        put_json({"package": package_id, "open": [asdict(one) for one in left]})
    return 0


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _tell_receipts(found: Received, *, english: bool) -> None:
    for receipt in found.receipts:
        counts = f"{receipt.received:,} → {receipt.stored:,} + {receipt.quarantined:,}"
        tell(f"{receipt.as_of}  {receipt.source:<24}{receipt.state:<12}{counts}")
        for ja, en in receipt.reasons:
            tell(f"    {en if english else ja}")


def _row(entry: Entry) -> tuple[str, ...]:
    what = (entry.action, entry.outcome, entry.medium, entry.sender, entry.package)
    return (str(entry.number), f"{entry.at:%Y-%m-%d %H:%M}", *what, f"{entry.rows:,}")


def _has_trail() -> bool:
    """Whether people's store is there; a home that only receives files may have none yet.

    Asked before anything is done: raises `Refused` where the store is there and not ready.
    """
    settings = config()
    if not settings.database_url and not settings.database.exists():
        return False
    setup_django()
    from mimamori.web.database import check_ready

    check_ready()
    return True


def _record(action: str, entry: Entry, *, by: str) -> None:
    """The line's number and hash into the trail: an end that is cut off the ledger is missed there."""
    from mimamori import audit
    from mimamori.access.models import Account

    account = Account.objects.filter(username=by, is_active=True).first() if by else None
    detail = {"ledger": entry.number, "hash": entry.hash, "package": entry.package, "outcome": entry.outcome}
    audit.record(action, by=account, detail=detail)


def _beside_the_trail(entries: list[Entry]) -> list[Fault]:
    """Lines that the trail knows and the ledger has lost or tells otherwise."""
    if not _has_trail():
        return []
    from mimamori.audit.models import Event
    from mimamori.media.ledger import Fault

    hashes = {entry.number: entry.hash for entry in entries}
    told = (
        json.loads(text) for text in Event.objects.filter(action__startswith="media.").values_list("detail", flat=True)
    )
    return [Fault(one["ledger"], "not as in the trail") for one in told if hashes.get(one["ledger"]) != one["hash"]]
