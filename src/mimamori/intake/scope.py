"""Whose rows are kept: of those who live with a child, or once did; and which numbers the registers know at all.

The residents' register tells it: a household has a child until the 31 March after the 18th birthday. Rows of others
are counted and not stored; of those people nothing but the number is kept, to tell them from numbers of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mimamori import engine
from mimamori.engine import Connection
from mimamori.intake.store import Shelf
from mimamori.sources import Person, Table

REGISTER, RESIDENTS = "resident_register", "residents"
PUPILS = ("pupil_register", "pupils", "pupil_no")
RESIDENT_ITEMS = ("addressee_no", "household_no", "birth_date", "perpetrator_no")
NUMBERS = "numbers"  # the file beside the register's rows: (number, kept)


@dataclass(frozen=True)
class Known:
    """Numbers of people that a register knew on a day; `kept` are those whose rows are kept."""

    numbers: pa.Array
    kept: pa.Array

    @classmethod
    def of(cls, told: pa.Table) -> Known:
        """From (number, kept)."""
        numbers = told["number"].combine_chunks()
        return cls(numbers, numbers.filter(told["kept"].combine_chunks()))


def bare(numbers: pa.Array) -> pa.Array:
    """Addressee numbers for comparing: systems pad them with zeros to lengths of their own."""
    return pc.utf8_ltrim(numbers, characters="0")


def known_residents(shelf: Shelf, as_of: date) -> Known | None:
    """What the register in force on a day says; None where none was received up to then."""
    delivery = shelf.newest(REGISTER, RESIDENTS, as_of)
    if delivery is None:
        return None
    return Known.of(shelf.rows(delivery, NUMBERS))


def known_pupils(shelf: Shelf, as_of: date) -> pa.Array | None:
    """The pupil numbers of the register of pupils in force on a day."""
    source, table, item = PUPILS
    delivery = shelf.newest(source, table, as_of)
    return None if delivery is None else shelf.rows(delivery, table, [item])[item].combine_chunks()


def numbers_of(con: Connection, residents: Iterator[pa.Table], as_of: date, *, named: pa.Array) -> pa.Table:
    """(number, kept) of everybody in a register: kept are the members, now or before, of households with a child.

    `named`: numbers that other kept rows speak of (a father who is paid the allowance, an expectant mother); whom a
    family is protected from is kept, too. Whoever's day of birth is not known whole may be a child.
    """
    parts, feared = [_NOBODY.empty_table()], [pc.cast(named, pa.string())]
    for rows in residents:
        numbers = bare(rows["addressee_no"])
        parts.append(pa.table({"number": numbers, "household": rows["household_no"], "born": rows["birth_date"]}))
        if "perpetrator_no" in rows.column_names:
            feared += bare(rows["perpetrator_no"].drop_null()).chunks
    con.register("scope_rows", pa.concat_tables(parts))
    con.register("scope_named", pa.table({"number": pa.chunked_array(feared, pa.string())}))
    made = engine.table_of(con, _NUMBERS, {"as_of": as_of})
    con.unregister("scope_rows")
    con.unregister("scope_named")
    return made


_NOBODY = pa.schema([("number", pa.string()), ("household", pa.string()), ("born", pa.date32())])

# The school year of birth runs from 2 April to 1 April (年齢計算ニ関スル法律).
_NUMBERS = """
    WITH children AS (
        SELECT number, household FROM scope_rows
        WHERE born IS NULL OR $as_of::DATE <= make_date(year(born - 1) - (month(born - 1) < 4)::INT + 19, 3, 31)
    )
    SELECT number, bool_or(
        coalesce(household IN (SELECT household FROM children WHERE household IS NOT NULL), false)
        OR number IN (SELECT number FROM children) OR number IN (SELECT number FROM scope_named)
    ) AS kept
    FROM scope_rows WHERE number IS NOT NULL GROUP BY number ORDER BY number
"""


def named_elsewhere(shelf: Shelf, as_of: date) -> pa.Array:
    """Numbers of residents that stored rows of other sources speak of up to a day, those of minimised tables apart."""
    found: list[pa.Array] = []
    for layout, table in shelf.registry.tables():
        keys = [person.key for person in table.persons if person.key_kind == "addressee_no"]
        if table.scope != "all" or not keys:
            continue
        own = shelf.of_table(layout.name, table.name, as_of)
        for delivery in own if table.kind == "difference" else own[-1:]:
            rows = shelf.rows(delivery, table.name, keys)
            found += [chunk for key in keys for chunk in rows[key].chunks]
    return bare(pc.unique(pa.chunked_array(found, pa.string()))) if found else pa.array([], pa.string())


def keys_of(rows: pa.Table, person: Person) -> pa.Array:
    """The key each row gives of a person, for comparing."""
    column = rows[person.key].combine_chunks()
    return bare(column) if person.key_kind == "addressee_no" else column


def outside(rows: pa.Table, table: Table, known: Known) -> pa.Array:
    """The lines of rows that speak only of residents whose rows are not kept; who is unknown is not outside.

    `rows`: the keys of the table's persons, and `_row`.
    """
    if table.scope == "all" or any(person.key_kind != "addressee_no" for person in table.persons):
        return pa.array([], pa.int64())
    stays, named = (pa.array(np.zeros(rows.num_rows, dtype=bool)) for _ in range(2))
    for person in table.persons:
        keys = keys_of(rows, person)
        unknown = pc.and_(pc.is_valid(keys), pc.invert(pc.is_in(keys, value_set=known.numbers)))
        stays = pc.or_(stays, pc.or_(pc.is_in(keys, value_set=known.kept), unknown))
        named = pc.or_(named, pc.is_valid(keys))
    return rows["_row"].combine_chunks().filter(pc.and_(named, pc.invert(stays)))
