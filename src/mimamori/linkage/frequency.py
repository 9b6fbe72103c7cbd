"""How much it says, beyond the usual, that two records bear one name: 佐藤 is many people's, 勅使河原 few people's.

Term frequency as in Splink's documentation ("Term-frequency adjustments"), against the chance that two of the known
agree in that part of a name at all: log2(Σp² / p) bits, p the share of people with the name. Splink itself measures
from the u of the level, which is not that chance where kanji and kana share one comparison; so it is added here.
"""

from __future__ import annotations

from mimamori.engine import Connection
from mimamori.linkage.model import Weights

# As many people as are assumed to bear names of the usual frequency: among a handful of people nothing is learned.
EXPERIENCE = 10_000
MOST = 4.0  # bits; a name seen once may be a slip that both lists took from a third

RARITY = "rarity"  # the item of a pair's evidence

# Level of agreement → the column whose name both sides share.
COLUMNS = {"kanji and kana": "", "kanji": "", "kana": "_kana"}


def make_frequencies(con: Connection, weights: Weights) -> None:
    """Make `name_bits(part, name, bits)` of the names of `known`; `part` is a column: family, given_kana, …"""
    con.execute("CREATE OR REPLACE TEMP TABLE name_bits (part VARCHAR, name VARCHAR, bits DOUBLE)")
    for part in ("family", "given"):
        usual = sum(weights.probabilities[part][level][1] for level in COLUMNS)
        for column in (part, f"{part}_kana"):
            con.execute(_BITS.format(column=column), {"usual": usual, "experience": EXPERIENCE, "most": MOST})


def bits_sql(part: str) -> str:
    """SQL of the bits of `part` in a row of Splink's pairs; 0 where the two do not share a written name."""
    whens = " ".join(
        f"WHEN {part} = '{level}' AND {part}{column}_l = {part}{column}_r THEN"
        f" (SELECT bits FROM name_bits WHERE part = '{part}{column}' AND name = {part}{column}_l)"
        for level, column in COLUMNS.items()
    )
    return f"coalesce(CASE {whens} END, 0)"


_BITS = """
    INSERT INTO name_bits
    WITH counted AS (
        SELECT {column} AS name, count(DISTINCT ref)::DOUBLE AS people
        FROM known WHERE {column} IS NOT NULL GROUP BY ALL
    ), whole AS (
        SELECT sum(people * people) / sum(people) AS namesakes FROM counted
    )
    SELECT '{column}', name, greatest(-$most, least($most,
        log2((namesakes + $experience * $usual) / (people + $experience * $usual)))) FROM counted, whole
"""
