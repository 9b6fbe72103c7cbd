"""What says nothing is no evidence at all, in any column and as any key (trial 17)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.linkage.crowd import BORN, GIVEN, SORA, alone, born, groups
from tests.linkage.test_link import Night, night, pupils
from tests.linkage.tiny import Row, pupil, resident, state

from mimamori.linkage.agreement import make_macros

NOTHING = [
    *("", "　", "不明", "－", "ー", "000-0000-0000", "０００", "9999999999", "なし", "同上", "未定", "N/A", "NULL"),
    *("●●●", "＊", "？", "(不明)", "不　明", "〃", "未入力"),
]
COLUMNS = ("name", "kana", "address", "guardian_name", "household_no", "sex")


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("known_day", [False, True])
def test_17_nothing_in_every_column(column: str, known_day: bool) -> None:
    """Of each pair nothing is told but the one text, and a birth date that only they have."""
    rows, residents = [], []
    for at, text in enumerate(NOTHING):
        bare: Row = {"address": None, "household_no": None, "sex": None, "relation": None, "name": "", "kana": None}
        day = born(at) if known_day else None
        told = {column: text} if column != "guardian_name" else {}
        residents.append(resident(f"9{at}", "", "", day) | bare | told)
        rows.append(
            pupil(f"P{at}", "", "", day) | {key: bare[key] for key in bare if key != "relation"} | {column: text}
        )
        if column == "guardian_name":  # somebody of that name in the household
            residents[-1]["household_no"] = f"H{at}"
            residents.append(
                resident(f"8{at}", text, "", date(1988, 1, 1) + timedelta(days=at * 9), household_no=f"H{at}")
            )
    found = pupils(*rows, residents=residents)
    assert alone(found)
    assert not found.pairs


CELLS = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(["mine", "other", "nothing"]), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=6, max_size=12), st.sampled_from(NOTHING))
@settings(max_examples=8, deadline=None, phases=[Phase.generate])
def test_17_nothing_is_what_an_empty_cell_is(people: list[tuple[dict[str, str], dict[str, str]]], text: str) -> None:
    def told(nothing: str | None) -> Night:
        rows, residents = [], []
        for at, (school, register) in enumerate(people):
            cells = [
                {
                    column: nothing if kind == "nothing" else particulars(at, kind)[column]
                    for column, kind in side.items()
                }
                for side in (school, register)
            ]
            empty = {"address": None, "sex": None, "household_no": None, "kana": None}
            rows.append(pupil(f"P{at}", None, None, born(at // 2)) | empty | cells[0])
            cells[1].pop("guardian_name", None)
            residents.append(resident(f"9{at}", "", "", born(at // 2)) | empty | cells[1])
        return pupils(*rows, residents=residents)

    with_text, empty = told(text), told(None)
    assert groups(with_text) == groups(empty)
    assert with_text.how == empty.how
    assert with_text.pairs == empty.pairs


def particulars(at: int, kind: str) -> Row:
    number = at + (5 if kind == "other" else 0)
    return {
        "name": f"山田 {GIVEN[number % 16]}", "kana": f"ヤマダ {'アイウエオカキク'[number % 8]}",
        "address": f"南区大橋{number + 1}-4-2", "guardian_name": f"山田 {GIVEN[number % 16]}美",
        "household_no": f"H{number}", "sex": str(1 + number % 2),
    }  # fmt: skip


def test_17_a_key_that_is_none_is_nobodys() -> None:
    names = [
        "",
        "0",
        "0000000000",
        "－",
        "不明",
        "なし",
        "9999999999",
        "000-0000",
        "N/A",
        "***",
        "　",
        "不　明",
        "(なし)",
    ]
    tables: dict[str, Any] = {
        "resident_register__residents": [SORA],
        "school_age_register__children": [{"addressee_no": "1", "pupil_no": "P1"}],
        "pupil_register__pupils": [pupil("P1", "山田 空", "ヤマダ ソラ", BORN)],
    }
    for at, key in enumerate(names * 2):
        told: Row = {"name": f"佐藤 {GIVEN[at % 16]}", "birth_date": born(at)}
        consulted = {"child_own_no": key, "child_name": told["name"], "child_birth_date": told["birth_date"]}
        rows: dict[str, Row] = {
            "dv_consultation__consultations": consulted | {"consulter_no": key},
            "childcare__certifications": {
                "child_no": key,
                "child_name": told["name"],
                "birth_date": told["birth_date"],
            },
            "child_guidance__cases": {"guidance_no": f"G{at}", "addressee_no": key, **told},
            "school_age_register__children": {"addressee_no": key, "pupil_no": ["P1", key][at % 2]},
            "pupil_register__pupils": pupil(key, told["name"], "", told["birth_date"]),
        }
        for name, row in rows.items():
            tables.setdefault(name, []).append(row)
    found = night(**tables)
    own = {f"own_no:child_guidance:G{at}" for at in range(len(names * 2))}
    assert set(found.case_of) == {"addressee_no:1", "pupil_no:P1", *own}
    assert groups(found) == {frozenset({"addressee_no:1", "pupil_no:P1"}), *(frozenset({ref}) for ref in own)}


def test_17_a_household_that_is_none_is_no_family() -> None:
    residents = []
    for at, household in enumerate(["", "0", "0000000", "－", "不明", "9999999", "なし", None]):
        home = {"household_no": household}
        residents.append(resident(f"1{at}", f"山田 {GIVEN[at]}", "", date(1988, 1, 1), **home))
        residents.append(resident(f"2{at}", f"佐藤 {GIVEN[at]}", "", BORN, relation="子", **home))
    found = night(resident_register__residents=residents)
    assert found.con.sql("SELECT * FROM family").fetchall() == []


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        (date(1980, 1, 1), date(1975, 11, 30), "far"),
        (date(1980, 1, 1), date(1980, 1, 1), "same"),
        (date(2017, 5, 13), date(2015, 6, 14), "far"),
        (date(2000, 1, 1), date(1998, 11, 30), "far"),
    ],
)
def test_17_dates_that_share_little_disagree_fully(one: date, other: date, agreement: str) -> None:
    con, _ = state()
    make_macros(con)
    both = "SELECT birth_agreement($a, $a, $b, $b), birth_agreement($b, $b, $a, $a), birth_agreement($a, $a, $c, $c)"
    days = {"a": one, "b": other, "c": None}
    found = con.execute(both.replace("$c", "$c::DATE"), days)
    assert found.fetchall() == [(agreement, agreement, None)]


def test_17_a_name_and_an_address_do_not_outweigh_another_birth_date() -> None:
    known = {**SORA, "birth_date": date(1980, 1, 1)}
    assert alone(pupils(pupil("P1", "山田 空", "ヤマダ ソラ", date(1975, 11, 30)), residents=[known]))
