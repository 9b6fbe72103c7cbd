"""Who is spoken of in the state tables: every ref, and the particulars each source gives of it.

Out: `refs(ref, space)` every ref; `register_rows` the residents' register by ref with its history; `told` what other
sources say of a ref (one row per difference, not per row of the source); `key_pairs` two keys of one person in one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from mimamori.engine import Connection, identifier
from mimamori.linkage.folding import fold_values
from mimamori.linkage.refs import key_sql, ref_sql, space_of
from mimamori.sources import Layout, Person, Registry, Table
from mimamori.text.dates import ParsedDate, parse_date

REGISTER = "resident_register"
REGISTER_TABLE = "residents"

# Columns of `told` and `register_rows`, in order; a source that lacks one gives NULL.
PARTICULARS = ("name", "kana", "alias", "alias_kana", "former_name", "roman", "sex", "address", "guardian_name")

# What the register alone says; an item that a city's layout leaves out is NULL.
REGISTER_ITEMS = (
    ("household_no", "VARCHAR"),
    ("relation", "VARCHAR"),
    ("resident_type", "VARCHAR"),
    ("status", "VARCHAR"),
    ("ward", "VARCHAR"),
    ("building", "VARCHAR"),
    ("postal", "VARCHAR"),
    ("protection", "VARCHAR"),
    ("protection_from", "DATE"),
    ("protection_to", "DATE"),
    ("perpetrator_no", "VARCHAR"),
)


def collect(con: Connection, registry: Registry) -> None:
    """Make `refs`, `register_rows`, `told` and `key_pairs` from all state tables."""
    refs: list[str] = []
    told: list[str] = []
    pairs: list[str] = []
    partial_days: list[tuple[Layout, Table, str]] = []
    for layout, table in registry.tables():
        for person in table.persons:
            refs += _refs(layout, table, person)
            pairs += _key_pairs(layout, table, person)
            if person.birth_date and table.item(person.birth_date).uncertain:
                partial_days.append((layout, table, person.birth_date))
            if layout.name != REGISTER and any(person.particulars()):
                told.append(_told(layout, table, person))
    _fold_partial_days(con, partial_days)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE refs AS SELECT DISTINCT * FROM ({' UNION ALL '.join(refs)})"
        " WHERE ref IS NOT NULL"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT row_number() OVER () AS id, * FROM ({' UNION ALL '.join(told)})"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE key_pairs AS SELECT DISTINCT * FROM"
        f" ({' UNION ALL '.join(pairs)}) WHERE left_ref IS NOT NULL AND right_ref IS NOT NULL"
    )
    layout = registry.get(REGISTER)
    _collect_register(con, layout, layout.table(REGISTER_TABLE))


def _refs(layout: Layout, table: Table, person: Person) -> Iterator[str]:
    for item, kind in [(person.key, person.key_kind), *((other.key, other.kind) for other in person.also)]:
        ref = ref_sql(layout, kind, item)
        yield f"SELECT DISTINCT {ref} AS ref, '{space_of(layout, kind)}' AS space FROM {_state(layout, table)} s"


def _key_pairs(layout: Layout, table: Table, person: Person) -> Iterator[str]:
    first = ref_sql(layout, person.key_kind, person.key)
    for other in person.also:
        second = ref_sql(layout, other.kind, other.key)
        yield (
            f"SELECT {first} AS left_ref, {second} AS right_ref, '{layout.name}' AS source"
            f" FROM {_state(layout, table)} s"
        )


def _told(layout: Layout, table: Table, person: Person) -> str:
    """One row per ref and particulars told, with the newest delivery that told them and how many rows did."""
    given = dict(person.particulars())
    columns = ", ".join(f"{_text(given.get(what))} AS {what}" for what in PARTICULARS)
    return (
        f"SELECT {ref_sql(layout, person.key_kind, person.key)} AS ref, '{layout.name}' AS source,"
        f" {layout.number} AS number, '{table.name}' AS table_name, '{person.role}' AS role,"
        f" {columns}, {_household(table, person)} AS household_no,"
        f" {_birth(table, given.get('birth_date'))}, max(s._as_of) AS as_of"
        f" FROM {_state(layout, table)} s {_partial_join(layout, table, given.get('birth_date'))}"
        f" WHERE ref IS NOT NULL GROUP BY ALL"
    )


def _collect_register(con: Connection, layout: Layout, table: Table) -> None:
    """`register_rows`: the register's whole history by ref, `newest` marking the row that holds today."""
    person = table.persons[0]
    ref = ref_sql(layout, person.key_kind, person.key)
    given = dict(person.particulars()) | {"alias_kana": "alias_kana", "roman": "roman"}
    columns = ", ".join(f"{_text(given.get(what))} AS {what}" for what in PARTICULARS)
    loaded = {item.field for item in table.loaded_items()}
    read = {item: key_sql(f"trim(s.{item})") if item == "household_no" else f"s.{item}" for item in loaded}
    others = ", ".join(f"{read.get(item, f'NULL::{sort}')} AS {item}" for item, sort in REGISTER_ITEMS)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE newest_rows AS SELECT arg_max(s.rowid, (s.hist_no, s._row)) AS id"
        f" FROM {_state(layout, table)} s GROUP BY {ref}"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE register_rows AS SELECT {ref} AS ref, {columns},"
        f" {_birth(table, person.birth_date)}, s.birth_date, s.birth_date_status, {others}, n.id IS NOT NULL AS newest"
        f" FROM {_state(layout, table)} s LEFT JOIN newest_rows n ON n.id = s.rowid"
        f" {_partial_join(layout, table, person.birth_date)} WHERE ref IS NOT NULL"
    )


