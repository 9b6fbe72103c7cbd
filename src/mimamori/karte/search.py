"""Search for children: case number, birth date in any form, names and readings in any writing, school, class, address.

Words of a search are taken apart and all must fit: 「森下 平成28年6月」, 「もりした ひな」, 「MINH NGUYEN」,
「若葉小 4年2組」, 「柳瀬1丁目77」. A sign that cannot be read is ? or 〓, any number of them *. By where a child lives
or goes to school nobody protected is found, nor anybody while the register is too old to say who is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori.engine import Connection, rows_of
from mimamori.text.address import address_parts
from mimamori.text.dates import parse_date
from mimamori.text.kana import kana_key
from mimamori.text.names import fold_name

# The era codes that systems print, for whoever types a date as it stands on a print-out.
ERA_DIGITS = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
_DASH = "[-‐‑‒–—―−ー]?"  # an input method and a word processor have dashes of their own
_CASE_NO = re.compile(rf"(?:[Kk]{_DASH})?(\d{{4}}){_DASH}(\d{{4}}){_DASH}(\d)")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・ヽヾゝゞ゛゜]+")
_SEAT = re.compile(r"(?:(?P<grade>[1-9])年(?:生)?)?(?:(?P<class>\d{1,2}|[A-Za-z])組)?")
_LOST = re.compile(r"[*?〓●■]")
MOST_WORDS = 6  # nobody has more names than this; more words make a slower query and no better answer


@dataclass(frozen=True)
class Query:
    """A search taken apart: a whole case number, the days a birth date can mean, the words of a name as typed."""

    case_no: str | None = None
    born: tuple[date, date] | None = None
    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # addresses with a number
    grade: int | None = None
    class_name: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.case_no or self.born or self.words or self.places or self.grade or self.class_name)


def parse(text: str) -> Query:
    """Take a search apart; an empty query where nothing can be searched by (a number that is no date)."""
    text = unicodedata.normalize("NFKC", text).strip()
    if number := _CASE_NO.fullmatch(text.replace(" ", "")):
        return Query(case_no="K-" + "-".join(number.groups()))
    if born := _born(text):
        return Query(born=born)
    words: list[str] = []
    places: list[str] = []
    grade = class_name = None
    for word in text.split():
        if not any(char.isdigit() for char in word):
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
    return Query(None, born, tuple(words[:MOST_WORDS]), tuple(places[:MOST_WORDS]), grade, class_name)


def _born(text: str) -> tuple[date, date] | None:
    if not any(char.isdigit() or char == "元" for char in text):
        return None
    parsed = parse_date(text, era_digits=ERA_DIGITS)
    return (parsed.first, parsed.last) if parsed.first and parsed.last else None


def place_key(address: str) -> str:
    """`ward|town|numbers` of an address for the search; parts that cannot be read are empty."""
    return "|".join(address_parts(address))


def search(
    con: Connection, text: str, limit: int, *, ward: str | None, hidden: Sequence[str] = (), by_place: bool = True
) -> list[dict[str, Any]]:
    """Rows of `persons` of the children found, the best first: a whole name before its beginning before its middle
    before what is no name. `hidden`: case numbers that nobody finds by place, beside the protected; `by_place`: whether
    anybody is found by it."""
    query = parse(text)
    if query.is_empty:
        return []
    open_place = _open_place(con) if by_place else "false"
    where = ["p.is_child", "($ward::VARCHAR IS NULL OR p.ward = $ward)"]
    params: dict[str, Any] = {"ward": ward, "most": limit}
    order = ["p.kana_key NULLS LAST", "p.birth_date", "p.case_no"]
    if query.case_no:
        where.append("p.case_no = $case_no")
        params["case_no"] = query.case_no
    if query.born:
        where.append("p.birth_date BETWEEN $first AND $last")
        params["first"], params["last"] = query.born
    params["hidden"] = list(hidden)
    named = []
    for number, word in enumerate(query.words):
        fits, values = _fits(word, number)
        named.append(fits)
        there, needle = _place(word)
        params |= values | {f"place_{number}": needle, f"school_{number}": word}
        where.append(
            f"({fits} OR ({open_place} AND (contains(p.school_name, $school_{number})"
            f" OR ({there} AND contains(p.place_key || '-', $place_{number})))))"
        )
    for number, word in enumerate(query.places, len(query.words)):
        params[f"place_{number}"] = _place(word)[1]
        where.append(f"({open_place} AND contains(p.place_key || '-', $place_{number}))")
    for column, value in (("grade", query.grade), ("class_name", query.class_name)):
        if value is not None:
            params[column] = value
            where.append(f"({open_place} AND p.{column} = ${column})")
    if "$hidden" not in " ".join(where):
        del params["hidden"]
    if query.words:
        whole = "".join(query.words)
        params |= {"whole": fold_name(whole) or whole, "reading": kana_key(whole) if _is_kana(whole) else None}
        order.insert(0, _RANK.format(named=" AND ".join(named)))
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
    WHEN {named} THEN 2
    ELSE 3 END"""


def _fits(word: str, number: int) -> tuple[str, dict[str, str]]:
    """SQL of 'this word is in a name'; kana are looked for in readings too, as they sound."""
    if _LOST.search(word):
        if not fold_name(_LOST.sub("", word)):
            return "false", {}
        pattern = _pattern(word, fold_name)
        fits, values = f"regexp_matches(p.name_key, $name_{number})", {f"name_{number}": pattern}
        if _is_kana(_LOST.sub("", word)):
            values[f"reading_{number}"] = _pattern(word, kana_key)
            fits = f"({fits} OR regexp_matches(p.kana_key, $reading_{number}))"
        return fits, values
    values = {f"name_{number}": fold_name(word) or word}
    fits = f"contains(p.name_key, $name_{number})"
    if _is_kana(word) and (reading := kana_key(word)):
        values[f"reading_{number}"] = reading
        fits = f"({fits} OR contains(p.kana_key, $reading_{number}))"
    return fits, values


def _pattern(word: str, folded: Callable[[str], str]) -> str:
    """A regular expression of a whole name with lost signs: 森*菜, 森?. What is typed stands for itself."""
    parts = re.split(r"([*?〓●■])", word)
    told = ["[^ ]*" if part == "*" else "[^ ]" if _LOST.fullmatch(part) else re.escape(folded(part)) for part in parts]
    return f"(^| ){''.join(told)}( |$)"


def _place(word: str) -> tuple[str, str]:
    """SQL of whether a word can be a place at all, and what `place_key` holds of it."""
    ward, town, numbers = address_parts(word)
    if not (ward or town) or _LOST.search(word):
        return "false", ""
    return "true", f"{ward}|{town}|{numbers}-" if numbers else f"{ward}|{town}"


def _open_place(con: Connection) -> str:
    """SQL of the children whose place may be asked for: no protected one, nobody in a protected home, nobody of whom
    the register does not speak. A snapshot that was made before places were kept has none."""
    if not rows_of(
        con, "SELECT 1 FROM duckdb_columns() WHERE table_name = 'persons' AND column_name = 'place_key'"
    ) or not rows_of(con, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'guarded'"):
        return "false"
    return (
        "(p.in_register AND coalesce(p.protection, '0') IN ('', '0')"
        " AND NOT list_contains($hidden::VARCHAR[], p.case_no)"
        " AND p.case_no NOT IN (SELECT case_no FROM guarded WHERE case_no IS NOT NULL))"
    )


def _is_kana(text: str) -> bool:
    return _KANA.fullmatch(text) is not None
