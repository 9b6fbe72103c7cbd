"""Every level of every comparison, and every function they are written in, by example: both engines say the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
import sqlglot

from mimamori import engine
from mimamori.engine import spark as spark_engine
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.cities import PERSONS
from mimamori.linkage.model import COMPARISONS, level_of
from mimamori.linkage.spark_words import in_spark, make_words

Ask = Callable[[str, pa.Table], list[dict[str, Any]]]  # SQL on the table `examples` → rows
Person = dict[str, Any]
DAY = date(2015, 3, 12)


@pytest.fixture(scope="module", params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """One engine; the SQL comes to it as by Splink, which writes Spark's anew."""
    if request.param == "duckdb":
        con = engine.connect()
        make_macros(con)

        def on_duckdb(sql: str, examples: pa.Table) -> list[dict[str, Any]]:
            con.register("examples", examples)
            return list(engine.table_of(con, sql).to_pylist())

        yield on_duckdb
        return
    session = request.getfixturevalue("spark")
    make_words(session)

    def on_spark(sql: str, examples: pa.Table) -> list[dict[str, Any]]:
        spark_engine.load(session, "examples", examples)
        read = sqlglot.transpile(in_spark(sql), read="spark", write="spark")[0]
        return list(spark_engine.table_of(session, read).to_pylist())

    yield on_spark


def born(first: date, last: date | None = None) -> Person:
    return {"birth_first": first, "birth_last": last or first}


def named(
    family: str | None, given: str | None, family_kana: str | None = None, given_kana: str | None = None
) -> Person:
    """A name in parts; without a given one, `family` is all that is written."""
    whole = (family or "") + (given or "") or None
    kana = (family_kana or "") + (given_kana or "") or None
    return {"name": whole, "family": family, "given": given, "kana": kana, "kana_key": kana} | {
        "family_kana": family_kana,
        "given_kana": given_kana,
    }


def whole(name: str | None, kana: str | None = None) -> Person:
    return {"name": name, "kana": kana, "kana_key": kana}


SATO = named("佐藤", "花子", "サトウ", "ハナコ")
ONO = named("大野", "花", "オオノ", "ハナ") | {"kana_key": "オノハナ"}
SHUNTA = named("佐藤", "俊太", "サトウ", "シュンタ") | {"kana_key": "サトシユンタ"}

