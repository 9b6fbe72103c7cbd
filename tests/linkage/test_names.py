"""Names are folded word by word: the key of a reading is the one that the whole reading has."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mimamori import engine
from mimamori.linkage.names import fold_names
from mimamori.text.kana import kana_key

REGISTER = (
    "CREATE TABLE register_rows (ref VARCHAR, name VARCHAR, kana VARCHAR, alias VARCHAR, alias_kana VARCHAR,"
    " roman VARCHAR, former_name VARCHAR)"
)
LETTERS = st.text(alphabet="アイウエオカコノウヅヴァィュョッーンガぱｶﾞ", min_size=1, max_size=5).filter(
    lambda word: word[0] not in "ァィュョッﾞ"  # no word begins with a small letter or a mark
)


@given(st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=5))
@example([("オオノ", "ウミ"), ("コノ", "ウオ"), ("コ", "オウオ"), ("ア", "アア"), ("カ", "ーア")])
@settings(max_examples=60, deadline=None)
def test_the_key_of_a_reading_is_that_of_the_whole(names: list[tuple[str, str]]) -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(REGISTER)
    con.execute("CREATE TABLE told (ref VARCHAR, source VARCHAR, name VARCHAR, kana VARCHAR)")
    written = [" ".join(words) for words in names] + ["".join(words) for words in names]
    for place, kana in enumerate(written):
        con.execute("INSERT INTO told VALUES (?, 's', NULL, ?)", [f"r{place:02}", kana])
    fold_names(con)
    found = {row["written_kana"]: row["kana_key"] for row in engine.rows_of(con, "SELECT * FROM told_names")}
    assert {kana: key or "" for kana, key in found.items()} == {kana: kana_key(kana) for kana in found}


@pytest.mark.parametrize("kana", ["不明", "－", ""])
def test_what_is_no_reading_has_no_key(kana: str) -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(REGISTER)
    con.execute("CREATE TABLE told AS SELECT 'r' AS ref, 's' AS source, '青木' AS name, ? AS kana", [kana])
    fold_names(con)
    [row] = engine.rows_of(con, "SELECT kana, kana_key FROM told_names")
    assert (row["kana"], row["kana_key"]) == (None, None)
