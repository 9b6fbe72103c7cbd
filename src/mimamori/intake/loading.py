"""One file on its way from bytes to typed rows, with everything that was counted on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from mimamori import engine
from mimamori.intake import checks, scope
from mimamori.intake.delivery import Notice, QuarantineRow, Reason, TableCounts
from mimamori.intake.extracts import Arrival
from mimamori.intake.spool import Spool, compared, repeated
from mimamori.intake.store import Shelf
from mimamori.intake.tabular import Content, Rows
from mimamori.intake.typed import Quality, Typing
from mimamori.sources import Table
from mimamori.sources.schema import OP

AGAIN = Reason("同じ行が前にもあります(前の行を採りました)。", "The same row stands before; that one was taken.")
TOLD_EVERY = 200_000  # rows between two words of progress
_NOTHING = Rows({OP: pa.array([], pa.string())}, (), pa.array([], pa.int64()))


@dataclass
class Loaded:
    """A file's typed rows that may be stored, the rows that may not, and the figures of both."""

    rows: Spool
    quarantine: list[QuarantineRow]
    counts: TableCounts
    numbers: pa.Table | None = None  # of the residents' register: everybody's number, and whose rows are kept
    notices: list[Notice] = field(default_factory=list)


def load(
    arrival: Arrival,
    content: Content,
    shelf: Shelf,
    con: engine.Connection,
    *,
    sequence: int,
    progress: Callable[[str], None],
) -> Loaded:
    """Type and judge the rows of one file; raises `Refused` where it must not be taken at all.

    In memory are a block of the file, and the typed rows compressed; nothing stays in `con`.
    """
    table, name = arrival.table, arrival.name
    typing, spool = _typed(arrival, content, progress)
    received = typing.quality.received + len(content.bad)
    checks.check_rows(arrival.manifest.rows if arrival.manifest else None, received, name)
    bad = typing.quarantine + [QuarantineRow(name, line, "", r.ja, r.en) for line, r in content.bad]
    checks.check_bad(len(bad), received, table, name)
    if table.kind == "full":
        again = repeated(con, spool, table)
        spool.leave_out(pa.array(again, pa.int64()))
        bad += [QuarantineRow(name, line, "", AGAIN.ja, AGAIN.en) for line in again]
    residents = _residents(arrival, shelf)
    keys, unmatched = _keys(spool, arrival, shelf, residents)
    checks.check_keys(sum(keys.values()), sum(unmatched.values()), table, name)
    numbers = _left_out(con, spool, arrival, shelf, residents)
    added, changed, gone = _compared(con, spool, typing.quality, arrival, shelf)
    counts = TableCounts(
        received=received,
        stored=spool.staying,
        quarantined=len(bad),
        kind=table.kind,
        sequence=sequence,
        file=name,
        sha256=arrival.looked.sha256,
        blanks=_shares(typing.quality, table),
        undeclared=content.undeclared,
        out_of_scope=received - len(bad) - spool.staying,
        added=added,
        changed=changed,
        gone=gone,
        codes_unknown=dict(typing.quality.codes_unknown),
        dates={item: dict(statuses) for item, statuses in typing.quality.dates.items() if statuses},
        wildcards=dict(typing.quality.wildcards),
        groups=_groups(spool, table),
        keys=keys,
        keys_unmatched=unmatched,
    )
    notices = [*checks.absent(arrival, content), *content.notices]
    return Loaded(spool, sorted(bad, key=lambda row: row.line), counts, numbers, notices)


def _typed(arrival: Arrival, content: Content, progress: Callable[[str], None]) -> tuple[Typing, Spool]:
    """The file read to its end; raises `Refused` where a column of it holds 個人番号."""
    name, personal = arrival.name, checks.PersonalNumbers(arrival.table, arrival.name)
    typing, spool = Typing(arrival.layout, arrival.table, file=name), Spool()
    spool.add(typing.typed(_NOTHING))
    for rows in content.parts:
        personal.see(rows)
        before = typing.quality.received
        spool.add(typing.typed(rows))
        if before // TOLD_EVERY < typing.quality.received // TOLD_EVERY:
            progress(f"  {name} {typing.quality.received:,}")
    personal.check()
    return typing, spool


