"""What a package says of itself, all of it signed: who sends the how-manieth package to whom, and which files."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from mimamori.media.naming import package_id
from mimamori.refusal import Refused

MOST_FILES = 1_000
LARGEST_FILE = 8 * 2**30  # bytes
LARGEST_PACKAGE = 16 * 2**30  # bytes of all its files
LARGEST_MANIFEST = 4 * 2**20  # bytes
LARGEST_BESIDE = 64 * 2**10  # bytes of the manifest that a source system wrote beside a file

# One plain name of a data file. What no package can name, it cannot write: no folder, no "..", no hidden file.
MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\.(?:csv|tsv|txt|xlsx)")

Finger = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


def _printable(text: str) -> str:
    if not text.isprintable():  # it comes to a terminal
        raise ValueError("unprintable")
    return text


Said = Annotated[str, Field(max_length=60), AfterValidator(_printable)]


class Signed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackedFile(Signed):
    """One extract. `rows` is what the source's manifest tells, else counted; None where nobody counted (a workbook)."""

    name: Annotated[str, Field(max_length=120)]
    source: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$", max_length=48)]
    table: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$", max_length=48)]
    as_of: date
    rows: Annotated[int, Field(ge=0)] | None
    size: Annotated[int, Field(ge=0, le=LARGEST_FILE)]  # bytes
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    beside: Annotated[str, Field(max_length=LARGEST_BESIDE)] | None = None  # the manifest beside it, as it was written

    @model_validator(mode="after")
    def _is_a_plain_name(self) -> Self:
        if not MEMBER.fullmatch(self.name):
            raise ValueError("name")
        return self


class Party(Signed):
    name: Said
    key: Finger  # the fingerprint of its public key


class PackageManifest(Signed):
    """One package: the `sequence`-th that this sender's key made for this recipient's key, counted from 1."""

    format: Literal["mimamori-media/1"] = "mimamori-media/1"
    sequence: Annotated[int, Field(ge=1, lt=2**31)]
    sender: Party
    recipient: Party
    medium: Said = ""  # the label of the medium it was written to
    created_at: datetime
    files: Annotated[tuple[PackedFile, ...], Field(min_length=1, max_length=MOST_FILES)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [file.name.casefold() for file in self.files]
        if len(set(names)) < len(names) or sum(file.size for file in self.files) > LARGEST_PACKAGE:
            raise ValueError("files")
        return self

    @property
    def id(self) -> str:
        return package_id(self.sender.key, self.sequence)

    @property
    def rows(self) -> int:
        """Rows of all files, as far as they were counted."""
        return sum(file.rows or 0 for file in self.files)

    def as_bytes(self) -> bytes:
        """What is signed."""
        return self.model_dump_json().encode()


def digest_of(manifest: bytes) -> str:
    """SHA-256, in hex, by which the ledger knows a package again."""
    return hashlib.sha256(manifest).hexdigest()


def parse_manifest(data: bytes) -> PackageManifest:
    """Read a manifest; raises `Refused` naming the fields that are wrong, never what they say."""
    try:
        return PackageManifest.model_validate_json(data)
    except ValidationError as error:
        parts = [
            [str(part) for part in fault["loc"] if re.fullmatch("[a-z0-9_]{1,20}", str(part))]
            for fault in error.errors()
        ]
        told = ", ".join(sorted({".".join(part) for part in parts if part})[:8]) or "JSON"
        raise Refused(
            f"パッケージの目録に受け入れられない記載があります({told})。何も受領していません。",
            f"The package's manifest says what cannot be accepted ({told}).",
        ) from None
