"""Make `model.json`: m and u by Splink from a city whose truth is known, thresholds from the labelled residue.

Run by `mimamori quality --train`. The nights then use the stored weights: training is most of Splink's time, and it is
needed again only where the data drift.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from splink import DuckDBAPI, Linker

from mimamori.engine import Connection, rows_of
from mimamori.linkage.link import link_what_is_certain
from mimamori.linkage.model import COMPARISONS, Weights, load_weights, splink_settings
from mimamori.linkage.residue import judge, make_residue, score
from mimamori.sources import Registry

RANDOM_PAIRS = 4_000_000  # for u
SEED = 1
LEAST = 1e-5  # a level never seen is rare, not impossible
SAFETY = 2.0  # match weight above the highest wrong candidate seen
MISSED = 0.02  # share of true pairs that may lie below the review threshold
MARGIN = 4.0  # match weight by which the best candidate must lead; a sixteenfold likelihood


def train(con: Connection, registry: Registry, *, truth: Path, as_of: date, made_from: str) -> Weights:
    """Weights estimated on the state tables in `con` and on `truth/records.parquet`."""
    con.register("truth_records", pq.read_table(truth / "records.parquet"))
    link_what_is_certain(con, registry, as_of)
    make_residue(con)
    score(con, load_weights())
    con.execute(f"CREATE OR REPLACE TEMP TABLE labels AS {_LABELS}")
    weights = replace(_estimated(con), made_from=made_from)
    score(con, weights)
    judge(con, replace(weights, accept=-1000.0))
    accept, review = _thresholds(con)
    return replace(weights, accept=accept, margin=MARGIN, review=review)


# The names under which a true pair agrees best; the residue alone: that is what the weights are used on.
_LABELS = """
    SELECT 'seekers' AS source_dataset_l, seeker_id AS unique_id_l, 'known' AS source_dataset_r, known_id AS unique_id_r
    FROM scored JOIN truth_records l ON l.ref = left_ref JOIN truth_records r ON r.ref = right_ref
    WHERE l.person_id = r.person_id
"""


def _estimated(con: Connection) -> Weights:
    logging.getLogger("splink").setLevel(logging.ERROR)
    first = load_weights()
    api = DuckDBAPI(con)
    seekers = api.register("residue_seekers", dataset_display_name="seekers")
    known = api.register("residue_known", dataset_display_name="known")
    linker = Linker([seekers, known], splink_settings(first), log_level=None, validate_settings=False)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None)
    labels = api.register("labels", dataset_display_name="labels")
    linker.training.estimate_m_from_pairwise_labels(labels)  # type: ignore[no-untyped-call]
    model = linker.misc.save_model_to_json()
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return replace(first, probabilities={one["output_column_name"]: _levels(one) for one in model["comparisons"]})


def _levels(comparison: dict[str, Any]) -> dict[str, tuple[float, float]]:
    levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    return {
        level["label_for_charts"]: (_number(level.get("m_probability")), _number(level.get("u_probability")))
        for level in levels
    }


def _number(value: Any) -> float:
    """Splink writes a text where a level was not seen."""
    return round(max(float(value) if isinstance(value, int | float) else 0.0, LEAST), 7)


def _thresholds(con: Connection) -> tuple[float, float]:
    """(accept, review): above every wrong candidate the guards let through; below all but a few true ones."""
    (row,) = rows_of(
        con,
        "WITH labelled AS (SELECT j.*, l.person_id = r.person_id AS right_one FROM judged j"
        " JOIN truth_records l ON l.ref = left_ref JOIN truth_records r ON r.ref = right_ref WHERE my_rank = 1)"
        " SELECT max(weight) FILTER (NOT right_one AND verdict = 'same') AS wrong,"
        f" quantile_cont(weight, {MISSED}) FILTER (right_one) AS low FROM labelled",
    )
    accept = round((row["wrong"] if row["wrong"] is not None else 0.0) + SAFETY, 1)
    return accept, round(min(row["low"] or 0.0, accept), 1)


def as_document(weights: Weights) -> dict[str, Any]:
    """The JSON document of `model.json`."""
    return {
        "made_from": weights.made_from,
        **{name: getattr(weights, name) for name in ("prior", "accept", "margin", "review")},
        "probabilities": {
            one.name: {level.name: list(weights.probabilities[one.name][level.name]) for level in one.levels}
            for one in COMPARISONS
        },
    }
