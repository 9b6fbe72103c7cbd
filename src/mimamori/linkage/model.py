"""The Splink model of the residue: ordered levels of agreement, and the probabilities that weigh them.

Kanji and kana of one part of a name are one comparison, else the same evidence counts twice. The levels are here; how
often each holds among pairs of one person (m) and of two (u) is data, `model.json`, made by `mimamori quality --train`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Level:
    """One degree of agreement. `sql` sees both sides as `<column>_l` and `<column>_r`; which side is which is open.

    `expected`: the share of the level among pairs of one person that exact passes did not find. An assumption: training
    starts from it, so that a level which a sample does not show is rare and not impossible.
    """

    name: str
    sql: str
    expected: float


@dataclass(frozen=True)
class Comparison:
    """Levels from the strongest to `else`, and when there is nothing to compare."""

    name: str
    nothing: str
    levels: tuple[Level, ...]


def _else(expected: float) -> Level:
    return Level("else", "ELSE", expected)


def _part(part: str, ends: str) -> Comparison:
    """A part of a name. `ends`: starts_with or ends_with, where only the other side's name is parted by a blank."""
    kanji = (
        f"(alike({part}_l, {part}_r) OR ({part}_l IS NULL AND {ends}(name_l, {part}_r))"
        f" OR ({part}_r IS NULL AND {ends}(name_r, {part}_l)) OR alike(name_l, name_r) OR letters_l = letters_r)"
    )
    kana = (
        f"({part}_kana_l = {part}_kana_r OR ({part}_kana_l IS NULL AND {ends}(kana_l, {part}_kana_r))"
        f" OR ({part}_kana_r IS NULL AND {ends}(kana_r, {part}_kana_l)) OR kana_l = kana_r)"
    )
    nearly_kana = (
        f"(kana_key_l = kana_key_r OR damerau_levenshtein({part}_kana_l, {part}_kana_r) = 1"
        " OR jaro_winkler_similarity(kana_l, kana_r) >= 0.95)"
    )
    nearly_kanji = (
        f"(damerau_levenshtein({part}_l, {part}_r) = 1 AND greatest(length({part}_l), length({part}_r)) >= 2)"
    )
    no_kanji = "(name_l IS NULL OR name_r IS NULL)"
    no_kana = "(kana_l IS NULL OR kana_r IS NULL)"
    # A name of which only one part is written says nothing of the other.
    rest = "family" if part == "given" else "given"
    absent = " OR ".join(
        f"({part}_{mine} IS NULL AND ({rest}_{mine} IS NOT NULL OR name_{mine} = {rest}_{other}))"
        for mine, other in (("l", "r"), ("r", "l"))
    )
    no_part = f" OR (({part}_kana_l IS NULL OR {part}_kana_r IS NULL) AND ({absent}))"
    return Comparison(
        part,
        f"({no_kanji} AND {no_kana}){no_part}",
        (
            Level("kanji and kana", f"{kanji} AND {kana}", 0.45),
            Level("kanji", kanji, 0.25),
            Level("kana", kana, 0.15),
            # One side of the name is all there is to compare, or one sign differs in the one and nothing in the other.
            Level("nearly", f"({no_kanji} AND {nearly_kana}) OR ({no_kana} AND {nearly_kanji})", 0.03),
            # Both written otherwise and read alike (俊太 シュンタ, 俊汰 シユンタ): one name.
            Level("sound", f"kana_key_l = kana_key_r AND {nearly_kanji}", 0.03),
            # Both written a little otherwise: a slip of the pen, or a brother. Never enough by itself.
            Level(
                "both nearly",
                f"{nearly_kana} OR ({nearly_kanji} AND jaro_winkler_similarity(kana_l, kana_r) >= 0.9)",
                0.04,
            ),
            _else(0.05),
        ),
    )


_AGREEMENT = "birth_agreement(birth_first_l, birth_last_l, birth_first_r, birth_last_r)"

