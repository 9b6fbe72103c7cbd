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
from mimamori.media.ledger import Entry, Ledger
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
    with engine.alone(config.home / "media" / "receive.lock", otherwise=BUSY):
        earlier = ledger.entries()
        proven: list[tuple[PackageManifest, str, Turn]] = []

        def check(manifest: PackageManifest, signed: bytes) -> None:
            turn = turn_of(manifest, digest_of(signed), earlier)
            proven.append((manifest, digest_of(signed), turn))
            turn.check(confirm=confirm)

        try:
            with _opened(config) as folder:
                manifest = open_package(
                    package,
                    folder,
                    identity=media_keyring(config).age_identity(),
                    senders=known_senders(config),
                    check=check,
                )
                [(_, digest, turn)] = proven
                receipts = intake.receive(
                    [folder],
                    config=config,
                    keyring=KeyRing(config.keys),
                    registry=registry,
                    confirm=confirm and not turn.missing,
                    progress=progress,
                )
        except Refused as refused:
            said = [_said(manifest, digest) for manifest, digest, _ in proven]
            told: dict[str, Any] = {"action": "refuse", "outcome": "refused", "reason": refused.ja, "by": by}
            line = Entry.model_validate({**(said[0] if said else {}), **told})
            raise Rejected(refused, ledger.append(_labelled(line, medium))) from None
        outcome = _outcome(receipts)
        line = Entry.model_validate(
            {
                **_said(manifest, digest),
                "action": "receive",
                "outcome": outcome,
                "stored": sum(receipt.stored for receipt in receipts if receipt.state == "stored"),
                "quarantined": sum(receipt.quarantined for receipt in receipts if receipt.state == "stored"),
                "reason": " ".join(filter(None, (turn.confirmed, reason))),
                "by": by,
            }
        )
        entry = ledger.append(_labelled(line, medium))
        erasure = None if outcome == "waiting" else write_erasure_text(entry, manifest, config=config)
        return Received(manifest.id, outcome, receipts, turn.missing, erasure, entry)


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


def _said(manifest: PackageManifest, digest: str) -> dict[str, Any]:
    """What a package's line in the ledger takes from its manifest."""
    return {
        "medium": manifest.medium,
        "sender": manifest.sender.name,
        "sender_key": manifest.sender.key,
        "recipient": manifest.recipient.name,
        "package": manifest.id,
        "sequence": manifest.sequence,
        "digest": digest,
        "files": len(manifest.files),
        "rows": manifest.rows,
    }


def _labelled(entry: Entry, medium: str) -> Entry:
    """With the label that the officer read on the medium, where they told it."""
    return entry.model_copy(update={"medium": medium}) if medium else entry


@contextmanager
def _opened(config: Config) -> Iterator[Path]:
    """A folder of this account alone, beside what is stored and gone afterwards; a killed receive's goes too."""
    home = config.home / "media"
    for left in home.glob(f"{OPENED}*"):
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=OPENED, dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
