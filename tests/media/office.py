"""A school and a city with each other's keys, and packages as nobody honest would make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyrage
from tests.extracts import write_extract

from mimamori.config import Config
from mimamori.media.container import SIGNED, opening
from mimamori.media.keyfile import PublicKey
from mimamori.media.ledger import Entry, Ledger
from mimamori.media.manifest import PackageManifest
from mimamori.media.pack import Packed, pack
from mimamori.media.receive import Received, city_public_key, media_keyring, receive
from mimamori.media.senders import trust
from mimamori.media.sending import Sender
from mimamori.sources import load_registry

DAY = date(2026, 10, 31)
SCHOOL = "市立みなみ小学校"


@dataclass
class Office:
    """The two ends, each with a home of its own under `folder`."""

    folder: Path

    @property
    def school(self) -> Config:
        return Config(home=self.folder / "school")

    @property
    def city(self) -> Config:
        return Config(home=self.folder / "city")

    def sender(self, name: str = SCHOOL) -> Sender:
        return Sender(self.school, name)

    def city_key(self, config: Config | None = None) -> PublicKey:
        return city_public_key(config or self.city, "福岡市")

    def register(self, name: str = SCHOOL, sources: Sequence[str] = (), replace: bool = False) -> None:
        key = self.sender(name).public_key()
        trust(key, heard=key.fingerprint, sources=sources, registered_on="2026-11-01",
              config=self.city, registry=load_registry(), replace=replace)  # fmt: skip

    def extract(self, pupils: int = 3, *, day: date = DAY, table: str = "attendance_yearly") -> Path:
        layout = load_registry().get("school_affairs")
        rows = [
            {"pupil_no": f"P{number:05}", "school_year": "2026", "absent_days": str(number)} for number in range(pupils)
        ]
        return write_extract(self.folder / "out", layout, layout.table(table), day, rows=rows)

    def pack(self, *files: Path, out: str = "package.mmp", **more: Any) -> Path:
        """A package as the school makes it, of the extract where no files are given."""
        self.packed(*files, out=out, **more)
        return self.folder / out

    def packed(self, *files: Path, out: str = "package.mmp", **more: Any) -> Packed:
        given = {"sender": SCHOOL, "recipient": self.city_key(), "config": self.school, **more}
        return pack(files or (self.extract(),), out=self.folder / out, registry=load_registry(), **given)

    def receive(self, package: Path, **more: Any) -> Received:
        return receive(package, config=self.city, registry=load_registry(), **more)

    def entries(self) -> list[Entry]:
        return Ledger(self.city).entries()

    def nothing_is_left(self) -> bool:
        """No delivery, no temporary folder, no record of erasure."""
        left = {path.name for path in (self.city.home / "media").iterdir()}
        return not self.city.deliveries.exists() and left <= {"ledger.jsonl", "receive.lock", "senders.toml"}

    def forged(
        self,
        package: Path,
        change: Callable[[dict[str, Any]], None] = lambda manifest: None,
        *,
        signer: str = SCHOOL,
        content: Callable[[bytes], bytes] = lambda content: content,
        again: bool = True,
    ) -> Path:
        """The package opened and closed anew with a changed manifest; signed anew only where `again`."""
        plain = pyrage.decrypt(package.read_bytes(), [media_keyring(self.city).age_identity()])
        mark = plain.index(b"\n") + 1
        length = int.from_bytes(plain[mark + 32 : mark + 36], "big")
        signed, rest = plain[mark + 36 : mark + 36 + length], plain[mark + 36 + length :]
        told = PackageManifest.model_validate_json(signed).model_dump(mode="json")
        change(told)
        key = self.sender(signer).ring.signing_key()
        public, made = key.public_key().public_bytes_raw(), json_bytes(told)
        signature = key.sign(SIGNED + public + made) if again else rest[:64]
        stream = io.BytesIO()
        stream.write(opening(public, made, signature) + content(rest[64:]))
        to = media_keyring(self.city).age_recipient()
        out = package.with_name("forged.mmp")
        out.write_bytes(pyrage.encrypt(stream.getvalue(), [to]))
        return out


def json_bytes(told: dict[str, Any]) -> bytes:
    import json

    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
