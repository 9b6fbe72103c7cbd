"""What people say of the models, as data: `facts.toml`, read by `screening.models.facts.load`."""

from mimamori.screening.models.facts.load import facts_of, load_facts
from mimamori.screening.models.facts.schema import CityFacts, Purpose

__all__ = ["CityFacts", "Purpose", "facts_of", "load_facts"]
