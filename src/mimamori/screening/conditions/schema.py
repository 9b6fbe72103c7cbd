"""A condition set: typed rows that experts write, one set per difficulty. It is what is approved, kept and run.

A condition tests one indicator and is 該当 (met), 非該当 (failed) or 不明 (unknown, with the reason). *Must-look*
conditions put a child on the list by themselves, outside the points. The points of the others are added up per domain,
brought to 0–100 per domain, and averaged over the domains that cover the child.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mimamori.screening.conditions.faults import Wrong
from mimamori.screening.indicators.schema import Difficulty
from mimamori.sources.item import Declared, Label, Name

Comparison = Literal[">=", "<=", "between", "=", "in"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Points = Annotated[Number, Field(ge=0, le=100)]
Year = Annotated[int, Field(strict=True, ge=0, le=18)]
# The threshold fields each comparison takes.
TAKES: dict[str, tuple[str, ...]] = {
    ">=": ("low",),
    "<=": ("high",),
    "between": ("low", "high"),
    "=": ("values",),
    "in": ("values",),
}
PLACE = re.compile(r"\{(\w+)\}")
MOST_LETTERS = 120  # of a sentence
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=MOST_LETTERS, strip_whitespace=True)]


class Words(Declared):
    """A condition's sentence in both languages; `{low}` and `{high}` stand for its thresholds."""

    ja: Sentence
    en: Sentence


class Domain(Declared):
    """A group of conditions whose points are brought to 0–100 before the domains are averaged by weight."""

    id: Name
    label: Label
    weight: Annotated[Number, Field(gt=0, le=10)] = 1


class Condition(Declared):
    """One test. `ages` (completed years, both ends included) narrow whom it speaks of."""

    id: Name
    indicator: Name
    comparison: Comparison
    low: Number | None = None
    high: Number | None = None
    values: tuple[Number, ...] = ()
    points: Points = 0
    must: bool = False
    domain: Name | None = None  # None for must-look conditions alone
    ages: tuple[Year, Year] | None = None
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
            raise self._wrong(
                f"{self.comparison} には {' と '.join(TAKES[self.comparison])} だけを書いてください",
                f"{self.comparison} takes {' and '.join(TAKES[self.comparison])}, nothing else",
            )
        if self.comparison == "=" and len(self.values) != 1:
            raise self._wrong("= の values は1つだけにしてください", "= takes one value")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise self._wrong("low が high より大きくなっています", "low is above high")
        if self.ages is not None and self.ages[0] > self.ages[1]:
            raise self._wrong("ages は下から上の順に書いてください", "ages go from the lower to the higher")
        if self.must and (self.points or self.domain):
            raise self._wrong(
                "必ず見る条件(must)に points と domain は書けません",
                "a must-look condition stands outside the points and the domains",
            )
        if not self.must and (not self.points or self.domain is None):
            raise self._wrong("points と domain を書いてください", "points and a domain are missing")
        for sentence in (self.label.ja, self.label.en):
            named = set(PLACE.findall(sentence))
            if not named <= {"low", "high"} or any(getattr(self, name) is None for name in named):
                raise self._wrong(
                    "文の { } が、この条件にないしきい値を指しています",
                    "the sentence names a threshold that the condition does not have",
                )
        return self

    def _wrong(self, ja: str, en: str) -> Wrong:
        return Wrong(f"conditions.{self.id}: {ja}", f"conditions.{self.id}: {en}")

    def _values(self) -> tuple[str, ...]:
        return ("values",) if self.values else ()


class ConditionSet(Declared):
    """The conditions of one difficulty; a child is listed from the last of `tiers` upwards, or by a must-look one.

    `tiers`: points (0–100) from which a finding is of tier 1, 2, 3 …, highest first.
    `ages`: completed years, both ends included; other children are not screened for this difficulty.
    """

    difficulty: Difficulty
    note: Label  # what the set can and cannot see
    ages: tuple[Year, Year] = (0, 18)
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
        if twice := _twice([condition.id for condition in self.conditions]):
            raise Wrong(f"同じ id の条件が2つあります: {twice}", f"a condition's id is used twice: {twice}")
        domains = {domain.id for domain in self.domains}
        if twice := _twice([domain.id for domain in self.domains]):
            raise Wrong(f"同じ id の分野(domains)が2つあります: {twice}", f"a domain's id is used twice: {twice}")
        used = {condition.domain for condition in self.conditions if condition.domain}
        if used != domains:
            apart = ", ".join(sorted(used ^ domains))
            raise Wrong(
                f"条件のない分野か、domains に書かれていない分野があります: {apart}",
                f"domains without conditions, or not declared: {apart}",
            )
        if list(self.tiers) != sorted(set(self.tiers), reverse=True) or self.tiers[-1] <= 0:
            raise Wrong(
                "tiers は点の高い順に、0 より大きい数で書いてください",
                "tiers go from the highest points to the lowest, which is above 0",
            )
        if self.ages[0] > self.ages[1]:
            raise Wrong("ages は下から上の順に書いてください", "ages go from the lower to the higher")
        return self


def _twice(names: Sequence[str]) -> str:
    return ", ".join(sorted({name for name in names if names.count(name) > 1}))


def plain(number: float) -> str:
    """A number as people write it: 7, 2,500, 0.5."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,g}"
