"""The two sides of a linkage: those who seek a person (school and own numbers), and those who are known by a number.

Both have a row per name a ref goes by (names that fold alike give equal rows): `names.COLUMNS`, birth_first,
birth_last, sex, address, town, household_no.
Known is who could be meant at all: persons of child age, and adults whose birth date or name a seeker shares.
"""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection
from mimamori.linkage.folding import fold_shapes
from mimamori.linkage.names import COLUMNS
from mimamori.linkage.refs import HELD
from mimamori.text.address import address_key, town_key

OLDEST_PUPIL = 21  # years; who may be a pupil, with room for a wrong year

_NAMES = ", ".join(f"n.{column}" for column in COLUMNS)


def make_sides(con: Connection, as_of: date) -> None:
    """Make `seekers` and `known`; a held ref seeks nobody, a person decides it."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE told_best AS SELECT ref,"
        " arg_max(birth_first, as_of) AS birth_first, arg_max(birth_last, as_of) AS birth_last,"
        " arg_max(CASE WHEN sex IN ('1', '2') THEN sex END, as_of) AS sex, arg_max(address, as_of) AS address,"
        " arg_max(household_no, as_of) AS household_no, arg_max(guardian_name, as_of) AS guardian_name"
        f" FROM told WHERE strpos(ref, '{HELD}') = 0 GROUP BY ref"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE seeking AS SELECT r.space, t.* FROM told_best t JOIN refs r USING (ref)"
        " WHERE r.space <> 'addressee_no'"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE everybody AS {_EVERYBODY}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE knowing AS {_KNOWING}", {"oldest": OLDEST_PUPIL, "as_of": as_of})
    fold_shapes(
        con,
        "SELECT address FROM seeking UNION ALL SELECT address FROM knowing",
        "address_keys",
        address=address_key,
        town=town_key,
    )
    for side, persons, names in (("seekers", "seeking", "told_names"), ("known", "knowing", "known_names")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {side} AS SELECT p.* EXCLUDE (address), {_NAMES}, a.address, a.town"
            f" FROM {persons} p LEFT JOIN {names} n USING (ref) LEFT JOIN address_keys a ON a.raw = p.address"
        )
    for table in ("address_keys", "shaped", "shape_forms"):
        con.execute(f"DROP TABLE {table}")


# Persons of the register by their newest row, and addressee numbers that the register does not have.
_EVERYBODY = """
    SELECT ref, birth_first, birth_last, CASE WHEN sex IN ('1', '2') THEN sex END AS sex, address, household_no
    FROM register_rows WHERE newest
    UNION ALL
    SELECT t.* EXCLUDE (guardian_name) FROM told_best t JOIN refs r USING (ref)
    WHERE r.space = 'addressee_no' AND ref NOT IN (SELECT ref FROM register_rows)
"""

_KNOWING = """
    WITH own AS (SELECT * FROM seeking WHERE space <> 'pupil_no')
    SELECT 'addressee_no' AS space, e.* FROM everybody e
    WHERE birth_last >= $as_of::DATE - to_years($oldest::INT)
        OR birth_first IS NULL
        OR birth_first IN (SELECT birth_first FROM own)
        OR ref IN (SELECT k.ref FROM register_names k JOIN told_names t USING (kana) JOIN own o ON o.ref = t.ref)
"""
