"""Deliveries, their quality, and the rows that were refused: for those who answer for the data, never by child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mimamori import audit, intake
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.snapshots import config, current, keyring, published, registry
from mimamori.intake.quality import english_labels, fallen
from mimamori.intake.records import place_of


@dataclass(frozen=True)
class Delivered:
    """One stored delivery of one source."""

    source: str
    number: int
    label: str
    owner: str
    network: str
    delivery_id: str
    as_of: date
    received_at: datetime | None
    received: int
    stored: int
    quarantined: int
    out_of_scope: int
    reasons: tuple[str, ...]
    fallen: int | None = None  # items filled less than is usual; told of each source's newest delivery


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that was not stored. Its content stays in the store: the owner department has the file."""

    file: str
    sheet: int | None  # of a book with several sheets
    line: int
    item: str
    reason: str


def source_status() -> dict[str, Any]:
    """The published snapshot's day and each source's state in it, in the order of the list of systems."""
    if published() is None:
        return {"as_of": None, "rows": []}
    snapshot = current()
    states = {row["source"]: row for row in snapshot.source_status()}
    rows = []
    for layout in registry():
        row = states.get(layout.name)
        if row is None or (layout.optional and row["state"] == "missing"):
            continue
        rows.append(
            {
                "source": layout.name,
                "number": layout.number,
                "label": layout.label,
                "short_label": layout.short_label,
                "network": layout.network,
                "as_of": row["as_of"],
                "received_on": row["received_on"],
                "state": row["state"],
                "freshness_days": layout.freshness_days,
            }
        )
    return {"as_of": snapshot.as_of, "rows": rows}


def deliveries(account: Account, *, language: str = "ja") -> list[Delivered]:
    """Every stored delivery, the newest first."""
    check_may(account, Permission.SEE_DELIVERIES)
    found = []
    everything = intake.deliveries(config())
    newest = {delivery.source: delivery.id for delivery in everything}  # they come by day
    for delivery in everything:
        layout = registry().get(delivery.source)
        found.append(
            Delivered(
                source=layout.name,
                number=layout.number,
                label=layout.label.text(language),
                owner=layout.owner.text(language),
                network=layout.network,
                delivery_id=delivery.id,
                as_of=delivery.as_of,
                received_at=delivery.received_at,
                **delivery.totals,
                reasons=tuple(delivery.reasons),
                fallen=fallen(delivery, everything) if newest[delivery.source] == delivery.id else None,
            )
        )
    return sorted(found, key=lambda delivered: (-delivered.as_of.toordinal(), delivered.number))


def quarantine(account: Account, source: str, delivery_id: str, *, language: str = "ja") -> list[QuarantinedRow]:
    """Why rows of one delivery were refused: file, line, item, reason."""
    check_may(account, Permission.SEE_QUARANTINE)
    english = language.startswith("en")
    labels = english_labels(registry().get(source))
    rows = []
    for row in intake.quarantine(config(), keyring(), source, delivery_id):
        sheet, line = place_of(row.line)
        reason = row.reason_en if english else row.reason_ja
        item = labels.get(row.item, row.item) if english else row.item
        rows.append(QuarantinedRow(row.file, sheet, line, item, reason))
    audit.record("quarantine.see", by=account, detail={"source": source, "delivery": delivery_id, "rows": len(rows)})
    return rows
