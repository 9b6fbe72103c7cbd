"""The quality of one delivery, for those who answer for the data: by table and item, never by child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori import intake
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.snapshots import config, registry
from mimamori.intake.quality import report


@dataclass(frozen=True)
class ItemQuality:
    """One item: how often it is filled (0–1; None where a delivery did not hold it), and what else was seen in it."""

    item: str
    label: str
    filled: tuple[float | None, ...]
    usual: float | None
    fell: bool
    codes_unknown: int
    dates: dict[str, int]  # by status, other than exact
    wildcards: int

    @property
    def now(self) -> float:
        return self.filled[-1] or 0.0


@dataclass(frozen=True)
class KeyQuality:
    """How many numbers of the persons in one role no register knows."""

    role: str
    rows: int
    unmatched: int


@dataclass(frozen=True)
class TableReport:
    """One table of a delivery: rows, what changed since the delivery before, and its items over the months `days`."""

    table: str
    label: str
    file: str
    kind: str
    sequence: int
    received: int
    stored: int
    quarantined: int
    out_of_scope: int
    added: int
    changed: int
    gone: int
    undeclared: int
    missing_numbers: tuple[int, ...]
    days: tuple[date, ...]
    keys: tuple[KeyQuality, ...]
    items: tuple[ItemQuality, ...]

    @property
    def fallen(self) -> int:
        return sum(item.fell for item in self.items)


def delivery_report(account: Account, source: str, delivery_id: str) -> dict[str, Any]:
    """The document of one delivery (shape: `intake.quality.report`); raises `Refused` where there is none."""
    check_may(account, Permission.SEE_DELIVERIES)
    everything = intake.deliveries(config())
    return report(intake.find(everything, source, delivery_id), everything, registry().get(source))


def delivery_quality(account: Account, source: str, delivery_id: str, *, language: str = "ja") -> Sequence[TableReport]:
    """The tables of one delivery, the labels in `language`; raises `Refused` where there is none."""
    return [_table(told, language) for told in delivery_report(account, source, delivery_id)["tables"]]


def _table(told: dict[str, Any], language: str) -> TableReport:
    shown = "en" if language.startswith("en") else "ja"
    counted = {
        name: told[name]
        for name in (
            *("table", "file", "kind", "sequence", "received", "stored", "quarantined", "out_of_scope"),
            *("added", "changed", "gone", "undeclared"),
        )
    }
    return TableReport(
        **counted,
        label=told["label"][shown],
        missing_numbers=tuple(told["missing_numbers"]),
        days=tuple(date.fromisoformat(day) for day in told["days"]),
        keys=tuple(KeyQuality(role, keys["rows"], keys["unmatched"]) for role, keys in told["keys"].items()),
        items=tuple(
            ItemQuality(**{**one, "label": one["label"][shown], "filled": tuple(one["filled"])})
            for one in told["items"]
        ),
    )
