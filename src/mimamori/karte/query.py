"""A search taken apart: case number, birth date in any form, words of names and places, school year and class."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from mimamori.text.address import address_parts
from mimamori.text.dates import parse_date

# The era codes that systems print, for whoever types a date as it stands on a print-out.
ERA_DIGITS = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
LOST = re.compile(r"[*?〓●■]")  # a sign that could not be read, and any number of them
MOST_WORDS = 6  # nobody has more names than this; more words make a slower query and no better answer

_DASH = "[-‐‑‒–—―−ー]?"  # an input method and a word processor have dashes of their own
_CASE_NO = re.compile(rf"(?:[Kk]{_DASH})?(\d{{4}}){_DASH}(\d{{4}}){_DASH}(\d)")
_SEAT = re.compile(r"(?:(?P<grade>[1-9])年(?:生)?)?(?:(?P<class>\d{1,2}|[A-Za-z])組)?")
_NUMBER = "[0-9〇一二三四五六七八九十]{1,4}"  # 六月四日 is a date; 五月 alone is a name, and 三日月 a place
_BIRTHDAY = re.compile(rf"({_NUMBER}月{_NUMBER}日)(?:生まれ|生)?")
_WRITTEN_YEAR = re.compile(rf"(?:明治|大正|昭和|平成|令和|西暦)?(?:{_NUMBER}|元)年.*")


@dataclass(frozen=True)
class Query:
    """A whole case number, the days a birth date can mean, words of names and places as typed."""

    case_no: str | None = None
    born: tuple[date, date] | None = None
    birthday: tuple[int, int] | None = None  # month and day of a year that is not known
    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # addresses with a number
    grade: int | None = None
    class_name: str | None = None

    @property
    def is_empty(self) -> bool:
        return self == Query()


def parse(text: str) -> Query:
    """Take a search apart; an empty query where nothing can be searched by (a number that is no date)."""
    text = unicodedata.normalize("NFKC", text).strip()
    if number := _CASE_NO.fullmatch(text.replace(" ", "")):
        return Query(case_no="K-" + "-".join(number.groups()))
    if born := _born(text):
        return Query(born=born)
    words: list[str] = []
    places: list[str] = []
    birthday = grade = class_name = None
    for word in text.split():
        if day := _BIRTHDAY.fullmatch(word):
            birthday = _birthday(day[1])
            if birthday is None:
                return Query()
        elif not _has_number(word):
            words.append(word)
        elif seat := _SEAT.fullmatch(word):
            grade = int(seat["grade"]) if seat["grade"] else grade
            class_name = seat["class"] or class_name
        elif born is None and (born := _born(word)):
            pass
        elif address_parts(word).town:
            places.append(word)
        elif words and address_parts(words[-1] + word).town:  # 柳瀬 1-77
            places.append(words.pop() + word)
        else:
            return Query()
    return Query(None, born, birthday, tuple(words[:MOST_WORDS]), tuple(places[:MOST_WORDS]), grade, class_name)


def _has_number(word: str) -> bool:
    return any(char.isdigit() for char in word) or _WRITTEN_YEAR.fullmatch(word) is not None


def _born(text: str) -> tuple[date, date] | None:
    if not _has_number(text):
        return None
    parsed = parse_date(text, era_digits=ERA_DIGITS)
    return (parsed.first, parsed.last) if parsed.first and parsed.last else None


def _birthday(text: str) -> tuple[int, int] | None:
    """Month and day, None where there is no such day in any year."""
    day = parse_date(f"2000年{text}", era_digits={}).day  # a leap year
    return (day.month, day.day) if day else None
