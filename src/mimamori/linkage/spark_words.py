"""The functions that the levels of `model` are written in, for Spark: DuckDB's own, and the macros of `agreement`.

So the levels are written once. What Spark has by another name (`starts_with`) Splink renames; what it has not, or has
otherwise, is here under a name of ours (`in_spark`), and must give DuckDB's value:

- Splink's jar counts UTF-16 units, so a rare kanji would be two letters and nothing would be one step from it.
- Jaro-Winkler of the jar, and of Spark 4.3 itself, counts transpositions by halves, DuckDB (RapidFuzz) by whole ones:
  of readings with slips at random, about one in 250 falls on the other side of a threshold. It is written out; what is
  left between the two is the rounding of the last bit, which no threshold meets in readings of up to 40 signs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mimamori.engine import spark as engine
from mimamori.linkage.agreement import BIRTH_AGREEMENT

if TYPE_CHECKING:
    from mimamori.engine.spark import Session

_JAR_DAMERAU = "uk.gov.moj.dash.linkage.LevDamerauDistance"

_ALIKE = """alike(l STRING, r STRING) RETURNS BOOLEAN RETURN
    l = r OR (instr(l, '〓') > 0 AND r LIKE replace(l, '〓', '_') ESCAPE '〓')
        OR (instr(r, '〓') > 0 AND l LIKE replace(r, '〓', '_') ESCAPE '〓')"""

_BIRTH = f"""birth_agreement(first_l DATE, last_l DATE, first_r DATE, last_r DATE) RETURNS STRING RETURN
    {BIRTH_AGREEMENT}"""

_LIST_CONTAINS = "list_contains(list ARRAY<STRING>, one STRING) RETURNS BOOLEAN RETURN array_contains(list, one)"

_STRFTIME = """strftime(day DATE, form STRING) RETURNS STRING RETURN
    CASE form WHEN '%Y%m%d' THEN replace(CAST(day AS STRING), '-', '') ELSE raise_error('another form of day') END"""

# What is beyond 16 bits is replaced, alike on both sides, by code points that are no characters: 32 of them, more than
# two names have. The jar calls two NULLs 100 apart.
_RARE = r"regexp_replace(concat(l, r), r'[\x{0}-\x{FFFF}]', '')"
_NO_CHARACTERS = "".join(chr(point) for point in range(0xFDD0, 0xFDF0))
_DAMERAU = f"""damerau_levenshtein(l STRING, r STRING) RETURNS DOUBLE RETURN
    CASE WHEN {_RARE} <> '' THEN jar_damerau(
            translate(l, {_RARE}, '{_NO_CHARACTERS}'), translate(r, {_RARE}, '{_NO_CHARACTERS}'))
        WHEN l IS NOT NULL AND r IS NOT NULL THEN jar_damerau(l, r) END"""

# Jaro as RapidFuzz counts it: each sign of r, in order, takes the first untaken equal sign of l within reach (`found`,
# places in l); out of order are the places that differ from their sorted list. Winkler's start counts above 0.7 alone.
_REACH = "CAST(greatest(0, greatest(length(l), length(r)) div 2 - 1) AS INT)"
_MOVED = "filter(zip_with(found, array_sort(found), (i, j) -> substr(l, i, 1) <> substr(l, j, 1)), other -> other)"
_START = " ".join(
    f"WHEN least(length(l), length(r)) >= {n} AND left(l, {n}) = left(r, {n}) THEN {n}" for n in (4, 3, 2, 1)
)
_JARO_WINKLER = f"""jaro_winkler_similarity(l STRING, r STRING) RETURNS DOUBLE RETURN
    CASE WHEN least(length(l), length(r)) = 0 THEN 0D WHEN l IS NOT NULL AND r IS NOT NULL THEN
        element_at(transform(array(aggregate(
            sequence(1, least(length(r), length(l) + {_REACH})),
            CAST(array() AS ARRAY<INT>),
            (found, at) -> concat(found, slice(filter(
                sequence(greatest(1, at - {_REACH}), least(length(l), at + {_REACH})),
                i -> substr(l, i, 1) = substr(r, at, 1) AND NOT array_contains(found, i)), 1, 1)),
            found -> CASE WHEN size(found) = 0 THEN 0D ELSE
                (size(found) / length(l) + size(found) / length(r)
                    + (size(found) - size({_MOVED}) div 2) / size(found)) / 3D END
        )), jaro -> CASE WHEN jaro > 0.7D THEN jaro + (CASE {_START} ELSE 0 END) * 0.1D * (1D - jaro) ELSE jaro END), 1)
    END"""


_WORDS = (_ALIKE, _BIRTH, _LIST_CONTAINS, _STRFTIME, _DAMERAU, _JARO_WINKLER)
_CALLED = re.compile(r"\b(" + "|".join(word.partition("(")[0] for word in _WORDS) + r")\(")


def make_words(spark: Session) -> None:
    """Make the functions in a session that has Splink's jar."""
    engine.java_function(spark, "jar_damerau", _JAR_DAMERAU, "double")
    for word in _WORDS:
        engine.table_of(spark, f"CREATE OR REPLACE TEMPORARY FUNCTION mimamori_{word}")


def in_spark(sql: str) -> str:
    """The SQL of a level, calling the functions made here: Spark lets none of its own names be taken."""
    return _CALLED.sub(r"mimamori_\1(", sql)


def settings_in_spark(settings: dict[str, Any]) -> dict[str, Any]:
    """`model.splink_settings` for Splink's Spark backend."""
    rules = "blocking_rules_to_generate_predictions"
    return settings | {
        rules: [rule | {"sql_dialect": "spark"} for rule in settings[rules]],
        "comparisons": [
            one
            | {
                "comparison_levels": [
                    level | {"sql_condition": in_spark(level["sql_condition"])} for level in one["comparison_levels"]
                ]
            }
            for one in settings["comparisons"]
        ],
    }
