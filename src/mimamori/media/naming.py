"""Names and fingerprints: what people read aloud on the telephone and write on a label."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta, timezone

from mimamori.refusal import Refused

TOKYO = timezone(timedelta(hours=9))  # a school's machine may have no table of time zones
LONGEST_NAME = 60
FINGERPRINT = re.compile(r"[0-9a-f]{32}")


def now() -> datetime:
    return datetime.now(TOKYO).replace(microsecond=0)


def checked_name(text: str) -> str:
    """A sender's or a city's name in NFC, blanks at its ends gone; raises `Refused` for none, or an unprintable one."""
    name = unicodedata.normalize("NFC", text).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(
            f"名前は 1~{LONGEST_NAME} 文字で、改行などの制御文字を含めずに指定してください。",
            f"A name has 1 to {LONGEST_NAME} characters, all of them printable.",
        )
    return name


def fingerprint(kind: str, public: bytes) -> str:
    """128 bits of SHA-256 over the kind of key and its public bytes, in hex: nobody makes another key that has them."""
    return hashlib.sha256(f"mimamori {kind} key\n".encode() + public).hexdigest()[:32]


def spoken(finger: str) -> str:
    """A fingerprint in groups of four, as it is read aloud."""
    return " ".join(finger[place : place + 4] for place in range(0, len(finger), 4))


def heard(text: str) -> str:
    """A fingerprint as somebody typed it: blanks, dashes, case and full width aside; raises `Refused` for another."""
    finger = re.sub(r"[\s\-:]", "", unicodedata.normalize("NFKC", text)).lower()
    if not FINGERPRINT.fullmatch(finger):
        raise Refused(
            "指紋は 4 桁ずつ 8 組の英数字(0~9、a~f)で指定してください。",
            "A fingerprint is eight groups of four digits 0-9 a-f.",
        )
    return finger


def package_id(sender_key: str, sequence: int) -> str:
    """What is written on the medium's label: who, by the fingerprint's first eight digits, and which of theirs."""
    return f"{sender_key[:8]}-{sequence:04d}"
