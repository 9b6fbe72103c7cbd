"""A parent of whom a row tells name and birth date alone is the one who lives with the row's child."""

from __future__ import annotations

from datetime import date

import pytest
from tests.linkage.test_link import night
from tests.linkage.tiny import Row, resident

BORN, PARENT_BORN = date(2017, 5, 13), date(1988, 2, 3)
CHILD = resident("1", "山田 空", "ヤマダ ソラ", BORN, household_no="H1", relation="子")
MOTHER = resident("2", "山田 花", "ヤマダ ハナ", PARENT_BORN, household_no="H1", sex="2")


def relation(**more: object) -> Row:
    return {
        "person_no": "F1", "name": "山田 空", "kana": "ヤマダ ソラ", "birth_date": BORN, "sex": "1", "parent_no": "F2",
        "parent_name": "山田 花", "parent_birth_date": PARENT_BORN, "parent_kind": "2", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("residents", "more", "linked"),
    [
        ([CHILD, MOTHER], {}, True),
        ([CHILD, {**MOTHER, "household_no": "H9"}], {}, False),  # of the same name and day, and nobody's mother here
        ([CHILD, {**MOTHER, "household_no": "H9", "hist_no": 2}, MOTHER], {}, True),  # she moved out since
        ([CHILD, MOTHER], {"parent_birth_date": date(1988, 2, 4)}, False),
        ([CHILD, MOTHER], {"parent_name": "山田 葉"}, False),
        ([CHILD, MOTHER], {"parent_name": "山田 〓"}, False),
        ([CHILD, MOTHER], {"name": "佐藤 海", "kana": "サトウ ウミ"}, False),  # the child is not found either
        ([CHILD, MOTHER, {**MOTHER, "addressee_no": "3"}], {}, False),  # two who could be meant
    ],
)
def test_who_stands_beside_a_child(residents: list[Row], more: dict[str, object], linked: bool) -> None:
    found = night(resident_register__residents=residents, family_register__relations=[relation(**more)])
    assert (found.how.get("own_no:family_register:F2") == "pass:name+birth+kin") == linked
    if linked:
        assert found.case_of["own_no:family_register:F2"] == found.case_of["addressee_no:2"]
