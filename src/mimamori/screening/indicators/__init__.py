"""Indicators as data: TOML files beside this module, each value with its day or the reason why there is none."""

from mimamori.screening.indicators.compute import compute
from mimamori.screening.indicators.load import Indicators, load_indicators, shipped_indicators
from mimamori.screening.indicators.schema import DIFFICULTIES, DIFFICULTY_LABELS, WHY_LABELS, Difficulty, Indicator, Why

__all__ = [
    "DIFFICULTIES",
    "DIFFICULTY_LABELS",
    "WHY_LABELS",
    "Difficulty",
    "Indicator",
    "Indicators",
    "Why",
    "compute",
    "load_indicators",
    "shipped_indicators",
]