# What is compared, the one side, the other, the level that holds.
EXAMPLES: list[tuple[str, Person, Person, str]] = [
    ("family", SATO, SATO, "kanji and kana"),
    ("family", SATO, whole("佐藤花子", "サトウハナコ"), "kanji and kana"),
    ("family", SATO, named("〓藤", "花子", "サトウ", "ハナコ"), "kanji and kana"),
    ("family", SATO, named("佐藤", "花子", "スズキ", "イチロウ"), "kanji"),
    ("family", SATO, whole("佐藤一郎"), "kanji"),
    ("family", named("佐\\", "子"), named("〓\\", "子"), "kanji"),
    ("family", {"letters": "SATO"}, {"letters": "SATO", "name": "佐"}, "nothing"),
    ("family", {"letters": "SATO", "name": "S"}, {"letters": "SATO", "name": "佐"}, "kanji"),
    ("family", SATO, named("左東", "花", "サトウ", "ハナ"), "kana"),
    ("family", named(None, None, "サトウ", "ハナコ"), whole(None, "サトウハナ"), "kana"),
    ("family", named(None, None, "サトウ", "ハナコ"), named(None, None, "サイトウ", "ハナコ"), "nearly"),
    ("family", named("𠮷田", "花"), named("士田", "花子"), "nearly"),
    ("family", named("𠮷野谷", "花"), named("野𠮷谷", "花子"), "nearly"),
    ("family", named("𠮷", "花"), named("士", "花子"), "else"),
    ("family", named(None, None, "サトウ", "ハナコ"), named(None, None, "トサウ", "ハナコ"), "nearly"),
    ("family", ONO, named("小野", "花", "オノ", "ハナ") | {"kana_key": "オノハナ"}, "sound"),
    ("family", SATO, named("左東", "花", "サイトウ", "ハナ"), "both nearly"),
    ("family", SATO, named("斎藤", "花子", "サイトオ", "ハナコ"), "else"),
    ("family", SATO, named("山田", "太郎", "ヤマダ", "タロウ"), "else"),
    ("family", SATO, {}, "nothing"),
    ("given", SATO, SATO, "kanji and kana"),
    ("given", SATO, whole("佐藤花子", "サトウハナコ"), "kanji and kana"),
    ("given", SATO, whole("鈴木花子"), "kanji"),
    ("given", SATO, named("鈴木", "花〓", "スズキ", "ハナヨ"), "kanji"),
    ("given", SATO, named("鈴木", "華", "スズキ", "ハナコ"), "kana"),
    ("given", named(None, None, "サトウ", "ハナコ"), named(None, None, "サトウ", "ハナヨ"), "nearly"),
    ("given", named("佐藤", "𡈽花"), named("鈴木", "土花"), "nearly"),
    (
        "given",
        SHUNTA,
        SHUNTA | {"name": "佐藤俊汰", "given": "俊汰", "kana": "サトウシユンタ", "given_kana": "シユンタ"},
        "sound",
    ),
    ("given", SATO, named("鈴木", "華代", "スズキ", "ハナヨ"), "both nearly"),
    ("given", SATO, named("佐藤", "太郎", "サトウ", "タロウ"), "else"),
    ("given", named("佐藤", "花子", None, None), named("佐藤", None), "nothing"),
    ("given", {}, SATO, "nothing"),
    ("birth", born(DAY), born(DAY), "same"),
    ("birth", born(date(2015, 3, 1), date(2015, 3, 31)), born(DAY), "partial"),
    ("birth", born(date(2015, 3, 1), date(2015, 3, 31)), born(date(2015, 4, 1), date(2015, 4, 30)), "else"),
    ("birth", born(DAY), born(date(2015, 3, 13)), "slip"),
    ("birth", born(DAY), born(date(2015, 3, 21)), "slip"),
    ("birth", born(DAY), born(date(2015, 12, 3)), "slip"),
    ("birth", born(date(2015, 8, 1)), born(date(2015, 7, 31)), "slip"),
    ("birth", born(DAY), born(date(1988, 3, 12)), "near"),
    ("birth", born(DAY), born(date(2015, 8, 29)), "else"),
    ("birth", born(date(1868, 1, 25)), born(date(1868, 1, 26)), "slip"),
    ("birth", born(DAY), {}, "nothing"),
    ("sex", {"sex": "1"}, {"sex": "1"}, "same"),
    ("sex", {"sex": "1"}, {"sex": "2"}, "else"),
    ("sex", {"sex": "1"}, {}, "nothing"),
    ("place", {"town": "大橋", "address": "大橋1-2"}, {"town": "大橋", "address": "大橋1-2"}, "address"),
    ("place", {"town": "大橋", "address": "大橋1-2"}, {"town": "大橋", "address": None}, "town"),
    ("place", {"town": "大橋", "address": "大橋1-2"}, {"town": "塩原", "address": None}, "else"),
    ("place", {"town": "大橋"}, {}, "nothing"),
    ("household", {"household_no": "7"}, {"household_no": "7"}, "number"),
    ("household", {"guardian": "佐藤良子"}, {"household_names": ["佐藤太", "佐藤良子"]}, "guardian"),
    ("household", {"household_names": ["佐藤良子", None]}, {"guardian": "佐藤良子"}, "guardian"),
    ("household", {"household_names": ["佐藤太", None]}, {"guardian": "佐藤良子"}, "else"),
    ("household", {"household_names": []}, {"guardian": "佐藤良子"}, "else"),
    ("household", {"household_no": "7"}, {"household_no": "8"}, "else"),
    ("household", {"household_no": "7"}, {"guardian": "佐藤良子"}, "nothing"),
]


def sides(pairs: list[tuple[Person, Person]]) -> pa.Table:
    """One row a pair: `id`, and every column of `PERSONS` as `<column>_l` and `<column>_r`."""
    columns: dict[str, pa.Array] = {"id": pa.array(range(len(pairs)), pa.int64())}
    for field in PERSONS:
        for suffix, side in (("l", 0), ("r", 1)):
            columns[f"{field.name}_{suffix}"] = pa.array([pair[side].get(field.name) for pair in pairs], field.type)
    return pa.table(columns)


def gamma(number: int) -> str:
    """SQL of a comparison's level as Splink numbers it."""
    one = COMPARISONS[number]
    last = len(one.levels) - 1
    levels = " ".join(f"WHEN {level.sql} THEN {last - at}" for at, level in enumerate(one.levels[:-1]))
    return f"CASE WHEN {one.nothing} THEN -1 {levels} ELSE 0 END AS {one.name}"


def test_there_is_an_example_of_every_level() -> None:
    there = {(comparison, level) for comparison, _, _, level in EXAMPLES}
    assert there == {(one.name, level.name) for one in COMPARISONS for level in one.levels} | {
        (one.name, "nothing") for one in COMPARISONS
    }


@pytest.mark.parametrize("turned", [False, True], ids=["as written", "sides changed"])
def test_levels(ask: Ask, turned: bool) -> None:
    pairs = [(right, left) if turned else (left, right) for _, left, right, _ in EXAMPLES]
    sql = f"SELECT id, {', '.join(gamma(number) for number in range(len(COMPARISONS)))} FROM examples ORDER BY id"
    by_name = {one.name: one for one in COMPARISONS}
    for row, (name, left, right, level) in zip(ask(sql, sides(pairs)), EXAMPLES, strict=True):
        assert level_of(by_name[name], row[name]) == level, (name, left, right)