def _household(table: Table, person: Person) -> str:
    """The household number a row gives of its subject: the second key of the school's pupil register."""
    has_one = person is table.persons[0] and any(item.field == "household_no" for item in table.loaded_items())
    return key_sql("trim(s.household_no)") if has_one else "NULL::VARCHAR"


def _text(item: str | None) -> str:
    return f"nullif(trim(s.{identifier(item)}), '')" if item else "NULL::VARCHAR"


def _birth(table: Table, item: str | None) -> str:
    """The first and last day a birth date may mean (the same day where it is known whole)."""
    if item is None:
        return "NULL::DATE AS birth_first, NULL::DATE AS birth_last"
    day = f"s.{identifier(item)}"
    if not table.item(item).uncertain:
        return f"{day} AS birth_first, {day} AS birth_last"
    return f"coalesce({day}, d.first_day::DATE) AS birth_first, coalesce({day}, d.last_day::DATE) AS birth_last"


def _partial_join(layout: Layout, table: Table, item: str | None) -> str:
    if item is None or not table.item(item).uncertain:
        return ""
    return (
        f"LEFT JOIN partial_days d ON s.{identifier(item)} IS NULL AND d.raw = s.{identifier(f'{item}_raw')}"
        f" AND d.source = '{layout.name}'"
    )


def _fold_partial_days(con: Connection, births: list[tuple[Layout, Table, str]]) -> None:
    """`partial_days(source, raw, first_day, last_day)`: what birth dates mean that are not one day of the calendar."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE partial_days (source VARCHAR, raw VARCHAR, first_day VARCHAR, last_day VARCHAR)"
    )
    for layout in {layout.name: layout for layout, _, _ in births}.values():
        values = " UNION ALL ".join(
            f"SELECT {identifier(f'{item}_raw')} FROM {_state(owner, table)} WHERE {identifier(item)} IS NULL"
            for owner, table, item in births
            if owner.name == layout.name
        )
        read = partial(parse_date, era_digits=layout.era_digits)
        fold_values(con, values, "one_source_days", first_day=partial(_end, read, 2), last_day=partial(_end, read, 3))
        con.execute("INSERT INTO partial_days SELECT ?, raw, first_day, last_day FROM one_source_days", [layout.name])


def _end(read: Callable[[str], ParsedDate], place: int, raw: str) -> str:
    return str(read(raw)[place] or "")


def _state(layout: Layout, table: Table) -> str:
    return identifier(f"{layout.name}__{table.name}")
