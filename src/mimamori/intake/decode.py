"""From bytes to text: the gate that takes only what a file is declared to be.

CP932 read as another Shift_JIS, or EUC read as CP932, gives wrong names and no error; so the bytes are looked at first,
all of them, once.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mimamori.refusal import Refused

PIECE = 1 * 1024 * 1024  # bytes read at once
SAMPLE = 65536  # bytes from the start by which an encoding shows itself
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ISO_2022 = re.compile(rb"\x1b[$(]")
_NUL_SHARE = 0.1  # text in CP932 or UTF-8 holds hardly a NUL; UTF-16 without a mark is full of them
# What Python's cp932 makes of the bytes 80 A0 FD FE FF, and of no others
_STRAY = frozenset("\x80\uf8f0\uf8f1\uf8f2\uf8f3")


@dataclass(frozen=True)
class Looked:
    """What one look through a file's bytes tells. `seen`: the encoding they show; None: only a declaration can tell."""

    size: int
    sha256: str
    seen: str | None
    marked: bool = False  # begins with a byte order mark


def look(path: Path) -> Looked:
    """Hash a file and see what encoding its bytes show; raises `Refused` where it cannot be read."""
    digest, size, first, high = hashlib.sha256(), 0, b"", False
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces(path):
        size += len(piece)
        first += piece[: SAMPLE - len(first)]
        digest.update(piece)
        high = high or not piece.isascii()
        utf8 = utf8 if utf8 and _goes_on(utf8, piece) else None
    whole_utf8 = high and utf8 is not None and _goes_on(utf8, b"", final=True)
    marked = any(first.startswith(mark) for mark, _ in _BOMS)
    return Looked(size, digest.hexdigest(), _seen(first, whole_utf8=whole_utf8), marked)


def pieces(path: Path) -> Iterator[bytes]:
    """A file's bytes, some at a time."""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError:
        raise Refused(
            f"{path.name}: 読めません。権限を確かめてください。", f"{path.name}: the file cannot be read."
        ) from None


def text_of(path: Path, looked: Looked, *, declared: str) -> Iterator[str]:
    """A file's text, some at a time; raises `Refused` naming it where the bytes are not of the declared encoding."""
    wanted = "utf-8" if declared.startswith("utf-8") else declared
    if looked.seen is not None and looked.seen != wanted:
        raise _other(path.name, declared)
    unmarked = {"utf-8": "utf-8", "utf-16": "utf-16-le"}
    marked = {"utf-8": "utf-8-sig", "utf-16": "utf-16"}
    decoder = codecs.getincrementaldecoder((marked if looked.marked else unmarked).get(wanted, wanted))()
    try:
        for piece in pieces(path):
            yield _plain(decoder.decode(piece), path.name, declared)
        yield _plain(decoder.decode(b"", final=True), path.name, declared)
    except UnicodeDecodeError:
        raise _other(path.name, declared) from None


def stray(text: str) -> bool:
    """Whether text decoded as CP932 holds single bytes that are no CP932."""
    return any(character in text for character in _STRAY)


def _plain(text: str, name: str, declared: str) -> str:
    if declared == "cp932" and stray(text):
        raise _other(name, declared)
    return text.replace("\x00", "")


def _goes_on(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _seen(sample: bytes, *, whole_utf8: bool) -> str | None:
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if sample and sample.count(0) / len(sample) > _NUL_SHARE:
        return "utf-16"
    if sample.isascii() and _ISO_2022.search(sample):  # it writes with seven bits
        return "iso-2022-jp"
    return "utf-8" if whole_utf8 else None


def _other(name: str, declared: str) -> Refused:
    return Refused(
        f"{name}: 文字コードが届け出({declared})と違います。出力の設定を確かめて、もう一度提供してください。",
        f"{name}: the encoding is not the declared {declared}.",
    )
