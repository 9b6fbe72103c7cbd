"""Names: pools of family and given names with their weights, drawn as positions; text is made only for rows.

Family names weigh what their populations say (japanese-personal-name-dataset). Given names have no frequencies there:
readings weigh by Zipf's law in an order of their own per birth cohort, with endings that came and went (A).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import japanese_personal_name_dataset as dataset
import numpy as np

from mimamori.city.days import parts
from mimamori.city.kana_forms import katakana
from mimamori.city.streams import Array, Streams, pick

COHORTS = tuple(range(1920, 2040, 10))  # first birth year of each cohort of given names
# endings, the cohorts they belong to (first, last birth year), how much heavier a name with that ending is in them
ENDINGS: tuple[tuple[int, str, int, int, float], ...] = (
    (2, "子", 1900, 1979, 6.0),
    (2, "子", 1990, 2100, 0.08),
    (2, "美", 1950, 1989, 3.0),
    (2, "江", 1900, 1959, 2.0),
    (2, "菜", 1985, 2100, 3.0),
    (2, "花", 1990, 2100, 3.0),
    (2, "葵", 1995, 2100, 5.0),
    (2, "莉", 1995, 2100, 3.0),
    (1, "雄", 1900, 1969, 2.5),
    (1, "夫", 1900, 1969, 4.0),
    (1, "夫", 1980, 2100, 0.1),
    (1, "男", 1900, 1959, 3.0),
    (1, "男", 1980, 2100, 0.1),
    (1, "一", 1900, 1979, 2.0),
    (1, "也", 1970, 2005, 2.5),
    (1, "太", 1980, 2100, 3.0),
    (1, "翔", 1985, 2100, 5.0),
    (1, "斗", 1990, 2100, 4.0),
    (1, "真", 1990, 2100, 2.5),
)


@dataclass(frozen=True)
class Pool:
    """One kind of name part: written, and in kana; arrays of the same length."""

    text: Array
    kana: Array


Written = list[tuple[str, str]]  # text, kana


def _pool(rows: Written) -> Pool:
    columns = [np.array(column, dtype=object) for column in zip(*rows, strict=True)]
    return Pool(*columns)


@dataclass(frozen=True)
class Names:
    """All pools. Japanese family names come first, foreign ones after `japanese_families`; given names likewise."""

    families: Pool
    givens: Pool
    family_weights: Array  # of the Japanese ones
    given_weights: dict[tuple[int, int], Array]  # by sex and cohort, over all Japanese given names
    nations: tuple[dict[str, Any], ...]  # weight, alias, and the ranges of its names in the pools

    def family(self, rng: np.random.Generator, size: int) -> Array:
        return pick(rng, self.family_weights, size)

    def given(self, rng: np.random.Generator, sex: Array, births: Array) -> Array:
        """A Japanese given name for each person."""
        cohort = np.clip(parts(births)[0] // 10 * 10, COHORTS[0], COHORTS[-1])
        result = np.zeros(len(sex), dtype=np.int64)
        for (one_sex, first_year), weights in self.given_weights.items():
            here = np.flatnonzero((sex == one_sex) & (cohort == first_year))
            result[here] = pick(rng, weights, len(here))
        return result


@cache
def _dataset() -> tuple[Any, Any, Any]:
    found = dataset.load_dataset("org", include_last_names=True)
    return found[0], found[1], found[2]


def load_names(streams: Streams) -> Names:
    """The pools of one city: which given names are popular in which cohort depends on the seed."""
    men, women, families = _dataset()
    family_rows = [(kanji, katakana(entry["reading"])) for kanji, entry in families.items()]
    given_rows: Written = []
    places: list[tuple[int, int, int]] = []  # sex, number of the reading, place among its spellings
    number = 0
    for sex, table in ((1, men), (2, women)):
        for reading, entry in table.items():
            kanji = [text for text in entry["kanji"] if 1 <= len(text) <= 3][:40]
            for place, text in enumerate(kanji):
                given_rows.append((text, katakana(reading)))
                places.append((sex, number, place))
            number += 1
    weights = _given_weights(streams, given_rows, np.array(places), number, _well_known())
    nations = _nations(family_rows, given_rows)
    counts = np.array([entry["count"] for entry in families.values()], dtype=float)
    return Names(_pool(family_rows), _pool(given_rows), counts, weights, nations)


@cache
def _well_known() -> frozenset[str]:
    """Readings of the curated part of the data set: common names."""
    men, women = dataset.load_dataset("opti")[:2]
    return frozenset(katakana(reading) for table in (men, women) for reading in table)


def _given_weights(
    streams: Streams, rows: Written, places: Array, readings: int, known: frozenset[str]
) -> dict[tuple[int, int], Array]:
    """Zipf over readings (exponent 1.05) and over the spellings of a reading (.9), tilted by endings."""
    text = np.array([row[0] for row in rows], dtype=object)
    ends = {ending: np.array([name.endswith(ending) for name in text]) for ending in {row[1] for row in ENDINGS}}
    common = np.zeros(readings)
    common[places[:, 1]] = [row[1] in known for row in rows]
    spelling = 1 / (places[:, 2] + 1.5) ** 0.9
    result = {}
    for cohort in COHORTS:
        rng = streams.topic(f"given names {cohort}")
        order = np.argsort(np.argsort(-(common * 1.2 + rng.normal(size=readings))))
        reading = 1 / (order + 20.0) ** 1.05
        for sex in (1, 2):
            weights = np.where(places[:, 0] == sex, reading[places[:, 1]] * spelling, 0.0)
            for one_sex, ending, first, last, factor in ENDINGS:
                if one_sex == sex and first <= cohort <= last:
                    weights = np.where(ends[ending], weights * factor, weights)
            result[sex, cohort] = weights
    return result


def _nations(family_rows: Written, given_rows: Written) -> tuple[dict[str, Any], ...]:
    """Append the foreign names to the pools and say where each nation's names lie."""
    declared = tomllib.loads((files("mimamori.city") / "foreign_names.toml").read_text(encoding="utf-8"))["nations"]
    nations = []
    for nation in declared:
        place: dict[str, Any] = {"weight": nation["weight"], "alias": nation.get("alias", 0.05)}
        for kind, rows in (("families", family_rows), ("men", given_rows), ("women", given_rows)):
            first = len(rows)
            rows += [(name[2] if len(name) > 2 else name[0], name[1]) for name in nation[kind]]
            place[kind] = (first, len(rows))
        nations.append(place)
    return tuple(nations)
