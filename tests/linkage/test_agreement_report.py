"""What a night keeps of its own quality: counts of agreement by group, weights, and what was told of linked keys."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.linkage.tiny import DAY, Row, pupil, resident, state

from mimamori.engine import Connection, rows_of
from mimamori.linkage import DECISIONS, LEDGER, link

BORN = date(2017, 5, 13)


def linked(**tables: list[Row]) -> Connection:
    con, registry = state(**tables)
    link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=DAY)
    return con


def child(**told: Any) -> Row:
    """A row of childcare that carries the city number 1."""
    return {"child_no": "0001", "child_name": "山田 太郎", "birth_date": BORN, **told}


def agreement(con: Connection, dimension: str = "all", code: str = "") -> dict[tuple[str, str], int]:
    rows = rows_of(con, "SELECT * FROM linkage_agreement WHERE dimension = ? AND code = ?", [dimension, code])
    return {(row["part"], row["verdict"]): row["rows"] for row in rows}


TARO = resident("1", "山田 太郎", "ヤマダ タロウ", BORN)


@pytest.mark.parametrize(
    ("told", "part", "verdict"),
    [
        ({}, "name", "exact"),
        ({"child_name": "山田太郎"}, "name", "exact"),  # the same when folded
        ({"child_name": "山本 太郎"}, "name", "nearly"),
        ({"child_name": "佐藤 花"}, "name", "contradicts"),
        ({"child_name": None}, "name", "none"),
        ({}, "kana", "none"),  # this source tells no reading
        ({}, "birth", "exact"),
        ({"birth_date": date(2017, 5, 14)}, "birth", "nearly"),
        ({"birth_date": date(2013, 1, 2)}, "birth", "contradicts"),
        ({"birth_date": None}, "birth", "none"),
        ({}, "key", "kept"),
        ({"child_name": "佐藤 花", "birth_date": date(1987, 5, 13)}, "key", "held"),
        ({"child_name": "佐藤 花", "birth_date": date(1987, 5, 13)}, "name", "contradicts"),
    ],
)
def test_a_row_is_judged_part_by_part(told: Row, part: str, verdict: str) -> None:
    con = linked(resident_register__residents=[TARO], childcare__certifications=[child(**told)])
    found = agreement(con)
    assert {found_verdict for found_part, found_verdict in found if found_part == part} == {verdict}
    assert found[part, verdict] == 1


def test_a_row_counts_in_its_persons_groups() -> None:
    con = linked(
        resident_register__residents=[TARO, resident("2", "李 明", "リ メイ", date(2005, 1, 2), resident_type="2")],
        childcare__certifications=[child(), child(child_no="2", child_name="王 明", birth_date=date(2005, 1, 2))],
        pupil_register__pupils=[pupil("S1", "山田 太郎", "ヤマダ タロウ", BORN)],
    )
    assert agreement(con, "resident", "1")["name", "exact"] == 1
    assert agreement(con, "resident", "2")["name", "nearly"] == 1
    assert agreement(con, "age", "6")["name", "exact"] == agreement(con, "age", "18")["name", "nearly"] == 1
    assert agreement(con, "school", "B140130000001") == {
        ("name", "exact"): 1, ("kana", "none"): 1, ("birth", "exact"): 1, ("key", "kept"): 1,
    }  # fmt: skip
    assert agreement(con, "ward", "40134")["name", "exact"] == agreement(con, "source", "childcare")["name", "exact"]


def test_a_school_number_tied_to_a_city_number_is_checked_as_well() -> None:
    con = linked(
        resident_register__residents=[TARO],
        pupil_register__pupils=[pupil("S1", "山田 太郎", "ヤマダ タロ", BORN)],
        school_age_register__children=[{"addressee_no": "1", "pupil_no": "S1"}],
    )
    assert agreement(con, "source", "pupil_register") == {
        ("name", "exact"): 1, ("kana", "nearly"): 1, ("birth", "exact"): 1, ("key", "kept"): 1,
    }  # fmt: skip


def test_weights_of_scored_pairs_stand_in_steps() -> None:
    con = linked(
        resident_register__residents=[TARO],
        pupil_register__pupils=[pupil("S1", "山田 太朗", "ヤマタ タロー", date(2017, 5, 18))],
    )
    (row,) = rows_of(con, "SELECT w.*, j.weight FROM linkage_weights w, judged j")
    assert (row["space"], row["pairs"], row["low"] % 2) == ("pupil_no", 1, 0)
    assert row["low"] <= row["weight"] < row["low"] + 2
    assert row["verdict"] in {"same", "unsure", "apart"}


def test_particulars_are_kept_of_keys_that_were_linked() -> None:
    con = linked(
        resident_register__residents=[TARO],
        pupil_register__pupils=[
            pupil("S1", "山田　太郎", "ヤマダ タロウ", BORN),
            pupil("S2", "別 人", "ベツ ジン", date(2016, 7, 7)),
        ],
    )
    (row,) = rows_of(con, "SELECT * FROM particulars")
    assert (row["ref"], row["name"], row["birth_date"]) == ("pupil_no:S1", "山田　太郎", BORN)
