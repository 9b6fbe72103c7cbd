"""Search for children: case number, birth date in any form, names and readings in any writing, whole or in part.

Words of a search are taken apart and all must fit: 「森下 平成28年6月」, 「もりした ひな」, 「MINH NGUYEN」.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori.engine import Connection, rows_of
from mimamori.text.dates import parse_date
from mimamori.text.kana import kana_key
from mimamori.text.names import fold_name

# The era codes that systems print, for whoever types a date as it stands on a print-out.
ERA_DIGITS = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
_DASH = "[-‐‑‒–—―−ー]?"  # an input method and a word processor have dashes of their own
_CASE_NO = re.compile(rf"(?:[Kk]{_DASH})?(\d{{4}}){_DASH}(\d{{4}}){_DASH}(\d)")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・ヽヾゝゞ゛゜]+")
MOST_WORDS = 6  # nobody has more names than this; more words make a slower query and no better answer


@dataclass(frozen=True)
class Query:
    """A search taken apart: a whole case number, the days a birth date can mean, the words of a name as typed."""

    case_no: str | None = None
    born: tuple[date, date] | None = None
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.case_no or self.born or self.words)


def parse(text: str) -> Query:
    """Take a search apart; an empty query where nothing can be searched by (a number that is no date)."""
    text = unicodedata.normalize("NFKC", text).strip()
    if number := _CASE_NO.fullmatch(text.replace(" ", "")):
        return Query(case_no="K-" + "-".join(number.groups()))
    if born := _born(text):
        return Query(born=born)
    words: list[str] = []
    for word in text.split():
        if any(char.isdigit() for char in word):
            if born is not None or (born := _born(word)) is None:
                return Query()
        else:
            words.append(word)
    return Query(born=born, words=tuple(words[:MOST_WORDS]))


def _born(text: str) -> tuple[date, date] | None:
    if not any(char.isdigit() or char == "元" for char in text):
        return None
    parsed = parse_date(text, era_digits=ERA_DIGITS)
    return (parsed.first, parsed.last) if parsed.first and parsed.last else None


def search(con: Connection, text: str, limit: int, *, ward: str | None) -> list[dict[str, Any]]:
    """Rows of `persons` of the children found, the best first: a whole name before its beginning before its middle."""
    query = parse(text)
    if query.is_empty:
        return []
    where = ["p.is_child", "($ward::VARCHAR IS NULL OR p.ward = $ward)"]
    params: dict[str, Any] = {"ward": ward, "most": limit}
    order = ["p.kana_key NULLS LAST", "p.birth_date", "p.case_no"]
    if query.case_no:
        where.append("p.case_no = $case_no")
        params["case_no"] = query.case_no
    if query.born:
        where.append("p.birth_date BETWEEN $first AND $last")
        params["first"], params["last"] = query.born
    for number, word in enumerate(query.words):
        fits, values = _fits(word, number)
        where.append(fits)
        params |= values
    if query.words:
        whole = "".join(query.words)
        params |= {"whole": fold_name(whole) or whole, "reading": kana_key(whole) if _is_kana(whole) else None}
        order.insert(0, _RANK)
    return rows_of(
        con,
        f"SELECT p.* FROM persons p WHERE {' AND '.join(where)} ORDER BY {', '.join(order)} LIMIT $most",
        params,
    )


# Keys hold all names of a person, split by blanks: ' key ' finds a whole one, ' key' the beginning of one.
_RANK = """CASE
    WHEN contains(' ' || coalesce(p.name_key, '') || ' ', ' ' || $whole || ' ') THEN 0
    WHEN contains(' ' || coalesce(p.kana_key, '') || ' ', ' ' || $reading || ' ') THEN 0
    WHEN contains(' ' || coalesce(p.name_key, ''), ' ' || $whole) THEN 1
    WHEN contains(' ' || coalesce(p.kana_key, ''), ' ' || $reading) THEN 1
    ELSE 2 END"""


def _fits(word: str, number: int) -> tuple[str, dict[str, str]]:
    """SQL of 'this word is in a name'; kana are looked for in readings too, as they sound."""
    values = {f"name_{number}": fold_name(word) or word}
    fits = f"contains(p.name_key, $name_{number})"
    if _is_kana(word) and (reading := kana_key(word)):
        values[f"reading_{number}"] = reading
        fits = f"({fits} OR contains(p.kana_key, $reading_{number}))"
    return fits, values


def _is_kana(text: str) -> bool:
    return _KANA.fullmatch(text) is not None
