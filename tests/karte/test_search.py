"""Search: whatever the writing, the child is found; what means something to SQL means nothing here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.karte.small import case, snapshot_of
from tests.linkage.tiny import pupil, resident

from mimamori.karte.query import Query, parse
from mimamori.karte.snapshot import Snapshot
from mimamori.karte.words import matched

HINA, REN = date(2016, 6, 14), date(2022, 1, 20)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Five children and a mother; of 1 and 2 the family name is the same, of 3 it holds what SQL could trip over."""
    return snapshot_of(
        resident_register__residents=[
            resident("1", "森下　陽菜", "モリシタ　ヒナ", HINA, household_no="H1"),
            resident("2", "森下 蓮", "モリシタ レン", REN, household_no="H1", ward="40131"),
            resident("3", "O'BRIEN MAY", "オブライエン メイ", HINA, roman="O'BRIEN MAY", resident_type="2"),
            resident("4", "NGUYEN THI MINH", "グエン ティ ミン", date(2017, 3, 2), resident_type="2",
                     alias="阮 明", alias_kana="グエン ミン", roman="NGUYEN THI MINH"),
            resident("5", "髙橋 はるこ", "タカハシ ハルコ", date(2015, 12, 1), former_name="斎藤 はるこ"),
            resident("6", "森下 真由美", "モリシタ マユミ", date(1990, 1, 1), household_no="H1"),
        ],
    )  # fmt: skip


def found(snapshot: Snapshot, text: str, limit: int = 50, ward: str | None = None) -> list[str]:
    """The addressee numbers of those found as typed, the best first."""
    numbers = {case(snapshot, str(number)): str(number) for number in range(1, 7)}
    return [numbers[row["case_no"]] for row in snapshot.search(text, limit, ward=ward) if not row["near"]]


@pytest.mark.parametrize(
    "text",
    [
        "森下陽菜", "森下 陽菜", "森下　陽菜", "  森下   陽菜 ", "陽菜", "陽菜 森下", "下陽",
        "モリシタヒナ", "モリシタ ヒナ", "ﾓﾘｼﾀﾋﾅ", "ﾓﾘｼﾀ ﾋﾅ",
        "もりしたひな", "もりした　ひな", "ひな もりした", "森下 ひな",
        "森下 2016-06-14", "森下 平成28年6月", "2016年6月14日 ヒナ", "もりした H28.6.14",
    ],
)  # fmt: skip
def test_one_child_in_many_writings(snapshot: Snapshot, text: str) -> None:
    assert found(snapshot, text) == ["1"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("森下", ["1", "2"]),  # the mother is no child
        ("もりした", ["1", "2"]),
        ("O'BRIEN", ["3"]),
        ("o'brien may", ["3"]),
        ("Ｏ＇ＢＲＩＥＮ", ["3"]),
        ("O’BRIEN", ["3"]),
        ("Obrién May", ["3"]),
        ("'", []),  # no letter of any name
        ("ｍａｙ", ["3"]),
        ("Minh", ["4"]),
        ("minh nguyen", ["4"]),
        ("ＭＩＮＨ　ＮＧＵＹＥＮ", ["4"]),
        ("阮明", ["4"]),
        ("ｸﾞｴﾝ", ["4"]),
        ("くえん", ["4"]),  # 濁点 are left out of the key, as the register's own search does
        ("森%", ["1", "2"]),  # signs that stand in no name are passed over …
        ("_下", ["1", "2"]),
        ("森%菜", []),  # … and stand for nothing
        ("森_陽菜", []),
        ("高橋", ["5"]),  # 髙 is 高
        ("斎藤", ["5"]),  # a former name
        ("齋藤", ["5"]),
        ("ﾀｶﾊｼ ﾊﾙｺ", ["5"]),
        ("たかはし はるこ", ["5"]),
        ("2016-06-14", ["1", "3"]),
        ("平成28年", ["1", "3"]),
        ("２０１６年６月１４日", ["1", "3"]),
        ("6月14日", ["1", "3"]),
        ("森下 6月14日生まれ", ["1"]),
        ("6月31日", []),
        ("H28", ["1", "3"]),
        ("4280614", ["1", "3"]),  # as systems print it
        ("MORISHITA", ["1", "2"]),
        ("morisita hina", ["1"]),  # Kunrei
        ("Ｈｉｎａ Ｍｏｒｉｓｈｉｔａ", ["1"]),
        ("TAKAHASHI Haruko", ["5"]),
        ("20160614", ["1", "3"]),
        ("森下 1990", []),
    ],
)
def test_who_is_found(snapshot: Snapshot, text: str, numbers: list[str]) -> None:
    assert sorted(found(snapshot, text)) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "　", "%", "_", "％", "＿", "%%", '"', "''", "\\", "\\%", "*", "?", ".", "[森]", "・", "-", "';--",
        "' OR '1'='1", '" OR ""="', "森下' OR 1=1 --", "森下'; DROP TABLE persons; --", "$ward", "{}", "\x00",
        "$name_0", "999", "2016-06-31 森下 1", "K-0000-0000-0", "森下 陽菜 花子",
    ],
)  # fmt: skip
def test_what_finds_nobody(snapshot: Snapshot, text: str) -> None:
    assert found(snapshot, text) == []
    assert len(snapshot.people([case(snapshot, str(number)) for number in range(1, 7)])) == 6


