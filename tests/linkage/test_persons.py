"""The persons table: best particulars, school fields, age, and until when a child is one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.linkage.test_link import night
from tests.linkage.tiny import DAY, pupil, resident

from mimamori.engine import rows_of


def persons(**tables: Any) -> dict[str, dict[str, Any]]:
    """The persons by ref."""
    con = night(**tables).con
    return {row["ref"]: row for row in rows_of(con, "SELECT ref, p.* FROM persons p JOIN links USING (case_no)")}


@pytest.mark.parametrize(
    ("born", "child"),
    [
        (date(2008, 4, 1), False),  # reached 18 on 31 March 2026
        (date(2008, 4, 2), True),  # reaches 18 in the school year that runs
        (date(2008, 10, 31), True),
        (date(2026, 10, 1), True),
        (date(1990, 1, 1), False),
    ],
)
def test_a_child_until_the_31_march_after_18(born: date, child: bool) -> None:
    found = persons(resident_register__residents=[resident("1", "山田 空", "ヤマダ ソラ", born)])
    assert found["addressee_no:1"]["is_child"] is child


def test_who_left_the_register_is_no_child_of_the_city() -> None:
    gone = resident("1", "山田 空", "ヤマダ ソラ", date(2017, 5, 1), status="2")
    found = persons(resident_register__residents=[gone])["addressee_no:1"]
    assert (found["is_child"], found["in_register"], found["status"]) == (False, True, "2")


def test_age_on_the_day() -> None:
    rows = [
        resident("1", "山田 空", "ヤマダ ソラ", date(2020, 10, 31)),
        resident("2", "山田 海", "ヤマダ ウミ", date(2020, 11, 1)),
    ]
    found = persons(resident_register__residents=rows)
    assert [(found[ref]["age"], found[ref]["age_months"]) for ref in ("addressee_no:1", "addressee_no:2")] == [
        (6, 72),
        (5, 71),
    ]


def test_a_birth_date_known_in_part() -> None:
    row = resident("1", "山田 空", "ヤマダ ソラ", None, birth_date_raw="平成29年頃", birth_date_status="year")
    found = persons(resident_register__residents=[row])["addressee_no:1"]
    assert (found["birth_date"], found["birth_date_status"], found["age"], found["is_child"]) == (
        None,
        "year",
        None,
        True,
    )


def test_the_newest_row_of_the_register_holds_and_all_names_are_found() -> None:
    rows = [
        resident("1", "川口 空", "カワグチ ソラ", date(2017, 5, 1), hist_no=1, ward="40131"),
        resident("1", "山田 空", "ヤマダ ソラ", date(2017, 5, 1), hist_no=2, alias="安田 空", alias_kana="ヤスダ ソラ"),
    ]
    found = persons(resident_register__residents=rows)["addressee_no:1"]
    assert (found["name"], found["ward"]) == ("山田 空", "40134")
    assert set(found["name_key"].split()) == {"山田空", "川口空", "安田空"}
    assert set(found["kana_key"].split()) == {"ヤマタソラ", "カワクチソラ", "ヤスタソラ"}


def test_school_fields_come_from_the_row_that_attends() -> None:
    child = resident("1", "山田 空", "ヤマダ ソラ", date(2017, 5, 1))
    here = pupil("P1", "山田 空", "ヤマダ ソラ", date(2017, 5, 1))
    found = persons(resident_register__residents=[child], pupil_register__pupils=[here])["addressee_no:1"]
    assert (found["school_code"], found["grade"], found["class_name"], found["city_pupil"]) == (
        "B140130000001",
        3,
        "2",
        True,
    )
    gone = {**here, "left_on": DAY}
    found = persons(resident_register__residents=[child], pupil_register__pupils=[gone])["addressee_no:1"]
    assert found["city_pupil"] is False


def test_the_register_before_the_school() -> None:
    child = resident("1", "髙橋 空", "タカハシ ソラ", date(2017, 5, 1))
    row = pupil("P1", "高橋　空", "ﾀｶﾊｼ ｿﾗ", date(2017, 5, 1))
    found = persons(resident_register__residents=[child], pupil_register__pupils=[row])
    assert found["pupil_no:P1"]["name"] == "髙橋 空"


@pytest.mark.parametrize(("code", "kept"), [("0", None), ("1", "1"), ("2", "2"), ("3", "3"), (None, None)])
def test_every_code_but_0_protects(code: str | None, kept: str | None) -> None:
    row = resident("1", "山田 空", "ヤマダ ソラ", date(2017, 5, 1), protection=code)
    assert persons(resident_register__residents=[row])["addressee_no:1"]["protection"] == kept
