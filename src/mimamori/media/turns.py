"""Whether a package is the sender's next: the ledger knows which numbers came and which were taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mimamori.media.ledger import Entry
from mimamori.media.manifest import PackageManifest
from mimamori.refusal import Refused

DONE = frozenset({"received"})


@dataclass(frozen=True)
class Turn:
    """One package's place among those of its sender's key.

    `missing`: numbers before it that never came, when it is the newest; `late`: it is one of those itself.
    """

    sequence: int
    missing: range = range(0)
    late: bool = False
    replayed: bool = False  # taken, or erased from its medium, before
    other: bool = False  # its number came before with other content

    @property
    def confirmed(self) -> str:
        """What the ledger says where it was taken although it is out of turn."""
        if self.missing:
            return f"番号 {_numbers(self.missing)} が届いていないことを確認のうえ受領。"
        return f"番号 {self.sequence} は後の番号より遅れて届いたことを確認のうえ受領。" if self.late else ""

    def check(self, *, confirm: bool) -> None:
        """Raise `Refused` where it must not be taken, or not before a person has confirmed."""
        if self.other:
            raise Refused(
                f"番号 {self.sequence} は別の内容で受領済みです。何も受領していません。"
                "送り手に番号の控えを確かめてください。",
                f"Number {self.sequence} came before with other content. Nothing was received; ask the sender.",
            )
        if self.replayed:
            raise Refused(
                f"番号 {self.sequence} は受領済みです。古い媒体ではありませんか。何も受領していません。",
                f"Number {self.sequence} was received before: is this an old medium? Nothing was received.",
            )
        if confirm:
            return
        if self.missing:
            raise Refused(
                f"番号 {_numbers(self.missing)} がまだ届いていません。紛失でないことを送り手に確かめてから、"
                "--yes を付けてください。何も受領していません。",
                f"Number {_numbers(self.missing)} has not come. Ask the sender whether it was lost, then add --yes. "
                "Nothing was received.",
            )
        if self.late:
            raise Refused(
                f"番号 {self.sequence} は、後の番号より遅れて届きました。送り手に確かめてから、--yes を付けてください。"
                "何も受領していません。",
                f"Number {self.sequence} comes after later ones. Ask the sender, then add --yes. Nothing was received.",
            )


def turn_of(manifest: PackageManifest, digest: str, entries: Sequence[Entry]) -> Turn:
    """By the lines about this sender's key. What was not stored whole may come again, and intake knows what it has."""
    came: dict[int, str] = {}
    closed: set[int] = set()
    for entry in entries:
        if entry.sender_key != manifest.sender.key or entry.action not in {"receive", "erase"}:
            continue
        came.setdefault(entry.sequence, entry.digest)
        if entry.action == "erase" or entry.outcome in DONE:
            closed.add(entry.sequence)
    number = manifest.sequence
    if number in came:
        other = came[number] != digest
        return Turn(number, other=other, replayed=not other and number in closed)
    newest = max(came, default=0)
    if number < newest:
        return Turn(number, late=True)
    return Turn(number, missing=range(newest + 1, number))


def _numbers(numbers: Sequence[int]) -> str:
    """`3`, or `3~7`."""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}~{numbers[-1]}"
