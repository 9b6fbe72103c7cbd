"""What children are searched by, one row a child, made by night: names, readings, birth dates, and the place of those
whose place may be asked for.

Out: `children`: what a hit shows and `karte.search` reads. `name_key`, `kana_key`: all names a child goes by, folded,
between blanks; `family`, `given`, `whole`, `family_kana`, `given_kana`: of the name that is shown; `by_place`: whether
the child may be found by where it lives or goes to school. `place_key` (`ward|town|numbers-`) is kept of no other.
`name_words(word, reading)`: the parts and whole names that occur, for names that are nearly what was typed.
"""

from __future__ import annotations

from mimamori.engine import Connection
from mimamori.linkage.folding import fold_shapes, fold_values, words_sql
from mimamori.text.address import address_parts
from mimamori.text.kana import kana_key
from mimamori.text.kanji import fold_kanji
from mimamori.text.names import fold_word


def place_key(address: str) -> str:
    """`ward|town|numbers-` of an address; parts that cannot be read are empty."""
    return "|".join(address_parts(address)) + "-"


def make_children(con: Connection) -> None:
    """Make `children` and `name_words` from `persons`, `guarded` and `source_status`."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE child_words AS SELECT case_no, {words_sql('name')} AS names,"
        f" {words_sql('kana')} AS readings FROM persons WHERE is_child"
    )
    fold_values(con, "SELECT unnest(names) FROM child_words", "folded_words", word=fold_word)
    fold_values(con, "SELECT unnest(readings) FROM child_words", "folded_readings", reading=kana_key)
    fold_values(con, "SELECT school_name FROM persons WHERE is_child", "folded_schools", school=fold_kanji)
    con.execute(f"CREATE OR REPLACE TEMP TABLE open_places AS {_OPEN_PLACES}")
    fold_shapes(con, "SELECT address FROM open_places", "places", place=place_key)
    con.execute(f"CREATE OR REPLACE TABLE children AS {_CHILDREN}")
    con.execute(f"CREATE OR REPLACE TABLE name_words AS {_NAME_WORDS}")
    for table in ("child_words", "folded_words", "folded_readings", "folded_schools", "open_places", "places",
                  "shaped", "shape_forms"):  # fmt: skip
        con.execute(f"DROP TABLE {table}")


# Nobody protected, nobody in a protected home, nobody of whom the register does not speak; and nobody at all while the
# register is too old to say who is protected.
_OPEN_PLACES = """
    SELECT case_no, address FROM persons
    WHERE is_child AND in_register AND coalesce(protection, '0') IN ('', '0')
        AND case_no NOT IN (SELECT case_no FROM guarded WHERE case_no IS NOT NULL)
        AND EXISTS (SELECT 1 FROM source_status WHERE source = 'resident_register' AND state = 'fresh')
"""

_CHILDREN = """
    SELECT p.case_no, p.name, p.kana, p.alias, p.former_name, p.roman, p.birth_date, p.birth_first, p.birth_last,
        p.age, p.sex, p.ward, p.household_no, p.is_child, p.protection, p.protection_from, p.protection_to,
        p.school_code, p.school_name, p.grade, p.class_name,
        ' ' || p.name_key || ' ' AS name_key, ' ' || p.kana_key || ' ' AS kana_key,
        n.word AS family, g.word AS given, n.word || g.word AS whole, f.reading AS family_kana, h.reading AS given_kana,
        s.school AS school_key, o.case_no IS NOT NULL AS by_place, a.place AS place_key
    FROM persons p JOIN child_words w USING (case_no)
    LEFT JOIN folded_words n ON n.raw = w.names[1] LEFT JOIN folded_words g ON g.raw = w.names[2]
    LEFT JOIN folded_readings f ON f.raw = w.readings[1] LEFT JOIN folded_readings h ON h.raw = w.readings[2]
    LEFT JOIN folded_schools s ON s.raw = p.school_name
    LEFT JOIN open_places o USING (case_no) LEFT JOIN places a ON a.raw = o.address
    ORDER BY p.case_no
"""

_NAME_WORDS = """
    SELECT family AS word, family_kana AS reading FROM children WHERE family IS NOT NULL
    UNION SELECT given, given_kana FROM children WHERE given IS NOT NULL
    UNION SELECT whole, family_kana || given_kana FROM children WHERE whole IS NOT NULL ORDER BY ALL
"""
