"""What of a row this reader may see, and how a value reads: codes in words, flags in words, numbers with their unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mimamori.door.shapes import Value
from mimamori.sources import Item, Layout, Table

YES_NO = {"ja": ("有", "無"), "en": ("yes", "no")}


@dataclass(frozen=True)
class Reader:
    """Who reads: role, the highest sensitivity shown, language."""

    role: str
    max_sensitivity: int
    language: str

    def may_see(self, layout: Layout, item: Item) -> bool:
        if item.seen_by is not None and self.role not in item.seen_by:
            return False
        return layout.sensitivity_of(item) <= self.max_sensitivity

    def may_see_source(self, layout: Layout) -> bool:
        return layout.sensitivity <= self.max_sensitivity


def shown_items(layout: Layout, table: Table, reader: Reader) -> list[Item]:
    """The items of a table that this reader sees, in the layout's order. Identity stands in the header only."""
    return [
        item
        for item in table.loaded_items()
        if item.on_karte and not item.identity and item.field not in _keys(table) and reader.may_see(layout, item)
    ]


def withheld(layout: Layout, table: Table, reader: Reader) -> int:
    """How many items of a table are there but not for this reader."""
    return sum(
        1
        for item in table.loaded_items()
        if item.on_karte and not item.identity and item.field not in _keys(table) and not reader.may_see(layout, item)
    )


def value_of(layout: Layout, item: Item, row: Mapping[str, Any], language: str) -> Value | None:
    """One item of a row as it reads; None where the row has nothing there."""
    raw = row.get(item.field)
    day = raw.date() if isinstance(raw, datetime) else raw if isinstance(raw, date) else None
    if item.uncertain and row.get(f"{item.field}_status") not in {None, "exact"}:
        written = row.get(f"{item.field}_raw")
        return Value(item.field, item.label.text(language), str(written)) if written else None
    if raw is None or raw == "":
        return None
    return Value(item.field, item.label.text(language), "" if day else in_words(layout, item, raw, language), day)


def in_words(layout: Layout, item: Item, raw: Any, language: str) -> str:
    """A value in words; a code that is not in its table is shown as it was written."""
    if item.type == "flag":
        return YES_NO["en" if language.startswith("en") else "ja"][0 if raw else 1]
    if item.type == "code" and item.codes:
        label = layout.codes[item.codes].get(str(raw))
        return label.text(language) if label else str(raw)
    unit = item.unit.text(language) if item.unit else ""
    if item.type in {"number", "integer"}:
        return f"{number(raw)}{' ' if language.startswith('en') and unit else ''}{unit}"
    return f"{raw}{unit}"


def number(raw: Any) -> str:
    """1,234 or 0.5: no trailing zeros, thousands with a comma."""
    value = float(raw)
    return f"{int(value):,}" if value.is_integer() else f"{value:,.10g}"


def code_in_words(layout: Layout, codes: str, raw: Any, language: str) -> str:
    """A code of a named table in words; empty for none."""
    if raw is None or raw == "":
        return ""
    label = layout.codes.get(codes, {}).get(str(raw))
    return label.text(language) if label else str(raw)


def _keys(table: Table) -> set[str]:
    return {key for person in table.persons for key in (person.key, *(other.key for other in person.also))}
