"""Receive files: group them into deliveries, check, type, store; or refuse with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mimamori.config import Config
from mimamori.intake import checks, tabular
from mimamori.intake.delivery import Delivery, TableCounts
from mimamori.intake.extracts import Extract, extracts
from mimamori.intake.lock import alone
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


@dataclass
class Batch:
    """The files of one delivery: of one source and day, one a table."""

    members: list[Extract]

    @property
    def source(self) -> str:
        return self.members[0].layout.name

    @property
    def as_of(self) -> date:
        return self.members[0].as_of


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
    batches = _batches(extracts(paths, registry))
    with alone(config.home / "receive.lock", otherwise=BUSY):
        clean(config)
        receipts = []
        for batch in batches:
            if progress:
                progress(f"{batch.members[0].layout.label.ja} {batch.as_of:%Y-%m-%d}")
            try:
                receipts.append(_receive(batch, config=config, keyring=keyring, confirm=confirm))
            except Refused as refused:
                reasons = ((refused.ja, refused.en),)
                receipts.append(Receipt(batch.source, batch.as_of, "refused", reasons=reasons))
        return receipts


def _batches(found: list[Extract]) -> list[Batch]:
    """Deliveries in the order of their days; several files of one table and day follow each other by their numbers."""
    grouped: dict[tuple[date, int, int], Batch] = {}
    placed: dict[tuple[str, str, date], int] = {}
    for extract in sorted(found, key=lambda e: (e.manifest.sequence or 0 if e.manifest else 0, e.name, str(e.path))):
        table = (extract.layout.name, extract.table.name, extract.as_of)
        place = placed[table] = placed.get(table, 0) + 1
        grouped.setdefault((extract.as_of, extract.layout.number, place), Batch([])).members.append(extract)
    return [grouped[key] for key in sorted(grouped)]


def _receive(batch: Batch, *, config: Config, keyring: KeyRing, confirm: bool) -> Receipt:
    earlier = [delivery for delivery in deliveries(config) if delivery.source == batch.source]
    data = {extract.path: _bytes(extract) for extract in batch.members}
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    fresh = [extract for extract in batch.members if not _seen(extract, hashes[extract.path], earlier)]
    if not fresh:
        return Receipt(batch.source, batch.as_of, "duplicate")
    notes: list[checks.Notice] = [
        (f"{extract.name}: 受領済みなので除きました。", f"{extract.name}: received before, left out.")
        for extract in batch.members
        if extract not in fresh
    ]
    doubts: list[checks.Notice] = []
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
        batch.source,
        batch.as_of,
        "to_confirm" if doubts and not confirm else "stored",
        received=sum(table.received for table in counts.values()),
        stored=sum(table.stored for table in counts.values()),
        quarantined=sum(table.quarantined for table in counts.values()),
        reasons=(*doubts, *notes),
    )
    if receipt.state == "stored":
        n = 1 + max((delivery.n for delivery in earlier if delivery.as_of == batch.as_of), default=0)
        reasons = [ja for ja, _ in receipt.reasons]
        delivery = Delivery(batch.source, batch.as_of, n, datetime.now(TOKYO), counts, reasons)
        store(config, keyring, delivery, tables=tables, originals=originals)
    return receipt


def _bytes(extract: Extract) -> bytes:
    try:
        return extract.path.read_bytes()
    except OSError:
        raise Refused(
            f"{extract.name}: 読めません。権限を確かめてください。", f"{extract.name}: the file cannot be read."
        ) from None


def _seen(extract: Extract, digest: str, earlier: list[Delivery]) -> bool:
    """Whether this content is stored for the day already; what its manifest numbers anew may say the same again."""
    number = extract.manifest.sequence if extract.manifest else None
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
