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
from mimamori.linkage.model import COMPARISONS, MODEL, Model, Weights, load_weights, splink_settings
from mimamori.linkage.residue import judge, make_residue, score
from mimamori.sources import Registry

RANDOM_PAIRS = 4_000_000  # for u
SEED = 1
LEAST = 1e-6  # a level that chance never showed is rare, not impossible
EXPERIENCE = 2_000  # pairs that `Level.expected` weighs: a synthetic city shows fewer kinds of error than a real one
SAFETY = 2.0  # match weight above the highest wrong candidate seen
MARGIN = 4.0  # match weight by which the best candidate must lead: a sixteenfold likelihood
GREY_SHARE = 0.005  # share of the seekers that may wait for a person and turn out to be two people
FLOOR = -6.0  # match weight below which nobody is asked


def train(con: Connection, registry: Registry, *, truth: Path, as_of: date) -> Weights:
    """Weights estimated on the state tables in `con` and on `truth/records.parquet`."""
    con.register("truth_records", pq.read_table(truth / "records.parquet"))
    link_what_is_certain(con, registry, as_of)
    make_residue(con, everybody=True)
    first = load_weights()
    score(con, first)
    con.execute(f"CREATE OR REPLACE TEMP TABLE same_person AS {_SAME_PERSON}")
    found = probabilities(con, chance(con, first, pairs=RANDOM_PAIRS), experience=EXPERIENCE)
    weights = replace(first, probabilities=found, made_from=_origin(con, as_of))
    score(con, weights)
    judge(con, replace(weights, accept=1000.0, review=-1000.0))
    accept, review = _thresholds(con)
    return replace(weights, accept=accept, margin=MARGIN, review=review)


# Each true pair by the names under which it agrees best; of the residue alone: that is what the weights are used on.
_SAME_PERSON = """
    SELECT s.* FROM scored s JOIN truth_records l ON l.ref = left_ref JOIN truth_records r ON r.ref = right_ref
    WHERE l.person_id = r.person_id
"""


def probabilities(
    con: Connection, chance: dict[str, dict[str, float]], *, experience: int, model: Model = MODEL
) -> dict[str, dict[str, tuple[float, float]]]:
    """(m, u) of every level: m from the pairs in `same_person` and `experience` pairs' worth of what is expected, u
    from `chance`."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for one in model.comparisons:
        rows = rows_of(con, f"SELECT {one.name} AS level, count(*) AS pairs FROM same_person GROUP BY ALL")
        seen = {row["level"]: row["pairs"] for row in rows if row["level"] != "nothing"}
        whole = sum(seen.values()) + experience
        found[one.name] = {
            level.name: (
                round((seen.get(level.name, 0) + experience * level.expected) / whole, 6),
                round(max(chance[one.name].get(level.name, 0.0), LEAST), 7),
            )
            for level in one.levels
        }
    return found


def _origin(con: Connection, as_of: date) -> str:
    """How the weights were got, for whoever reads `model.json`."""
    (row,) = rows_of(
        con,
        "SELECT (SELECT count(*) FROM register_rows WHERE newest) AS residents,"
        " (SELECT count(*) FROM same_person) AS pairs",
    )
    return (
        f"mimamori quality --train on a synthetic city of {row['residents']:,} residents as of {as_of}: m from"
        f" {row['pairs']:,} true pairs that exact passes left over and {EXPERIENCE:,} pairs' worth of assumption,"
        f" u from {RANDOM_PAIRS:,} random pairs, thresholds from the labelled residue"
    )


def chance(con: Connection, first: Weights, *, pairs: int, model: Model = MODEL) -> dict[str, dict[str, float]]:
    """How often each level holds between two random people, by Splink's sampling of so many `pairs` of the residue."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(con)
    seekers = api.register("residue_seekers", dataset_display_name="seekers")
    known = api.register("residue_known", dataset_display_name="known")
    linker = Linker([seekers, known], splink_settings(first, model), log_level=None, validate_settings=False)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=SEED, min_count_per_level=None)
    found = linker.misc.save_model_to_json()
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return {one["output_column_name"]: _levels(one) for one in found["comparisons"]}


def _levels(comparison: dict[str, Any]) -> dict[str, float]:
    """The levels that were seen (Splink writes a text for one that was not)."""
    levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    return {
        level["label_for_charts"]: float(u)
        for level in levels
        if isinstance(u := level.get("u_probability"), int | float)
    }


def _thresholds(con: Connection) -> tuple[float, float]:
    """(accept, review) from the labelled residue.

    accept: above the highest wrong first candidate that leads by the margin, whether or not the guards against siblings
    would have held it. (Two people alike in all that is compared are told by the margin, and by no weight.)
    review: as low as the share of pairs that are put before a person in vain allows.
    """
    (row,) = rows_of(
        con,
        "SELECT max(weight) FILTER (NOT same AND my_lead >= $margin) AS wrong,"
        " list(weight ORDER BY weight DESC) FILTER (NOT same AND verdict = 'unsure') AS vain FROM ("
        " SELECT j.*, l.person_id = r.person_id AS same FROM judged j"
        " JOIN truth_records l ON l.ref = left_ref JOIN truth_records r ON r.ref = right_ref WHERE my_rank = 1)",
        {"margin": MARGIN},
    )
    accept = round((row["wrong"] if row["wrong"] is not None else 0.0) + SAFETY, 1)
    (seekers,) = con.sql("SELECT count(*) FROM seeking").fetchall()
    allowed = int(seekers[0] * GREY_SHARE)
    vain = row["vain"] or []
    review = max(vain[allowed], FLOOR) if len(vain) > allowed else FLOOR
    return accept, round(min(review, accept), 1)


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