WORDS = [
    ("alike(l, r)", "山本", "山本", True),
    ("alike(l, r)", "山〓", "山本", True),
    ("alike(l, r)", "山本", "〓本", True),
    ("alike(l, r)", "〓", "𠮷", True),
    ("alike(l, r)", "〓", "山本", False),
    ("alike(l, r)", "山本", "山元", False),
    ("alike(l, r)", "山本", None, None),
    ("damerau_levenshtein(l, r)", "𠮷田", "吉田", 1),
    ("damerau_levenshtein(l, r)", "𠮷田", "田𠮷", 1),
    ("damerau_levenshtein(l, r)", "𠮷𡈽𠮷", "𡈽𠮷𠮷", 1),
    ("damerau_levenshtein(l, r)", "𠮷𡈽", "𡌛𠮟", 2),
    ("damerau_levenshtein(l, r)", "ヤマダ", "ヤダマ", 1),
    ("damerau_levenshtein(l, r)", "ヤマダ", "ヤマモト", 2),
    ("damerau_levenshtein(l, r)", "", "ヤマ", 2),
    ("damerau_levenshtein(l, r)", None, "ヤマ", None),
    ("jaro_winkler_similarity(l, r)", "タロウ", "ハナコ", 0),
    ("jaro_winkler_similarity(l, r)", "タロウ", "タロウ", 1),
    ("jaro_winkler_similarity(l, r)", "タ", "タ", 1),
    ("jaro_winkler_similarity(l, r)", "タ", "ロ", 0),
    ("jaro_winkler_similarity(l, r)", "", "ロ", 0),
    ("jaro_winkler_similarity(l, r)", None, "ロ", None),
    ("jaro_winkler_similarity(l, r)", "イアリカイナシイナア", "イアリカイヤシイナア", 0.93777777777777),
    ("greatest(length(l), length(r))", "𠮷田", "𠮷", 2),
    ("starts_with(l, r)", "𠮷田花", "𠮷", True),
    ("ends_with(l, r)", "田花𠮷", "𠮷", True),
    ("strftime(CAST(l AS DATE), '%Y%m%d')", "1868-01-05", None, "18680105"),
]


def test_words(ask: Ask) -> None:
    for sql, left, right, expected in WORDS:
        examples = pa.table({"l": pa.array([left], pa.string()), "r": pa.array([right], pa.string())})
        (row,) = ask(f"SELECT {sql} AS told FROM examples", examples)
        assert row["told"] == (pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected), sql


SIGNS = "アイウカキクサシスタチツナニハヒマミヤユラリワンー"


def _slipped(text: str, chance: random.Random) -> str:
    signs = list(text)
    for _ in range(chance.choice([0, 1, 1, 2, 3, 5])):
        at = chance.randrange(len(signs)) if signs else 0
        match chance.randrange(4) if signs else 3:
            case 0:
                del signs[at]
            case 1:
                signs[at] = chance.choice(SIGNS)
            case 2:
                signs[at : at + 2] = reversed(signs[at : at + 2])
            case _:
                signs.insert(at, chance.choice(SIGNS))
    return "".join(signs)


def pairs_of_readings(count: int) -> pa.Table:
    """Readings of 1 to 25 signs, many of them repeated, and each with slips."""
    chance = random.Random(20261031)
    lengths = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 18, 25)
    left = [
        "".join(chance.choices(SIGNS[: chance.choice([3, 8, len(SIGNS)])], k=chance.choice(lengths)))
        for _ in range(count)
    ]
    return pa.table({"id": list(range(count)), "l": left, "r": [_slipped(text, chance) for text in left]})


@pytest.mark.spark
def test_similarity_is_duckdbs_on_readings_at_random(spark: Any) -> None:
    """The same within a rounding, and on the same side of both thresholds."""
    make_words(spark)
    examples = pairs_of_readings(10_000)
    con = engine.connect()
    con.register("examples", examples)
    sql = "SELECT jaro_winkler_similarity(l, r) AS jw, damerau_levenshtein(l, r) AS steps FROM examples ORDER BY id"
    expected = engine.table_of(con, sql).to_pylist()
    spark_engine.load(spark, "examples", examples)
    told = spark_engine.table_of(spark, in_spark(sql)).to_pylist()
    assert sum(0.9 <= row["jw"] < 1 for row in expected) > 1000
    for one, other in zip(told, expected, strict=True):
        assert one["steps"] == other["steps"]
        assert one["jw"] == pytest.approx(other["jw"], abs=1e-12)
        assert [one["jw"] >= cut for cut in (0.9, 0.95)] == [other["jw"] >= cut for cut in (0.9, 0.95)]
