"""A database's answer on its way in: the same as a file of the table, without bytes of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from mimamori.config import Config
from mimamori.intake import tabular
from mimamori.intake.database import fetch, tables_asked_for
from mimamori.intake.decode import Looked
from mimamori.intake.receive import Progress, Receipt, deliver, desk_of
from mimamori.intake.separated import Part
from mimamori.intake.tabular import Content
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Layout, Registry, Table
from mimamori.sources.manifest import Manifest


@dataclass
class Answer:
    """One table asked for on a day. What was `looked` at is known once its content has been read."""

    layout: Layout
    table: Table
    as_of: date
    manifest: Manifest | None = None
    number: int | None = None
    rows: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def name(self) -> str:
        return f"{self.layout.name}.{self.table.name}.{self.as_of:%Y%m%d}.sql"

    @property
    def looked(self) -> Looked:
        return Looked(self.rows, self._digest.hexdigest(), None)

    def content(self, batches: Iterator[pa.RecordBatch]) -> Content:
        """The answer's rows under the names of its columns; a row's line is its place in the answer."""
        first = next(batches, None)
        names = first.schema.names if first is not None else []
        return tabular.of_columns(
            names, self._parts(chain([first] if first is not None else [], batches)), self.table, self.name
        )

    def _parts(self, batches: Iterator[pa.RecordBatch]) -> Iterator[Part]:
        for batch in batches:
            for column in batch.columns:
                for buffer in column.buffers():
                    if buffer is not None:
                        self._digest.update(buffer)
            lines = pa.array(np.arange(self.rows + 1, self.rows + batch.num_rows + 1))
            self.rows += batch.num_rows
            yield list(batch.columns), lines


def receive_answers(
    source: str,
    as_of: date,
    *,
    config: Config,
    keyring: KeyRing,
    registry: Registry,
    confirm: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Ask a source's database for the tables that have a query, and receive the answers as one delivery.

    Raises `Refused`, and takes nothing, where a query, the database or an answer is not as it should be.
    """
    layout = registry.get(source)
    answers = [Answer(layout, table, as_of) for table in tables_asked_for(layout, config=config)]
    with desk_of(config, keyring, registry, confirm=confirm, progress=progress) as desk:
        asked = [
            (answer, answer.content(fetch(layout, answer.table, config=config, as_of=as_of, progress=desk.progress)))
            for answer in answers
        ]
        return deliver(asked, desk, [], originals=())
