"""Refs: one person's key in one key space, as text, and where a row's key is held back.

`addressee_no:<digits without leading zeros>`, `pupil_no:<text>`, `own_no:<source>:<text>`. A key that its row
contradicts is marked in the state table with `HELD`, source, role and a hash of whom the row tells of
(`123@childcare.child.5f0c1d`): the row no longer reaches the person of that key.
"""

from __future__ import annotations

from mimamori.engine import identifier
from mimamori.sources import Layout

HELD = "@"

# No key: no letter and no digit but zeros (0000, －), nines to the end of the field, or a word for nothing.
_SIGNS = r"([^\p{L}1-9１-９]|ー)*"
_WORDS = (
    rf"(番号)?(不{_SIGNS}明|不詳|未詳|未定|未登録|未付番|未採番|未設定|未記入|未入力|無{_SIGNS}し?|な{_SIGNS}し|ナシ|ﾅｼ)"
    "|該当(なし|無し)|同上|空欄|(?i:null|none|n/?a|unknown|x{2,})"
)
_NO_KEY = f"{_SIGNS}({_WORDS})?{_SIGNS}|9{{6,}}|#.*"


def space_of(layout: Layout, kind: str) -> str:
    """The key space of a kind of key: one space for all sources, but own numbers are each source's."""
    return f"own_no:{layout.name}" if kind == "own_no" else kind


def ref_sql(layout: Layout, kind: str, item: str, row: str = "s") -> str:
    """SQL of the ref that the item `item` of the row `row` holds; NULL where there is no key (blank, 0000, 不明)."""
    column = f"trim({row}.{identifier(item)})"
    key = key_sql(f"ltrim({column}, '0')" if kind == "addressee_no" else column)
    return f"'{space_of(layout, kind)}:' || {key}"


def key_sql(value: str) -> str:
    """SQL of a key; NULL where the value only stands where one is not known: else all of these would be one person."""
    # Nearly all keys are told from nothing by their first sign, and are not looked at closer.
    return (
        f"CASE WHEN ({value} > '0~' AND {value} < '9') OR ({value} >= 'A' AND {value} < 'N')"
        f" OR ({value} >= 'O' AND {value} < 'U') THEN {value}"
        f" WHEN regexp_full_match({value}, '{_NO_KEY}') THEN NULL ELSE {value} END"
    )


def mask(ref: str) -> str:
    """A ref for people to read: its space and the last three characters of the key."""
    space, _, key = ref.rpartition(":")
    key, held, source = key.partition(HELD)
    return f"{space}:…{key[-3:]}" + (f" ({source.rpartition('.')[0]})" if held else "")
