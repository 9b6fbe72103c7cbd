"""The bytes inside the encryption: mark, sender's public key, manifest, signature, then the files one after another.

| bytes | what |
| --- | --- |
| 17 | `mimamori-media/1` and a line end |
| 32 | the sender's Ed25519 public key |
| 4 | length of the manifest, big-endian |
| n | the manifest (JSON, UTF-8) |
| 64 | Ed25519 signature over `SIGNED`, the public key and the manifest |
| … | the files' bytes in the manifest's order and with its sizes, no byte more |

Names, sizes and hashes are the manifest's, so the signature covers everything, and a file is written nowhere but under
a name that passed it. Both directions stream: no file is ever whole in memory.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from mimamori.media.manifest import LARGEST_MANIFEST, PackageManifest, PackedFile
from mimamori.refusal import Refused
from mimamori.sources.manifest import SUFFIX

MARK = b"mimamori-media/1\n"
SIGNED = b"mimamori media package, signed\n"  # a signature for this use is one for no other
PUBLIC, LENGTH, SIGNATURE = 32, 4, 64
BLOCK = 2**20

DAMAGED = Refused(
    "パッケージが壊れているか、途中で切れています。何も受領していません。送り手に作り直しを依頼してください。",
    "The package is damaged or cut off. Nothing was received; ask the sender for a new one.",
)


def opening(public: bytes, manifest: bytes, signature: bytes) -> bytes:
    """All that stands before the files."""
    return MARK + public + len(manifest).to_bytes(LENGTH, "big") + manifest + signature


class Packing:
    """A reader over the opening and the files; raises `Refused` where a file is not what its entry says any more."""

    def __init__(self, start: bytes, files: list[tuple[Path, PackedFile]]) -> None:
        self.fault: Exception | None = None  # what ended it: age's own error says no more than that something did
        self._blocks = self._stream(start, files)
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            try:
                self._left = next(self._blocks, b"")
            except (Refused, OSError) as error:
                self.fault = error
                raise
        size = len(self._left) if size < 0 else size
        block, self._left = self._left[:size], self._left[size:]
        return block

    @staticmethod
    def _stream(start: bytes, files: list[tuple[Path, PackedFile]]) -> Iterator[bytes]:
        yield start
        for path, entry in files:
            digest = hashlib.sha256()
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    digest.update(block)
                    yield block
            if digest.hexdigest() != entry.sha256:
                raise Refused(
                    f"{path.name}: まとめている間に内容が変わりました。やり直してください。",
                    f"{path.name}: its content changed while it was packed.",
                )


class Unpacking:
    """A writer that decrypted bytes run into: proves the opening before it writes the first file into `folder`.

    `accept(public, manifest, signature)` returns the manifest once it is proven, or raises `Refused`.
    """

    def __init__(self, folder: Path, accept: Callable[[bytes, bytes, bytes], PackageManifest]) -> None:
        self.folder = folder
        self.manifest: PackageManifest | None = None
        self._accept = accept
        self._start = bytearray()
        self._waiting: Iterator[PackedFile] = iter(())
        self._entry: PackedFile | None = None
        self._file: BinaryIO | None = None
        self._left = 0
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        if self.manifest is None:
            self._start += data
            rest = self._open()
        else:
            rest = data
        while self.manifest is not None and rest:
            if self._file is None:  # more bytes than the manifest tells of
                raise DAMAGED
            part, rest = rest[: self._left], rest[self._left :]
            self._file.write(part)
            self._digest.update(part)
            self._left -= len(part)
            if not self._left:
                self._finish()
                self._next()
        return len(data)

    def flush(self) -> None:
        """Nothing waits: a file is closed as soon as it is whole."""

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def finish(self) -> PackageManifest:
        """The manifest, once every byte of every file has come; raises `Refused` before."""
        if self.manifest is None or self._entry is not None:
            raise DAMAGED
        return self.manifest

    def _open(self) -> bytes:
        """Once the whole opening is there: prove it; returns what came after it."""
        start = bytes(self._start[: len(MARK) + PUBLIC + LENGTH])
        if not start.startswith(MARK[: len(start)]):
            raise DAMAGED
        if len(start) < len(MARK) + PUBLIC + LENGTH:
            return b""
        length = int.from_bytes(start[-LENGTH:], "big")
        if length > LARGEST_MANIFEST:
            raise DAMAGED
        end = len(start) + length
        if len(self._start) < end + SIGNATURE:
            return b""
        public = start[len(MARK) : -LENGTH]
        manifest, signature = bytes(self._start[len(start) : end]), bytes(self._start[end : end + SIGNATURE])
        self.manifest = self._accept(public, manifest, signature)
        rest = bytes(self._start[end + SIGNATURE :])
        self._start.clear()
        self._waiting = iter(self.manifest.files)
        self._next()
        return rest

    def _next(self) -> None:
        """Begin the next file; those without bytes are whole at once."""
        for entry in self._waiting:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            self._file = os.fdopen(os.open(self.folder / entry.name, flags, 0o600), "wb")
            self._entry, self._left, self._digest = entry, entry.size, hashlib.sha256()
            if self._left:
                return
            self._finish()

    def _finish(self) -> None:
        """Close the file that is whole, and put beside it what the source's manifest said."""
        assert self._entry is not None
        assert self._file is not None
        self._file.close()
        entry, self._entry, self._file = self._entry, None, None
        if self._digest.hexdigest() != entry.sha256:
            raise DAMAGED
        if entry.beside is not None:
            (self.folder / f"{entry.name}{SUFFIX}").write_bytes(entry.beside.encode())
