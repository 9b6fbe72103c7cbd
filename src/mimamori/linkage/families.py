"""Families around the children: households and 続柄, allowances, childcare, births, the family register.

Out: `family(case_no, relative_no, kind, basis)`: what `relative_no` is to `case_no`; one row a pair, both ways.
`basis`: household (the register's 続柄), the name of a source, or shared_parent (siblings living apart).
Facilities and foster homes are no families: who has no place in the head's family tree is at most of the household.
No path crosses a protected person (nor anybody in their household) to someone outside that household.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from mimamori.engine import Connection, identifier, table_of
from mimamori.linkage.households import make_housemates
from mimamori.linkage.kinship import kin, place_of
from mimamori.linkage.refs import ref_sql
from mimamori.sources import Layout, Registry, Table

# What a person in this role is to the child of the row.
KIND_OF_ROLE = {
    "mother": "parent",
    "father": "parent",
    "parent": "parent",
    "guardian": "guardian",
    "recipient": "guardian",
    "borrower": "guardian",
}
# Consultations on violence tell no relative: that someone came with a child must not be read from the child's family.
SILENT_SOURCES = frozenset({"dv_consultation"})
# Rows of an institution in the place of a guardian; its code is the layout's.
INSTITUTIONS = {("child_allowance", "allowance"): "coalesce(s.recipient_kind, '') <> '2'"}
HOUSE_GUESTS = 3  # members without a place in the family tree; where there are more it is a facility or a dormitory
# Strongest first: of two statements on one pair the first is kept.
KINDS = ("parent", "child", "spouse", "sibling", "grandparent", "grandchild", "guardian", "ward_of", "household")
_OTHER_WAY = {"parent": "child", "guardian": "ward_of"}


def make_families(con: Connection, registry: Registry, as_of: date) -> None:
    """Make `family` from `persons`, `links` and the state tables, and `guarded(case_no, household_no)`: who is
    protected, or lives with somebody who is."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE members AS {_MEMBERS}")
    _kin_table(con)
    con.execute(f"CREATE OR REPLACE TEMP TABLE relatives AS {_IN_HOUSEHOLDS}", {"guests": HOUSE_GUESTS})
    for layout, table, column, kind in _told_relatives(registry):
        con.execute(_told_sql(layout, table, column, kind), {"as_of": as_of})
    con.execute(f"CREATE OR REPLACE TABLE guarded AS {_GUARDED}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE cut AS {_CUT}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE kept_relatives AS {_KEPT}")
    con.execute(f"INSERT INTO kept_relatives {_SIBLINGS_APART}")
    con.execute(f"CREATE OR REPLACE TABLE family AS {_FAMILY}")
    make_housemates(con, registry, HOUSE_GUESTS)


def _kin_table(con: Connection) -> None:
    """`kinships(mine, theirs, kind, through)` for the pairs of 続柄 that occur, `places(relation, path, joined)`."""
    relations = table_of(con, "SELECT DISTINCT relation FROM members WHERE relation IS NOT NULL").column(0).to_pylist()
    places = {relation: place for relation in relations if (place := place_of(relation))}
    _keep(con, "places", ("relation", "path", "joined"), [(relation, *place) for relation, place in places.items()])
    pairs = table_of(
        con,
        "SELECT DISTINCT a.relation, b.relation FROM members a JOIN members b USING (household_no)"
        " WHERE a.case_no <> b.case_no",
    )
    found = [
        (mine, theirs, *kinship)
        for mine, theirs in zip(pairs.column(0).to_pylist(), pairs.column(1).to_pylist(), strict=True)
        if (kinship := kin(mine, theirs))
    ]
    _keep(con, "kinships", ("mine", "theirs", "kind", "through"), found)


