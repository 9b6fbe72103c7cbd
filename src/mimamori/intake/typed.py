"""From text to types, by the layout: once per distinct value, never per row."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mimamori.intake.delivery import QuarantineRow, Reason
from mimamori.intake.tabular import Rows
from mimamori.intake.values import AROUND, CODE, Value, columns_of, nothing, value_of
from mimamori.sources import Item, Layout, Table
from mimamori.sources.schema import OP, UPDATED_AT

OPERATION = Reason("処理区分は A・U・D のいずれかです。", "The operation must be A, U or D.")
_WILDCARD = "[\ue000-\uf8ff〓\ufffd\U000f0000-\U0010fffd]"  # a character that another system could not give


@dataclass
class Quality:
    """What was seen of a file's values; counts of rows."""

    received: int = 0
    blanks: Counter[str] = field(default_factory=Counter)
    codes_unknown: Counter[str] = field(default_factory=Counter)
    dates: dict[str, Counter[str]] = field(default_factory=dict)  # by item: statuses other than exact
    wildcards: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)


class Typing:
    """Types a file's rows part by part; a value that was typed once is remembered."""

    def __init__(self, layout: Layout, table: Table, *, file: str) -> None:
        self.layout, self.table, self.file = layout, table, file
        self.quality = Quality()
        self.quarantine: list[QuarantineRow] = []
        self._known: dict[tuple[object, ...], dict[str, Value | Reason]] = {}  # by what makes items read alike

    def typed(self, rows: Rows) -> pa.Table:
        """The rows that may be stored; those with a bad value go to quarantine with the item and the reason.

        A row that removes another (D) needs its key alone: what else it says is not believed, and no fault.
        """
        count = len(rows.lines)
        self.quality.received += count
        difference = self.table.kind == "difference"
        operations = _operations(rows.columns[OP]) if difference else None
        removed = pc.equal(operations, "D") if operations is not None else None
        bad: dict[int, tuple[str, Reason]] = {}
        made: dict[str, pa.Array] = {}
        for item in self.table.loaded_items():
            cells = rows.columns.get(item.field)
            if cells is None:
                cells = pa.array(np.full(count, ""), pa.string())
            needed = item.required or (difference and item.field in self.table.row_key)
            forgiven = removed if item.field not in self.table.row_key else None
            made |= self._column(item, pc.utf8_trim(cells, characters=AROUND), bad, needed=needed, forgiven=forgiven)
        if operations is not None:
            for place in np.flatnonzero(~np.asarray(pc.is_in(operations, value_set=pa.array(["A", "U", "D"])))):
                bad.setdefault(int(place), (OP, OPERATION))
            for told in pc.value_counts(operations).to_pylist():
                self.quality.operations[told["values"]] += told["counts"]
            made["_op"] = operations
            made["_updated_at"] = rows.columns.get(UPDATED_AT, pa.nulls(count, pa.string()))
        made["_row"] = rows.lines
        table = pa.table(made)
        if bad:
            lines = rows.lines.take(pa.array(list(bad), pa.int64())).to_pylist()
            self.quarantine += [
                QuarantineRow(self.file, line, label, reason.ja, reason.en)
                for line, (label, reason) in zip(lines, bad.values(), strict=True)
            ]
            good = np.ones(count, dtype=bool)
            good[list(bad)] = False
            table = table.filter(pa.array(good))
        return table

    def _column(
        self,
        item: Item,
        cells: pa.Array,
        bad: dict[int, tuple[str, Reason]],
        *,
        needed: bool,
        forgiven: pa.Array | None,
    ) -> dict[str, pa.Array]:
        """The columns an item becomes; places of bad values are added to `bad`, the first fault of a row stands."""
        empty = pc.equal(pc.binary_length(cells), 0)
        blank = pc.sum(empty).as_py() or 0
        self.quality.blanks[item.field] += blank
        if item.type == "text":
            self._look_for_wildcards(item, cells)
            if needed and blank:
                self._hold(item, np.asarray(empty), value_of("", item, self.layout, needed=True), bad, forgiven)
            return {item.field: pc.if_else(empty, None, cells) if blank else cells}
        coded = cells.dictionary_encode()
        texts, places = coded.dictionary.to_pylist(), coded.indices
        known = self._known.setdefault((item.type, item.codes, item.uncertain, needed), {})
        for text in texts:
            if text not in known:
                known[text] = value_of(text, item, self.layout, needed=needed)
        values = [known[text] for text in texts]
        faults = [number for number, value in enumerate(values) if isinstance(value, Reason)]
        indices = np.asarray(places)
        if faults or item.uncertain:
            self._count(item, values, np.bincount(indices, minlength=len(values)))
        for number in faults:
            self._hold(item, indices == number, values[number], bad, forgiven)
        good = [nothing(item) if isinstance(value, Reason) else value for value in values]
        return {
            name: pa.array([value[part] for value in good], kind).take(places)
            for part, (name, kind) in enumerate(columns_of(item))
        }

    def _hold(
        self,
        item: Item,
        where: np.ndarray[Any, Any],
        reason: Value | Reason,
        bad: dict[int, tuple[str, Reason]],
        forgiven: pa.Array | None,
    ) -> None:
        if forgiven is not None:
            where = where & ~np.asarray(forgiven)
        for place in np.flatnonzero(where).tolist():
            if isinstance(reason, Reason):
                bad.setdefault(place, (item.label.ja, reason))

    def _count(self, item: Item, values: list[Value | Reason], counts: np.ndarray[Any, Any]) -> None:
        statuses = self.quality.dates.setdefault(item.field, Counter()) if item.uncertain else Counter[str]()
        for value, count in zip(values, counts.tolist(), strict=True):
            if value is CODE:
                self.quality.codes_unknown[item.field] += count
            elif item.uncertain and not isinstance(value, Reason) and value[2] not in {None, "exact"}:
                statuses[value[2]] += count

    def _look_for_wildcards(self, item: Item, cells: pa.Array) -> None:
        if item.identity and (found := pc.sum(pc.match_substring_regex(cells, _WILDCARD)).as_py()):
            self.quality.wildcards[item.field] += found


def _operations(cells: pa.Array) -> pa.Array:
    coded = cells.dictionary_encode()
    words = [unicodedata.normalize("NFKC", text).strip().upper() for text in coded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(coded.indices)
