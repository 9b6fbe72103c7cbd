"""Make one package of extract files: signed, then encrypted to the city. Runs at the school, with little installed."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pyrage import EncryptError, encrypt_io, x25519

from mimamori.config import Config
from mimamori.media.container import BLOCK, SIGNED, Packing, opening
from mimamori.media.disk import private_file
from mimamori.media.keyfile import PublicKey
from mimamori.media.ledger import Entry, Ledger, line_of
from mimamori.media.manifest import MEMBER, PackageManifest, PackedFile, Party, digest_of
from mimamori.media.naming import now
from mimamori.media.sending import Sender
from mimamori.refusal import Refused
from mimamori.sources import Registry, Table
from mimamori.sources.files import left_by_systems, place_of
from mimamori.sources.manifest import SUFFIX, text_beside


@dataclass(frozen=True)
class Packed:
    """What was made: the package's manifest, and its line in the sender's ledger."""

    manifest: PackageManifest
    entry: Entry


def pack(
    paths: Sequence[Path],
    *,
    sender: str,
    recipient: PublicKey,
    out: Path,
    config: Config,
    registry: Registry,
    medium: str = "",
    by: str = "",
    new_recipient_key: bool = False,
) -> Packed:
    """Pack these files, and those in these folders, into `out`; the manifest beside a file goes along.

    Raises `Refused`, leaving no file, for an extract nobody can name or that its manifest does not speak of, for a
    sender without a key, and for an `out` that exists.
    """
    origin, ledger = Sender(config, sender), Ledger(config)
    public = origin.ready()
    ledger.entries()  # a ledger that does not hold is found before anything is made
    if out.exists() or not out.parent.is_dir():
        raise Refused(
            f"{out.name}: 書けません。すでにあるか、フォルダーがありません。",
            f"{out.name} exists already, or its folder does not.",
        )
    files = _entries(paths, registry)
    if new_recipient_key:
        origin.forget_recipient(recipient)
    manifest = _manifest(files, origin, public, recipient, medium)
    made = manifest.as_bytes()
    signature = origin.ring.signing_key().sign(SIGNED + bytes.fromhex(public.key) + made)
    source = Packing(opening(bytes.fromhex(public.key), made, signature), files)
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        _encrypt(source, temporary, recipient)
        origin.keep_number(recipient, manifest.sequence)
        temporary.rename(out)
    finally:
        temporary.unlink(missing_ok=True)
    line = line_of(manifest, digest_of(made), action="pack", outcome="packed", by=by)
    return Packed(manifest, ledger.append(line))


def _manifest(
    files: list[tuple[Path, PackedFile]], origin: Sender, public: PublicKey, recipient: PublicKey, medium: str
) -> PackageManifest:
    try:
        return PackageManifest(
            sequence=origin.next_number(recipient),
            sender=Party(name=public.name, key=public.fingerprint),
            recipient=Party(name=recipient.name, key=recipient.fingerprint),
            medium=medium,
            created_at=now(),
            files=tuple(entry for _, entry in files),
        )
    except ValidationError as error:
        wrong = ", ".join(sorted({str(fault["loc"][0]) if fault["loc"] else "files" for fault in error.errors()}))
        raise Refused(
            f"まとめられません({wrong})。ファイルの数・大きさ・同じ名前、媒体ラベルの長さを確かめてください。",
            f"This cannot be packed ({wrong}): look at the files' number, sizes and names, and at the label.",
        ) from None


def _encrypt(source: Packing, path: Path, recipient: PublicKey) -> None:
    try:
        with private_file(path) as file:
            encrypt_io(source, file, [x25519.Recipient.from_str(recipient.key)])
            file.flush()
            os.fsync(file.fileno())
    except (EncryptError, OSError) as error:
        raise (
            source.fault
            if isinstance(source.fault, Refused)
            else Refused(
                "パッケージを書けませんでした。媒体の空きと、ファイルが読めることを確かめてください。",
                "The package could not be written: look whether the medium has room and the files can be read.",
            )
        ) from error


def _entries(paths: Iterable[Path], registry: Registry) -> list[tuple[Path, PackedFile]]:
    """Each file with its entry; a manifest given by itself goes along with its file."""
    found: dict[Path, PackedFile] = {}
    for given in paths:
        if not given.exists():
            raise Refused(f"{given.name}: ファイルがありません。", f"{given.name}: there is no such file.")
        for path in sorted(given.iterdir()) if given.is_dir() else [given]:
            if not path.name.endswith(SUFFIX) and not (given.is_dir() and left_by_systems(path.name)):
                found.setdefault(path.resolve(), _entry(path, registry))
    if not found:
        raise Refused("まとめるファイルがありません。", "There is no file to pack.")
    return list(found.items())


def _entry(path: Path, registry: Registry) -> PackedFile:
    place = place_of(path, registry)
    if place is None or not MEMBER.fullmatch(path.name):
        raise Refused(
            f"{path.name}: 名前は システム.表.年月日8桁.拡張子 とし、送り状があれば一致させてください。",
            f"{path.name}: it must be named source.table.YYYYMMDD.suffix, and as its manifest says.",
        )
    size, sha256 = _measured(path)
    if place.manifest and place.manifest.sha256.lower() != sha256:
        raise Refused(
            f"{path.name}: 送り状のハッシュ値と合いません。書き出し直してください。",
            f"{path.name}: it is not the file its manifest speaks of.",
        )
    try:
        return PackedFile(
            name=path.name,
            source=place.layout.name,
            table=place.table.name,
            as_of=place.as_of,
            rows=place.manifest.rows if place.manifest else _counted(path, place.table),
            size=size,
            sha256=sha256,
            beside=text_beside(path),
        )
    except ValidationError:
        raise Refused(
            f"{path.name}: 名前が長すぎるか、ファイルか送り状が大きすぎます。",
            f"{path.name}: its name is too long, or the file or its manifest too large.",
        ) from None


def _measured(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError:
        raise Refused(
            f"{path.name}: 読めません。開いているソフトを閉じてください。", f"{path.name}: it cannot be read."
        ) from None
    return size, digest.hexdigest()


def _counted(path: Path, table: Table) -> int | None:
    """Rows without the heading, for the ledger alone; None for a workbook and for what is not text of its layout."""
    declared = table.format
    if declared.kind == "xlsx":
        return None
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding=declared.encoding, errors="replace", newline="")
        try:
            if declared.kind == "fixed":
                return sum(1 for line in text if line.strip())
            rows = csv.reader(text, delimiter="\t" if declared.kind == "tsv" else ",")
            return max(sum(1 for row in rows if any(row)) - int(declared.header), 0)
        except (csv.Error, UnicodeError):
            return None
