"""Names for comparing: one folded form, its two parts, and what is no name at all."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from mimamori.text.kana import fold_kana
from mimamori.text.kanji import WILDCARD, fold_kanji

__all__ = ["WILDCARD", "NameParts", "fold_kanji", "fold_name", "kana_parts", "name_parts", "roman_key"]

# Written where no name is known: no evidence for anything. Hiragana is folded before this is asked.
_NO_NAME = re.compile(
    r"|[-ー―*.0〓]+|(氏名|名前|本名)?(不明|不詳|未詳|未定|未命名|未記入|(記載|記入)?(ナシ|無シ)|未登録|非公開|匿名)|名無シ"
    r"|フメイ|フショウ|ミテイ|N/?A|NULL|NONE|UNKNOWN|X+|〓+"
)
_SEPARATORS = re.compile(r"[\s・･,，、.．=]+")
_PATTERN_SIGNS = str.maketrans("", "", "%_\\")  # they mean something to LIKE and are in no name
# Katakana that stand inside kanji names and are written small or large at will: 龍ヶ江, 龍ケ江.
_INNER_KANA = str.maketrans("ヶヵ", "ケカ")
_HIRAGANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})


class NameParts(NamedTuple):
    """A folded name: `whole` without blanks, and its parts where a blank tells them apart (else None)."""

    whole: str | None
    family: str | None
    given: str | None


NOTHING = NameParts(None, None, None)


def fold_name(text: str) -> str:
    """The comparison form of a whole name, without blanks; empty where the text is no name (不明, －, …)."""
    return name_parts(text).whole or ""


def name_parts(text: str) -> NameParts:
    """Fold a name as written (kanji, kana or letters) and part it at its first blank."""
    folded = fold_kanji(fold_kanji(text).upper()).translate(_HIRAGANA).translate(_INNER_KANA).translate(_PATTERN_SIGNS)
    return _parts(_SEPARATORS.split(folded))


def kana_parts(text: str) -> NameParts:
    """Fold a reading and part it at its first blank."""
    return _parts(fold_kana(text).translate(_PATTERN_SIGNS).split(" "))


def roman_key(text: str) -> str:
    """A name in letters whatever the order of its parts: NGUYEN VAN AN = An Nguyen Van; empty without letters."""
    letters = re.sub(r"[^A-Z ]+", " ", fold_kanji(text).upper())
    return "".join(sorted(letters.split()))


def _parts(words: list[str]) -> NameParts:
    words = [word for word in words if word]
    whole = _named("".join(words))
    if whole is None or len(words) == 1:
        return NameParts(whole, None, None)
    return NameParts(whole, _named(words[0]), _named("".join(words[1:])))


def _named(text: str) -> str | None:
    text = unicodedata.normalize("NFKC", text)  # marks that a blank kept apart may now join their letter
    return None if _NO_NAME.fullmatch(text) else text
