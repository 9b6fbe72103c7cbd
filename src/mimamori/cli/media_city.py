"""The city's end of `mimamori media`: trust, receive, erase."""

from __future__ import annotations

import signal
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.media_trail import beside_the_trail, has_trail, record
from mimamori.cli.options import JSON
from mimamori.cli.receipts import tell_receipts
from mimamori.refusal import Refused


def _name(context: click.Context, option: click.Parameter, text: str) -> str:
    """What comes into the ledger and from there to a terminal is short and printable."""
    from mimamori.media.naming import checked_name

    return checked_name(text) if text else ""


LABEL = click.option("--medium", default="", metavar="LABEL", callback=_name, help="媒体のラベル / the medium's label")
BY = click.option("--by", "by", default="", metavar="NAME", callback=_name, help="取り扱った職員 / who did it")


@click.command()
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
    trail = has_trail()
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
        record("media.trust", entry, by=by)
    say(
        f"「{made.name}」を登録しました。送れるシステム: {'、'.join(made.sources)}",
        f"Registered {made.name}; it may send {', '.join(made.sources)}.",
    )
    if as_json:
        put_json(made.model_dump())
    return 0


@click.command()
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="番号の抜けや件数の減少を確認済みとして受領する / although told of a doubt")
@click.option("--reason", default="", help="確認した内容。受払簿に残ります / what was found out, for the ledger")
@LABEL
@BY
@JSON
def receive(package: Path, yes: bool, reason: str, medium: str, by: str, as_json: bool) -> int:  # noqa: PLR0917
    """パッケージを検証して受領し、消去記録を書き出します / prove a package and receive it."""
    from mimamori.media.ledger import Ledger
    from mimamori.media.receive import Rejected
    from mimamori.media.receive import receive as take
    from mimamori.sources import load_registry

    settings, trail = config(), has_trail()
    if beside_the_trail(Ledger(settings).entries()):
        raise Refused(
            "受払簿に、監査記録にある行がありません。古い控えに戻していませんか。正しい受払簿に戻すまで受領できません。",
            "The ledger lacks lines that the trail knows: is it an old copy? Nothing is received until it is restored.",
        )
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
            record("media.refuse", rejected.entry, by=by)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    if trail:
        record("media.receive", found.entry, by=by)
    tell_receipts(found.receipts)
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


@click.command()
@click.argument("package_id")
@click.option("--by", "by", required=True, metavar="NAME", help="消去した職員 / who erased the medium")
@click.option("--how", default="", help="消去の方法 / how it was erased")
@JSON
def erase(package_id: str, by: str, how: str, as_json: bool) -> int:
    """媒体を消去したことを受払簿に記録します / record that a medium was erased."""
    from mimamori.media.erasure import erase as close
    from mimamori.media.erasure import open_erasures
    from mimamori.media.ledger import Ledger

    settings, trail = config(), has_trail()
    entry = close(package_id, by=by, how=how, config=settings)
    if trail:
        record("media.erase", entry, by=by)
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
