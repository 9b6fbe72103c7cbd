"""The key a sender signs packages with; of one sender, in a folder of its own."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mimamori.privacy.keys import KEY_BYTES, KeyRing
from mimamori.refusal import Refused


class SigningRing(KeyRing):
    """`sign.key` (the 32 bytes of an Ed25519 private key) in `folder`; made by `signing_key` and by nothing else."""

    def holds_a_key(self) -> bool:
        return (self.folder / "sign.key").exists()

    def signing_key(self) -> Ed25519PrivateKey:
        """The key, made on first use; raises `Refused` where it is broken: a new one would be nobody the city knows."""
        seed = self._kept("sign.key", lambda: secrets.token_bytes(KEY_BYTES))
        if len(seed) != KEY_BYTES:
            raise Refused(
                "署名の鍵 sign.key が壊れています。控えから戻すか、作り直して市に登録し直してください。",
                "The signing key sign.key is broken: restore it, or make a new one and register it with the city anew.",
            )
        return Ed25519PrivateKey.from_private_bytes(seed)
