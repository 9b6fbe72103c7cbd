"""The persons: one row per case number with the best particulars known; the register's before anybody else's."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection
from mimamori.linkage.folding import fold_values
from mimamori.sources import Registry
from mimamori.text.address import address_parts
from mimamori.text.kanji import fold_kanji

# The school year runs from 2 April to 1 April of birth (a year of age is reached the day before the birthday,
# 年齢計算ニ関スル法律); a child is one until the 31 March of the school year in which 18 is reached.
_MACROS = (
    "CREATE OR REPLACE TEMP MACRO school_year_of_birth(birth) AS year(birth - 1) - (month(birth - 1) < 4)::INT",
    "CREATE OR REPLACE TEMP MACRO child_until(birth) AS make_date(school_year_of_birth(birth) + 19, 3, 31)",
)


def make_persons(con: Connection, registry: Registry, as_of: date) -> None:
    """Make `persons` from `links`, the register and what other sources tell."""
    for macro in _MACROS:
        con.execute(macro)
    con.execute(f"CREATE OR REPLACE TEMP TABLE register_persons AS {_REGISTER_PERSONS}")
    _ward_codes(con, registry)
    con.execute(f"CREATE OR REPLACE TEMP TABLE told_persons AS {_TOLD_PERSONS}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE search_keys AS {_SEARCH_KEYS}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE enrolled AS {_ENROLLED}", {"as_of": as_of})
    con.execute(f"CREATE OR REPLACE TABLE persons AS {_PERSONS}", {"as_of": as_of})


def _ward_codes(con: Connection, registry: Registry) -> None:
    """`ward_codes(raw, ward)`: the ward's code of addresses of people whom the register does not have."""
    codes = {fold_kanji(ward.label.ja): ward.code for ward in registry.municipality.wards}
    fold_values(
        con,
        "SELECT address FROM told JOIN links USING (ref) WHERE case_no NOT IN (SELECT case_no FROM register_persons)",
        "ward_codes",
        ward=lambda address: codes.get(address_parts(address).ward),
    )


# A case may hold two numbers of the register (a person decided so): the resident's row is shown, and of two that which
# is protected, for it is the newer home; any protection holds.
# The row is chosen by its place: windows over whole rows carry them all.
_REGISTER_PERSONS = """
    WITH shown AS (
        SELECT case_no, arg_min(r.rowid,
            (r.status IS DISTINCT FROM '1', coalesce(r.protection, '0') = '0', r.ref)) AS id
        FROM links l JOIN register_rows r USING (ref) WHERE r.newest GROUP BY case_no
    ), protected AS (
        SELECT case_no, protection, protection_from, protection_to
        FROM links JOIN register_rows USING (ref) WHERE newest AND coalesce(protection, '0') <> '0'
        QUALIFY row_number() OVER (PARTITION BY case_no ORDER BY protection, ref) = 1
    )
    SELECT s.case_no, r.* EXCLUDE (protection, protection_from, protection_to),
        p.protection, p.protection_from, p.protection_to
    FROM shown s JOIN register_rows r ON r.rowid = s.id LEFT JOIN protected p USING (case_no)
"""

_TOLD_PERSONS = """
    SELECT case_no, arg_min(name, (number, -epoch(as_of))) AS name, arg_min(kana, (number, -epoch(as_of))) AS kana,
        arg_min(birth_first, number) AS birth_first, arg_min(birth_last, number) AS birth_last,
        arg_min(sex, number) FILTER (sex IN ('1', '2')) AS sex,
        arg_min(address, (number, -epoch(as_of))) AS address, arg_min(ward, number) AS ward
    FROM links JOIN told USING (ref) LEFT JOIN ward_codes ON raw = address
    WHERE case_no NOT IN (SELECT case_no FROM register_persons) GROUP BY case_no
"""

# All names a person goes by, split by blanks: a search for any of them finds the person. Nearly everybody has one.
_SEARCH_KEYS = """
    WITH named AS (
        SELECT case_no, name, kana_key FROM links JOIN known_names USING (ref)
        UNION ALL
        SELECT case_no, name, kana_key FROM links JOIN told_names USING (ref)
        WHERE case_no NOT IN (SELECT case_no FROM links JOIN known_names USING (ref))
    ), counted AS (SELECT case_no, count(*) AS names FROM named GROUP BY case_no)
    SELECT case_no, name AS name_key, kana_key FROM named JOIN counted USING (case_no) WHERE names = 1
    UNION ALL
    SELECT case_no, string_agg(DISTINCT name, ' ' ORDER BY name), string_agg(DISTINCT kana_key, ' ' ORDER BY kana_key)
    FROM named JOIN counted USING (case_no) WHERE names > 1 GROUP BY case_no
"""

_ENROLLED = """
    SELECT case_no, p.school_code, p.grade, p.class_name, coalesce(p.left_on > $as_of, true) AS attends
    FROM pupil_register__pupils p JOIN links ON ref = 'pupil_no:' || trim(p.pupil_no)
    QUALIFY row_number() OVER
        (PARTITION BY case_no ORDER BY attends DESC, p._as_of DESC, p.entered_on DESC NULLS LAST, p._row) = 1
"""

_PERSONS = """
    WITH everybody AS (
        SELECT case_no, name, kana, alias, former_name, roman, birth_date, birth_date_status, birth_first, birth_last,
            sex, ward, address, building, postal, household_no, relation, resident_type, status, true AS in_register,
            protection, protection_from, protection_to
        FROM register_persons
        UNION ALL BY NAME
        SELECT case_no, name, kana, CASE WHEN birth_first = birth_last THEN birth_first END AS birth_date,
            CASE WHEN birth_first = birth_last THEN 'exact' WHEN birth_first IS NULL THEN 'unknown'
                WHEN month(birth_first) = month(birth_last) THEN 'month' ELSE 'year' END AS birth_date_status,
            birth_first, birth_last, sex, ward, address, false AS in_register
        FROM told_persons
        UNION ALL BY NAME
        SELECT DISTINCT case_no, 'unknown' AS birth_date_status, false AS in_register FROM links
        WHERE case_no NOT IN (SELECT case_no FROM register_persons UNION ALL SELECT case_no FROM told_persons)
    )
    SELECT e.case_no, e.name, e.kana, e.alias, e.former_name, e.roman, k.name_key, k.kana_key,
        e.birth_date, e.birth_date_status, e.birth_first, e.birth_last, e.sex, e.ward,
        e.address, e.building, e.postal, e.household_no, e.relation, e.resident_type, e.status,
        e.in_register, e.protection, e.protection_from, e.protection_to,
        n.school_code, CASE WHEN n.attends THEN n.grade::INTEGER END AS grade, CASE WHEN n.attends THEN n.class_name END
            AS class_name, coalesce(n.attends, false) AS city_pupil,
        datesub('year', e.birth_date, $as_of::DATE)::INTEGER AS age,
        datesub('month', e.birth_date, $as_of::DATE)::INTEGER AS age_months,
        (e.status = '1' OR NOT e.in_register)
            AND (coalesce($as_of::DATE <= child_until(e.birth_last), false)
                OR (e.birth_last IS NULL AND coalesce(n.attends, false))) AS is_child
    FROM everybody e LEFT JOIN search_keys k USING (case_no) LEFT JOIN enrolled n USING (case_no)
"""
