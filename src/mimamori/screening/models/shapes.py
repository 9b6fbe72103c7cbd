"""What walks through this room: children on days under pseudonyms, and what is known of each column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from mimamori.screening.fates import AGE_BANDS
from mimamori.screening.indicators import Difficulty
from mimamori.sources.item import Label

__all__ = ["AGE_BANDS", "KEYS", "Feature", "Panel", "Tell", "silent"]

Tell = Callable[[Label, float], None]  # what goes on, and the share of all that is done


def silent(what: Label, share: float) -> None:
    """Tell nobody."""


# The columns of a panel beside its features. Of these a model reads `age_band` alone; `ward`, `sex`, `nationality` and
# `welfare` are there to ask whether it is fair, `points`, `must` and `listed` to hold it against the conditions.
KEYS = pa.schema(
    [
        ("token", pa.string()),  # the child, under the project's key
        ("household", pa.string()),  # its household, likewise; of whom no household is known the child's own token
        ("day", pa.date32()),
        ("ward", pa.string()),
        ("age_band", pa.string()),  # of AGE_BANDS; empty: not known
        ("sex", pa.string()),
        ("nationality", pa.string()),  # the register's two kinds of resident, never a country
        ("welfare", pa.bool_()),
        ("points", pa.float64()),  # of the condition set in force; 0: none met
        ("must", pa.bool_()),
        ("listed", pa.bool_()),
        # Whether the event came within the window after `day`; null: it went on already, the child left, grew out of
        # the ages or was lost without one, or the window is not over yet.
        ("event", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Feature:
    """One column that a model may read; float64, null where it is not known. `higher`: a model may only see more risk
    in more of it; `lower`: only less; `neither`: as the data say."""

    name: str
    label: Label
    direction: Literal["higher", "lower", "neither"]
    sources: tuple[str, ...]  # the systems it is made of


@dataclass(frozen=True)
class Panel:
    """A cohort on one or more days: `KEYS`, then one float64 column per feature; one row per child and day, ordered by
    day and token."""

    difficulty: Difficulty
    window_months: int
    features: tuple[Feature, ...]
    table: pa.Table

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted(set(self.table["day"].to_pylist())))
