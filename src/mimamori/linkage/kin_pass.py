"""An exact pass by family: a name and a birth date, in the household of somebody who stands in the same row.

A row that speaks of a child and a parent by numbers of its own (戸籍, a consultation) tells two people at once. Where
one of them is linked, the other is the one of that name and birth date who lives, or lived, in the same household.
"""

from __future__ import annotations

from collections.abc import Iterator

from mimamori.engine import Connection, identifier
from mimamori.linkage.refs import ref_sql
from mimamori.sources import Registry

NAME = "name+birth+kin"


def link_by_kin(con: Connection, registry: Registry) -> None:
    """Add to `edges` the seekers whose name, birth date and company fit one known person only."""
    beside = list(_beside(registry))
    if not beside:
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE beside AS SELECT DISTINCT * FROM ({' UNION ALL '.join(beside)})")
    con.execute(_PASS)


def _beside(registry: Registry) -> Iterator[str]:
    """SQL of (ref, other_ref): two people of one row, the first by a number of the source's own."""
    for layout, table in registry.tables():
        for person in table.persons:
            for other in table.persons:
                if person is not other and person.key_kind == "own_no":
                    mine = ref_sql(layout, person.key_kind, person.key)
                    theirs = ref_sql(layout, other.key_kind, other.key)
                    yield (
                        f"SELECT {mine} AS ref, {theirs} AS other_ref"
                        f" FROM {identifier(f'{layout.name}__{table.name}')} s"
                    )


# Alike are the folded name as a whole and the day of birth known whole; a name that has lost a character is none.
_PASS = f"""
    INSERT INTO edges
    WITH asking AS (
        SELECT DISTINCT s.ref, s.name, s.birth_first AS birth FROM seekers s
        WHERE s.space <> 'pupil_no' AND s.birth_first = s.birth_last AND s.name IS NOT NULL AND strpos(s.name, '〓') = 0
            AND s.ref NOT IN (SELECT left_ref FROM edges)
    ), homes AS (
        SELECT DISTINCT b.ref, r.household_no FROM beside b
        JOIN (SELECT left_ref AS ref, right_ref AS known_ref FROM edges UNION ALL SELECT ref, ref FROM register_rows) e
            ON e.ref = b.other_ref
        JOIN register_rows r ON r.ref = e.known_ref WHERE r.household_no IS NOT NULL
    ), found AS (
        SELECT DISTINCT a.ref AS left_ref, k.ref AS right_ref
        FROM asking a JOIN known k ON k.name = a.name AND k.birth_first = a.birth AND k.birth_last = a.birth
        JOIN register_rows r ON r.ref = k.ref JOIN homes h ON h.ref = a.ref AND h.household_no = r.household_no
    )
    SELECT left_ref, right_ref, 'pass:{NAME}', NULL::DOUBLE, 90
    FROM found JOIN seeking s ON s.ref = left_ref JOIN knowing k ON k.ref = right_ref
    WHERE s.sex IS NULL OR k.sex IS NULL OR s.sex = k.sex
    QUALIFY count(*) OVER (PARTITION BY left_ref) = 1
"""
