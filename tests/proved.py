"""A model with its whole proof, of made-up children and cheap enough for a page's test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from tests.screening.models.panels import WARDS, panel

from mimamori import governance
from mimamori.access.models import Account
from mimamori.governance.models import ModelVersion
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.model import Model
from mimamori.screening.models.prove import prove
from mimamori.screening.models.shapes import Panel
from mimamori.screening.models.training import train

SYSTEMS = {"health": "maternal_child_health", "school": "school_affairs", "tax": "school_lunch_fees"}


def made_up(*, chance: bool) -> Panel:
    """Children whose columns come from systems that there are."""
    made = panel(1, children=600, base=-2.6, chance=chance)
    features = tuple(
        replace(each, sources=tuple(SYSTEMS.get(name, "public_assistance") for name in each.sources))
        for each in made.features
    )
    return replace(made, features=features)


@cache
def proved() -> tuple[Model, Evaluation]:
    """Events by pure chance, so it is not offered."""
    made = made_up(chance=True)
    evaluation = prove(made, dict.fromkeys(WARDS, 20), 1)
    return train(made, 1, evaluation.choice.candidate), evaluation


def kept_model(workers: Mapping[str, Account], *, offered: bool = False) -> ModelVersion:
    """Kept by the analyst. `offered`: as if the stop rule had let it through."""
    model, evaluation = proved()
    return governance.keep_model(
        model,
        by=workers["analyst"],
        evaluation=evaluation.model_dump(mode="json"),
        offered=offered,
        project="abuse-1",
        key_version=1,
    )
