"""Search for children: case number, birth date in any form, names and readings in any writing, school, class, address.

All words of a search must fit: 「森下 平成28年6月」, 「もりした ひな」, 「MINH NGUYEN」, 「若葉小 4年2組」,
「柳瀬1丁目77」. A sign that cannot be read is ? or 〓, any number of them *. Where nobody fits, names are found that
sound like a word or differ from it in one sign. By where a child lives or goes to school nobody protected is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from mimamori.engine import Connection, rows_of, table_of
from mimamori.karte.query import Query, parse
from mimamori.karte.words import Word, name_word, place_needle
from mimamori.text.kanji import fold_kanji

Row = dict[str, Any]
MOST_NEAR = 300  # words of names that are nearly one that was typed
LONG_ENOUGH = 3  # of two signs one other is another name


def search(
    con: Connection,
    text: str,
    limit: int,
    *,
    ward: str | None,
    hidden: Sequence[str] = (),
    hidden_homes: Sequence[str] = (),
) -> list[Row]:
    """Rows of `children` of those found, the best first, each with `near` (nobody fits as typed, this is nearly it).

    The order: a whole name, a part of one, its beginning, its middle, a place. `hidden`, `hidden_homes`: case and
    household numbers of whom nobody finds by place, beside the protected.
    """
    query = parse(text)
    if query.is_empty:
        return []
    words = [name_word(word) for word in query.words]
    found = _find(con, _Statement(query, words, ward, hidden, hidden_homes), limit)
    if found or not words:
        return [{**row, "near": False} for row in found]
    near = [[] if word.lost else _near(con, word) for word in words]
    if not any(near):
        return []
    statement = _Statement(query, words, ward, hidden, hidden_homes, near)
    return [{**row, "near": True} for row in _find(con, statement, limit)]


def _find(con: Connection, statement: _Statement, limit: int) -> list[Row]:
    where, order, params = statement.built()
    return rows_of(
        con,
        f"SELECT c.* FROM children c WHERE {' AND '.join(where)} ORDER BY {', '.join(order)} LIMIT $most",
        {**params, "most": limit},
    )


def _near(con: Connection, word: Word) -> list[str]:
    """Names and parts of names that sound like this word, or like one that is written so, or differ in one sign."""
    sounding = rows_of(con, _SOUNDING, {"word": word.folded, "readings": list(word.readings)})
    found = {row["word"] for row in sounding}
    for typed in {word.folded, *word.readings}:
        if len(typed) < LONG_ENOUGH:
            continue
        lengths = {"least": max(LONG_ENOUGH, len(typed) - 1), "most": len(typed) + 1}
        few = table_of(con, _PERHAPS, {"first": typed[0], "last": typed[-1], **lengths})
        words = few["word"].to_pylist()
        for kept in (words, few["reading"].to_pylist()):
            apart = cdist([typed], kept, scorer=OSA.distance, score_cutoff=1)[0]
            found |= {words[at] for at in (apart <= 1).nonzero()[0] if len(kept[at]) >= LONG_ENOUGH}
    return sorted(found)[:MOST_NEAR]


_SOUNDING = """
    SELECT DISTINCT word FROM name_words
    WHERE reading IN (SELECT reading FROM name_words WHERE word = $word) OR list_contains($readings::VARCHAR[], reading)
"""
# One sign that is another, missing or too many leaves the first or the last as it is: few are left to be compared.
_PERHAPS = """
    SELECT word, coalesce(reading, '') AS reading FROM name_words
    WHERE ((starts_with(word, $first) OR ends_with(word, $last)) AND length(word) BETWEEN $least AND $most)
        OR ((starts_with(reading, $first) OR ends_with(reading, $last)) AND length(reading) BETWEEN $least AND $most)