def test_a_long_search_ends(snapshot: Snapshot) -> None:
    assert found(snapshot, "森下 " * 3000) == ["1", "2"]
    assert found(snapshot, "森" * 20000) == []


@pytest.mark.parametrize(
    "written",
    ["{}", "{0:l}", "{0:bare}", "{0:digits}", " {} ", "{0:wide}", "{0:parted}", "{0:dashes}"],
    ids=["as printed", "small", "without hyphens", "digits", "between blanks", "full-width", "blanks", "other dashes"],
)
def test_a_case_number_however_typed(snapshot: Snapshot, written: str) -> None:
    number = case(snapshot, "2")
    assert found(snapshot, written.format(Typed(number))) == ["2"]


class Typed(str):
    """A case number in a form that people type it in."""

    def __format__(self, form: str) -> str:
        wide = str.maketrans("K-0123456789", "Ｋ－０１２３４５６７８９")
        return {
            "": str(self),
            "l": self.lower(),
            "bare": self.replace("-", ""),
            "digits": self.removeprefix("K-").replace("-", ""),
            "wide": self.translate(wide),
            "parted": self.replace("-", " "),
            "dashes": self.replace("-", "‐", 1).replace("-", "−", 1).replace("-", "ー", 1),
        }[form]


def test_a_case_number_of_a_grown_up_finds_nobody(snapshot: Snapshot) -> None:
    assert found(snapshot, case(snapshot, "6")) == []


def test_a_whole_name_stands_before_a_part() -> None:
    ranked = snapshot_of(
        resident_register__residents=[
            resident("1", "小森 林", "コモリ リン", HINA),
            resident("2", "森林 一", "モリバヤシ ハジメ", HINA),
            resident("3", "森 林", "モリ リン", HINA),
            resident("4", "林 森", "ハヤシ モリ", HINA),
        ]
    )
    numbers = {case(ranked, str(number)): str(number) for number in range(1, 5)}
    assert [numbers[row["case_no"]] for row in ranked.search("森林", 50)] == ["3", "2", "1"]
    assert len(ranked.search("森", 2)) == 2


