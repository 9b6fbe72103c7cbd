"""How far two birth dates and two names agree: SQL macros that keys, passes and the explanation share."""

from __future__ import annotations

from mimamori.engine import Connection

# same: one day on both sides. partial: one side is known in part and the other does not contradict it.
# near: two of year, month, day are equal (an era slip is one of these), or month and day are swapped, or the days are
# neighbours (1 August, 31 July: midnight of another time zone, or the day on which an age is reached). NULL: not known.
# Written so that both engines read it: Spark has it too (`spark_words`).
BIRTH_AGREEMENT = """CASE
        WHEN first_l IS NULL OR first_r IS NULL THEN NULL
        WHEN first_l = last_l AND first_l = first_r AND first_r = last_r THEN 'same'
        WHEN (first_l <> last_l OR first_r <> last_r) AND first_l <= last_r AND first_r <= last_l THEN 'partial'
        WHEN first_l <> last_l OR first_r <> last_r THEN 'far'
        WHEN (year(first_l) = year(first_r))::INT + (month(first_l) = month(first_r))::INT
            + (day(first_l) = day(first_r))::INT = 2 THEN 'near'
        WHEN year(first_l) = year(first_r) AND month(first_l) = day(first_r) AND day(first_l) = month(first_r)
            THEN 'near'
        WHEN first_l = first_r + 1 OR first_r = first_l + 1 THEN 'near'
        ELSE 'far' END"""
_BIRTH = f"CREATE OR REPLACE TEMP MACRO birth_agreement(first_l, last_l, first_r, last_r) AS {BIRTH_AGREEMENT}"
# Equal, where 〓 stands for any one character on either side.
_ALIKE = """
    CREATE OR REPLACE TEMP MACRO alike(l, r) AS
        l = r OR (strpos(l, '〓') > 0 AND r LIKE replace(l, '〓', '_'))
            OR (strpos(r, '〓') > 0 AND l LIKE replace(r, '〓', '_'))
"""
# 3 the whole name or reading; 2 the given name (the family name may have changed); 1 the family name, or much alike;
# 0 nothing; NULL where one side has no name.
_NAME = """
    CREATE OR REPLACE TEMP MACRO name_agreement(l, r) AS CASE
        WHEN alike(l.name, r.name) OR l.kana = r.kana OR l.letters = r.letters THEN 3
        WHEN alike(l.given, r.given) OR l.given_kana = r.given_kana
            OR (l.given IS NULL AND ends_with(l.name, r.given)) OR (r.given IS NULL AND ends_with(r.name, l.given))
            THEN 2
        WHEN alike(l.family, r.family) OR l.family_kana = r.family_kana
            OR (l.family IS NULL AND starts_with(l.name, r.family))
            OR (r.family IS NULL AND starts_with(r.name, l.family))
            OR jaro_winkler_similarity(l.name, r.name) >= 0.88 OR jaro_winkler_similarity(l.kana, r.kana) >= 0.9 THEN 1
        WHEN coalesce(l.name, l.kana) IS NULL OR coalesce(r.name, r.kana) IS NULL THEN NULL
        WHEN (l.name IS NULL OR r.name IS NULL) AND (l.kana IS NULL OR r.kana IS NULL) THEN NULL
        ELSE 0 END
"""


def make_macros(con: Connection) -> None:
    """Make `birth_agreement`, `alike` and `name_agreement` (of two rows with `names.COLUMNS`)."""
    for macro in (_BIRTH, _ALIKE, _NAME):
        con.execute(macro)
