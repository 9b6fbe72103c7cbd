"""What a night keeps of its own quality: tables of counts, and what was told of linked keys, to be shown side by side.

`linkage_agreement(dimension, code, part, verdict, rows)`: rows that carry a city number, and how far what they tell of
the person agrees with the register. dimension: all | source | ward | resident | age | school; part: name | kana | birth
| key; verdict: exact | nearly | contradicts | none (nothing to compare), of the part `key`: kept | held (such a row
waits for a person under a number of its own).
`linkage_weights(space, low, verdict, pairs)`: scored pairs by their match weight in steps of `STEP`; verdict: same |
unsure | apart.
`particulars(ref, …)`: what sources tell of each key that stands in a case with others and is none of the register's.
"""

from __future__ import annotations

from mimamori.engine import Connection

STEP = 2  # bits

# Completed years at which a band begins: before school, nursery, primary, lower and upper secondary school, grown up.
AGE_BANDS = (0, 3, 6, 12, 15, 18)


def make_report(con: Connection) -> None:
    """Make the three tables from what linkage holds when it has finished."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE carried AS {_CARRIED}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE carried_nearly AS {_NEARLY}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE carried_verdicts AS {_VERDICTS}")
    con.execute(f"CREATE OR REPLACE TABLE linkage_agreement AS {_AGREEMENT}")
    con.execute(
        f"CREATE OR REPLACE TABLE linkage_weights AS SELECT space, (floor(weight / {STEP}) * {STEP})::INTEGER AS low,"
        " coalesce(verdict, 'apart') AS verdict, count(*) AS pairs FROM judged GROUP BY ALL ORDER BY ALL"
    )
    con.execute(f"CREATE OR REPLACE TABLE particulars AS {_PARTICULARS}")


# Rows whose own key is the city's number, held or not, and those of a key that some row ties to a city number.
_CARRIED = """
    WITH carrying AS (
        SELECT t.* REPLACE (coalesce(c.ref, t.ref) AS ref), t.ref AS told_ref, c.id IS NOT NULL AS held
        FROM told t LEFT JOIN contradictions c USING (id)
        UNION ALL
        SELECT t.* REPLACE (k.right_ref AS ref), t.ref, k.why IS NOT NULL
        FROM told t JOIN checked_pairs k ON k.left_ref = t.ref
    )
    SELECT row_number() OVER () AS carried_id, c.ref, c.told_ref, c.source, c.held, c.name, c.kana,
        coalesce(c.name = r.name, false) AS same_name, coalesce(c.kana = r.kana, false) AS same_kana,
        birth_agreement(c.birth_first, c.birth_last, r.birth_first, r.birth_last) AS birth
    FROM carrying c JOIN register_rows r ON r.ref = c.ref AND r.newest
"""

# Those not equal as written, by the best of all the names a person goes by: 2 equal when folded, 1 much alike, 0 not.
_NEARLY = """
    SELECT c.carried_id,
        max(CASE WHEN n.name IS NULL OR o.name IS NULL THEN NULL
            WHEN alike(n.name, o.name) OR n.letters = o.letters THEN 2
            WHEN alike(n.given, o.given) OR alike(n.family, o.family)
                OR jaro_winkler_similarity(n.name, o.name) >= 0.88 THEN 1
            ELSE 0 END) AS name,
        max(CASE WHEN n.kana IS NULL OR o.kana IS NULL THEN NULL
            WHEN n.kana = o.kana THEN 2
            WHEN n.kana_key = o.kana_key OR n.given_kana = o.given_kana OR n.family_kana = o.family_kana
                OR jaro_winkler_similarity(n.kana, o.kana) >= 0.9 THEN 1
            ELSE 0 END) AS kana
    FROM carried c JOIN told_names n ON n.ref = c.told_ref AND n.source = c.source
        AND n.written_name IS NOT DISTINCT FROM c.name AND n.written_kana IS NOT DISTINCT FROM c.kana
    JOIN register_names o ON o.ref = c.ref
    WHERE NOT (c.same_name AND (c.same_kana OR c.kana IS NULL)) GROUP BY c.carried_id
"""


def _verdict(part: str) -> str:
    return (
        f"CASE WHEN same_{part} THEN 'exact' ELSE CASE n.{part} WHEN 2 THEN 'exact' WHEN 1 THEN 'nearly'"
        f" WHEN 0 THEN 'contradicts' ELSE 'none' END END AS {part}"
    )


_BANDS = " ".join(f"WHEN p.age >= {first} THEN '{first}'" for first in reversed(AGE_BANDS))

_VERDICTS = f"""
    SELECT c.source, CASE WHEN c.held THEN 'held' ELSE 'kept' END AS key, {_verdict("name")}, {_verdict("kana")},
        CASE WHEN c.birth IS NULL THEN 'none' WHEN c.birth = 'same' THEN 'exact'
            WHEN c.birth IN ('partial', 'near') THEN 'nearly' ELSE 'contradicts' END AS birth,
        coalesce(p.ward, '') AS ward, coalesce(p.resident_type, '') AS resident,
        CASE {_BANDS} ELSE '' END AS age, CASE WHEN p.city_pupil THEN p.school_code END AS school
    FROM carried c JOIN links l ON l.ref = c.ref JOIN persons p USING (case_no)
    LEFT JOIN carried_nearly n USING (carried_id)
"""

_AGREEMENT = """
    WITH parts AS (
        UNPIVOT carried_verdicts ON name, kana, birth, key INTO NAME part VALUE verdict
    ), divided AS (
        SELECT source, ward, resident, age, school, part, verdict, count(*) AS rows FROM parts GROUP BY ALL
    )
    SELECT dimension, code, part, verdict, sum(rows)::BIGINT AS rows FROM (
        SELECT 'all' AS dimension, '' AS code, part, verdict, rows FROM divided
        UNION ALL SELECT 'source', source, part, verdict, rows FROM divided
        UNION ALL SELECT 'ward', ward, part, verdict, rows FROM divided
        UNION ALL SELECT 'resident', resident, part, verdict, rows FROM divided
        UNION ALL SELECT 'age', age, part, verdict, rows FROM divided
        UNION ALL SELECT 'school', school, part, verdict, rows FROM divided WHERE school IS NOT NULL
    ) GROUP BY ALL ORDER BY ALL
"""

_PARTICULARS = """
    SELECT t.ref, arg_max(t.name, t.as_of) AS name, arg_max(t.kana, t.as_of) AS kana,
        arg_max(t.alias, t.as_of) AS alias, arg_max(t.former_name, t.as_of) AS former_name,
        arg_max(t.roman, t.as_of) AS roman,
        arg_max(CASE WHEN t.birth_first = t.birth_last THEN t.birth_first END, t.as_of) AS birth_date,
        arg_max(CASE WHEN t.sex IN ('1', '2') THEN t.sex END, t.as_of) AS sex, arg_max(t.address, t.as_of) AS address
    FROM told t JOIN links l USING (ref)
    WHERE t.ref NOT IN (SELECT ref FROM register_rows)
        AND l.case_no IN (SELECT case_no FROM links GROUP BY case_no HAVING count(*) > 1)
    GROUP BY t.ref ORDER BY t.ref
"""
