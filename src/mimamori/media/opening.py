"""Open a package at the city: decrypt, prove sender and recipient, write its files into a private folder."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyrage import DecryptError, decrypt_io, x25519

from mimamori.intake.zips import BadContainer, reading
from mimamori.media.container import DAMAGED, SIGNED, Unpacking
from mimamori.media.keyfile import PublicKey
from mimamori.media.manifest import LARGEST_PACKAGE, PackageManifest, parse_manifest
from mimamori.media.naming import fingerprint, spoken
from mimamori.media.senders import KnownSender
from mimamori.refusal import Refused

LARGEST_WORKBOOK = 2 * 2**30  # bytes once it is unzipped
AGE = b"age-encryption.org/v1\n"


def city_key(name: str, identity: x25519.Identity) -> PublicKey:
    """The public key that goes with this identity."""
    return PublicKey.of("city", name, str(identity.to_public()))


def open_package(
    package: Path,
    folder: Path,
    *,
    identity: x25519.Identity,
    senders: Mapping[str, KnownSender],
    check: Callable[[PackageManifest, bytes], None] = lambda manifest, signed: None,
) -> PackageManifest:
    """Decrypt `package` as a stream and write its files into `folder`.

    `check` is asked once signature, sender and recipient are proven and before the first file is written; it raises
    `Refused` to end it. Raises `Refused` for whatever is not whole, not ours, or of nobody we know.
    """
    here = city_key("-", identity).fingerprint

    def accept(public: bytes, signed: bytes, signature: bytes) -> PackageManifest:
        manifest = _proven(public, signed, signature, senders, here)
        _room(manifest, folder)
        check(manifest, signed)
        return manifest

    sink = Unpacking(folder, accept)
    try:
        _decrypt(package, sink, identity)
        manifest = sink.finish()
    finally:
        sink.close()
    for file in manifest.files:
        if file.name.endswith(".xlsx"):
            _not_swollen(folder / file.name)
    return manifest


def _decrypt(package: Path, sink: Unpacking, identity: x25519.Identity) -> None:
    try:
        with package.open("rb") as source:
            if source.read(len(AGE)) != AGE:
                raise Refused(
                    f"{package.name}: 媒体用のパッケージではありません。何も受領していません。",
                    f"{package.name}: this is not a package. Nothing was received.",
                )
            source.seek(0)
            decrypt_io(source, sink, [identity])
    except DecryptError:
        raise Refused(
            "この市の鍵では開けません。別の市あてか、壊れたパッケージです。何も受領していません。",
            "It does not open with this city's key: it is for another city, or damaged. Nothing was received.",
        ) from None
    except OSError as error:
        if error.errno is None:  # age's own: a block that does not decrypt, or an end before the last one
            raise DAMAGED from None
        raise Refused(
            "媒体が読めないか、保存先に書けません。何も受領していません。媒体と空き容量を確かめてください。",
            "The medium cannot be read, or the disk not written. Nothing was received.",
        ) from None


def _proven(
    public: bytes, signed: bytes, signature: bytes, senders: Mapping[str, KnownSender], here: str
) -> PackageManifest:
    """The manifest, where a sender we know signed it and meant us."""
    finger = fingerprint("sender", public)
    sender = senders.get(finger)
    if sender is None:
        raise Refused(
            f"登録のない送り手です(指紋 {spoken(finger)})。何も受領していません。"
            "送り手を確かめ、`mimamori media trust` で登録してください。",
            f"The sender is not registered (fingerprint {spoken(finger)}). Nothing was received; once you know who it "
            "is, register them with `mimamori media trust`.",
        )
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, SIGNED + public + signed)
    except (InvalidSignature, ValueError):
        raise Refused(
            f"「{sender.name}」の署名が正しくありません。何も受領していません。送り手に確かめてください。",
            f"The signature of {sender.name} does not hold. Nothing was received; ask the sender.",
        ) from None
    manifest = parse_manifest(signed)
    if (manifest.sender.key, manifest.sender.name) != (finger, sender.name):
        raise Refused(
            f"目録の送り手が、署名した「{sender.name}」と違います。何も受領していません。",
            f"The manifest names another sender than {sender.name}, who signed it. Nothing was received.",
        )
    if manifest.recipient.key != here:
        raise Refused(
            "別の市あてのパッケージです。何も受領していません。送り手に返してください。",
            "The package is for another city. Nothing was received; return it to the sender.",
        )
    if strange := sorted({file.source for file in manifest.files} - set(sender.sources)):
        raise Refused(
            f"「{sender.name}」は {'、'.join(strange)} を送る送り手として登録されていません。何も受領していません。",
            f"{sender.name} is not registered to send {', '.join(strange)}. Nothing was received.",
        )
    return manifest


def _room(manifest: PackageManifest, folder: Path) -> None:
    """The files once as they come, and again as they are stored."""
    needed = sum(file.size for file in manifest.files)
    if needed > LARGEST_PACKAGE or 2 * needed > shutil.disk_usage(folder).free:
        raise Refused(
            f"空き容量が足りません。{2 * needed:,} バイト以上空けてからやり直してください。何も受領していません。",
            f"There is no room for {2 * needed:,} bytes. Nothing was received.",
        )


def _not_swollen(path: Path) -> None:
    """A workbook is a ZIP: refused where it would grow beyond all measure. Whether it is one at all, intake tells."""
    try:
        with reading():
            book = zipfile.ZipFile(path)
    except BadContainer:
        return
    with book:
        grown = sum(part.file_size for part in book.infolist())
    if grown > LARGEST_WORKBOOK:
        raise Refused(
            f"{path.name}: 展開すると {grown:,} バイトになるため開きません。何も受領していません。",
            f"{path.name}: it would grow to {grown:,} bytes. Nothing was received.",
        )
