"""Own keys first, checked rather than believed.

A row that carries a person's number but another person's birth date or name is held: its key is marked in the state
table, so the row gets a case of its own, and the pair goes to a person to decide.
"""

from __future__ import annotations

from mimamori.engine import Connection, identifier
from mimamori.linkage.mentions import REGISTER
from mimamori.linkage.refs import HELD, ref_sql
from mimamori.sources import Registry

# Years: a birth date so far off is another person's, unless it is near (an era slip) and the name agrees.
A_GENERATION = 10

# How two particulars under one key contradict each other; `agreed` is the best of all the names a person goes by.
_CONTRADICTION = f"""
    CASE WHEN birth IN ('near', 'far') AND years >= {A_GENERATION} AND NOT (birth = 'near' AND coalesce(agreed, 0) = 3)
            THEN 'key contradicts birth date'
         WHEN birth = 'far' AND coalesce(agreed, 0) < 3 THEN 'key contradicts birth date'
         WHEN birth = 'near' AND agreed <= 1 THEN 'key contradicts name and birth date'
         WHEN birth IS NULL AND agreed = 0 THEN 'key contradicts name'
         WHEN birth IN ('same', 'partial') AND agreed <= 1 AND twin THEN 'key belongs to a twin'
    END
"""


def hold_contradictions(con: Connection, registry: Registry) -> None:
    """Make `held(ref, held_ref, source, role, why)` and mark the rows wherever they are read again."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE contradictions AS {_contradictions_sql()}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE held AS"
        f" SELECT DISTINCT ref, ref || '{HELD}' || source || '.' || role AS held_ref, source, role, why"
        " FROM contradictions"
    )
    if not con.sql("SELECT 1 FROM held LIMIT 1").fetchall():
        return
    for layout, table in registry.tables():
        for person in table.persons:
            if layout.name == REGISTER or person.key_kind != "addressee_no" or not any(person.particulars()):
                continue
            told = {what: f"c.{what} IS NOT DISTINCT FROM nullif(trim(s.{identifier(item)}), '')"
                    for what, item in person.particulars() if what in {"name", "kana"}}  # fmt: skip
            if person.birth_date:
                day = f"s.{identifier(person.birth_date)}"
                told["birth_date"] = f"({day} IS NULL OR {day} = c.birth_first)"
            con.execute(
                f"UPDATE {identifier(f'{layout.name}__{table.name}')} s"
                f" SET {identifier(person.key)} = trim(s.{identifier(person.key)}) ||"
                f" '{HELD}{layout.name}.{person.role}' FROM contradictions c"
                f" WHERE c.source = ? AND c.table_name = ? AND c.role = ?"
                f" AND c.ref = {ref_sql(layout, person.key_kind, person.key)} AND {' AND '.join(told.values())}",
                [layout.name, table.name, person.role],
            )
    con.execute(
        "UPDATE told t SET ref = h.held_ref FROM contradictions c, held h WHERE c.id = t.id"
        " AND h.ref = c.ref AND h.source = c.source AND h.role = c.role"
    )
    con.execute(
        "UPDATE told_names n SET ref = h.held_ref FROM contradictions c, held h"
        " WHERE h.ref = c.ref AND h.source = c.source"
        " AND h.role = c.role AND n.ref = c.ref AND n.source = c.source AND n.written_name IS NOT DISTINCT FROM c.name"
        " AND n.written_kana IS NOT DISTINCT FROM c.kana"
    )
    con.execute("INSERT INTO refs SELECT DISTINCT held_ref, 'addressee_no' FROM held")


def _contradictions_sql() -> str:
    """Rows of `told` that contradict the register's person of their key; most agree as written and are passed over."""
    return f"""
        WITH doubtful AS (
            SELECT t.*, r.household_no AS register_household, r.birth_first AS own_first, r.birth_last AS own_last,
                birth_agreement(t.birth_first, t.birth_last, r.birth_first, r.birth_last) AS birth,
                abs(date_diff('year', t.birth_first, r.birth_first)) AS years
            FROM told t JOIN register_rows r ON r.ref = t.ref AND r.newest
            WHERE NOT ((t.name IS NULL OR t.name = r.name) AND (t.kana IS NULL OR t.kana = r.kana OR t.name = r.name)
                AND (t.birth_first IS NULL OR (t.birth_first = r.birth_first AND t.birth_last = r.birth_last)))
        ), named AS (
            SELECT d.id, max(name_agreement(n, o)) AS agreed, any_value(n) AS n
            FROM doubtful d
            LEFT JOIN told_names n ON n.ref = d.ref AND n.source = d.source
                AND n.written_name IS NOT DISTINCT FROM d.name AND n.written_kana IS NOT DISTINCT FROM d.kana
            LEFT JOIN register_names o ON o.ref = d.ref
            GROUP BY d.id
        ), twins AS (
            SELECT d.id FROM doubtful d JOIN named USING (id)
            JOIN register_rows r ON r.newest AND r.household_no = d.register_household AND r.ref <> d.ref
                AND birth_agreement(r.birth_first, r.birth_last, d.own_first, d.own_last) IN ('same', 'partial')
            JOIN register_names o ON o.ref = r.ref
            WHERE named.agreed <= 1 AND name_agreement(named.n, o) >= 2
        )
        SELECT d.*, {_CONTRADICTION.replace("twin ", "d.id IN (SELECT id FROM twins) ")} AS why
        FROM doubtful d JOIN named USING (id) WHERE why IS NOT NULL
    """


def edges_of_keys(con: Connection) -> None:
    """Make `edges` from two keys of one person in one row, checked; what contradicts goes to `key_contradictions`.

    Left is the school or own number, right the city's number where the pair has one.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE edges"
        " (left_ref VARCHAR, right_ref VARCHAR, how VARCHAR, weight DOUBLE, priority DOUBLE)"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE checked_pairs AS {_CHECKED_PAIRS}")
    con.execute("INSERT INTO edges SELECT left_ref, right_ref, 'key', NULL, 500 FROM checked_pairs WHERE why IS NULL")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE key_contradictions AS"
        " SELECT left_ref, right_ref, NULL::DOUBLE AS weight, why FROM checked_pairs WHERE why IS NOT NULL"
    )


_CHECKED_PAIRS = f"""
    WITH pairs AS (
        SELECT DISTINCT CASE WHEN left_ref LIKE 'addressee_no:%' THEN right_ref ELSE left_ref END AS left_ref,
            CASE WHEN left_ref LIKE 'addressee_no:%' THEN left_ref ELSE right_ref END AS right_ref
        FROM key_pairs
    ), compared AS (
        SELECT p.left_ref, p.right_ref, max(name_agreement(l, r)) AS agreed,
            any_value(birth_agreement(s.birth_first, s.birth_last, k.birth_first, k.birth_last)) AS birth,
            any_value(abs(date_diff('year', s.birth_first, k.birth_first))) AS years, false AS twin
        FROM pairs p LEFT JOIN seeking s ON s.ref = p.left_ref LEFT JOIN everybody k ON k.ref = p.right_ref
        LEFT JOIN told_names l ON l.ref = p.left_ref LEFT JOIN known_names r ON r.ref = p.right_ref
        GROUP BY p.left_ref, p.right_ref
    )
    SELECT left_ref, right_ref, {_CONTRADICTION} AS why FROM compared
"""
