"""Names in Latin letters as passports write them: no accents, no ligatures, no apostrophes (ICAO Doc 9303, part 3).

O’BRIEN = O'BRIEN = OBRIEN, NGUYỄN = NGUYEN, BJØRN = BJORN. Ü is U: MÜLLER and MUELLER stay two spellings, for YUE and
YU are two people.
"""

from __future__ import annotations

import re
import unicodedata

from mimamori.text.nothing import INVISIBLE

# Whatever an input method, a word processor or a typist takes for an apostrophe; NFKC would make a blank of ´.
_SIGNS = re.compile(f"[{INVISIBLE}'’‘‛ʼʻʽʹˈ´`′‵＇｀՚]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = re.compile("[\u00c0-\u036f\u1e00-\u1eff]")  # Latin beyond ASCII
_NO_ACCENT = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS", "Ħ": "H", "Ŧ": "T", "Ŋ": "N"}
    | {"Ɓ": "B", "Ɗ": "D", "Ƙ": "K", "Ɛ": "E", "Ɔ": "O", "Ə": "A"}
)


def without_signs(text: str) -> str:
    """Without apostrophes and characters that nobody sees."""
    return _SIGNS.sub("", text)


def plain_letters(text: str) -> str:
    """Capitals without accents and ligatures; other scripts stay as they are."""
    if not _LETTERS.search(text):
        return text
    apart = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", apart).translate(_NO_ACCENT)
