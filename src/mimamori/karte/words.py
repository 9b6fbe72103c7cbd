"""One word of a search as names, readings and places are kept, and what of a child it fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mimamori.karte.query import LOST, Query
from mimamori.text.address import address_parts
from mimamori.text.kana import kana_key
from mimamori.text.kanji import fold_kanji
from mimamori.text.names import fold_name
from mimamori.text.romaji import readings_of

_KANA = re.compile(r"[ぁ-ゖァ-ヺー・ヽヾゝゞ゛゜]+")
NAMES = ("name", "former_name", "alias", "roman")  # the names of a child that a hit shows


class Pattern(NamedTuple):
    """A regular expression of a whole name or a part of one: what of it is certain, and where it is looked for."""

    expression: str
    certain: str
    whole: str
    parts: tuple[str, str]


@dataclass(frozen=True)
class Word:
    """`folded`: as names are kept; `readings`: how the word can sound, as readings are kept (none for kanji)."""

    typed: str
    folded: str
    readings: tuple[str, ...]

    @property
    def lost(self) -> bool:
        """Whether it has signs that stand for others."""
        return LOST.search(self.typed) is not None

    def patterns(self) -> Iterator[Pattern]:
        """Of a word with lost signs; none where nothing of it is certain."""
        if not fold_name(LOST.sub("", self.typed)):
            return
        yield _pattern(self.typed, lambda part: fold_name(part) or part, "name_key", ("family", "given"))
        if _KANA.fullmatch(LOST.sub("", self.typed)):
            yield _pattern(self.typed, kana_key, "kana_key", ("family_kana", "given_kana"))


def name_word(typed: str) -> Word:
    """A word (NFKC) as it is looked for among names."""
    kana = (typed,) if _KANA.fullmatch(typed) else readings_of(typed)
    readings = tuple(dict.fromkeys(key for reading in kana if (key := kana_key(reading))))
    return Word(typed, fold_name(typed) or typed, readings)


def _pattern(typed: str, folded: Callable[[str], str], whole: str, parts: tuple[str, str]) -> Pattern:
    """森*菜, 森?: what is typed stands for itself, whatever it means to an expression."""
    pieces = [part if LOST.fullmatch(part) else folded(part) for part in re.split(f"({LOST.pattern})", typed) if part]
    told = ["[^ ]*" if piece == "*" else "[^ ]" if LOST.fullmatch(piece) else re.escape(piece) for piece in pieces]
    certain = max((piece for piece in pieces if not LOST.fullmatch(piece)), key=len, default="")
    return Pattern("".join(told), certain, whole, parts)


def place_needle(typed: str) -> str:
    """What the `place_key` of an address holds that this one, whole or in part, is of; empty where it is none."""
    ward, town, numbers = address_parts(typed)
    if not (ward or town) or LOST.search(typed):
        return ""
    return f"{ward}|{town}|{numbers}-" if numbers else f"{ward}|{town}"


def matched(row: Mapping[str, Any], query: Query) -> tuple[str, ...]:
    """What of a found child fitted, each once and in the order it was asked for: case_no | name | former_name | alias
    | roman | reading | other_name (of another time or source) | near | birth_date | school | class | address."""
    told = ["case_no"] if query.case_no else []
    told += [_kind(row, name_word(word)) for word in query.words]
    if query.born or query.birthday:
        told.append("birth_date")
    if query.grade or query.class_name:
        told.append("class")
    if query.places:
        told.append("address")
    return tuple(dict.fromkeys(told))


def _kind(row: Mapping[str, Any], word: Word) -> str:
    return next(_kinds(row, word), "near")


def _kinds(row: Mapping[str, Any], word: Word) -> Iterator[str]:
    """Everything of the child that the word fits, what says most first."""
    for found in word.patterns() if word.lost else ():
        if re.search(f" {found.expression} ", row[found.whole] or "") or any(
            row[part] and re.fullmatch(found.expression, row[part]) for part in found.parts
        ):
            yield "name" if found.whole == "name_key" else "reading"
    if word.lost:
        return
    yield from (name for name in NAMES if row[name] and word.folded in fold_name(row[name]))
    if word.folded in (row["name_key"] or ""):
        yield "other_name"
    if any(reading in (row["kana_key"] or "") or reading == row["given_kana"] for reading in word.readings):
        yield "reading"
    if row["by_place"] and fold_kanji(word.typed) in (row["school_key"] or ""):
        yield "school"
    needle = place_needle(word.typed)
    if needle and needle in (row["place_key"] or ""):
        yield "address"
