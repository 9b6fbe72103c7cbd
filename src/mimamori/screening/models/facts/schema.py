"""What the file of facts must say, read into frozen models; an unknown key is an error, and so is a missing one."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from mimamori.screening.indicators import DIFFICULTIES, Difficulty
from mimamori.sources.item import Declared, Label


class Purpose(Declared):
    """Of the models of one difficulty: `legal_basis` beside that of all."""

    difficulty: Difficulty
    name: Label
    purpose: Label
    legal_basis: Label


class CityFacts(Declared):
    """What is the same for every model, and what differs by difficulty. `review_months`: a model is reviewed so many
    months after it was recorded."""

    review_months: Annotated[int, Field(strict=True, ge=1, le=36)]
    owner: Label
    contact: Label
    affected: Label
    legal_basis: Label
    use: Label
    oversight: Label
    risks: Label
    appeals: Label
    difficulties: tuple[Purpose, ...]

    @model_validator(mode="after")
    def _speaks_of_each_once(self) -> Self:
        if sorted(one.difficulty for one in self.difficulties) != sorted(DIFFICULTIES):
            raise ValueError("difficulties: each once")
        return self
