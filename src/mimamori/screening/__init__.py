"""要支援対象者の抽出: indicators and conditions as data, run over the whole population, three-valued."""

from mimamori.screening.changes import Before, compare_runs
from mimamori.screening.conditions import ConditionSet, first_sets
from mimamori.screening.digest import findings_digest
from mimamori.screening.extraction import run
from mimamori.screening.indicators import load_indicators, shipped_indicators

__all__ = [
    "Before", "ConditionSet", "compare_runs", "findings_digest", "first_sets", "load_indicators", "run",
    "shipped_indicators",
]  # fmt: skip
