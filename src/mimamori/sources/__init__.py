"""The source systems: layouts as data, checked when they are loaded."""

from mimamori.sources.registry import Municipality, Registry, load_registry, shipped_registry
from mimamori.sources.schema import Item, Label, Layout, Person, Table

__all__ = [
    "Item",
    "Label",
    "Layout",
    "Municipality",
    "Person",
    "Registry",
    "Table",
    "load_registry",
    "shipped_registry",
]
