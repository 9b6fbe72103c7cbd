"""The quality of one delivery against the months before it: what a person who answers for the data should look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from mimamori.intake.delivery import COUNTED, Delivery, TableCounts
from mimamori.sources import Layout

MONTHS = 12  # compared, the delivery's own among them
FALL = 0.10  # of the rows: an item filled so much less than is usual is looked at by a person
FEWEST_ROWS = 30  # below this one family more or less moves a share by itself


@dataclass(frozen=True)
class Filled:
    """How often one item is filled, 0–1, in the order of `TableQuality.days`; None where it was not yet loaded.

    `usual`: the median of the months before, None where there are none. `fell`: `FALL` or more below it.
    """

    item: str
    shares: tuple[float | None, ...]
    usual: float | None
    fell: bool

    @property
    def now(self) -> float:
        return self.shares[-1] or 0.0


@dataclass(frozen=True)
class TableQuality:
    """One table of a delivery: its counts, the days compared (oldest first, the last its own), and its items."""

    table: str
    counts: TableCounts
    days: tuple[date, ...]
    items: tuple[Filled, ...]
    missing_numbers: tuple[int, ...]  # numbers of files before this one that have not come


def quality(delivery: Delivery, everything: Iterable[Delivery]) -> list[TableQuality]:
    """The tables of `delivery`, each against the newest delivery of every month before it that held the table."""
    own = [other for other in everything if other.source == delivery.source and other.id != delivery.id]
    return [_table(name, delivery, own) for name in delivery.tables]


def fallen(delivery: Delivery, everything: Iterable[Delivery]) -> int:
    """How many items of a delivery are filled so much less than is usual."""
    return sum(item.fell for table in quality(delivery, everything) for item in table.items)


def _table(name: str, delivery: Delivery, own: list[Delivery]) -> TableQuality:
    months: dict[tuple[int, int], Delivery] = {}
    this_month = (delivery.as_of.year, delivery.as_of.month)
    for other in sorted(own, key=lambda one: (one.as_of, _sequence(one, name), one.n)):
        month = (other.as_of.year, other.as_of.month)
        if name in other.tables and month < this_month:
            months[month] = other  # the last of its month stands
    compared = [*list(months.values())[-(MONTHS - 1) :], delivery]
    counts = delivery.tables[name]
    return TableQuality(
        table=name,
        counts=counts,
        days=tuple(one.as_of for one in compared),
        items=tuple(_item(item, [one.tables[name] for one in compared]) for item in counts.blanks),
        missing_numbers=tuple(delivery.missing_numbers.get(name, ())),
    )


def _sequence(delivery: Delivery, table: str) -> int:
    return delivery.tables[table].sequence if table in delivery.tables else 0


def _item(item: str, compared: list[TableCounts]) -> Filled:
    shares = tuple(round(1 - counts.blanks[item], 4) if item in counts.blanks else None for counts in compared)
    believed = [
        share
        for share, counts in zip(shares[:-1], compared[:-1], strict=True)
        if share is not None and counts.received >= FEWEST_ROWS
    ]
    usual = median(believed) if believed else None
    now = shares[-1] or 0.0
    fell = usual is not None and compared[-1].received >= FEWEST_ROWS and usual - now >= FALL - 1e-9
    return Filled(item, shares, usual, fell)


def report(delivery: Delivery, everything: Iterable[Delivery], layout: Layout) -> dict[str, Any]:
    """The quality of one delivery as a document (its shape: `mimamori deliveries --help`); nothing in it is personal.

    Shares are 0–1. Items that the layout does not declare any more keep their field as their label.
    """
    return {
        "source": delivery.source,
        "label": layout.label.model_dump(),
        "delivery": delivery.id,
        "as_of": delivery.as_of.isoformat(),
        "received_at": delivery.received_at.isoformat(),
        "reasons": delivery.reasons,
        "tables": [_document(found, _labels(layout, found.table)) for found in quality(delivery, everything)],
    }


_TOLD = ("file", "kind", "sequence", *COUNTED, "added", "changed", "gone", "undeclared")  # of the counts, as they are


def _document(found: TableQuality, labels: dict[str, dict[str, str]]) -> dict[str, Any]:
    counts = found.counts
    return {
        "table": found.table,
        "label": labels.get("", {"ja": found.table, "en": found.table}),
        **{name: getattr(counts, name) for name in _TOLD},
        "missing_numbers": list(found.missing_numbers),
        "keys": {
            role: {"rows": rows, "unmatched": counts.keys_unmatched.get(role, 0)} for role, rows in counts.keys.items()
        },
        "days": [day.isoformat() for day in found.days],
        "items": [
            {
                "item": one.item,
                "label": labels.get(one.item, {"ja": one.item, "en": one.item}),
                "filled": list(one.shares),
                "usual": one.usual,
                "fell": one.fell,
                "codes_unknown": counts.codes_unknown.get(one.item, 0),
                "dates": counts.dates.get(one.item, {}),
                "wildcards": counts.wildcards.get(one.item, 0),
            }
            for one in found.items
        ],
    }


def _labels(layout: Layout, table: str) -> dict[str, dict[str, str]]:
    """The labels of a table's items, and under "" its own; empty where the layout has no such table any more."""
    for known in layout.tables:
        if known.name == table:
            return {"": known.label.model_dump(), **{item.field: item.label.model_dump() for item in known.items}}
    return {}


def english_labels(layout: Layout) -> dict[str, str]:
    """The English of the items' Japanese labels: a quarantined row keeps its item as the owner knows it."""
    return {item.label.ja: item.label.en for table in layout.tables for item in table.items}
