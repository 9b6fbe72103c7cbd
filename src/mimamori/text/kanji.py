"""Kanji variants (髙/高, 﨑/崎, 邊/辺) folded to one form, for comparing only.

The map is `kanji_fold.tsv`, one character to one character (origin and licence: NOTICE). It is directed: 孝/考 and
明/朋, which a union of all published variants would merge, stay apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

WILDCARD = "〓"  # stands for one character that was lost on the way; equal to any one character

# Variation selectors say how a character is drawn, not which it is.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Private use (外字 without a common code), the geta mark, replacement marks and a literal question mark.
_LOST = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd〓?\ufffd□■]")
_REPEATED = re.compile("[々〻]")


@cache
def _fold_map() -> dict[int, str]:
    rows = (files("mimamori.text") / "kanji_fold.tsv").read_text(encoding="utf-8").splitlines()
    return {ord(source): target for source, target in (row.split("\t") for row in rows)}


def fold_kanji(text: str) -> str:
    """The comparison form: selectors stripped, NFKC, 々 〻 written out, variants folded, lost characters as `WILDCARD`.

    Idempotent. Length in characters is kept but for NFKC and selectors.
    """
    if text.isascii() and "?" not in text:
        return text
    text = unicodedata.normalize("NFKC", _SELECTORS.sub("", text))
    text = _LOST.sub(WILDCARD, text)
    if _REPEATED.search(text):
        text = _written_out(text)
    return text.translate(_fold_map())


def _written_out(text: str) -> str:
    """佐々木 → 佐佐木. A mark repeats the character before it; one without such a character stays."""
    out: list[str] = []
    for char in text:
        repeats = _REPEATED.fullmatch(char) and out and not out[-1].isspace()
        out.append(out[-1] if repeats else char)
    return "".join(out)
