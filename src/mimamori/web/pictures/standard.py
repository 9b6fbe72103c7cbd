"""The growth standard of Japanese children: which height and weight is usual at an age (`growth_standard.toml`).

Between two published ages L, M and S lie on a straight line. From three months on that is at most 2 % beside the
society's own polynomials; between birth and three months, where weight doubles, it would be 6 %, so nothing is told
there. Above 17.5 years nothing is published.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path

MALE, FEMALE = "1", "2"  # the register's codes
SEXES = {MALE: "male", FEMALE: "female"}
MEASURES = ("height", "weight")
STRAIGHT = 1e-9  # so near to no skewness that the formula for none holds
FIRST = 0.25  # years: from here on a place between two ages is told


@dataclass(frozen=True)
class Point:
    """The published L (skewness), M (median; cm or kg) and S (coefficient of variation) at one age in years."""

    age: float
    skewness: float
    median: float
    variation: float

    def value(self, sd: float) -> float:
        """The height or weight that lies `sd` standard deviations from the median."""
        if abs(self.skewness) < STRAIGHT:
            return self.median * exp(self.variation * sd)
        return float(self.median * (1 + self.skewness * self.variation * sd) ** (1 / self.skewness))

    def sd(self, value: float) -> float:
        """How many standard deviations `value` lies from the median."""
        if abs(self.skewness) < STRAIGHT:
            return log(value / self.median) / self.variation
        return float(((value / self.median) ** self.skewness - 1) / (self.skewness * self.variation))


@dataclass(frozen=True)
class Standard:
    """One measure of one sex, by age."""

    points: tuple[Point, ...]

    @property
    def last(self) -> float:
        """The highest age that is published, in years."""
        return self.points[-1].age

    def at(self, age: float) -> Point | None:
        """The standard at an age in years; None where none is published, or where a straight line would mislead."""
        if not 0 <= age <= self.last or 0 < age < FIRST:
            return None
        after = min(bisect_right(self.points, age, key=lambda point: point.age), len(self.points) - 1)
        left, right = self.points[after - 1], self.points[after]
        share = (age - left.age) / (right.age - left.age)
        return Point(
            age,
            left.skewness + (right.skewness - left.skewness) * share,
            left.median + (right.median - left.median) * share,
            left.variation + (right.variation - left.variation) * share,
        )


@dataclass(frozen=True)
class Source:
    """Where the figures are from, in words."""

    ja: str
    en: str


def standard(measure: str, sex: str) -> Standard | None:
    """The standard of `height` (cm) or `weight` (kg) for a sex by the register's code; None where it is not known."""
    return _read()[0].get((measure, sex))


def source() -> Source:
    return _read()[1]


@cache
def _read() -> tuple[dict[tuple[str, str], Standard], Source]:
    told = tomllib.loads((Path(__file__).with_name("growth_standard.toml")).read_text(encoding="utf-8"))
    found = {
        (measure, code): Standard(_points(told[measure][name])) for measure in MEASURES for code, name in SEXES.items()
    }
    return found, Source(**told["source"])


def _points(rows: Iterable[Iterable[float]]) -> tuple[Point, ...]:
    return tuple(Point(*map(float, row)) for row in rows)