def _shares(quality: Quality, table: Table) -> dict[str, float]:
    count = quality.received
    return {item.field: round(quality.blanks[item.field] / count, 4) if count else 0.0 for item in table.loaded_items()}


def _groups(spool: Spool, table: Table) -> dict[str, int]:
    found: Counter[str] = Counter()
    for part in spool.parts([table.groups]) if table.groups else ():
        for told in part[table.groups].value_counts().to_pylist():
            found[str(told["values"] or "")] += told["counts"]
    return dict(found)


def _is_register(arrival: Arrival) -> bool:
    return (arrival.layout.name, arrival.table.name) == (scope.REGISTER, scope.RESIDENTS)


def _residents(arrival: Arrival, shelf: Shelf) -> scope.Known | None:
    """What the register in force knows, where the table speaks of residents; a register is not held against itself."""
    speaks = any(person.key_kind == "addressee_no" for person in arrival.table.persons)
    return scope.known_residents(shelf, arrival.as_of) if speaks and not _is_register(arrival) else None


def _keys(
    spool: Spool, arrival: Arrival, shelf: Shelf, residents: scope.Known | None
) -> tuple[dict[str, int], dict[str, int]]:
    """By role: the rows with a key of a register, and those whose number the register in force does not know."""
    known = {} if residents is None else {"addressee_no": residents.numbers}
    if (arrival.layout.name, arrival.table.name) != scope.PUPILS[:2]:
        kinds = {person.key_kind for person in arrival.table.persons}
        pupils = scope.known_pupils(shelf, arrival.as_of) if "pupil_no" in kinds else None
        known |= {} if pupils is None else {"pupil_no": pupils}
    keys: dict[str, int] = {}
    unmatched: dict[str, int] = {}
    for person in arrival.table.persons:
        if person.key_kind not in known:
            continue
        column = pa.concat_arrays([scope.keys_of(part, person) for part in spool.parts([person.key])]).drop_null()
        keys[person.role] = len(column)
        strange = pc.invert(pc.is_in(column, value_set=known[person.key_kind]))
        unmatched[person.role] = pc.sum(strange).as_py() or 0
    return keys, unmatched


def _left_out(
    con: engine.Connection, spool: Spool, arrival: Arrival, shelf: Shelf, residents: scope.Known | None
) -> pa.Table | None:
    """Leave out rows about nobody who lives with a child, by the register of the very day where it is there.

    Of the register itself: (number, kept) of everybody in it. Where the register of the day comes later, the state
    leaves the rows out.
    """
    table, numbers, known = arrival.table, None, None
    if _is_register(arrival):
        named = scope.named_elsewhere(shelf, arrival.as_of)
        told = {item.field for item in table.loaded_items()}
        rows = spool.parts([field for field in scope.RESIDENT_ITEMS if field in told])
        numbers = scope.numbers_of(con, rows, arrival.as_of, named=named)
        known = scope.Known.of(numbers)
    elif (register := shelf.newest(scope.REGISTER, scope.RESIDENTS, arrival.as_of)) is not None:
        known = residents if register.as_of == arrival.as_of else None
    if known is not None and table.scope != "all":
        parts = spool.parts([*(person.key for person in table.persons), "_row"])
        spool.leave_out(scope.outside(pa.concat_tables(parts), table, known))
    return numbers


def _compared(
    con: engine.Connection, spool: Spool, quality: Quality, arrival: Arrival, shelf: Shelf
) -> tuple[int, int, int]:
    """Rows (added, changed, gone) since the delivery that this one follows."""
    table = arrival.table
    if table.kind == "difference":
        return quality.operations["A"], quality.operations["U"], quality.operations["D"]
    before = shelf.newest(arrival.layout.name, table.name, arrival.as_of)
    if before is None:
        return spool.staying, 0, 0
    rows = shelf.rows(before, table.name)
    if set(table.row_key) - set(rows.column_names):  # the layout has another key now: nothing is told apart by it
        return spool.staying, 0, rows.num_rows
    return compared(con, spool.parts(), rows, table)
