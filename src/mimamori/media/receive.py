"""Receive a package at the city: prove it, ask the ledger whether it is its turn, hand its files to intake."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mimamori import engine, intake
from mimamori.config import Config
from mimamori.intake import Receipt
from mimamori.media.erasure import write_erasure_text
from mimamori.media.keyfile import PublicKey
from mimamori.media.ledger import Entry, Ledger, line_of
from mimamori.media.manifest import PackageManifest, digest_of
from mimamori.media.opening import city_key, open_package
from mimamori.media.senders import known_senders
from mimamori.media.turns import Turn, turn_of
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry

OPENED = ".opened-"
BUSY = Refused(
    "別の媒体の受領が動いています。終わるのを待ってください。", "Another package is being received: wait for its end."
)


class Rejected(Refused):
    """A package that was not received, and its line in the ledger."""

    def __init__(self, why: Refused, entry: Entry) -> None:
        super().__init__(why.ja, why.en)
        self.entry = entry


@dataclass(frozen=True)
class Received:
    """What became of one package. `outcome`: received, partly, waiting (something to confirm), nothing."""

    package: str
    outcome: str
    receipts: list[Receipt]
    missing: range  # numbers that had not come before it
    erasure: Path | None  # the erasure record to sign; None while the package is still needed
    entry: Entry

    def as_json(self) -> dict[str, Any]:
        return {
            "package": self.package,
            "outcome": self.outcome,
            "sender": self.entry.sender,
            "sequence": self.entry.sequence,
            "medium": self.entry.medium,
            "missing": [self.missing[0], self.missing[-1]] if self.missing else [],  # the first and the last of them
            "erasure": self.erasure and self.erasure.name,
            "receipts": [receipt.as_json() for receipt in self.receipts],
        }


def media_keyring(config: Config) -> KeyRing:
    """The keys that packages are encrypted to: their own, so that they change without those of the stores."""
    return KeyRing(config.keys / "media")


def receive(
    package: Path,
    *,
    config: Config,
    registry: Registry,
    confirm: bool = False,
    reason: str = "",
    medium: str = "",
    by: str = "",
    progress: Callable[[str], None] | None = None,
) -> Received:
    """Receive one package. Raises `Rejected`, with a line in the ledger and nothing stored, for one that is damaged, of
    an unknown sender, for another city, received before, or out of its turn.

    `confirm` takes a package although numbers before it are missing; asked again, it stores what intake would have a
    person confirm. Each call confirms one of the two, the one that the call before has told of.
    """
    if not package.is_file():
        raise Refused(f"{package.name}: ファイルがありません。", f"{package.name}: there is no such file.")
    ledger = Ledger(config)
    with engine.alone(config.media / "receive.lock", otherwise=BUSY):
        proof = _Proof(ledger.entries(), confirm)
        told = {"by": by, **({"medium": medium} if medium else {})}  # the label that an officer read on the medium
        try:
            with _opened(config) as folder:
                open_package(
                    package,
                    folder,
                    identity=media_keyring(config).age_identity(),
                    senders=known_senders(config),
                    check=proof.take,
                )
                receipts = intake.receive(
                    [folder],
                    config=config,
                    keyring=KeyRing(config.keys),
                    registry=registry,
                    confirm=confirm and not proof.turn.missing,
                    progress=progress,
                )
        except Refused as refused:
            line = proof.line(action="refuse", outcome="refused", reason=refused.ja, **told)
            raise Rejected(refused, ledger.append(line)) from None
        stored = [receipt for receipt in receipts if receipt.state == "stored"]
        line = proof.line(
            action="receive",
            outcome=_outcome(receipts),
            stored=sum(receipt.stored for receipt in stored),
            quarantined=sum(receipt.quarantined for receipt in stored),
            reason=" ".join(filter(None, (proof.turn.confirmed, reason))),
            **told,
        )
        entry, manifest = ledger.append(line), proof.manifest
        erasure = None if entry.outcome == "waiting" else write_erasure_text(entry, manifest, config=config)
        return Received(manifest.id, entry.outcome, receipts, proof.turn.missing, erasure, entry)


class _Proof:
    """What is known of a package once its signature, sender and recipient are proven; of others nothing is."""

    def __init__(self, earlier: Sequence[Entry], confirm: bool) -> None:
        self._earlier, self._confirm = earlier, confirm
        self._proven: tuple[PackageManifest, str, Turn] | None = None

    def take(self, manifest: PackageManifest, signed: bytes) -> None:
        """Raises `Refused` where it is not the package's turn."""
        digest = digest_of(signed)
        turn = turn_of(manifest, digest, self._earlier)
        self._proven = (manifest, digest, turn)
        turn.check(confirm=self._confirm)

    @property
    def manifest(self) -> PackageManifest:
        assert self._proven is not None
        return self._proven[0]

    @property
    def turn(self) -> Turn:
        assert self._proven is not None
        return self._proven[2]

    def line(self, **told: Any) -> Entry:
        """The ledger's line: a package that nothing is proven of has no name in it."""
        if self._proven is None:
            return Entry.model_validate(told)
        manifest, digest, _ = self._proven
        return line_of(manifest, digest, **told)


def city_public_key(config: Config, name: str) -> PublicKey:
    """The key that schools encrypt to; made on first use."""
    return city_key(name, media_keyring(config).age_identity())


def _outcome(receipts: Sequence[Receipt]) -> str:
    states = {receipt.state for receipt in receipts}
    if "to_confirm" in states:
        return "waiting"
    if "refused" in states:
        return "nothing" if states == {"refused"} else "partly"
    return "received"


@contextmanager
def _opened(config: Config) -> Iterator[Path]:
    """A folder of this account alone, beside what is stored and gone afterwards; a killed receive's goes too."""
    for left in config.media.glob(f"{OPENED}*"):
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=OPENED, dir=config.media))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
