"""Receive files: group them into deliveries, check, type, store; or refuse with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mimamori import engine
from mimamori.config import Config
from mimamori.intake import checks, tabular
from mimamori.intake.delivery import Delivery, TableCounts
from mimamori.intake.extracts import Extract, batches, extracts
from mimamori.intake.store import clean, deliveries, store
from mimamori.intake.typed import TypedTable, typed
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry

TOKYO = ZoneInfo("Asia/Tokyo")
MOST_BAD = 0.5  # a file of which more than half the rows are bad is another file than it says
BUSY = Refused("別の受領が動いています。終わるのを待ってください。", "Another receive is running: wait for its end.")


@dataclass(frozen=True)
class Receipt:
    """What became of one delivery. `state`: stored, duplicate, refused, to_confirm; the counts are rows."""

    source: str
    as_of: date
    state: str
    received: int = 0
    stored: int = 0
    quarantined: int = 0
    out_of_scope: int = 0
    reasons: tuple[checks.Notice, ...] = field(default=())  # (ja, en)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat(), "reasons": [ja for ja, _ in self.reasons]}


def receive(
    paths: Sequence[Path],
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    confirm: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[Receipt]:
    """Receive files and folders; one receipt per (source, day), and per further difference of a table on that day.

    Raises `Refused`, and takes nothing, where a path holds no extract, where a file tells no source, or where another
    receive runs. `confirm` stores what would otherwise wait for a person (a count that fell by a third).
    """
    grouped: dict[tuple[date, int], list[Extract]] = {}
    for extract in extracts(paths, registry):
        grouped.setdefault((extract.as_of, extract.layout.number), []).append(extract)
    with engine.alone(config.home / "receive.lock", otherwise=BUSY):
        clean(config)
        receipts = []
        for _, group in sorted(grouped.items(), key=lambda entry: entry[0]):
            layout, as_of = group[0].layout, group[0].as_of
            if progress:
                progress(f"{layout.label.ja} {as_of:%Y-%m-%d}")
            try:
                for batch in batches(group):
                    receipts.append(_receive(batch, config=config, keyring=keyring, confirm=confirm))
            except Refused as refused:
                receipts.append(Receipt(layout.name, as_of, "refused", reasons=((refused.ja, refused.en),)))
        return receipts


def _receive(batch: list[Extract], *, config: Config, keyring: KeyRing, confirm: bool) -> Receipt:
    """Store one delivery: files of one source and day, one a table."""
    source, as_of = batch[0].layout.name, batch[0].as_of
    everything = deliveries(config)
    earlier = [delivery for delivery in everything if delivery.source == source]
    data = {extract.path: extract.content() for extract in batch}
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    fresh = [extract for extract in batch if not _seen(extract, hashes[extract.path], earlier)]
    if not fresh:
        return Receipt(source, as_of, "duplicate")
    notes: list[checks.Notice] = [
        (f"{extract.name}: 受領済みなので除きました。", f"{extract.name}: received before, left out.")
        for extract in batch
        if extract not in fresh
    ]
    doubts = checks.far_ahead(as_of, everything)
    originals: dict[str, bytes] = {}
    tables: dict[str, TypedTable] = {}
    counts: dict[str, TableCounts] = {}
    for extract in fresh:
        content = data[extract.path]
        if extract.name in originals:
            raise Refused(
                f"{extract.name}: 同じ名前のファイルが二つあります。", f"{extract.name}: two files have this name."
            )
        originals[extract.name] = content
        checks.check_manifest(extract, content, hashes[extract.path])
        checks.check_sequence(extract, earlier)
        sheet = tabular.read(content, extract.table, extract.name)
        checks.check_rows(extract, sheet)
        made = typed(sheet, extract.layout, extract.table, file=extract.name)
        if len(made.quarantine) > MOST_BAD * sheet.received > 0:
            raise Refused(
                f"{extract.name}: 半分を超える行に誤りがあります。レイアウトの版を確かめてください。",
                f"{extract.name}: more than half of the rows are bad.",
            )
        told = TableCounts(
            received=sheet.received,
            stored=made.rows.num_rows,
            quarantined=len(made.quarantine),
            kind=extract.table.kind,
            sequence=_sequence(extract, earlier),
            file=extract.name,
            sha256=hashes[extract.path],
            blanks=made.blanks,
            undeclared=len(sheet.undeclared),
        )
        doubts += [*checks.fallen(extract, told, earlier), *checks.as_before(extract, told, earlier)]
        notes += checks.absent(extract, sheet)
        tables[extract.table.name], counts[extract.table.name] = made, told
    receipt = Receipt(
        source,
        as_of,
        "to_confirm" if doubts and not confirm else "stored",
        received=sum(table.received for table in counts.values()),
        stored=sum(table.stored for table in counts.values()),
        quarantined=sum(table.quarantined for table in counts.values()),
        reasons=(*doubts, *notes),
    )
    if receipt.state == "stored":
        n = 1 + max((delivery.n for delivery in earlier if delivery.as_of == as_of), default=0)
        reasons = [ja for ja, _ in receipt.reasons]
        delivery = Delivery(source, as_of, n, datetime.now(TOKYO), counts, reasons)
        store(config, keyring, delivery, tables=tables, originals=originals)
    return receipt


def _seen(extract: Extract, digest: str, earlier: list[Delivery]) -> bool:
    """Whether this content is stored for the day already; what its manifest numbers anew may say the same again."""
    number = extract.number
    return any(
        counts.sha256 == digest and number in {None, counts.sequence}
        for delivery in earlier
        if delivery.as_of == extract.as_of and (counts := delivery.tables.get(extract.table.name))
    )


def _sequence(extract: Extract, earlier: list[Delivery]) -> int:
    """The file's number among those of its table and day; without one it comes after what is there."""
    if extract.manifest and extract.manifest.sequence:
        return extract.manifest.sequence
    numbers = [
        delivery.tables[extract.table.name].sequence
        for delivery in earlier
        if delivery.as_of == extract.as_of and extract.table.name in delivery.tables
    ]
    return max(numbers, default=0)
