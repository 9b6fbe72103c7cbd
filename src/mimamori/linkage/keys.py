"""Own keys first, checked rather than believed.

A row that carries a person's number but another person's birth date or name is held: its key is marked in the state
table, so the row gets a case of its own, and the pair goes to a person to decide. Two people who were given a third
one's number are two cases. A number that the register does not have is its first teller's, and the others are checked.
"""

from __future__ import annotations

from mimamori.engine import Connection, identifier
from mimamori.linkage.mentions import REGISTER
from mimamori.linkage.refs import HELD, ref_sql
from mimamori.sources import Registry

# Years: a birth date so far off is another person's, unless it is near (an era slip) and the name agrees.
A_GENERATION = 10

# The person whom a row is about, whatever table it stands in; parents and guardians are named more loosely.
_OF_THE_ROW = ("child", "subject")

# How two particulars under one key contradict each other; `agreed` is the best of all the names a person goes by,
# `twin` that somebody else of the key's household is named so: born the same day, or of the whole name where no birth
# date tells them apart.
_CONTRADICTION = f"""
    CASE WHEN birth IN ('near', 'far') AND years >= {A_GENERATION} AND NOT (birth = 'near' AND coalesce(agreed, 0) = 3)
            THEN 'key contradicts birth date'
         WHEN birth = 'far' AND coalesce(agreed, 0) < 3 THEN 'key contradicts birth date'
         WHEN birth = 'near' AND agreed <= 1 THEN 'key contradicts name and birth date'
         WHEN birth IS NULL AND agreed = 0 THEN 'key contradicts name'
         WHEN birth IN ('same', 'partial') AND agreed <= 1 AND twin THEN 'key belongs to a twin'
         WHEN birth IS NULL AND agreed <= 1 AND twin THEN 'key belongs to another of the household'
    END
"""


def hold_contradictions(con: Connection, registry: Registry) -> None:
    """Make `held(ref, held_ref, source, role, why)` and mark the rows wherever they are read again."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE owners AS {_OWNERS}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE owner_names AS {_OWNER_NAMES}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE contradictions AS {_contradictions_sql()}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE held AS SELECT DISTINCT ref, ref || mark AS held_ref, source, role, why"
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
                f" SET {identifier(person.key)} = trim(s.{identifier(person.key)}) || c.mark FROM contradictions c"
                f" WHERE c.source = ? AND c.table_name = ? AND c.role = ?"
                f" AND c.ref = {ref_sql(layout, person.key_kind, person.key)} AND {' AND '.join(told.values())}",
                [layout.name, table.name, person.role],
            )
    con.execute("UPDATE told t SET ref = c.ref || c.mark FROM contradictions c WHERE c.id = t.id")
    con.execute(
        "UPDATE told_names n SET ref = c.ref || c.mark FROM contradictions c"
        " WHERE n.ref = c.ref AND n.source = c.source AND n.written_name IS NOT DISTINCT FROM c.name"
        " AND n.written_kana IS NOT DISTINCT FROM c.kana"
    )
    con.execute("INSERT INTO refs SELECT DISTINCT held_ref, 'addressee_no' FROM held")


# Whose a number is: the register's person, else whom the first source tells of with a birth date (`lead_id` in `told`).
_OWNERS = """
    SELECT ref, name, kana, household_no, birth_first, birth_last, NULL::BIGINT AS lead_id
    FROM register_rows WHERE newest
    UNION ALL
    SELECT ref, name, kana, NULL, birth_first, birth_last, id FROM told
    WHERE ref LIKE 'addressee_no:%' AND ref NOT IN (SELECT ref FROM register_rows)
    QUALIFY row_number() OVER (PARTITION BY ref ORDER BY birth_first IS NULL, number, id) = 1
"""

_OWNER_NAMES = """
    SELECT * FROM register_names
    UNION ALL
    SELECT n.* EXCLUDE (source, written_name, written_kana) FROM told_names n
    JOIN owners w ON w.ref = n.ref JOIN told t ON t.id = w.lead_id AND t.source = n.source
        AND n.written_name IS NOT DISTINCT FROM t.name AND n.written_kana IS NOT DISTINCT FROM t.kana
