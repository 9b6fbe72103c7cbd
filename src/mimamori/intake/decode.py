"""From bytes to text: the gate that takes only what a file is declared to be.

CP932 read as another Shift_JIS, or EUC read as CP932, gives wrong names and no error; so the bytes are looked at first.
"""

from __future__ import annotations

import re

from mimamori.refusal import Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ISO_2022 = re.compile(rb"\x1b[$(]")
_NUL_SHARE = 0.1  # text in CP932 or UTF-8 holds hardly a NUL; UTF-16 without a mark is full of them
# What Python's cp932 makes of the bytes 80 A0 FD FE FF, and of no others
_STRAY = frozenset("\x80\uf8f0\uf8f1\uf8f2\uf8f3")


def decode(data: bytes, *, declared: str, name: str) -> str:
    """The text of a file; raises `Refused` naming the file where the bytes are not of the declared encoding."""
    found = _seen(data)
    wanted = "utf-8" if declared.startswith("utf-8") else declared
    if found is not None and found != wanted:
        raise _other(name, declared)
    try:
        text = data.decode({"utf-8": "utf-8-sig", "utf-16": "utf-16"}.get(wanted, wanted))
    except UnicodeDecodeError:
        raise _other(name, declared) from None
    if wanted == "cp932" and stray(text):
        raise _other(name, declared)
    return text


def stray(text: str) -> bool:
    """Whether text decoded as CP932 holds single bytes that are no CP932."""
    return any(character in text for character in _STRAY)


def _seen(data: bytes) -> str | None:
    """What the bytes themselves say; None where only the declaration can tell."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:65536]
    if sample and sample.count(0) / len(sample) > _NUL_SHARE:
        return "utf-16"
    if _ISO_2022.search(sample):
        return "iso-2022-jp"
    if any(byte > 0x7F for byte in sample):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return "utf-8"
    return None


def _other(name: str, declared: str) -> Refused:
    return Refused(
        f"{name}: 文字コードが届け出({declared})と違います。出力の設定を確かめて、もう一度提供してください。",
        f"{name}: the encoding is not the declared {declared}.",
    )
