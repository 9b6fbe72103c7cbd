"""A condition set: typed rows that experts write, one set per difficulty. It is what is approved, kept and run.

A condition tests one indicator and is 該当 (met), 非該当 (failed) or 不明 (unknown, with the reason). *Must-look*
conditions put a child on the list by themselves, outside the points. The points of the others are added up per domain,
brought to 0–100 per domain, and averaged over the domains that cover the child.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mimamori.screening.indicators.schema import Difficulty
from mimamori.sources.item import Declared, Label, Name

Comparison = Literal[">=", "<=", "between", "=", "in"]
Points = Annotated[float, Field(ge=0, le=100)]
# The threshold fields each comparison takes.
TAKES: dict[str, tuple[str, ...]] = {
    ">=": ("low",),
    "<=": ("high",),
    "between": ("low", "high"),
    "=": ("values",),
    "in": ("values",),
}
PLACE = re.compile(r"\{(\w+)\}")
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Words(Declared):
    """A condition's sentence in both languages; `{low}` and `{high}` stand for its thresholds."""

    ja: Sentence
    en: Sentence


class Domain(Declared):
    """A group of conditions whose points are brought to 0–100 before the domains are averaged by weight."""

    id: Name
    label: Label
    weight: Annotated[float, Field(gt=0, le=10)] = 1


class Condition(Declared):
    """One test. `ages` (completed years, both ends included) narrow whom it speaks of."""

    id: Name
    indicator: Name
    comparison: Comparison
    low: float | None = None
    high: float | None = None
    values: tuple[float, ...] = ()
    points: Points = 0
    must: bool = False
    domain: Name | None = None  # None for must-look conditions alone
    ages: tuple[int, int] | None = None
    label: Words
    basis: Label  # which notice says so, or who uses it

    def sentence(self) -> Label:
        """The sentence with its thresholds filled in."""
        return Label(ja=self._filled(self.label.ja), en=self._filled(self.label.en))

    def holds(self, value: float) -> bool:
        """Whether a known value meets the condition."""
        if self.comparison in {"=", "in"}:
            return value in self.values
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def covers(self, year: int) -> bool:
        """Whether it speaks of children of this age (completed years)."""
        return self.ages is None or self.ages[0] <= year <= self.ages[1]

    def _filled(self, sentence: str) -> str:
        return PLACE.sub(lambda found: plain(getattr(self, found[1])), sentence)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        given = {name for name in ("low", "high") if getattr(self, name) is not None} | ({"values"} & {*self._values()})
        if given != set(TAKES[self.comparison]):
            raise ValueError(f"{self.id}: {self.comparison} takes {' and '.join(TAKES[self.comparison])}, nothing else")
        if self.comparison == "=" and len(self.values) != 1:
            raise ValueError(f"{self.id}: = takes one value")
        if self.must and (self.points or self.domain):
            raise ValueError(f"{self.id}: a must-look condition stands outside the points and the domains")
        if not self.must and (not self.points or self.domain is None):
            raise ValueError(f"{self.id}: points and a domain are missing")
        for sentence in (self.label.ja, self.label.en):
            named = set(PLACE.findall(sentence))
            if not named <= {"low", "high"} or any(getattr(self, name) is None for name in named):
                raise ValueError(f"{self.id}: the sentence names a threshold that the condition does not have")
        return self

    def _values(self) -> tuple[str, ...]:
        return ("values",) if self.values else ()


class ConditionSet(Declared):
    """The conditions of one difficulty; a child is listed from the last of `tiers` upwards, or by a must-look one.

    `tiers`: points (0–100) from which a finding is of tier 1, 2, 3 …, highest first.
    `ages`: completed years, both ends included; other children are not screened for this difficulty.
    """

    difficulty: Difficulty
    note: Label  # what the set can and cannot see
    ages: tuple[int, int] = (0, 18)
    tiers: tuple[Points, ...] = Field(min_length=1)
    domains: tuple[Domain, ...] = ()
    conditions: tuple[Condition, ...] = Field(min_length=1)

    def condition(self, name: str) -> Condition:
        return next(condition for condition in self.conditions if condition.id == name)

    @property
    def musts(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if condition.must)

    def scored(self, domain: Domain) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if condition.domain == domain.id)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [condition.id for condition in self.conditions]
        if len(names) != len(set(names)):
            raise ValueError("a condition's id is used twice")
        domains = {domain.id for domain in self.domains}
        if len(domains) != len(self.domains):
            raise ValueError("a domain's id is used twice")
        used = {condition.domain for condition in self.conditions if condition.domain}
        if used != domains:
            raise ValueError(f"domains without conditions, or not declared: {', '.join(sorted(used ^ domains))}")
        if list(self.tiers) != sorted(set(self.tiers), reverse=True) or self.tiers[-1] <= 0:
            raise ValueError("tiers go from the highest points to the lowest, which is above 0")
        return self


def plain(number: float) -> str:
    """A number as people write it: 7, 2,500, 0.5."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,g}"
