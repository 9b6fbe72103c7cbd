"""Readings of Japanese words written in Latin letters: Hepburn, Kunrei and how passports leave long vowels out.

For search only: what was typed is compared with readings that the register has, by `kana.kana_key`, in which long
vowels are one with short ones (OHNO = Ono = オオノ). No reading is made for anybody who has none.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

_VOWELS = "AIUEO"
_ROWS = {
    "": "アイウエオ", "K": "カキクケコ", "S": "サシスセソ", "T": "タチツテト", "N": "ナニヌネノ", "H": "ハヒフヘホ",
    "M": "マミムメモ", "R": "ラリルレロ", "G": "ガギグゲゴ", "Z": "ザジズゼゾ", "D": "ダヂヅデド", "B": "バビブベボ",
    "P": "パピプペポ",
}  # fmt: skip
_GLIDES = {
    "K": "キ", "G": "ギ", "S": "シ", "Z": "ジ", "J": "ジ", "T": "チ", "C": "チ", "D": "ヂ", "N": "ニ", "H": "ヒ",
    "B": "ビ", "P": "ピ", "M": "ミ", "R": "リ",
}  # fmt: skip
_SMALL = {"A": "ャ", "U": "ュ", "O": "ョ", "E": "ェ", "I": "ィ"}
_SYLLABLES = {
    **{consonant + vowel: kana for consonant, row in _ROWS.items() for vowel, kana in zip(_VOWELS, row, strict=True)},
    **{f"{consonant}Y{vowel}": kana + _SMALL[vowel] for consonant, kana in _GLIDES.items() for vowel in "AUO"},
    **{f"SH{vowel}": "シ" + _SMALL[vowel] for vowel in "AUOE"},
    **{f"CH{vowel}": "チ" + _SMALL[vowel] for vowel in "AUOE"},
    **{f"J{vowel}": "ジ" + _SMALL[vowel] for vowel in "AUOE"},
    **{f"F{vowel}": f"フ{kana}" for vowel, kana in zip("AIEO", "ァィェォ", strict=True)},
    **{f"V{vowel}": f"ヴ{kana}" for vowel, kana in zip("AIEO", "ァィェォ", strict=True)},
    **{"SHI": "シ", "CHI": "チ", "TSU": "ツ", "JI": "ジ", "FU": "フ", "VU": "ヴ"},
    **{"YA": "ヤ", "YU": "ユ", "YO": "ヨ", "WA": "ワ", "WI": "ウィ", "WE": "ウェ", "WO": "ヲ"},
}
_DOUBLED = re.compile(r"([KSTCHFMRGZJDBPVYW])(?=\1)|T(?=CH)")
_LONG_H = re.compile("(?<=[AIUEO])H(?![AIUEOY])")  # SATOH, OHNO
_LONG_SIGN = re.compile("(?<=[AIUEO])-")
_BEFORE_LIPS = re.compile("M(?=[BPM])")  # HOMMA, NAMBA
_APOSTROPHES = re.compile("['’‘`´]")
_LENGTH = re.compile("[\u0304\u0302]")  # ō, ô
MOST_DOUBTS = 2  # an N before a vowel begins a syllable or ends one (SHINICHI); more than so many are not all tried


def readings_of(word: str) -> tuple[str, ...]:
    """Katakana that a word in Latin letters can stand for, the likelier first; empty where it is no Japanese."""
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("'", word)).upper()
    text = unicodedata.normalize("NFC", _LENGTH.sub("", unicodedata.normalize("NFD", text)))
    if not re.fullmatch("[A-Z'-]*[AIUEOYN][A-Z'-]*", text):
        return ()
    text = _LONG_SIGN.sub("", _LONG_H.sub("", text))
    first, *rest = re.split("(?<=[AIUEO])N(?=[AIUEO])", text)
    if len(rest) > MOST_DOUBTS:
        return tuple(filter(None, [_katakana(text)]))
    ways = (
        "".join([first, *(way + part for way, part in zip(chosen, rest, strict=True))])
        for chosen in product(("N", "N'"), repeat=len(rest))
    )
    return tuple(dict.fromkeys(kana for way in ways if (kana := _katakana(way))))


def _katakana(text: str) -> str:
    """The reading of letters in which every doubtful N is told; empty where a letter is of no syllable."""
    text = _DOUBLED.sub("ッ", _BEFORE_LIPS.sub("N", text))
    made: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in "ッ-":
            made.append(text[at].removesuffix("-"))
            at += 1
            continue
        size = next((size for size in (3, 2, 1) if text[at : at + size] in _SYLLABLES), 0)
        if size:
            made.append(_SYLLABLES[text[at : at + size]])
            at += size
        elif text[at] == "N":
            made.append("ン")
            at += 2 if text[at + 1 : at + 2] == "'" else 1
        else:
            return ""
    return "".join(made)
