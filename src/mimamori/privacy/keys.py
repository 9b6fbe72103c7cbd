"""The one seam to key material: files today, a token tomorrow; nothing else in the house touches keys.

`keys/data.key` (32 bytes) encrypts what is stored and is the root that other secrets are derived from;
`keys/age.key` is the age identity under which files are kept as they were received.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage import IdentityError, x25519

from mimamori.refusal import Refused

KEY_BYTES = 32


class KeyRing:
    """The keys of one installation, made on first use in `folder` (0700; each file 0600)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def data_key(self) -> bytes:
        """32 bytes that encrypt deliveries and snapshots."""
        key = self._kept("data.key", lambda: secrets.token_bytes(KEY_BYTES))
        if len(key) != KEY_BYTES:
            raise _broken("data.key")
        return key

    def age_identity(self) -> x25519.Identity:
        """The identity that opens files kept as received."""
        text = self._kept("age.key", lambda: str(x25519.Identity.generate()).encode())
        try:
            return x25519.Identity.from_str(text.decode().strip())
        except (IdentityError, UnicodeDecodeError):
            raise _broken("age.key") from None

    def age_recipient(self) -> x25519.Recipient:
        """To whom files kept as received are encrypted."""
        return self.age_identity().to_public()

    def pseudonym_key(self, project: str) -> bytes:
        """32 bytes for one project's pseudonyms; another project's differ, so its tokens cannot be matched."""
        return self._derived(f"pseudonym:{project}")

    def zone_key(self, project: str) -> bytes:
        """32 bytes that encrypt one project's files in the analysis zone: whoever has them reads nothing else."""
        return self._derived(f"zone:{project}")

    def attachment_key(self) -> bytes:
        """32 bytes under which files attached to a case are sealed."""
        return self._derived("attachments")

    def django_secret(self) -> str:
        """The web's signing secret; the same after a restart."""
        return self._derived("django").hex()

    def _derived(self, purpose: str) -> bytes:
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"mimamori:{purpose}".encode())
        return hkdf.derive(self.data_key)

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Read a key, or make it; of two processes that make it at once, one wins and both read the winner's."""
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = self.folder / f".{name}.{secrets.token_hex(4)}"
            temporary.touch(mode=0o600, exist_ok=False)
            with temporary.open("wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(temporary, path)  # fails where the other process was first
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        return path.read_bytes()


def _broken(name: str) -> Refused:
    return Refused(
        f"鍵ファイル {name} が壊れています。控えから戻してください。作り直すと保存済みのデータは読めません。",
        f"The key file {name} is broken; restore it from a backup. A new key cannot read what is stored.",
    )