"""


@dataclass
class _Statement:
    """One search as SQL, word by word; every value is bound."""

    query: Query
    words: Sequence[Word]
    ward: str | None
    hidden: Sequence[str]
    hidden_homes: Sequence[str]
    near: Sequence[Sequence[str]] = ()
    params: dict[str, Any] = field(default_factory=dict)

    def built(self) -> tuple[list[str], list[str], dict[str, Any]]:
        """Conditions that must all hold, what the found are ordered by, and the values of both."""
        where, order = self._whole_name()
        if self.ward is not None:
            where.append(f"c.ward = {self._bind(self.ward)}")
        if self.query.case_no:
            where.append(f"c.case_no = {self._bind(self.query.case_no)}")
        if self.query.born:
            first, last = (self._bind(day) for day in self.query.born)
            where.append(f"c.birth_first <= {last} AND c.birth_last >= {first}")
            order.append("c.birth_date IS NULL")
        if self.query.birthday:
            month, day = (self._bind(number) for number in self.query.birthday)
            where.append(f"month(c.birth_date) = {month} AND day(c.birth_date) = {day}")
        for place in self.query.places:
            where.append(f"({self._open()} AND contains(c.place_key, {self._bind(place_needle(place))}))")
        for column, value in (("grade", self.query.grade), ("class_name", self.query.class_name)):
            if value is not None:
                where.append(f"({self._open()} AND c.{column} = {self._bind(value)})")
        return where or ["true"], [*order, "c.kana_key NULLS LAST", "c.birth_date", "c.case_no"], self.params

    def _whole_name(self) -> tuple[list[str], list[str]]:
        """Each word fits a name or a place; the whole of them first, then by how well each fits."""
        fits, ranks = [], []
        for at, word in enumerate(self.words):
            named, rank = self._pattern(word) if word.lost else self._name(word)
            ways = [named, *self._place(word)]
            if self.near and self.near[at]:
                like = self._bind(list(self.near[at]))
                ways += [f"list_contains({like}::VARCHAR[], {name})" for name in ("c.family", "c.given", "c.whole")]
            fits.append(f"({' OR '.join(f'({way})' for way in ways)})")
            ranks.append(rank)
        if not ranks:
            return fits, []
        whole = [f"contains(c.name_key, {self._bind(f' {self._joined()} ')})"]
        readings = [word.readings[0] if word.readings else "" for word in self.words]
        if all(readings):
            reading = "".join(readings)
            whole.append(f"contains(c.kana_key, {self._bind(f' {reading} ')})")
        return fits, [f"NOT coalesce({' OR '.join(whole)}, false)", " + ".join(ranks)]

    def _name(self, word: Word) -> tuple[str, str]:
        typed = self._bind(word.folded)
        fits = [f"contains(c.name_key, {typed})"]
        exact = [f"c.family = {typed} OR c.given = {typed}", f"contains(c.name_key, {self._bind(f' {word.folded} ')})"]
        begins = [f"contains(c.name_key, {self._bind(f' {word.folded}')})"]
        for reading in word.readings:
            typed = self._bind(reading)
            fits.append(f"contains(c.kana_key, {typed}) OR c.given_kana = {typed}")
            exact.append(f"c.family_kana = {typed} OR c.given_kana = {typed}")
            begins.append(f"contains(c.kana_key, {self._bind(f' {reading}')})")
        named = " OR ".join(fits)
        rank = f"CASE WHEN {' OR '.join(exact)} THEN 0 WHEN {' OR '.join(begins)} THEN 1 WHEN {named} THEN 2 ELSE 3 END"
        return named, rank

    def _pattern(self, word: Word) -> tuple[str, str]:
        """A whole name, or a part of one. What is certain is looked for first: patterns are slow."""
        ways = []
        for found in word.patterns():
            alone = self._bind(found.expression)
            tried = [f"regexp_matches(c.{found.whole}, {self._bind(f' {found.expression} ')})"]
            tried += [f"regexp_full_match(c.{part}, {alone})" for part in found.parts]
            ways.append(f"contains(c.{found.whole}, {self._bind(found.certain)}) AND ({' OR '.join(tried)})")
        named = " OR ".join(f"({way})" for way in ways) or "false"
        return named, f"CASE WHEN {named} THEN 0 ELSE 3 END"

    def _place(self, word: Word) -> list[str]:
        if word.lost:
            return []
        ways = [f"contains(c.school_key, {self._bind(fold_kanji(word.typed))})"]
        if needle := place_needle(word.typed):
            ways.append(f"contains(c.place_key, {self._bind(needle)})")
        return [f"{self._open()} AND ({' OR '.join(ways)})"]

    def _open(self) -> str:
        """SQL of the children whose place may be asked for."""
        told = "c.by_place"
        if self.hidden:
            told += f" AND NOT list_contains({self._bind(list(self.hidden))}::VARCHAR[], c.case_no)"
        if self.hidden_homes:
            homes = self._bind(list(self.hidden_homes))
            told += f" AND NOT coalesce(list_contains({homes}::VARCHAR[], c.household_no), false)"
        return told

    def _joined(self) -> str:
        return "".join(word.folded for word in self.words)

    def _bind(self, value: Any) -> str:
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"
