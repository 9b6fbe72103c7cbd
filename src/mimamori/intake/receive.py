"""Receive files: group them into deliveries, check, type, store; or refuse with reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mimamori import engine
from mimamori.config import Config
from mimamori.intake import checks, tabular
from mimamori.intake.archives import unpacked
from mimamori.intake.delivery import Delivery, Notice
from mimamori.intake.extracts import Arrival, Extract, batches, extracts
from mimamori.intake.loading import Loaded, load
from mimamori.intake.store import Shelf, clean, deliveries
from mimamori.intake.tabular import Content
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry

TOKYO = ZoneInfo("Asia/Tokyo")
BUSY = Refused("別の受領が動いています。終わるのを待ってください。", "Another receive is running: wait for its end.")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Receipt:
    """What became of one delivery. `state`: stored, duplicate, refused, to_confirm; the counts are rows.

    `delivery`: the id of what it has become, or of what a duplicate had become before.
    """

    source: str
    as_of: date
    state: str
    delivery: str = ""
    received: int = 0
    stored: int = 0
    quarantined: int = 0
    out_of_scope: int = 0
    reasons: tuple[Notice, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat(), "reasons": [ja for ja, _ in self.reasons]}


@dataclass
class Desk:
    """What a receive works with: what is stored, whether a person has confirmed, how it tells of its progress."""

    shelf: Shelf
    confirm: bool
    progress: Progress

    @cached_property
    def con(self) -> engine.Connection:
        """For what is counted and compared; nothing stays in it."""
        return engine.connect(threads=self.shelf.config.threads, memory_gib=1)


@contextmanager
def desk_of(
    config: Config, keyring: KeyRing, registry: Registry, *, confirm: bool, progress: Progress | None
) -> Iterator[Desk]:
    """The one desk of an installation; raises `Refused` while another receive has it."""
    with engine.alone(config.home / "receive.lock", otherwise=BUSY):
        clean(config)
        yield Desk(Shelf(config, keyring, registry, deliveries(config)), confirm, progress or (lambda _: None))


def receive(
    paths: Sequence[Path],
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    confirm: bool = False,
    progress: Progress | None = None,
) -> list[Receipt]:
    """Receive files, folders and ZIPs; a receipt per (source, day), and per further difference of a table on that day.

    Raises `Refused`, and takes nothing, where a path holds no extract, where a file tells no source, or where another
    receive runs. `confirm` stores what would otherwise wait for a person (a count that fell by a third).
    """
    with unpacked(paths, config.home) as given:
        found = extracts(given, registry)
        with desk_of(config, keyring, registry, confirm=confirm, progress=progress) as desk:
            return list(_receipts(found, desk))


def _receipts(found: list[Extract], desk: Desk) -> Iterator[Receipt]:
    """Day by day, the residents' register first: it says whose rows are kept."""
    grouped: dict[tuple[date, int], list[Extract]] = {}
    for extract in found:
        grouped.setdefault((extract.as_of, extract.layout.number), []).append(extract)
    for _, group in sorted(grouped.items(), key=lambda entry: entry[0]):
        layout, as_of = group[0].layout, group[0].as_of
        desk.progress(f"{layout.label.ja} {as_of:%Y-%m-%d}")
        try:
            for batch in batches(group):
                yield _receive(batch, desk)
        except Refused as refused:
            yield Receipt(layout.name, as_of, "refused", reasons=((refused.ja, refused.en),))


def _receive(batch: list[Extract], desk: Desk) -> Receipt:
    """Store one delivery: files of one source and day, one a table; those that are stored already are left out."""
    source, as_of = batch[0].layout.name, batch[0].as_of
    earlier = desk.shelf.of_source(source)
    seen = [_seen(extract, earlier) for extract in batch]
    fresh = [extract for extract, delivery in zip(batch, seen, strict=True) if delivery is None]
    if not fresh:
        return Receipt(source, as_of, "duplicate", max(filter(None, seen), key=lambda delivery: delivery.n).id)
    for extract in fresh:
        if extract.name in {other.name for other in fresh if other is not extract}:
            raise Refused(
                f"{extract.name}: 同じ名前のファイルが二つあります。", f"{extract.name}: two files have this name."
            )
        checks.check_manifest(extract)
        checks.check_sequence(extract, earlier)
    notes: list[Notice] = [
        (f"{extract.name}: 受領済みなので除きました。", f"{extract.name}: received before, left out.")
        for extract in batch
        if extract not in fresh
    ]
    contents = [(extract, tabular.read(extract.path, extract.looked, extract.table)) for extract in fresh]
    return deliver(contents, desk, notes, originals=[extract.path for extract in fresh])


def deliver(
    arrived: Sequence[tuple[Arrival, Content]], desk: Desk, notes: list[Notice], *, originals: Sequence[Path]
) -> Receipt:
    """Load and judge the tables of one source and day; store them, unless a person must confirm it first."""
    source, as_of = arrived[0][0].layout.name, arrived[0][0].as_of
    earlier = desk.shelf.of_source(source)
    doubts = checks.far_ahead(as_of, desk.shelf.deliveries)
    loaded: dict[str, Loaded] = {}
    missing: dict[str, list[int]] = {}
    for arrival, content in arrived:
        table = load(
            arrival, content, desk.shelf, desk.con, sequence=_sequence(arrival, earlier), progress=desk.progress
        )
        for doubtful in (checks.fallen, checks.vanished, checks.as_before):
            doubts += doubtful(arrival, table.counts, earlier)
        notes += table.notices
        if numbers := checks.gaps(arrival, earlier):
            missing[arrival.table.name] = numbers
            notes += checks.incomplete(arrival, numbers)
        loaded[arrival.table.name] = table
    counts, reasons = {name: table.counts for name, table in loaded.items()}, (*doubts, *notes)
    n = 1 + max((other.n for other in earlier if other.as_of == as_of), default=0)
    delivery = Delivery(source, as_of, n, datetime.now(TOKYO), counts, [ja for ja, _ in reasons], missing)
    if doubts and not desk.confirm:
        return Receipt(source, as_of, "to_confirm", "", **delivery.totals, reasons=reasons)
    desk.shelf.put(delivery, loaded=loaded, originals=originals)
    return Receipt(source, as_of, "stored", delivery.id, **delivery.totals, reasons=reasons)


def _seen(extract: Extract, earlier: list[Delivery]) -> Delivery | None:
    """The delivery of the day that holds this content; what its manifest numbers anew may say the same again."""
    for delivery in reversed(earlier):
        counts = delivery.tables.get(extract.table.name) if delivery.as_of == extract.as_of else None
        if counts and counts.sha256 == extract.looked.sha256 and extract.number in {None, counts.sequence}:
            return delivery
    return None


def _sequence(arrival: Arrival, earlier: list[Delivery]) -> int:
    """The file's number among those of its table and day; without one it comes after what is there."""
    if arrival.number:
        return arrival.number
    numbers = [
        delivery.tables[arrival.table.name].sequence
        for delivery in earlier
        if delivery.as_of == arrival.as_of and arrival.table.name in delivery.tables
    ]
    return max(numbers, default=0)
