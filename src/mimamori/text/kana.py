"""Kana: one comparison form for every way a reading is typed, and a coarser key for blocking and search.

The key follows the search rules of the residents' register standard (住民記録標準仕様書 1.0, 2.1.2): 濁点, 半濁点,
small letters, long vowels and オ/ヲ are one. It merges too much on purpose (コウイチ = コイチ): block and search on it,
compare on `fold_kana`.
"""

from __future__ import annotations

import re
import unicodedata

import jaconv

from mimamori.text.letters import without_signs

# A mark typed as a character of its own becomes a combining mark, so that NFKC joins it to its letter.
_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
_SPACE_BEFORE_MARK = re.compile("\\s+(?=[\u3099\u309a])")
_DASHES = str.maketrans(dict.fromkeys("-‐‑‒–—―−─━ｰ~〜", "ー"))  # every dash that is typed for ー
_ONE_BETWEEN_KANA = re.compile("(?<=[ァ-ヺー])一(?=[ァ-ヺー]|$)")
_SEPARATORS = re.compile(r"[\s・·‧•∙⋅,、.=゠]+")

ROWS = {  # vowel → letters that end in it (small and voiced letters are folded before this is asked)
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレ",
    "オ": "オコソトノホモヨロ",
}
_VOWEL = {letter: vowel for vowel, letters in ROWS.items() for letter in letters}
_V_SOUNDS = str.maketrans({"ヴ": "ブ", "ヷ": "バ", "ヸ": "ビ", "ヹ": "ベ", "ヺ": "ボ"})
_V_FIRST = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴュ": "ビュ"}
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_SAME_SOUND = str.maketrans("ヂヅヲヰヱ", "ジズオイエ")
_VOICED = re.compile("[\u3099\u309a]")
_REPEATED = re.compile("[ヽヾ]")


def fold_kana(text: str) -> str:
    """The comparison form: full-width katakana, marks joined, every dash ー, parts of a name split by one blank.

    Idempotent. What is not kana is kept (NFKC, upper case).
    """
    if not text:
        return ""
    text = unicodedata.normalize("NFKC", _SPACE_BEFORE_MARK.sub("", without_signs(text).translate(_MARKS)))
    text = unicodedata.normalize("NFKC", text.upper())  # a capital may come apart and be joined again
    text = jaconv.hira2kata(text).translate(_DASHES)
    if _REPEATED.search(text):
        text = _written_out(text)
    text = _VOICED.sub("", text)  # a mark that no letter takes is a slip
    text = _ONE_BETWEEN_KANA.sub("ー", text)
    return _SEPARATORS.sub(" ", text).strip()


def kana_key(text: str) -> str:
    """The blocking and search key: `fold_kana` without blanks, marks, small letters, long vowels and ヂヅヲヰヱ."""
    text = fold_kana(fold_kana(text).replace(" ", ""))  # a blank that goes may join a mark to its letter
    for pair, plain in _V_FIRST.items():
        text = text.replace(pair, plain)
    text = text.translate(_V_SOUNDS).translate(_SMALL).translate(_SAME_SOUND)
    text = _VOICED.sub("", unicodedata.normalize("NFD", text))
    kept: list[str] = []
    for char in text:
        if char == "ー" or (kept and _lengthens(char, kept[-1])):
            continue
        kept.append(char)
    return "".join(kept)


def _lengthens(char: str, before: str) -> bool:
    """Whether the vowel `char` only makes the letter before it long (ノオ, ノウ; ニイ)."""
    vowel = _VOWEL.get(before)
    return vowel is not None and (char == vowel or (char == "ウ" and vowel == "オ"))


def _written_out(text: str) -> str:
    """ミスヾ → ミスズ: ヽ repeats the letter before it, ヾ repeats it voiced."""
    out: list[str] = []
    for char in text:
        if char in "ヽヾ" and out and not out[-1].isspace():
            plain = unicodedata.normalize("NFD", out[-1])[0]
            out.append(unicodedata.normalize("NFC", plain + ("\u3099" if char == "ヾ" else "")))
        else:
            out.append(char)
    return "".join(out)