COMPARISONS = (
    _part("family", "starts_with"),
    _part("given", "ends_with"),
    Comparison(
        "birth",
        "birth_first_l IS NULL OR birth_first_r IS NULL",
        (
            Level("same", f"{_AGREEMENT} = 'same'", 0.75),
            Level("partial", f"{_AGREEMENT} = 'partial'", 0.03),
            Level(
                "slip",  # one digit, or two neighbours swapped, or month and day swapped, or the day before or after
                f"{_AGREEMENT} IN ('near', 'far') AND birth_first_l = birth_last_l AND birth_first_r = birth_last_r AND"
                " (damerau_levenshtein(strftime(birth_first_l, '%Y%m%d'), strftime(birth_first_r, '%Y%m%d')) = 1"
                "  OR (year(birth_first_l) = year(birth_first_r) AND month(birth_first_l) = day(birth_first_r)"
                "      AND day(birth_first_l) = month(birth_first_r))"
                "  OR birth_first_l = birth_first_r + 1 OR birth_first_r = birth_first_l + 1)",
                0.12,
            ),
            Level("near", f"{_AGREEMENT} = 'near'", 0.05),
            _else(0.05),
        ),
    ),
    Comparison("sex", "sex_l IS NULL OR sex_r IS NULL", (Level("same", "sex_l = sex_r", 0.98), _else(0.02))),
    Comparison(
        "place",
        "town_l IS NULL OR town_r IS NULL",
        (Level("address", "address_l = address_r", 0.5), Level("town", "town_l = town_r", 0.1), _else(0.4)),
    ),
    Comparison(
        "household",
        "(household_no_l IS NULL OR household_no_r IS NULL) AND"
        " (guardian_l IS NULL OR household_names_r IS NULL) AND (guardian_r IS NULL OR household_names_l IS NULL)",
        (
            Level("number", "household_no_l = household_no_r", 0.45),
            Level(
                "guardian",
                "list_contains(household_names_l, guardian_r) OR list_contains(household_names_r, guardian_l)",
                0.45,
            ),
            _else(0.1),
        ),
    ),
)

# Candidate pairs: the residue is small, so many ways to meet are affordable.
BLOCKING = (
    ("birth_first",),
    ("name",),
    ("kana_key",),
    ("letters",),
    ("address",),
    ("household_no",),
    ("given", "town"),
)


@dataclass(frozen=True)
class Model:
    """What is compared, and by which columns candidates meet; `columns`: what is read beside the columns of `sides`."""

    comparisons: tuple[Comparison, ...] = COMPARISONS
    blocking: tuple[tuple[str, ...], ...] = BLOCKING
    columns: tuple[str, ...] = ()


MODEL = Model()

# Levels at which a part of a name agrees; at the given name they tell one person from brothers and sisters.
NAME_SURE = ("kanji and kana", "kanji", "kana")
BIRTH_LIKELY = ("same", "partial", "slip", "near")


@dataclass(frozen=True)
class Weights:
    """`model.json`: m and u of every level, the thresholds, and how they were got."""

    probabilities: dict[str, dict[str, tuple[float, float]]]
    prior: float  # of two random records: shifts all weights alike
    accept: float  # match weight from which a link is made without a person
    margin: float  # by how much the best candidate must be ahead of the next
    review: float  # match weight from which a pair is put before a person
    made_from: str


@cache
def load_weights() -> Weights:
    """The weights shipped with the package."""
    found = json.loads((files("mimamori.linkage") / "model.json").read_text(encoding="utf-8"))
    return Weights(
        probabilities={
            name: {level: (m, u) for level, (m, u) in levels.items()} for name, levels in found["probabilities"].items()
        },
        **{name: found[name] for name in ("prior", "accept", "margin", "review", "made_from")},
    )


def splink_settings(weights: Weights, model: Model = MODEL) -> dict[str, Any]:
    """The settings dictionary of Splink 5 for two data sets, `seekers` and `known`."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "source_dataset_column_name": "source_dataset",
        "probability_two_random_records_match": weights.prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "additional_columns_to_retain": ["ref"],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " AND ".join(f"l.{column} = r.{column}" for column in columns), "sql_dialect": "duckdb"}
            for columns in model.blocking
        ],
        "comparisons": [_splink_comparison(one, weights.probabilities[one.name]) for one in model.comparisons],
    }


def _splink_comparison(one: Comparison, probabilities: dict[str, tuple[float, float]]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": one.nothing, "label_for_charts": "nothing", "is_null_level": True}
    ]
    for level in one.levels:
        m, u = probabilities[level.name]
        levels.append(
            {"sql_condition": level.sql, "label_for_charts": level.name, "m_probability": m, "u_probability": u}
        )
    return {"output_column_name": one.name, "comparison_levels": levels}


def level_of(one: Comparison, gamma: int) -> str:
    """The name of the level that Splink's `gamma_<comparison>` stands for (-1: nothing to compare)."""
    return "nothing" if gamma < 0 else one.levels[len(one.levels) - 1 - gamma].name