def test_a_ward_narrows(snapshot: Snapshot) -> None:
    assert found(snapshot, "森下", ward="40131") == ["2"]
    assert found(snapshot, case(snapshot, "1"), ward="40131") == []
    assert found(snapshot, "森下", ward="40134' OR '1'='1") == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Ｋ－４８２７－１９３６－５", Query(case_no="K-4827-1936-5")),
        ("482719365", Query(case_no="K-4827-1936-5")),
        ("森下 平成28年6月", Query(born=(date(2016, 6, 1), date(2016, 6, 30)), words=("森下",))),
        ("令和元年", Query(born=(date(2019, 5, 1), date(2019, 12, 31)))),
        ("森下 12345", Query(places=("森下12345",))),  # a number that is no date: not a search for the name alone
        ("12345", Query()),
        ("若葉小 4年2組", Query(words=("若葉小",), grade=4, class_name="2")),
        ("4年生", Query(grade=4)),
        ("柳瀬1丁目77番", Query(places=("柳瀬1丁目77番",))),
        ("森下 柳瀬 1-77", Query(words=("森下",), places=("柳瀬1-77",))),
        ("2016-06-14 2017-01-01", Query()),  # nobody is born twice
        ("五月", Query(words=("五月",))),  # さつき
        ("三日月 五月五日", Query(words=("三日月",), birthday=(5, 5))),
        ("2月29日生まれ", Query(birthday=(2, 29))),
        ("2月30日", Query()),
        ("平成二十八年六月", Query(born=(date(2016, 6, 1), date(2016, 6, 30)))),
        ("森下 平成元年", Query(born=(date(1989, 1, 8), date(1989, 12, 31)), words=("森下",))),
        ("森下 6月14日", Query(words=("森下",), birthday=(6, 14))),
        ("a b c d e f g h", Query(words=tuple("abcdef"))),
    ],
)
def test_a_search_is_taken_apart(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("森?", ["1", "2"]), ("森下?", ["2"]), ("森〓蓮", ["2"]), ("森*菜", ["1"]), ("*蓮", ["2"]),
        ("もり*", ["1", "2"]),
        ("モリ??レン", ["2"]), ("*", []), ("?", []), ("NGU*", ["4"]), ("髙?", ["5"]), ("森?菜", []),
        ("森.蓮", []), ("森[下]蓮", []),
    ],
)  # fmt: skip
def test_a_lost_sign_may_be_any(snapshot: Snapshot, text: str, numbers: list[str]) -> None:
    """?, 〓 one sign, * any number of them, in a whole name or a part; what else a pattern knows is itself."""
    assert found(snapshot, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("森上陽菜", ["1"]),  # one sign another
        ("もりしたひあ", ["1"]),  # a slip of the finger
        ("もりひた ひな", ["1"]),
        ("守下 陽菜", []),  # two signs of which one is another is another name
        ("佐藤 陽菜", []),
        ("高端 はるこ", []),
        ("MINH NGUYAN", ["4"]),
        ("森上陽菜 2016-06-14", ["1"]),
        ("森上陽菜 2016-06-15", []),
    ],
)
def test_names_nearly_as_typed_when_nobody_fits(snapshot: Snapshot, text: str, numbers: list[str]) -> None:
    keys = {case(snapshot, str(number)): str(number) for number in range(1, 7)}
    rows = snapshot.search(text, 50)
    assert [keys[row["case_no"]] for row in rows] == numbers
    assert all(row["near"] for row in rows)


def test_a_name_that_sounds_as_one_of_the_typed() -> None:
    """斉藤 is typed; of the city's names that are read サイトウ only 西藤 fits the rest."""
    heard = snapshot_of(
        resident_register__residents=[
            resident("1", "斉藤 湊", "サイトウ ミナト", HINA),
            resident("2", "西藤 陽菜", "サイトウ ヒナ", HINA),
            resident("3", "佐伯 陽菜", "サエキ ヒナ", HINA),
        ]
    )
    assert [(row["name"], row["near"]) for row in heard.search("斉藤 陽菜", 50)] == [("西藤 陽菜", True)]


def test_a_birth_date_of_which_only_the_year_is_known() -> None:
    """It is found by every day it may be, after the days that are known."""
    partly = snapshot_of(
        resident_register__residents=[
            resident("1", "森下 陽菜", "モリシタ ヒナ", HINA),
            resident("2", "森下 蓮", "モリシタ レン", None, birth_date_raw="2016", birth_date_status="year"),
        ],
    )
    names = [row["name"] for row in partly.search("2016年6月14日", 50)]
    assert names == ["森下 陽菜", "森下 蓮"]
    assert [row["name"] for row in partly.search("森下 2017-01-01", 50)] == []


@pytest.mark.parametrize(
    ("text", "number", "told"),
    [
        ("森下", "1", ("name",)),
        ("もりした 平成28年", "1", ("reading", "birth_date")),
        ("morishita", "1", ("reading",)),
        ("斎藤", "5", ("former_name",)),
        ("阮", "4", ("alias",)),
        ("minh", "4", ("name",)),
        ("森*", "1", ("name",)),
        ("もり*", "1", ("reading",)),
        ("森上陽菜", "1", ("near",)),
    ],
)
def test_what_fitted_is_told(snapshot: Snapshot, text: str, number: str, told: tuple[str, ...]) -> None:
    row = next(row for row in snapshot.search(text, 50) if row["case_no"] == case(snapshot, number))
    assert matched(row, parse(text)) == told


