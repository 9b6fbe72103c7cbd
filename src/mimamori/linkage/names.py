"""Folded names to compare: all names of a person of the register, and what other sources tell.

A person of the register has one row per name they are or were known by: today's, the alias, the name in letters, the
former family name, and every name of the register's history.
"""

from __future__ import annotations

from mimamori.engine import Connection
from mimamori.linkage.folding import Fold, fold_values, words_sql
from mimamori.text.kana import ROWS, kana_key
from mimamori.text.names import ALONE_NO_NAME, fold_word, kana_parts, roman_key

# Blank-separated family name + what follows the blank in today's name: 旧氏 is a family name alone.
_WITH_FORMER = "former_name || ' ' || substr({0}, strpos(translate({0}, '　', ' '), ' ') + 1)"

_REGISTER_WRITTEN = f"""
    SELECT DISTINCT ref, name, kana FROM (
        SELECT ref, name, kana FROM register_rows
        UNION ALL SELECT ref, alias, alias_kana FROM register_rows WHERE alias IS NOT NULL
        UNION ALL SELECT ref, roman, NULL FROM register_rows WHERE roman IS NOT NULL
        UNION ALL SELECT ref, {_WITH_FORMER.format("name")}, NULL FROM register_rows WHERE former_name IS NOT NULL
    )
"""

# A name that is written in kana is its own reading.
_READING = r"coalesce(w.kana, CASE WHEN regexp_full_match(w.name, '[ぁ-ゖァ-ヺーｦ-ﾟ・･\s　]+') THEN w.name END)"

# The columns of `register_names` and `told_names` beside ref: whole and in parts (NULL where no blank parts them).
COLUMNS = ("name", "family", "given", "kana", "family_kana", "given_kana", "kana_key", "letters")


# What folding leaves behind: a third of a gigabyte for a city of 1.6 million.
_WORKING = ("register_written", "told_written", "letter_keys", "name_words", "name_folds", "name_parts", "kana_words",
            "kana_folds", "kana_parts")  # fmt: skip


def fold_names(con: Connection) -> None:
    """Make `register_names(ref, …)` and `told_names(ref, source, written_name, written_kana, …)` with `COLUMNS`."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE register_written AS {_REGISTER_WRITTEN}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE told_written AS"
        " SELECT DISTINCT ref, source, name, kana FROM told WHERE name IS NOT NULL OR kana IS NOT NULL"
    )
    _fold(con, "name", folded=fold_word)
    _fold(con, "kana", folded=_whole_kana, key=kana_key)
    letters = "SELECT name FROM {0} WHERE regexp_matches(name, '[A-Za-zＡ-Ｚａ-ｚ]')"
    fold_values(
        con,
        f"{letters.format('register_written')} UNION ALL {letters.format('told_written')}",
        "letter_keys",
        key=roman_key,
    )
    for table, extra in (("register", ""), ("told", "w.source, w.name AS written_name, w.kana AS written_kana,")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {table}_names AS SELECT w.ref, {extra}"
            " n.whole AS name, n.family, n.given, k.whole AS kana, k.family AS family_kana, k.given AS given_kana,"
            " k.key AS kana_key, CASE WHEN n.given IS NOT NULL OR n.family IS NULL THEN l.key END AS letters"
            f" FROM {table}_written w"
            f" LEFT JOIN name_parts n ON n.raw = w.name LEFT JOIN kana_parts k ON k.raw = {_READING}"
            " LEFT JOIN letter_keys l ON l.raw = w.name"
        )
    for table in _WORKING:
        con.execute(f"DROP TABLE {table}")
    # Numbers that the register does not have are known by what is told of them.
    con.execute(
        "CREATE OR REPLACE TEMP VIEW known_names AS SELECT * FROM register_names UNION ALL"
        " SELECT * EXCLUDE (source, written_name, written_kana) FROM told_names"
        " WHERE ref NOT IN (SELECT ref FROM register_names)"
    )


def _fold(con: Connection, column: str, **functions: Fold) -> None:
    """`<column>_parts(raw, whole, family, given[, key])`: each distinct name, folded by words (these repeat, names do
    not). The key of a name is that of its words, but for a vowel that makes the end of the first long."""
    keyed = f", nullif({_joined_keys('f', 'g')}, '') AS key" if "key" in functions else ""
    written = _READING if column == "kana" else "w.name"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {column}_words AS SELECT raw, {words_sql('raw')} AS words FROM"
        f" (SELECT DISTINCT {written} AS raw FROM register_written w UNION"
        f"  SELECT DISTINCT {written} FROM told_written w)"
        " WHERE raw IS NOT NULL"
    )
    fold_values(con, f"SELECT unnest(words) FROM {column}_words", f"{column}_folds", **functions)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {column}_parts AS"
        " SELECT w.raw, nullif(coalesce(f.folded, '') || coalesce(g.folded, ''), '') AS whole,"
        f" CASE WHEN w.words[2] IS NOT NULL THEN f.folded END AS family, g.folded AS given{keyed}"
        f" FROM {column}_words w LEFT JOIN {column}_folds f ON f.raw = w.words[1]"
        f" LEFT JOIN {column}_folds g ON g.raw = w.words[2]"
        f" WHERE w.words[2] IS NOT NULL OR f.folded IS NULL OR f.folded NOT IN {tuple(sorted(ALONE_NO_NAME))}"
    )
    # A family name alone, with no blank to tell it from a whole name, is still no whole name.
    con.execute(
        f"UPDATE {column}_parts SET family = whole WHERE family IS NULL AND given IS NULL AND whole IN"
        f" (SELECT family FROM {column}_parts WHERE given IS NOT NULL)"
    )


def _joined_keys(first: str, second: str) -> str:
    """SQL of the `kana_key` of two folded words written as one: ノ + ウミ is ノミ, as in オオノ ウミ."""
    first, second = (f"CASE WHEN {word}.folded IS NOT NULL THEN {word}.key END" for word in (first, second))
    longer = " ".join(
        f"WHEN strpos('{letters}', right({first}, 1)) > 0"
        f" THEN ltrim({second}, '{vowel + ('ウ' if vowel == 'オ' else '')}')"
        for vowel, letters in ROWS.items()
    )
    joined = f"CASE WHEN coalesce({first}, '') = '' THEN {second} {longer} ELSE {second} END"
    return f"coalesce({first}, '') || coalesce({joined}, '')"


def _whole_kana(text: str) -> str:
    return kana_parts(text).whole or ""