"""


def _contradictions_sql() -> str:
    """Rows of `told` that contradict the person of their key, with the mark that their key gets.

    Most agree as written and are passed over. The mark tells apart whom the same source tells of by the same key.
    """
    return f"""
        WITH doubtful AS (
            SELECT t.*, r.household_no AS key_household, r.birth_first AS own_first, r.birth_last AS own_last,
                birth_agreement(t.birth_first, t.birth_last, r.birth_first, r.birth_last) AS birth,
                abs(date_diff('year', t.birth_first, r.birth_first)) AS years
            FROM told t JOIN owners r ON r.ref = t.ref AND t.id IS DISTINCT FROM r.lead_id
            WHERE NOT ((t.name IS NULL OR t.name = r.name) AND (t.kana IS NULL OR t.kana = r.kana OR t.name = r.name)
                AND (t.birth_first IS NULL OR (t.birth_first = r.birth_first AND t.birth_last = r.birth_last)))
        ), named AS (
            SELECT d.id, max(name_agreement(n, o)) AS agreed, any_value(n) AS n
            FROM doubtful d
            LEFT JOIN told_names n ON n.ref = d.ref AND n.source = d.source
                AND n.written_name IS NOT DISTINCT FROM d.name AND n.written_kana IS NOT DISTINCT FROM d.kana
            LEFT JOIN owner_names o ON o.ref = d.ref
            GROUP BY d.id
        ), twins AS (
            SELECT DISTINCT d.id, true AS twin FROM doubtful d JOIN named USING (id)
            JOIN register_rows r ON r.newest AND r.household_no = d.key_household AND r.ref <> d.ref
            JOIN register_names o ON o.ref = r.ref
            WHERE named.agreed <= 1 AND name_agreement(named.n, o) >= CASE WHEN d.birth IS NULL THEN 3 ELSE 2 END
                AND (d.birth IS NULL AND d.role IN {_OF_THE_ROW}
                    OR birth_agreement(r.birth_first, r.birth_last, d.own_first, d.own_last) IN ('same', 'partial'))
        ), judged AS (
            SELECT d.*, n, {_CONTRADICTION} AS why
            FROM doubtful d JOIN named USING (id) LEFT JOIN twins USING (id)
        )
        SELECT * EXCLUDE (n), '{HELD}' || source || '.' || role || '.'
            || left(md5(concat_ws('|', coalesce(n.name, n.kana), birth_first)), 6) AS mark
        FROM judged WHERE why IS NOT NULL
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
            any_value(abs(date_diff('year', s.birth_first, k.birth_first))) AS years
        FROM pairs p LEFT JOIN seeking s ON s.ref = p.left_ref LEFT JOIN everybody k ON k.ref = p.right_ref
        LEFT JOIN told_names l ON l.ref = p.left_ref LEFT JOIN known_names r ON r.ref = p.right_ref
        GROUP BY p.left_ref, p.right_ref
    ), twins AS (
        SELECT DISTINCT c.left_ref, c.right_ref, true AS twin
        FROM compared c JOIN register_rows k ON k.ref = c.right_ref AND k.newest
        JOIN register_rows r ON r.newest AND r.household_no = k.household_no AND r.ref <> k.ref
        JOIN told_names l ON l.ref = c.left_ref JOIN register_names o ON o.ref = r.ref
        WHERE c.agreed <= 1 AND name_agreement(l, o) >= CASE WHEN c.birth IS NULL THEN 3 ELSE 2 END
            AND (c.birth IS NULL
                OR birth_agreement(r.birth_first, r.birth_last, k.birth_first, k.birth_last) IN ('same', 'partial'))
    )
    SELECT left_ref, right_ref, {_CONTRADICTION} AS why FROM compared LEFT JOIN twins USING (left_ref, right_ref)
"""
