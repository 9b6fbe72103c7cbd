"""Read what people say of the models, for a card."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from mimamori.config import home_of
from mimamori.refusal import Refused
from mimamori.screening.fates import months_after
from mimamori.screening.indicators import Difficulty
from mimamori.screening.models import card
from mimamori.screening.models.facts.schema import CityFacts
from mimamori.sources.registry import declared


def load_facts() -> CityFacts:
    """Those of the package, or `$MIMAMORI_HOME/facts/facts.toml` in their place. Raises `Refused` naming the fault."""
    return _facts(home_of())


def facts_of(difficulty: Difficulty, recorded_on: date) -> card.Facts:
    """What a card of a model of this difficulty says that was recorded on this day."""
    told = load_facts()
    own = next(one for one in told.difficulties if one.difficulty == difficulty)
    return card.Facts(
        name=own.name,
        owner=told.owner,
        contact=told.contact,
        purpose=own.purpose,
        legal_basis=(told.legal_basis, own.legal_basis),
        affected=told.affected,
        use=told.use,
        oversight=told.oversight,
        risks=told.risks,
        appeals=told.appeals,
        recorded_on=recorded_on,
        review_by=months_after(recorded_on, told.review_months),
    )


@cache
def _facts(home: Path | None) -> CityFacts:
    read = declared(files("mimamori.screening.models.facts"), home / "facts" if home else None, CityFacts)
    if set(read) != {"facts.toml"}:
        raise Refused(
            "モデルについて人が書くこと(facts)は、facts.toml ひとつにしてください。",
            "What people say of models (facts) is one file, facts.toml.",
        )
    return read["facts.toml"]
