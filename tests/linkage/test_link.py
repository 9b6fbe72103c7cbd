"""Linkage on tiny tables: what is linked, what is held, what a person must decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from tests.linkage.tiny import DAY, Row, pupil, resident, state

from mimamori.engine import Connection, rows_of
from mimamori.linkage import DECISIONS, LEDGER, link

BORN = date(2017, 5, 13)


@dataclass(frozen=True)
class Night:
    con: Connection
    case_of: dict[str, str]
    how: dict[str, str]
    pairs: list[dict[str, Any]]
    ledger: pa.Table

    def same(self, *keys: str) -> bool:
        return len({self.case_of[_ref(key)] for key in keys}) == 1

    def why(self, left: str, right: str) -> str | None:
        found = [
            pair["why"] for pair in self.pairs if (pair["left_ref"], pair["right_ref"]) == (_ref(left), _ref(right))
        ]
        return found[0] if found else None

    def held(self, mark: str) -> list[str]:
        """The keys that this number was marked to by this source: `7@childcare.child`."""
        return sorted(ref.partition(":")[2] for ref in self.case_of if ref.rpartition(".")[0] == f"addressee_no:{mark}")


def night(
    ledger: pa.Table | None = None, decisions: list[tuple[str, str, bool]] | None = None, **tables: list[Row]
) -> Night:
    con, registry = state(**tables)
    before = LEDGER.empty_table() if ledger is None else ledger
    said = [{"left_ref": _ref(left), "right_ref": _ref(right), "same": same} for left, right, same in decisions or []]
    result = link(con, registry, ledger=before, decisions=pa.Table.from_pylist(said, DECISIONS), as_of=DAY)
    links = rows_of(con, "SELECT ref, case_no, how FROM links")
    return Night(
        con,
        {row["ref"]: row["case_no"] for row in links},
        {row["ref"]: row["how"] for row in links},
        result.pairs.to_pylist(),
        pa.concat_tables([before, result.ledger_rows]),
    )


def _ref(key: str) -> str:
    """1 → addressee_no:1, P1 → pupil_no:P1, G1 → a number of the child guidance centre."""
    return {"P": "pupil_no:", "G": "own_no:child_guidance:"}.get(key[0], "addressee_no:") + key


def pupils(*rows: Row, residents: list[Row], **more: Any) -> Night:
    return night(resident_register__residents=residents, pupil_register__pupils=list(rows), **more)


SORA = resident("1", "山田 空", "ヤマダ ソラ", BORN, household_no="H1")


@pytest.mark.parametrize(
    "row",
    [
        pupil("P1", "山田　空", "ﾔﾏﾀﾞ ｿﾗ", BORN),
        pupil("P1", "山田空", "ヤマダソラ", BORN),
        pupil("P1", "山田 空", None, BORN),
        pupil("P1", "山田 昊", "ヤマダ ソラ", BORN),
        pupil("P1", "川口 空", "カワグチ ソラ", BORN),  # the family name changed, the address did not
        pupil("P1", "山田 空", "ヤマダ ソラ", None),
        pupil("P1", "山〓 空", "ヤマダ ソラ", BORN, address="福岡市東区千早1-1-1"),
        pupil("P1", "山田 空", "ヤマダ ソラ", date(2017, 5, 31)),
        pupil("P1", "山田 空", "ヤマダ ソラ", date(2017, 5, 3)),
    ],
)
def test_one_person_however_written(row: Row) -> None:
    assert pupils(row, residents=[SORA]).same("1", "P1")


def test_a_key_that_the_birth_date_contradicts_is_held() -> None:
    parent = resident("7", "山田 岳", "ヤマダ ガク", date(1987, 5, 13))
    row = {"child_no": "0007", "child_name": "山田 空", "birth_date": BORN, "guardian_no": "7"}
    found = night(resident_register__residents=[parent, SORA], childcare__certifications=[row])
    (held,) = found.held("7@childcare.child")
    assert not found.same(held, "7")
    assert not found.same(held, "1")
    assert found.why(held, "7") == "key contradicts birth date"


def test_a_held_row_without_a_name() -> None:
    parent = resident("7", "山田 岳", "ヤマダ ガク", date(1987, 5, 13))
    row = {"child_no": "7", "birth_date": BORN, "guardian_no": "7"}
    found = night(resident_register__residents=[parent], childcare__certifications=[row])
    (held,) = found.held("7@childcare.child")
    assert found.why(held, "7") == "key contradicts birth date"


@pytest.mark.parametrize("written", ["0000000001", "1", " 1 "])
def test_a_key_joins_whatever_its_zeros(written: str) -> None:
    row = {"child_no": written, "child_name": "山田 空", "birth_date": BORN}
    found = night(resident_register__residents=[SORA], childcare__certifications=[row])
    assert set(found.case_of) == {"addressee_no:1"}


def test_rows_are_joined_by_key_whatever_their_order() -> None:
    names = ["空", "海", "陸", "凪"]
    residents = [resident(str(at), f"山田 {name}", "", BORN, household_no="H1") for at, name in enumerate(names, 1)]
    rows = [pupil(f"P{at}", f"山田 {name}", "", BORN) for at, name in reversed(list(enumerate(names, 1)))]
    found = pupils(*rows, residents=residents)
    assert all(found.same(str(at), f"P{at}") for at in range(1, 5))


def test_a_name_of_the_history_is_the_same_person() -> None:
    before = resident("1", "川口 空", "カワグチ ソラ", BORN, hist_no=1, address="福岡市東区千早1-1-1")
    after = resident("1", "山田 空", "ヤマダ ソラ", BORN, hist_no=2)
    found = pupils(
        pupil("P1", "川口 空", "カワグチ ソラ", BORN, address="福岡市西区姪浜2-2-2"), residents=[before, after]
    )
    assert found.same("1", "P1")


@pytest.mark.parametrize(
    ("name", "kana"),
    [("AN NGUYEN VAN", None), ("安田 安", "ヤスダ アン"), ("ＮＧＵＹＥＮ　ＶＡＮ　ＡＮ", "グエン ヴァン アン")],
)
def test_a_foreign_resident_by_any_name(name: str, kana: str | None) -> None:
    registered = resident(
        "1", "NGUYEN VAN AN", "グエン バン アン", BORN, alias="安田 安", alias_kana="ヤスダ アン", roman="NGUYEN VAN AN"
    )
    assert pupils(pupil("P1", name, kana, BORN), residents=[registered]).same("1", "P1")


TWINS = [
    resident("1", "山田 大翔", "ヤマダ ヒロト", BORN, household_no="H1"),
    resident("2", "山田 大和", "ヤマダ ヤマト", BORN, household_no="H1"),
]


def test_twins_whose_names_differ_by_one_kanji_are_two() -> None:
    rows = [pupil("P1", "山田 大翔", "ヤマダ ヒロト", BORN), pupil("P2", "山田 大和", "ヤマダ ヤマト", BORN)]
    found = pupils(*rows, residents=TWINS)
    assert found.same("1", "P1")
    assert found.same("2", "P2")
    assert not found.same("1", "2")


@pytest.mark.parametrize("left", [0, 1])
def test_a_twin_whose_other_is_away_is_not_taken_for_the_other(left: int) -> None:
    row = pupil("P1", "山田 大翔", "ヤマダ ヒロト", BORN, household_no="H1")
    found = pupils(row, residents=[TWINS[left]])
    assert found.same(TWINS[left]["addressee_no"], "P1") == (left == 0)


def test_twins_with_names_alike_are_two() -> None:
    residents = [
        resident("1", "山田 優太", "ヤマダ ユウタ", BORN, household_no="H1"),
        resident("2", "山田 優斗", "ヤマダ ユウト", BORN, household_no="H1"),
    ]
    found = pupils(pupil("P2", "山田 優斗", "ヤマダ ユウト", BORN, household_no="H1"), residents=residents[:1])
    assert not found.same("1", "P2")


@pytest.mark.parametrize(
    ("others", "kana", "linked"),
    [
        ([], None, True),  # 翔 typed for 祥, and no reading to ask: nobody else can be meant
        ([], "ヤマダ ショウゴ", False),  # kanji and reading both say another name
        ([("2", "山田 大和", "ヤマダ ヤマト", BORN)], None, False),  # a twin may be meant
        ([("2", "山田 大和", "ヤマダ ヤマト", date(2014, 4, 2))], None, True),  # a brother of another day
    ],
)
def test_a_slip_in_a_given_name(others: list[tuple[str, str, str, date]], kana: str | None, linked: bool) -> None:
    home = {"household_no": "H1", "address": "福岡市南区大橋一丁目4番5号"}
    registered = [resident("1", "山田 祥太", "ヤマダ ショウタ", BORN, **home)]
    registered += [resident(no, name, reading, born, **home) for no, name, reading, born in others]
    found = pupils(pupil("P1", "山田 翔太", kana, BORN, **home), residents=registered)
    assert found.same("1", "P1") == linked


@pytest.mark.parametrize(
    ("name", "kana", "linked"),
    [
        ("山田 俊汰", "ヤマダ シユンタ", True),  # another sign, the same sound
        ("山田 俊斗", "ヤマダ シュント", False),  # another sign, another sound: a brother
    ],
)
def test_a_given_name_that_sounds_the_same_in_its_household(name: str, kana: str, linked: bool) -> None:
    home = {"household_no": "H1", "address": "福岡市南区大橋一丁目4番5号"}
    registered = resident("1", "山田 俊太", "ヤマダ シュンタ", BORN, **home)
    assert pupils(pupil("P1", name, kana, BORN, **home), residents=[registered]).same("1", "P1") == linked


@pytest.mark.parametrize(("told", "linked"), [(date(2015, 7, 31), True), (date(2015, 7, 30), False)])
def test_a_birth_date_that_crossed_midnight(told: date, linked: bool) -> None:
    home = {"household_no": "H1", "address": "福岡市南区大橋一丁目4番5号"}
    registered = resident("1", "山田 俊太", "ヤマダ シュンタ", date(2015, 8, 1), **home)
    assert (
        pupils(pupil("P1", "山田 俊太", "ヤマダ シュンタ", told, **home), residents=[registered]).same("1", "P1")
        == linked
    )


def test_a_sibling_born_the_same_day_a_year_apart_is_another() -> None:
    elder = resident("1", "山田 空", "ヤマダ ソラ", date(2016, 5, 13), household_no="H1")
    found = pupils(pupil("P1", "山田 海", "ヤマダ ウミ", BORN, household_no="H1"), residents=[elder])
    assert not found.same("1", "P1")


def test_same_name_same_day_two_people() -> None:
    others = [SORA, resident("2", "山田 空", "ヤマダ ソラ", BORN, address="福岡市東区千早1-1-1", ward="40131")]
    found = pupils(pupil("P1", "山田 空", "ヤマダ ソラ", BORN, address="福岡市東区千早１丁目1番1号"), residents=others)
    assert found.same("2", "P1")
    unknown = pupils(pupil("P1", "山田 空", "ヤマダ ソラ", BORN, address=None), residents=others)
    assert not unknown.same("1", "P1")
    assert not unknown.same("2", "P1")
    assert unknown.pairs


def test_one_pupil_number_a_person() -> None:
    rows = [pupil("P1", "山田 空", "ヤマダ ソラ", BORN), pupil("P2", "山田 空", "ヤマダ ソラ", BORN)]
    found = pupils(*rows, residents=[SORA])
    assert not found.same("P1", "P2")


def test_a_lot_number_is_not_taken_for_an_address() -> None:
    row = pupil("P1", "山田 空", None, None, address="南区大橋一丁目142番地の2")
    other = {**SORA, "address": "南区大字大橋1番地142"}
    assert not pupils(row, residents=[other]).same("1", "P1")


def test_the_school_age_register_bridges_the_networks() -> None:
    bridge = {"addressee_no": "000000000000001", "pupil_no": "P1"}
    row = pupil("P1", "山田 空海", "ヤマダ ソラミ", BORN, address=None)
    found = night(
        resident_register__residents=[SORA], pupil_register__pupils=[row], school_age_register__children=[bridge]
    )
    assert found.same("1", "P1")
    assert found.how["pupil_no:P1"] == "key"


def test_a_bridge_that_the_birth_date_contradicts_is_held() -> None:
    bridge = {"addressee_no": "1", "pupil_no": "P1"}
    row = pupil("P1", "佐藤 海", "サトウ ウミ", date(2012, 1, 30), address=None)
    found = night(
        resident_register__residents=[SORA], pupil_register__pupils=[row], school_age_register__children=[bridge]
    )
    assert not found.same("1", "P1")
    assert found.why("P1", "1") == "key contradicts birth date"


def test_people_outside_the_register_are_cases_of_their_own() -> None:
    case = {
        "guidance_no": "G1",
        "name": "佐藤 海",
        "kana": "サトウ ウミ",
        "birth_date": BORN,
        "address": "福岡市東区千早1-1-1",
    }
    found = night(resident_register__residents=[SORA], child_guidance__cases=[case])
    assert not found.same("1", "G1")
    (person,) = rows_of(
        found.con, "SELECT * FROM persons WHERE case_no = ?", [found.case_of["own_no:child_guidance:G1"]]
    )
    assert (person["name"], person["ward"], person["in_register"], person["is_child"]) == (
        "佐藤 海",
        "40131",
        False,
        True,
    )


def test_decisions_hold_and_are_not_asked_again() -> None:
    stranger = pupil("P1", "佐藤 海", "サトウ ウミ", BORN, address=None)
    tables: dict[str, Any] = {"resident_register__residents": [SORA], "pupil_register__pupils": [stranger]}
    assert not night(**tables).same("1", "P1")
    said_same = night(decisions=[("P1", "1", True)], **tables)
    assert said_same.same("1", "P1")
    assert said_same.how["pupil_no:P1"] == "decision"
    alike = pupil("P1", "山田 空", "ヤマダ ソラ", BORN)
    said_other = night(
        decisions=[("P1", "1", False)], resident_register__residents=[SORA], pupil_register__pupils=[alike]
    )
    assert not said_other.same("1", "P1")
    assert not said_other.pairs
