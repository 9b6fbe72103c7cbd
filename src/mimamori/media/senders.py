"""The senders a city knows: `media/senders.toml`, where an officer reads who may send what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from mimamori.config import Config
from mimamori.media.disk import write_private
from mimamori.media.keyfile import PublicKey, public_bytes
from mimamori.media.naming import fingerprint
from mimamori.refusal import Refused
from mimamori.sources import Registry
from mimamori.sources.item import Declared
from mimamori.sources.registry import read_declaration

HEADING = """\
# 登録した送り手。`mimamori media trust` が書きます。行を消した送り手のパッケージは受領しません。
# Registered senders, written by `mimamori media trust`. Packages of a sender who was removed here are refused.
"""


class KnownSender(Declared):
    """One sender. `key`: Ed25519 public key in hex; `sources`: the systems whose files it may send."""

    name: str
    key: str
    registered_on: str
    sources: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def fingerprint(self) -> str:
        return fingerprint("sender", public_bytes("sender", self.key))


class KnownSenders(Declared):
    sender: tuple[KnownSender, ...] = ()


def known_senders(config: Config) -> dict[str, KnownSender]:
    """By fingerprint; raises `Refused` where the file cannot be read or tells a name or a key twice."""
    path = _path(config)
    if not path.exists():
        return {}
    senders = read_declaration(path, KnownSenders).sender
    by_key = {sender.fingerprint: sender for sender in senders}
    if len(by_key) < len(senders) or len({sender.name for sender in senders}) < len(senders):
        raise Refused(
            f"{path.name}: 同じ名前か同じ鍵の送り手が二つあります。控えから戻すか、直してください。",
            f"{path.name}: two senders have one name or one key.",
        )
    return by_key


def trust(
    key: PublicKey,
    *,
    heard: str,
    sources: Iterable[str],
    registered_on: str,
    config: Config,
    registry: Registry,
    replace: bool = False,
) -> KnownSender:
    """Register a sender; without `sources` it may send those of the schools' network.

    Raises `Refused` where the fingerprint heard by telephone is another, or the name is registered with another key
    and `replace` is not asked for.
    """
    if heard != key.fingerprint:
        raise Refused(
            "確かめた指紋と鍵ファイルの指紋が違います。登録していません。すり替えの疑いがあるので、送り手に確かめてください。",
            "The fingerprint you were told is not that of the key file. Nothing was registered: ask the sender.",
        )
    names = tuple(dict.fromkeys(sources)) or tuple(layout.name for layout in registry if layout.network == "school")
    for name in names:
        registry.get(name)
    known = known_senders(config)
    for other in list(known.values()):
        if other.name == key.name and other.fingerprint != key.fingerprint:
            if not replace:
                raise Refused(
                    f"「{key.name}」は別の鍵で登録済みです。鍵を替えるなら --replace を付けてください。",
                    f"{key.name} is registered with another key; to change it, add --replace.",
                )
            del known[other.fingerprint]
    made = KnownSender(name=key.name, key=key.key, registered_on=registered_on, sources=names)
    known[made.fingerprint] = made
    _write(_path(config), known.values())
    return made


def _write(path: Path, senders: Iterable[KnownSender]) -> None:
    blocks = [HEADING]
    for sender in senders:
        values = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in sender.model_dump().items()]
        blocks.append("\n".join(["[[sender]]", *values, ""]))
    write_private(path, "\n".join(blocks).encode())


def _path(config: Config) -> Path:
    return config.media / "senders.toml"
