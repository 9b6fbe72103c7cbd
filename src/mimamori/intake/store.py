"""Where deliveries lie: `deliveries/<source>/<as_of>.<n>/`, each folder whole or absent."""

from __future__ import annotations

import os
import shutil
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pydantic import ValidationError
from pyrage import encrypt_io

from mimamori import engine
from mimamori.config import Config
from mimamori.intake.delivery import Delivery, QuarantineRow
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry

if TYPE_CHECKING:
    from mimamori.intake.loading import Loaded

QUARANTINE = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("item", pa.string()),
        ("reason_ja", pa.string()),
        ("reason_en", pa.string()),
    ]
)
UNFINISHED = ".unfinished-"


def deliveries(config: Config) -> list[Delivery]:
    """Every stored delivery, by source, day and order of arrival; raises `Refused` where one cannot be read."""
    found = [
        _read(path)
        for path in config.deliveries.glob("*/*/delivery.json")
        if not path.parent.name.startswith(UNFINISHED)
    ]
    return sorted(found, key=_order)


def find(everything: Iterable[Delivery], source: str, delivery_id: str) -> Delivery:
    """One stored delivery; raises `Refused` where there is none."""
    for delivery in everything:
        if (delivery.source, delivery.id) == (source, delivery_id):
            return delivery
    raise Refused("その提供は受領されていません。", "There is no such delivery.")


def _order(delivery: Delivery) -> tuple[str, date, int]:
    return (delivery.source, delivery.as_of, delivery.n)


def _read(path: Path) -> Delivery:
    try:
        return Delivery.from_json(path.read_bytes())
    except ValidationError:
        where = f"{path.parent.parent.name}/{path.parent.name}"
        raise Refused(
            f"保存済みの提供 {where} の delivery.json が壊れています。控えから戻してください。",
            f"delivery.json of the stored delivery {where} is damaged: restore it from a backup.",
        ) from None


@dataclass
class Shelf:
    """What is stored already, as `deliveries` has it, and what opens it."""

    config: Config
    keyring: KeyRing
    registry: Registry
    deliveries: list[Delivery]

    def of_source(self, source: str) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.source == source]

    def of_table(self, source: str, table: str, up_to: date) -> list[Delivery]:
        """The deliveries of a table up to a day, in the order in which they hold."""
        known = [d for d in self.deliveries if d.source == source and table in d.tables and d.as_of <= up_to]
        return sorted(known, key=lambda d: (d.as_of, d.tables[table].sequence, d.n))

    def newest(self, source: str, table: str, up_to: date) -> Delivery | None:
        return next(reversed(self.of_table(source, table, up_to)), None)

    def rows(self, delivery: Delivery, file: str, columns: Sequence[str] | None = None) -> pa.Table:
        """One stored table; raises `Refused` where its file is not there any more."""
        try:
            path = folder_of(self.config, delivery) / f"{file}.parquet"
            return engine.read_parquet(path, self.keyring.data_key, columns)
        except FileNotFoundError:
            where = f"{delivery.source}/{delivery.id}/{file}.parquet"
            raise Refused(
                f"保存済みの提供 {where} がありません。控えから戻してください。",
                f"{where} of a stored delivery is missing: restore it from a backup.",
            ) from None

    def put(self, delivery: Delivery, *, loaded: Mapping[str, Loaded], originals: Sequence[Path]) -> None:
        """Write one delivery: typed tables and quarantine encrypted, the files as received under age; then rename.

        Only a receive that runs alone may call this. Whatever ends it, the delivery is there whole or not at all.
        """
        parent = self.config.deliveries / delivery.source
        unfinished = parent / f"{UNFINISHED}{delivery.id}-{os.getpid()}"
        for folder in (self.config.home, self.config.deliveries, parent, unfinished, unfinished / "received"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=folder is not unfinished)
        try:
            _fill(unfinished, self.keyring, delivery, loaded=loaded, originals=originals)
            unfinished.rename(parent / delivery.id)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        engine.settle(parent)
        insort(self.deliveries, delivery, key=_order)


def folder_of(config: Config, delivery: Delivery) -> Path:
    return config.deliveries / delivery.source / delivery.id


def quarantine(config: Config, keyring: KeyRing, source: str, delivery_id: str) -> list[QuarantineRow]:
    """The rows of one delivery that were not stored; raises `Refused` where there is no such delivery."""
    known = find(deliveries(config), source, delivery_id)
    rows = engine.read_parquet(folder_of(config, known) / "quarantine.parquet", keyring.data_key).to_pylist()
    return [QuarantineRow(**row) for row in rows]


def clean(config: Config) -> None:
    """Remove what a killed receive left half-written. Only a receive that runs alone may call this."""
    for folder in config.deliveries.glob(f"*/{UNFINISHED}*"):
        shutil.rmtree(folder)


def _fill(
    folder: Path, keyring: KeyRing, delivery: Delivery, *, loaded: Mapping[str, Loaded], originals: Sequence[Path]
) -> None:
    key, held = keyring.data_key, []
    for name, table in loaded.items():
        engine.write_parts(folder / f"{name}.parquet", table.rows.parts(), key)
        held += [vars(row) for row in table.quarantine]
        if table.numbers is not None:
            engine.write_parquet(folder / "numbers.parquet", table.numbers, key)
    engine.write_parquet(folder / "quarantine.parquet", pa.Table.from_pylist(held, QUARANTINE), key)
    for path in originals:
        _keep(path, folder / "received" / f"{path.name}.age", keyring)
    engine.write_through(folder / "delivery.json", delivery.as_json())
    engine.settle(folder / "received")
    engine.settle(folder)


def _keep(path: Path, under: Path, keyring: KeyRing) -> None:
    """The file as it was received, encrypted, a piece at a time."""
    with path.open("rb") as source, under.open("wb") as target:
        encrypt_io(source, target, [keyring.age_recipient()])
        target.flush()
        os.fsync(target.fileno())
