"""Public key files: a sender's, which the city registers, and the city's, which schools encrypt to."""

from __future__ import annotations

import binascii
import json
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pyrage import RecipientError, x25519

from mimamori.media.naming import checked_name, fingerprint, spoken
from mimamori.refusal import Refused

Kind = Literal["sender", "city"]
LARGEST = 10_000  # bytes: a key file is a few lines
TITLES = {
    "sender": "送り手の公開鍵。市に渡します。 / A sender's public key, for the city.",
    "city": "市の公開鍵。学校に渡します。 / The city's public key, for schools.",
}


class PublicKey(BaseModel):
    """A key that may be known to anybody. `key`: an Ed25519 public key in hex (sender), an age recipient (city)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Kind
    name: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, kind: Kind, name: str, key: str) -> PublicKey:
        """Raises `Refused` where `key` is none of its kind."""
        return cls(kind=kind, name=checked_name(name), key=key, fingerprint=fingerprint(kind, public_bytes(kind, key)))

    def as_toml(self) -> str:
        values = {**self.model_dump(), "fingerprint": spoken(self.fingerprint)}
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
        return "\n".join([f"# Mimamori: {TITLES[self.kind]}", *lines, ""])


def public_bytes(kind: Kind, key: str) -> bytes:
    """The bytes that make the key; raises `Refused` where it is none."""
    try:
        if kind == "city":
            return str(x25519.Recipient.from_str(key)).encode()
        if len(raw := binascii.unhexlify(key)) == 32:
            return raw
    except (RecipientError, ValueError):
        pass
    raise Refused("公開鍵の形が正しくありません。", "This is not a public key.")


def read_key_file(path: Path, kind: Kind) -> PublicKey:
    """Read a key file; raises `Refused` for another kind of key, and where key and fingerprint do not agree."""
    unreadable = Refused(
        f"{path.name}: 鍵ファイルとして読めません。作り直したものを受け取ってください。",
        f"{path.name}: this is not a key file.",
    )
    try:
        if path.stat().st_size > LARGEST:
            raise unreadable
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        finger = "".join(str(found.get("fingerprint", "")).split())
        told = PublicKey.model_validate({**found, "fingerprint": finger})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        raise unreadable from None
    if told.kind != kind:
        wanted = TITLES[kind].partition("。")
        raise Refused(
            f"{path.name}: 必要なのは{wanted[0]}ですが、別の種類の鍵です。", f"{path.name}: a key of the other kind."
        )
    if told != PublicKey.of(kind, told.name, told.key):
        raise Refused(
            f"{path.name}: 鍵と指紋が合いません。受け取り直してください。",
            f"{path.name}: key and fingerprint do not agree.",
        )
    return told


def write_key_file(path: Path, key: PublicKey) -> None:
    """Write it, never over another file."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(key.as_toml())
    except OSError:
        raise Refused(
            f"{path.name}: 書けません。すでにあるか、フォルダーがありません。",
            f"{path.name} exists already, or its folder does not.",
        ) from None
