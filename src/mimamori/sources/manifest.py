"""The manifest beside a file (送り状): which source, table and day it is, how many rows, and the hash of its bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mimamori.refusal import Refused

SUFFIX = ".manifest.json"  # behind the name of the file it speaks of


class Manifest(BaseModel):
    """What the sender says of one file; further keys (created_at) are for people."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    source: str
    table: str
    as_of: date
    rows: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]
    layout_version: str | None = None
    kind: Literal["full", "difference"] | None = None
    sequence: Annotated[int, Field(ge=1, lt=2**31)] | None = None  # the order of files of one table and day


def manifest_beside(path: Path) -> Manifest | None:
    """The manifest of the file at `path`, None where it has none; raises `Refused` where it cannot be read."""
    text, name = text_beside(path), path.name + SUFFIX
    if text is None:
        return None
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})) or "JSON"
        raise Refused(
            f"{name}: 送り状が読めません({wrong})。作り直して、もう一度提供してください。",
            f"{name}: the manifest cannot be read ({wrong}).",
        ) from None


def text_beside(path: Path) -> str | None:
    """What its manifest says, as it was written; None where it has none."""
    beside = path.with_name(path.name + SUFFIX)
    if not beside.exists():
        return None
    try:
        return beside.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{beside.name}: 送り状が読めません。", f"{beside.name}: the manifest cannot be read.") from None
