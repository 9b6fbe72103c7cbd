"""Names for comparing: one folded form, its two parts, and what is no name at all."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from mimamori.text.kana import fold_kana
from mimamori.text.kanji import WILDCARD, fold_kanji
from mimamori.text.letters import plain_letters, without_signs
from mimamori.text.nothing import HIRAGANA, folded_says_nothing, says_nothing

__all__ = [
    "ALONE_NO_NAME",
    "WILDCARD",
    "NameParts",
    "fold_kanji",
    "fold_name",
    "fold_word",
    "kana_parts",
    "name_parts",
    "roman_key",
]

# No name where it is all that is written, though it may be a part of one (NGUYEN NA). Folded.
ALONE_NO_NAME = frozenset(
    {"NA", "NAN", "NIL", "X", "BABY", "INFANT", "ANONYMOUS"}
    | {"本人", "保護者", "世帯主", "父", "母", "父親", "母親", "両親", "父母", "祖父", "祖母"}
)
# What stands for a name not known or not given yet, beside what is nothing in every column (`says_nothing`).
_NO_NAME = re.compile("[0-9ー-]*|〓+|氏名|新生児|乳児|胎児|赤チャン|アカチャン|ベビー|男児|女児")
_SEPARATORS = re.compile(r"[\s・･·‧•∙⋅,，、.．=＝゠]+")
_PATTERN_SIGNS = str.maketrans("", "", "%_\\")  # they mean something to LIKE and are in no name
# Katakana that stand inside kanji names and are written small or large at will: 龍ヶ江, 龍ケ江.
_INNER_KANA = str.maketrans("ヶヵ", "ケカ")
_FOLDED = HIRAGANA | _INNER_KANA | _PATTERN_SIGNS
_LETTER = re.compile("[A-Za-z\u00c0-\u1fff]")
_DASH = "[-‐‑‒–—―−─━ー]"
_DASHES = re.compile(_DASH)
_LONG_VOWEL = re.compile(rf"(?<=[ァ-ヺー]){_DASH}+")
_BETWEEN_LETTERS = re.compile(rf"(?<=[A-Z]){_DASH}+(?=[A-Z])")
_OTHER_DASH = re.compile("[‐‑‒–—―−─━]")
_REMARK = re.compile(r"[(\[].*?[)\]]")


class NameParts(NamedTuple):
    """A folded name: `whole` without blanks, and its parts where a blank tells them apart (else None).

    A part that is written and says nothing (高橋 不明) is None, and the whole goes without it.
    """

    whole: str | None
    family: str | None
    given: str | None


NOTHING = NameParts(None, None, None)


def fold_name(text: str) -> str:
    """The comparison form of a whole name, without blanks; empty where the text is no name (不明, －, …)."""
    return name_parts(text).whole or ""


def fold_word(text: str) -> str:
    """The comparison form of one part of a name; empty where it stands for one that is not known."""
    text = fold_kanji(_joined(without_signs(text)))
    if not text.isalnum() or _LETTER.search(text):  # a name of letters, or with signs in it
        text = plain_letters(_joined(without_signs(fold_kanji(text.upper()))))
    text = text.translate(_FOLDED)
    if _DASHES.search(text):
        text = _OTHER_DASH.sub("-", _BETWEEN_LETTERS.sub("", _LONG_VOWEL.sub(lambda found: "ー" * len(found[0]), text)))
    return _named(text)


def name_parts(text: str) -> NameParts:
    """Fold a name as written (kanji, kana or letters) and part it at its first blank."""
    words = [word for word in _SEPARATORS.split(without_signs(text)) if word]
    if len(words) < 2:
        return _parts(fold_word("".join(words)))
    if says_nothing("".join(words)):  # 不　明, set wide
        return NOTHING
    family, given = fold_word(words[0]), fold_word("".join(words[1:]))
    return _parts(fold_word(family + given), family, given)


def kana_parts(text: str) -> NameParts:
    """Fold a reading and part it at its first blank."""
    words = fold_kana(text).translate(_PATTERN_SIGNS).split()
    whole = _named("".join(words))
    if len(words) < 2 or not whole:
        return _parts(whole)
    family, given = _named(words[0]), _named("".join(words[1:]))
    return _parts(whole if family and given else family + given, family, given)


def roman_key(text: str) -> str:
    """A name in letters whatever the order of its parts: NGUYEN VAN AN = An Nguyen Van.

    Empty where anything of the name is in another script: what letters remain (鈴木 A子) are shared by many.
    """
    text = _REMARK.sub(" ", fold_kanji(without_signs(text)).upper())
    text = re.sub(_DASH, " ", without_signs(plain_letters(text)))
    key = "".join(sorted(re.findall("[A-Z]+", text)))
    alien = any(sign.isalpha() and not sign.isascii() for sign in text)
    return "" if alien or len(key) < 2 or key in ALONE_NO_NAME or says_nothing(text) else key


def _parts(whole: str, family: str = "", given: str = "") -> NameParts:
    return NOTHING if not whole or whole in ALONE_NO_NAME else NameParts(whole, family or None, given or None)


def _joined(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _named(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)  # marks that a blank kept apart may now join their letter
    return "" if _NO_NAME.fullmatch(text) or folded_says_nothing(text) else text