def test_that_a_place_fitted_is_told(placed: Snapshot) -> None:
    for text, told in (
        ("柳瀬1-77", ("address",)),
        ("若葉小 4年 森下", ("school", "name", "class")),
        ("南区", ("address",)),
    ):
        row = next(row for row in placed.search(text, 50) if row["case_no"] == case(placed, "1"))
        assert matched(row, parse(text)) == told


HOME = "福岡市南区柳瀬一丁目77番7号"


@pytest.fixture(scope="module")
def placed() -> Snapshot:
    """1 and 2 live at one address, 3 next door with a protected mother, 4 in another ward; 1 and 3 are pupils."""
    school = {"school_code": "B140210000011", "school_name": "若葉小学校", "grade": 4, "sex": None}
    return snapshot_of(
        resident_register__residents=[
            resident("1", "森下 陽菜", "モリシタ ヒナ", HINA, household_no="H1", address=HOME),
            resident("2", "森下 蓮", "モリシタ レン", REN, household_no="H1", address=HOME),
            resident("3", "佐伯 湊", "サエキ ミナト", HINA, household_no="H3", address="福岡市南区柳瀬一丁目77番8号"),
            resident("4", "青木 陽斗", "アオキ ハルト", HINA, household_no="H4", ward="40131",
                     address="福岡市東区松田二丁目3番4号"),
            resident("6", "佐伯 葵", "サエキ アオイ", date(1990, 1, 1), household_no="H3", protection="1",
                     address="福岡市南区柳瀬一丁目77番8号"),
        ],
        pupil_register__pupils=[
            pupil("P1", "森下 陽菜", "モリシタ ヒナ", HINA, address=HOME, **school),
            pupil("P3", "佐伯 湊", "サエキ ミナト", HINA, address="福岡市南区柳瀬一丁目77番8号", **school),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("柳瀬", ["1", "2"]), ("南区柳瀬", ["1", "2"]), ("南区", ["1", "2"]), ("柳瀬1-77", ["1", "2"]),
        ("柳瀬１丁目７７番７号", ["1", "2"]), ("柳瀬一丁目77番地7", ["1", "2"]), ("福岡市南区柳瀬1-77-7", ["1", "2"]),
        ("柳瀬 1-77", ["1", "2"]), ("柳瀬1-7", []), ("東区松田", ["4"]), ("柳瀬1-77-8", []),
        ("森下 柳瀬 平成28年", ["1"]), ("佐伯", ["3"]), ("佐伯 柳瀬", []), ("佐伯 若葉", []), ("佐伯 4年", []),
        ("若葉小", ["1"]), ("若葉小 4年2組", ["1"]), ("若葉小 5年", []), ("4年2組", ["1"]), ("4年", ["1"]),
    ],
)  # fmt: skip
def test_by_place_and_school_but_nobody_protected(placed: Snapshot, text: str, numbers: list[str]) -> None:
    """佐伯 湊 is found by name; that a place fits is told neither by the child nor by a number of hits."""
    keys = {case(placed, str(number)): str(number) for number in (1, 2, 3, 4)}
    assert sorted(keys[row["case_no"]] for row in placed.search(text, 50)) == numbers


def test_whom_people_take_for_a_protected_one_is_not_found_by_place(placed: Snapshot) -> None:
    shielded = replace(placed, shielded={case(placed, "1"): case(placed, "6")})
    assert placed.search("柳瀬1-77", 50)
    assert shielded.search("柳瀬1-77", 50) == []
    assert len(shielded.search("森下", 50)) == 2


def test_nobody_is_found_by_place_while_the_register_is_stale() -> None:
    old = snapshot_of(
        stale=["resident_register"],
        resident_register__residents=[resident("1", "森下 陽菜", "モリシタ ヒナ", HINA, address=HOME)],
    )
    assert old.search("柳瀬", 50) == []
    assert len(old.search("森下", 50)) == 1
