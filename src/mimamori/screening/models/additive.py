"""A model that is a sum of one term per column, as plain data: what a term adds can be read off it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from mimamori.screening.models.columns import Floats
from mimamori.sources.item import Declared


class Line(Declared):
    """`known` and `weight` for each unit above `centre`, within what was seen; `unknown` where it is not known."""

    kind: Literal["line"] = "line"
    name: str
    weight: float
    centre: float
    low: float
    high: float
    known: float
    unknown: float

    def adds(self, values: Floats) -> Floats:
        known = self.known + self.weight * (np.clip(values, self.low, self.high) - self.centre)
        return np.where(np.isnan(values), self.unknown, known)


class Shape(Declared):
    """`values[k]` from the cut k-1 on and below the cut k; `unknown` where the value is not known."""

    kind: Literal["shape"] = "shape"
    name: str
    cuts: tuple[float, ...]
    values: tuple[float, ...]
    unknown: float

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.values) != len(self.cuts) + 1:
            raise ValueError("a shape has one value more than cuts")
        if any(left >= right for left, right in zip(self.cuts, self.cuts[1:], strict=False)):
            raise ValueError("the cuts of a shape rise")
        return self

    def adds(self, values: Floats) -> Floats:
        known = np.array(self.values)[np.searchsorted(np.array(self.cuts), values, side="right")]
        return np.where(np.isnan(values), self.unknown, known)


Term = Annotated[Line | Shape, Field(discriminator="kind")]


class Additive(Declared):
    """margin = intercept + what each term adds. On the log-odds scale where the candidate is fitted, else in points."""

    kind: Literal["additive"] = "additive"
    intercept: float
    terms: tuple[Term, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(term.name for term in self.terms)

    def margins(self, columns: Mapping[str, Floats]) -> Floats:
        """One number per row. The order of `columns` does not matter: the terms are added in their own."""
        rows = len(next(iter(columns.values())))
        total = np.full(rows, self.intercept)
        for term in self.terms:
            total += term.adds(columns[term.name])
        return total

    def contributions(self, columns: Mapping[str, Floats]) -> tuple[float, Floats]:
        """The intercept, and what each name adds, shape (rows, names); together they are the margin."""
        added = np.empty((len(next(iter(columns.values()))), len(self.terms)), order="F")
        for place, term in enumerate(self.terms):
            added[:, place] = term.adds(columns[term.name])
        return self.intercept, added
