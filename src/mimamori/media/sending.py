"""The sender's own end: the key it signs with, and the number of the last package to each city."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mimamori.config import Config
from mimamori.media.disk import write_private
from mimamori.media.keyfile import PublicKey
from mimamori.media.naming import checked_name
from mimamori.privacy.signing import SigningRing
from mimamori.refusal import Refused


class Sent(BaseModel):
    """`media/sent/<sender>.json`: last number by the recipient's fingerprint, and the fingerprint each name had."""

    model_config = ConfigDict(extra="forbid")

    sender: str
    last: dict[str, Annotated[int, Field(ge=1)]] = {}
    recipients: dict[str, str] = {}


class Sender:
    """One sender on this machine, by name. The name's hash is its folder: a school's name need not be a file name."""

    def __init__(self, config: Config, name: str) -> None:
        self.name = checked_name(name)
        short = hashlib.sha256(self.name.encode()).hexdigest()[:16]
        self.ring = SigningRing(config.keys / "senders" / short)
        self._state = config.media / "sent" / f"{short}.json"

    def public_key(self) -> PublicKey:
        return PublicKey.of("sender", self.name, self.ring.signing_key().public_key().public_bytes_raw().hex())

    def ready(self) -> PublicKey:
        """The public key; raises `Refused` where none was made: the city would not know it."""
        if not self.ring.holds_a_key():
            raise Refused(
                f"送り手「{self.name}」の署名の鍵がありません。先に `mimamori media key --sender` で作り、"
                "公開鍵を市に登録してもらってください。",
                f"There is no signing key for {self.name}: make one with `mimamori media key --sender`, "
                "and have the city register it.",
            )
        return self.public_key()

    def next_number(self, recipient: PublicKey) -> int:
        """The number of the next package to this key; raises `Refused` where the city of this name had another key."""
        sent = self._read()
        known = sent.recipients.get(recipient.name)
        if known not in {None, recipient.fingerprint}:
            raise Refused(
                f"「{recipient.name}」の公開鍵が前回と違います。市に電話で指紋を確かめ、正しければ "
                "--new-recipient-key を付けてください。",
                f"The public key of {recipient.name} is not the one used before: ask the city for its fingerprint by "
                "telephone; if it is right, add --new-recipient-key.",
            )
        return sent.last.get(recipient.fingerprint, 0) + 1

    def forget_recipient(self, recipient: PublicKey) -> None:
        """The next package may go to another key under this name."""
        sent = self._read()
        if sent.recipients.pop(recipient.name, None) is not None:
            self._write(sent)

    def keep_number(self, recipient: PublicKey, number: int) -> None:
        """On the disk before the package has its name: a cut loses a number, and never uses one twice."""
        sent = self._read()
        sent.last[recipient.fingerprint] = number
        sent.recipients[recipient.name] = recipient.fingerprint
        self._write(sent)

    def _read(self) -> Sent:
        if not self._state.exists():
            return Sent(sender=self.name)
        try:
            return Sent.model_validate_json(self._state.read_bytes())
        except ValidationError:
            raise Refused(
                f"送付番号の控え {self._state.name} が壊れています。受払簿を見て直してください。",
                f"{self._state.name}, which keeps the numbers of packages, is broken: mend it by the ledger.",
            ) from None

    def _write(self, sent: Sent) -> None:
        write_private(self._state, sent.model_dump_json(indent=1).encode())