def _keep(con: Connection, name: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    sorts = {"joined": pa.bool_()}
    table = pa.table(
        {
            column: pa.array([row[at] for row in rows], sorts.get(column, pa.string()))
            for at, column in enumerate(columns)
        }
    )
    con.register("kept_rows", table)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS SELECT * FROM kept_rows")
    con.unregister("kept_rows")


def _told_relatives(registry: Registry) -> Iterator[tuple[Layout, Table, int, str]]:
    """Tables whose rows tell a child and somebody who stands for it, with that person's place in the row."""
    for layout, table in registry.tables():
        if layout.name in SILENT_SOURCES or table.persons[0].role not in {"child", "subject"}:
            continue
        for at, person in enumerate(table.persons):
            if kind := KIND_OF_ROLE.get(person.role):
                yield layout, table, at, kind


def _told_sql(layout: Layout, table: Table, at: int, kind: str) -> str:
    child, other = table.persons[0], table.persons[at]
    open_rows = "true"
    if table.active and table.active.end and kind == "guardian":  # who was a parent stays one; a guardianship ends
        end = f"s.{identifier(table.active.end)}"
        open_rows = f"({end} IS NULL OR {end} > $as_of::DATE)"
    else:
        open_rows = "$as_of::DATE IS NOT NULL"
    return f"""
        INSERT INTO relatives
        WITH told AS (
            SELECT DISTINCT c.case_no AS child_no, o.case_no AS other_no
            FROM {identifier(f"{layout.name}__{table.name}")} s
            JOIN links c ON c.ref = {ref_sql(layout, child.key_kind, child.key)}
            JOIN links o ON o.ref = {ref_sql(layout, other.key_kind, other.key)}
            WHERE c.case_no <> o.case_no AND {open_rows} AND {INSTITUTIONS.get((layout.name, table.name), "true")}
        )
        SELECT child_no, other_no, '{kind}', '{layout.name}' FROM told
        UNION ALL SELECT other_no, child_no, '{_OTHER_WAY[kind]}', '{layout.name}' FROM told
    """


# Residents who share a household with a child.
_MEMBERS = """
    SELECT case_no, household_no, relation FROM persons
    WHERE in_register AND status = '1'
        AND household_no IN (SELECT household_no FROM persons WHERE is_child AND in_register)
"""

_IN_HOUSEHOLDS = """
    WITH placed AS (SELECT m.*, p.path, p.joined FROM members m LEFT JOIN places p USING (relation)),
        lone AS (
            SELECT household_no, path, count(*) AS persons FROM placed WHERE NOT joined GROUP BY household_no, path
        ),
        guests AS (SELECT household_no, count(*) AS persons FROM placed WHERE path IS NULL GROUP BY household_no)
    SELECT a.case_no, b.case_no AS relative_no,
        CASE WHEN k.kind IS NULL OR (k.through <> '' AND n.persons IS DISTINCT FROM 1) THEN 'household'
            ELSE k.kind END AS kind,
        'household' AS basis
    FROM placed a JOIN placed b ON a.household_no = b.household_no AND a.case_no <> b.case_no
    LEFT JOIN kinships k ON k.mine = a.relation AND k.theirs = b.relation
    LEFT JOIN lone n ON n.household_no = a.household_no AND n.path = k.through
    LEFT JOIN guests g ON g.household_no = a.household_no
    WHERE k.kind IS NOT NULL OR coalesce(g.persons, 0) <= $guests
"""

# Protected people and everybody in their households, each with the household that nothing may lead out of. Of a case
# with several numbers of the register the households of all are guarded, whichever is shown.
_GUARDED = """
    SELECT case_no, household_no FROM persons
    WHERE protection IS NOT NULL OR household_no IN (
        SELECT r.household_no FROM persons p JOIN links USING (case_no) JOIN register_rows r USING (ref)
        WHERE p.protection IS NOT NULL AND r.newest AND r.status = '1' AND r.household_no IS NOT NULL)
"""

# Each pair that is kept from each other by name: whom a person is protected from, and those of that household.
_CUT = """
    WITH named AS (
        SELECT l.case_no AS perpetrator, r.household_no, p.case_no AS protected_no
        FROM register_rows r JOIN links o ON o.ref = r.ref JOIN persons p ON p.case_no = o.case_no
        JOIN links l ON l.ref = 'addressee_no:' || ltrim(trim(r.perpetrator_no), '0')
        WHERE r.newest AND r.perpetrator_no IS NOT NULL AND p.protection IS NOT NULL
    ), one_way AS (
        SELECT protected_no AS case_no, perpetrator AS relative_no FROM named
        UNION SELECT g.case_no, n.perpetrator FROM named n JOIN guarded g USING (household_no)
    )
    SELECT * FROM one_way UNION SELECT relative_no, case_no FROM one_way
"""

_KEPT = """
    SELECT r.* FROM relatives r
    LEFT JOIN guarded a ON a.case_no = r.case_no LEFT JOIN guarded b ON b.case_no = r.relative_no
    ANTI JOIN cut c ON c.case_no = r.case_no AND c.relative_no = r.relative_no
    WHERE a.case_no IS NULL AND b.case_no IS NULL OR a.household_no = b.household_no
"""

# Children of one parent who live in two households. Siblings outside a guarded household stay unknown inside it.
_SIBLINGS_APART = """
    SELECT DISTINCT a.relative_no, b.relative_no, 'sibling', 'shared_parent'
    FROM kept_relatives a JOIN kept_relatives b ON a.case_no = b.case_no AND a.relative_no <> b.relative_no
    LEFT JOIN guarded g ON g.case_no = a.relative_no LEFT JOIN guarded h ON h.case_no = b.relative_no
    WHERE a.kind = 'child' AND b.kind = 'child'
        AND (g.case_no IS NULL AND h.case_no IS NULL OR g.household_no = h.household_no)
"""

_FAMILY = f"""
    SELECT case_no, relative_no, said.kind, said.basis FROM (
        SELECT case_no, relative_no,
            arg_min({{'kind': kind, 'basis': basis}},
                (list_position({list(KINDS)}, kind), basis <> 'household', basis)) AS said
        FROM kept_relatives GROUP BY case_no, relative_no
    )
"""
