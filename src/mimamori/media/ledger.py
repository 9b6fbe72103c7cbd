"""The ledger of removable media (受払簿): append-only lines of JSON, each tied by a hash to the line before it.

Kept in a file, not in people's store: the school's end has none. An end that was cut off is not seen by the chain
alone; the city's trail keeps the number and hash of the lines written there.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mimamori.config import Config
from mimamori.media.manifest import PackageManifest
from mimamori.media.naming import now
from mimamori.refusal import Refused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

GENESIS = "0" * 64  # what the first line follows
Action = Literal["pack", "receive", "refuse", "erase", "trust"]


class Entry(BaseModel):
    """One line. Counts are rows unless they say otherwise; nothing here is personal but the name of who signs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = 0
    at: datetime = datetime.min  # noqa: DTZ901 - set when it is written
    action: Action
    outcome: str
    medium: str = ""
    sender: str = ""
    sender_key: str = ""
    recipient: str = ""
    package: str = ""
    sequence: int = 0
    digest: str = ""  # SHA-256 of the package's manifest
    files: int = 0  # files
    rows: int = 0  # as the package tells
    stored: int = 0
    quarantined: int = 0
    reason: str = ""
    by: str = ""
    previous: str = ""
    hash: str = ""

    def hashed(self) -> str:
        """SHA-256, in hex, over every other field; the previous line's hash is one of them."""
        return hashlib.sha256(_canonical(self.model_dump(mode="json", exclude={"hash"})).encode()).hexdigest()


def line_of(manifest: PackageManifest, digest: str, **told: Any) -> Entry:
    """The line about a package; `told`: what is not the manifest's to say, and what somebody knows better."""
    said = {
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
    return Entry.model_validate({**said, **told})


@dataclass(frozen=True)
class Fault:
    """One line that does not hold. `what`: unreadable, altered, or missing (lines before it)."""

    line: int
    what: str


class Ledger:
    """`media/ledger.jsonl` of one home."""

    def __init__(self, config: Config) -> None:
        self.path = config.media / "ledger.jsonl"

    def entries(self) -> list[Entry]:
        """Every line; raises `Refused` where one was altered, removed or moved."""
        entries, faults = self.read()
        if faults:
            raise Refused(
                f"媒体の受払簿が {faults[0].line} 行目で壊れています。控えと見比べて戻すまで、受け払いはできません。",
                f"The media ledger does not hold at line {faults[0].line}: restore it before anything else.",
            )
        return entries

    def read(self) -> tuple[list[Entry], list[Fault]]:
        """What can be read, and every fault. A last line without its end was never written: it is left out."""
        if not self.path.exists():
            return [], []
        entries: list[Entry] = []
        faults: list[Fault] = []
        previous, expected = GENESIS, 1
        for line, text in enumerate(self.path.read_bytes().split(b"\n")[:-1], start=1):
            try:
                entry = Entry.model_validate_json(text)
            except ValidationError:
                faults.append(Fault(line, "unreadable"))
                previous, expected = "", expected + 1
                continue
            if entry.hash != entry.hashed():
                faults.append(Fault(line, "altered"))
            elif entry.number != expected or (previous and entry.previous != previous):
                faults.append(Fault(line, "missing"))
            entries.append(entry)
            previous, expected = entry.hash, entry.number + 1
        return entries, faults

    def append(self, entry: Entry) -> Entry:
        """Write one line and wait until it is on the disk; returns it with its number and hash."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "r+b") as file, _held(file):
            last = self.entries()[-1:]
            made = entry.model_copy(
                update={
                    "number": last[0].number + 1 if last else 1,
                    "at": now(),
                    "previous": last[0].hash if last else GENESIS,
                }
            )
            made = made.model_copy(update={"hash": made.hashed()})
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)  # what a cut left of a line that was never whole
            file.seek(0, os.SEEK_END)
            file.write(_canonical(made.model_dump(mode="json")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return made


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def _held(file: BinaryIO) -> Iterator[None]:
    """One writer at a time; others wait. The lock goes with the process."""
    if sys.platform == "win32":
        file.seek(2**31 - 2)  # beyond every line: Windows forbids reading what another handle has locked
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            file.seek(2**31 - 2)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
