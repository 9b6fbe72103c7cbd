"""Links that something of the same row speaks against: not made without a person.

A row may be put together from two people: one twin's name with the other's reading, a brother's name with his sister's
birth date. Equal particulars find one of them, but another of the household has what does not fit. And two people may
share name and birth date: where neither address nor guardian ever were this one's, it may be the other, whom the
register does not have.
"""

from __future__ import annotations

from mimamori.engine import Connection
from mimamori.linkage.folding import fold_values
from mimamori.text.address import town_key
from mimamori.text.names import fold_name

READING, NAME, BIRTH, SEX = (f"{what} of another of the household" for what in ("reading", "name", "birth date", "sex"))
ELSEWHERE = "address and guardian of others"
REASONS = (READING, NAME, BIRTH, SEX, ELSEWHERE)
# By these a person is found wherever they live.
_PLACELESS = ("pass:name+kana+birth", "pass:kana+given+birth")


def hold_contested(con: Connection) -> None:
    """Take what is contested out of `edges`; make `contested(left_ref, right_ref, weight, why)` of it.

    A seeker whose key is another's of the household waits as well: name and key say two things.
    """
    _find(con, "SELECT left_ref, right_ref FROM edges WHERE how LIKE 'pass:%'", "contested_links")
    _find_elsewhere(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE contested AS SELECT left_ref, right_ref, NULL::DOUBLE AS weight, min(why) AS why"
        " FROM (FROM contested_links UNION ALL FROM elsewhere UNION ALL"
        "  SELECT e.left_ref, e.right_ref, c.why FROM edges e JOIN key_contradictions c ON c.left_ref = e.left_ref"
        "  WHERE e.how LIKE 'pass:%' AND c.why LIKE 'key belongs to %') GROUP BY ALL"
    )
    con.execute("DELETE FROM edges e USING contested c WHERE c.left_ref = e.left_ref AND e.how LIKE 'pass:%'")


def contest_weighed(con: Connection) -> None:
    """Leave to a person what Splink's weights would link (`judged`), where it is contested or the seeker waits."""
    _find(con, "SELECT left_ref, right_ref FROM judged WHERE verdict = 'same'", "contested_weights")
    con.execute(
        "UPDATE judged SET verdict = 'unsure' WHERE verdict = 'same' AND left_ref IN"
        " (SELECT left_ref FROM contested_weights UNION SELECT left_ref FROM contested UNION"
        "  SELECT left_ref FROM key_contradictions WHERE why LIKE 'key belongs to %')"
    )


def _find(con: Connection, links: str, into: str) -> None:
    """`into(left_ref, right_ref, why)`: those of `links` of which another of the right one's household has a part."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {_OF_ANOTHER.format(links=links)}")


def _agrees(kind: str, one: str, other: str) -> str:
    """SQL: a part of the name that tells members of a household apart is the same. `kind`: "" or "_kana"."""
    whole = kind.removeprefix("_") or "name"
    return (
        f"coalesce({one}.given{kind} = {other}.given{kind} OR {one}.{whole} = {other}.{whole}"
        f" OR ({one}.given{kind} IS NULL AND ends_with({one}.{whole}, {other}.given{kind})), false)"
    )


def _part_of_another(kind: str, why: str) -> str:
    return f"""
        SELECT t.left_ref, t.right_ref, '{why}' AS why
        FROM told t JOIN home h USING (left_ref, right_ref) JOIN register_names o ON o.ref = h.other_ref
        WHERE {_agrees(kind, "t", "o")} AND coalesce(birth_agreement(t.birth_first, t.birth_last, h.birth_first,
                h.birth_last), 'same') IN ('same', 'partial')
            AND NOT EXISTS (SELECT 1 FROM register_names m WHERE m.ref = t.right_ref AND {_agrees(kind, "t", "m")})
    """


_OF_ANOTHER = f"""
    WITH link AS ({{links}}), told AS (
        SELECT l.left_ref, l.right_ref, s.* FROM link l JOIN seekers s ON s.ref = l.left_ref
    ), home AS (
        SELECT l.left_ref, l.right_ref, o.ref AS other_ref, o.birth_first, o.birth_last, o.sex,
            k.birth_first AS own_first, k.birth_last AS own_last, k.sex AS own_sex
        FROM link l JOIN register_rows k ON k.ref = l.right_ref AND k.newest
        JOIN register_rows o ON o.newest AND o.household_no = k.household_no AND o.ref <> k.ref
    )
    {_part_of_another("_kana", READING)} AND t.name IS NOT NULL
    UNION {_part_of_another("", NAME)} AND t.kana IS NOT NULL
    UNION SELECT t.left_ref, t.right_ref, '{BIRTH}' FROM told t JOIN home h USING (left_ref, right_ref)
    WHERE birth_agreement(t.birth_first, t.birth_last, h.own_first, h.own_last) IN ('near', 'far')
        AND birth_agreement(t.birth_first, t.birth_last, h.birth_first, h.birth_last) = 'same'
    UNION SELECT t.left_ref, t.right_ref, '{SEX}' FROM told t JOIN home h USING (left_ref, right_ref)
    WHERE t.sex = h.sex AND t.sex <> h.own_sex
        AND birth_agreement(t.birth_first, t.birth_last, h.birth_first, h.birth_last) IN ('same', 'partial')
        AND NOT EXISTS (SELECT 1 FROM register_names m WHERE m.ref = t.right_ref
            AND {_agrees("", "t", "m")} AND {_agrees("_kana", "t", "m")})  -- name and reading say one twin: a slip
"""


def _find_elsewhere(con: Connection) -> None:
    """`elsewhere(left_ref, right_ref, why)`: links by name and birth date alone, where all else told is of others."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE apart AS SELECT DISTINCT e.left_ref, e.right_ref, s.town, s.guardian_name"
        " FROM edges e JOIN seekers s ON s.ref = e.left_ref JOIN known k ON k.ref = e.right_ref"
        f" WHERE e.how IN {_PLACELESS} AND s.town <> k.town AND s.guardian_name IS NOT NULL"
        " AND s.household_no IS DISTINCT FROM k.household_no"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE ever AS SELECT DISTINCT ref, address, household_no FROM register_rows"
        " WHERE ref IN (SELECT right_ref FROM apart)"
    )
    fold_values(con, "SELECT address FROM ever", "ever_towns", town=town_key)
    fold_values(con, "SELECT guardian_name FROM apart", "apart_guardians", folded=fold_name)
    con.execute(f"CREATE OR REPLACE TEMP TABLE elsewhere AS {_ELSEWHERE}")


_ELSEWHERE = f"""
    SELECT a.left_ref, a.right_ref, '{ELSEWHERE}' AS why
    FROM apart a JOIN apart_guardians g ON g.raw = a.guardian_name
    WHERE g.folded IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM ever e JOIN ever_towns t ON t.raw = e.address
            WHERE e.ref = a.right_ref AND t.town = a.town)
        AND NOT EXISTS (SELECT 1 FROM ever e JOIN register_rows r ON r.household_no = e.household_no
            JOIN register_names n ON n.ref = r.ref WHERE e.ref = a.right_ref AND n.name = g.folded)
"""
