"""The candidates for one difficulty. Each is fitted on rows with a seed, and becomes plain data (`training.FITS`)."""

from __future__ import annotations

from typing import Literal

from mimamori.sources.item import Label

Name = Literal["points", "single", "logistic", "shapes", "trees"]

POINTS: Name = "points"
# Of those that are equal the earlier is chosen: it is easier to read.
TRAINED: tuple[Name, ...] = ("logistic", "shapes", "trees")
NAMES: tuple[Name, ...] = (POINTS, "single", *TRAINED)

LABELS: dict[Name, Label] = {
    "points": Label(ja="いまの抽出条件(専門家の点数)", en="the conditions in force (experts' points)"),
    "single": Label(ja="最もよい一つの項目", en="the best single column"),
    "logistic": Label(ja="ロジスティック回帰(elastic net)", en="logistic regression (elastic net)"),
    "shapes": Label(ja="加法モデル(EBM)", en="additive model (EBM)"),
    "trees": Label(ja="勾配ブースティング(LightGBM、単調制約)", en="boosted trees (LightGBM, monotone)"),
}
