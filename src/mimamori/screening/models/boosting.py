"""The two boosted candidates: an explainable boosting machine (a shape per column), and short trees as challenger.

Both are held to the columns' directions, stop on families held back, and are written out as plain data.
"""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier

from mimamori.screening.models.additive import Additive, Shape
from mimamori.screening.models.columns import Floats
from mimamori.screening.models.sampling import Rows
from mimamori.screening.models.trees import QUESTIONS, Tree, Trees

BAGS = 4
HELD_BACK = 0.2  # of the families, to know when to stop
BINS = 64
SHAPES = {
    "interactions": 0,
    "max_bins": 32,
    "learning_rate": 0.05,
    "greedy_ratio": 0.0,
    "smoothing_rounds": 20,
    "max_rounds": 400,
    "early_stopping_rounds": 20,
    "min_samples_leaf": 50,
    "max_leaves": 2,
    "reg_lambda": 5.0,
    "n_jobs": 1,  # two were slower, and one is the same on every machine
}
TREES = {
    "objective": "binary",
    "num_leaves": QUESTIONS + 1,
    "max_depth": 3,
    "learning_rate": 0.06,
    "min_data_in_leaf": 50,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "max_bin": BINS,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
MOST_TREES = 300
PATIENCE = 30


def fit_shapes(rows: Rows, seed: int) -> Additive:
    """An EBM without interactions: its bins and scores are the shapes, one per column."""
    bags = np.column_stack([np.where(rows.parted(HELD_BACK, seed + bag), -1, 1).astype(np.int8) for bag in range(BAGS)])
    model = ExplainableBoostingClassifier(
        feature_names=list(rows.names),
        feature_types=["continuous"] * len(rows.names),
        monotone_constraints=list(rows.directions),
        outer_bags=BAGS,
        random_state=seed,
        **SHAPES,
    )
    model.fit(np.ascontiguousarray(rows.values), rows.event.astype(np.int64), bags=bags)
    terms = {}
    for (place,), scores in zip(model.term_features_, model.term_scores_, strict=True):
        cuts = tuple(map(float, model.bins_[place][0]))
        # Before the shapes' own scores stands that of the unknown, after them that of codes never seen.
        terms[place] = Shape(
            name=rows.names[place], cuts=cuts, values=tuple(map(float, scores[1:-1])), unknown=float(scores[0])
        )
    intercept = float(np.ravel(model.intercept_)[0])
    return Additive(intercept=intercept + rows.offset, terms=tuple(terms[place] for place in sorted(terms)))


def fit_trees(rows: Rows, seed: int, *, grown: int | None = None) -> Trees:
    """LightGBM: as many trees as held-back families bear (or `grown`), on all rows."""
    parameters = TREES | {"seed": seed, "monotone_constraints": list(rows.directions)}
    booster = lightgbm.train(parameters, _data(rows), grown or _bearable(rows, parameters, seed))
    return written_out(booster, rows.names, rows.offset)


def _bearable(rows: Rows, parameters: dict[str, Any], seed: int) -> int:
    held = rows.parted(HELD_BACK, seed)
    known, others = rows.only(~held), rows.only(held)
    if len(np.unique(known.event)) < 2 or len(np.unique(others.event)) < 2:
        return MOST_TREES // 2
    trial = lightgbm.train(
        parameters,
        _data(known),
        MOST_TREES,
        valid_sets=[_data(others)],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    return max(1, int(trial.best_iteration))


def written_out(booster: Any, names: tuple[str, ...], offset: float) -> Trees:
    """A LightGBM booster of short trees as plain data."""
    return Trees(
        names=names,
        intercept=offset,
        trees=tuple(_tree(told["tree_structure"]) for told in booster.dump_model()["tree_info"]),
    )


def _data(rows: Rows) -> Any:
    values: Floats = np.ascontiguousarray(rows.values)
    return lightgbm.Dataset(values, label=rows.event.astype(np.float64), params={"max_bin": BINS, "verbose": -1})


def _tree(root: dict[str, Any]) -> Tree:
    if "split_index" not in root:
        return Tree(
            asks=(), cuts=(), unknown_yes=(), yes=(), no=(), met=(), ends=(int(root.get("leaf_count") or 1),),
            values=(float(root["leaf_value"]),),
        )  # fmt: skip
    questions: list[dict[str, Any]] = []
    leaves: list[dict[str, Any]] = []

    def number(node: dict[str, Any]) -> int:
        if "split_index" not in node:
            leaves.append(node)
            return ~(len(leaves) - 1)
        questions.append(node)
        return len(questions) - 1

    number(root)
    ways = []
    for node in questions:  # grows while it is walked: every question is numbered before those it leads to
        assert node["decision_type"] == "<=", "numbers only"
        ways.append((number(node["left_child"]), number(node["right_child"])))
    return Tree(
        asks=tuple(int(node["split_feature"]) for node in questions),
        cuts=tuple(float(node["threshold"]) for node in questions),
        unknown_yes=tuple(_unknown_yes(node) for node in questions),
        yes=tuple(yes for yes, _ in ways),
        no=tuple(no for _, no in ways),
        met=tuple(int(node["internal_count"]) for node in questions),
        ends=tuple(int(leaf["leaf_count"]) for leaf in leaves),
        values=tuple(float(leaf["leaf_value"]) for leaf in leaves),
    )


def _unknown_yes(node: dict[str, Any]) -> bool:
    """Where nothing was unknown in the training, LightGBM takes what is not known for zero."""
    if node["missing_type"] == "NaN":
        return bool(node["default_left"])
    return float(node["threshold"]) >= 0
