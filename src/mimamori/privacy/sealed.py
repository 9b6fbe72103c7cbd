"""Files sealed at rest: encrypted, and bound to the place they belong to, so that none can stand in for another."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mimamori.refusal import Refused

MARK = b"mimamori sealed 1\n"  # says how what follows was sealed
NONCE = 12


def seal(content: bytes, key: bytes, *, place: str) -> bytes:
    """The content under AES-256-GCM; `place` is not kept inside, but without it nothing opens."""
    nonce = secrets.token_bytes(NONCE)
    return MARK + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(sealed: bytes, key: bytes, *, place: str) -> bytes:
    """The content again; raises `Refused` where it was changed, belongs elsewhere or was sealed by another key."""
    nonce, rest = sealed[len(MARK) : len(MARK) + NONCE], sealed[len(MARK) + NONCE :]
    try:
        if not sealed.startswith(MARK):
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, rest, place.encode())
    except (InvalidTag, ValueError):
        raise Refused(
            "保存したファイルが壊れているか、鍵がちがいます。控えから戻してください。",
            "The stored file is damaged, or the key is another one: restore it from a backup.",
        ) from None
