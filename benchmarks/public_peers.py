"""The peers on the public data sets, as their own documentation links such sets.

- recordlinkage, its guide: blocked, compared and summed as its guide "Link two datasets" does FEBRL4; linked above 3.
  pseudopeople by the same rule on the columns it has. Blocked as in the guide (given name) it cannot find a changed
  given name, so it is given more blocks in a second row, and its unsupervised classifier (ECM) in a third.
- Splink: the model of its example for FEBRL4, and of its example for pseudopeople with the columns that social security
  has; the examples' cut, probability .99, and the even one.

Every way is taken one to one, by the best link of both sides: that helps peers, never harms them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
from benchmarks.public_data import PublicSet
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as compare

from mimamori import engine

GUIDE_SUM = 3.0  # linked above it
EXAMPLE_CUT = 0.99  # match probability
ALIKE = 0.85  # Jaro-Winkler, as in the guide


@dataclass(frozen=True)
class Scored:
    """Pairs of one way with its weight, linked from `cut` on."""

    way: str
    seconds: float
    pairs: pa.Table  # left, right, weight
    cut: float


def recordlinkage_ways(one: PublicSet, *, number: bool) -> Iterator[Scored]:
    if one.name == "febrl4":
        guide = {"blocks": ["given_name"], "exact": ["given_name"], "alike": ["surname"], "more": True}
        yield _summed("recordlinkage, its guide", one, number=number, **guide)
        wide = guide | {"blocks": ["given_name", "surname", "date_of_birth", "postcode"]}
    else:
        wide = {
            "blocks": [["first_name", "last_name"], "date_of_birth"],
            "exact": ["middle_initial", "sex"],
            "alike": ["first_name", "last_name"],
            "more": False,
        }
    yield _summed("recordlinkage, its guide, more blocks", one, number=number, **wide)
    yield _classified("recordlinkage, ECM, more blocks", one, number=number, **wide)


def _features(
    one: PublicSet, *, number: bool, blocks: list[Any], exact: list[str], alike: list[str], more: bool
) -> Any:
    """Comparison vectors: exact ones, alike ones and the birth date; `more`: those of FEBRL4's address."""
    import recordlinkage  # noqa: PLC0415 # wants the extra

    index = recordlinkage.Index()
    for block in [*blocks, *(["soc_sec_id"] if number else [])]:
        index.block(block)
    pairs = index.index(one.left_frame, one.right_frame)
    vectors = recordlinkage.Compare()
    places, numbers = (["suburb", "state"] if more else []), (["soc_sec_id"] if number else [])
    for column in [*exact, "date_of_birth", *places, *numbers]:
        vectors.exact(column, column, label=column)
    for column in alike:
        vectors.string(column, column, method="jarowinkler", threshold=ALIKE, label=column)
    if more:
        vectors.string("address_1", "address_1", threshold=ALIKE, label="address_1")
    return vectors.compute(pairs, one.left_frame, one.right_frame)


def _summed(way: str, one: PublicSet, **recipe: Any) -> Scored:
    start = perf_counter()
    weight = _features(one, **recipe).sum(axis=1)
    return Scored(way, perf_counter() - start, _pairs(weight), float(np.nextafter(GUIDE_SUM, np.inf)))


def _classified(way: str, one: PublicSet, **recipe: Any) -> Scored:
    import recordlinkage  # noqa: PLC0415 # wants the extra

    start = perf_counter()
    features = _features(one, **recipe)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    likely = classifier.prob(features)
    return Scored(way, perf_counter() - start, _pairs(likely), 0.5)


def _pairs(weight: Any) -> pa.Table:
    return pa.table(
        {
            "left": pa.array(weight.index.get_level_values(0), pa.string()),
            "right": pa.array(weight.index.get_level_values(1), pa.string()),
            "weight": pa.array(weight.to_numpy(), pa.float64()),
        }
    )


def splink_ways(one: PublicSet, *, number: bool) -> Iterator[Scored]:
    start = perf_counter()
    pairs = _splink_pairs(one, number=number)
    seconds = perf_counter() - start
    yield Scored("Splink, its example, p ≥ .99", seconds, pairs, log2(EXAMPLE_CUT / (1 - EXAMPLE_CUT)))
    yield Scored("Splink, its example, p ≥ .5", seconds, pairs, 0.0)


def _splink_pairs(one: PublicSet, *, number: bool) -> pa.Table:
    logging.getLogger("splink").setLevel(logging.ERROR)
    con = engine.connect()
    for side, frame in (("peer_left", one.left_frame), ("peer_right", one.right_frame)):
        con.register("frame", pa.Table.from_pandas(frame.rename_axis("record").reset_index(), preserve_index=False))
        con.execute(f"CREATE TABLE {side} AS FROM frame")
        con.unregister("frame")
    api = DuckDBAPI(con)
    sides = [api.register(f"peer_{side}", dataset_display_name=side) for side in ("left", "right")]
    example, rules, training = _febrl4_example(number=number) if one.name == "febrl4" else _pseudopeople_example(one)
    settings = SettingsCreator(unique_id_column_name="record", link_type="link_only", **example)
    linker = Linker(sides, settings, log_level=None)
    if rules:
        linker.training.estimate_probability_two_random_records_match(rules, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True
        )
    found = linker.inference.predict(warning_mode="never").physical_name
    left, right = (
        f"CASE source_dataset_l WHEN 'left' THEN {mine} ELSE {other} END"
        for mine, other in (("record_l", "record_r"), ("record_r", "record_l"))
    )
    return engine.table_of(con, f'SELECT {left} AS "left", {right} AS "right", match_weight AS weight FROM {found}')


Example = tuple[dict[str, Any], list[Any], list[Any]]  # settings, deterministic rules, blocks to train on


def _febrl4_example(*, number: bool) -> Example:
    """The detailed model of the example; without the number its comparison, its block and its rule are left out."""
    numbers = [block_on("soc_sec_id")] if number else []
    settings = {
        "blocking_rules_to_generate_predictions": [
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            *numbers,
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        "comparisons": [
            compare.NameComparison("given_name").configure(term_frequency_adjustments=True),
            compare.NameComparison("surname").configure(term_frequency_adjustments=True),
            compare.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            *([compare.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if number else []),
            compare.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            compare.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    }
    rules = [*numbers, block_on("given_name", "surname", "date_of_birth")]
    return settings, rules, [block_on("date_of_birth"), block_on("postcode")]


def _pseudopeople_example(one: PublicSet) -> Example:
    """As the example links census and community survey, without the address that social security does not have."""
    settings = {
        "blocking_rules_to_generate_predictions": [
            block_on("first_name"),
            block_on("last_name"),
            block_on("date_of_birth"),
        ],
        "comparisons": [
            compare.NameComparison("first_name").configure(term_frequency_adjustments=True),
            compare.ExactMatch("middle_initial").configure(term_frequency_adjustments=True),
            compare.NameComparison("last_name").configure(term_frequency_adjustments=True),
            compare.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            compare.ExactMatch("sex"),
        ],
        "probability_two_random_records_match": 1 / one.right.num_rows,
    }
    return settings, [], [block_on("date_of_birth"), block_on("last_name")]
