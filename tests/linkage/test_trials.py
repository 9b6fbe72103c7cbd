"""What has gone wrong for others, as an input and its right outcome: links that must be made, and that must not.

Each fault is tried with its whole kind, from small tables through the real `link()`: many people in one night, each
with a birth date, a number and a household of their own, so that one night asks many questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.linkage.test_link import Night, night, pupils
from tests.linkage.tiny import DAY, Row, pupil, resident, state

from mimamori.engine import rows_of
from mimamori.karte.rows import build_rows
from mimamori.linkage import DECISIONS, LEDGER, link
from mimamori.linkage.agreement import make_macros
from mimamori.sources import Layout, Person, Table, load_registry

BORN = date(2017, 5, 13)
HOME, FAR = "福岡市南区大橋一丁目4番2号", "福岡市東区千早1-1-1"
SORA = resident("1", "山田 空", "ヤマダ ソラ", BORN, household_no="H1")
GIVEN = "空海陸凪櫂湊蓮翼葵樹颯律暁岳涼要"  # given names to tell people of one night apart


@dataclass(frozen=True)
class Place:
    """Where a person is spoken of: a table and the person's columns in it."""

    layout: Layout
    table: Table
    person: Person

    @property
    def name(self) -> str:
        return f"{self.layout.name}__{self.table.name}"

    def row(self, key: str, **particulars: Any) -> Row:
        """A row of this person, with what the table has of these particulars."""
        told = {what: getattr(self.person, what) for what in particulars}
        return {self.person.key: key, **{told[what]: value for what, value in particulars.items() if told[what]}}

    def held(self, number: int | str) -> str:
        """The mark that a number gets here."""
        return f"{number}@{self.layout.name}.{self.person.role}"


def places(*, numbered: bool) -> Iterator[Place]:
    """Everybody outside the register who is told of with a birth date: by the city's number, or by one of their own."""
    for layout, table in load_registry().tables():
        for person in table.persons:
            own = layout.name != "resident_register" and person.birth_date is not None
            if own and (person.key_kind == "addressee_no") == numbered:
                yield Place(layout, table, person)


def born(at: int) -> date:
    """A birth date that shares little with those beside it."""
    return date(2010 + at % 9, 1 + at * 5 % 12, 1 + at * 11 % 28) + timedelta(days=at // 12)


def alone(found: Night) -> bool:
    """Nobody is linked with anybody."""
    return len(set(found.case_of.values())) == len(found.case_of)


def asked(found: Night, ref: str) -> list[str]:
    """Whom a person is asked about for this ref."""
    return [pair["right_ref"].partition(":")[2] for pair in found.pairs if pair["left_ref"].endswith(f":{ref}")]


# --- 11. Birth date and sex alone, hitting exactly one resident, never link without a person.


def test_11_birth_date_and_sex_alone() -> None:
    names = [None, "", "不明", "佐藤 波", "ＳＭＩＴＨ ＡＮＮ"]
    addresses = [None, FAR, "福岡市南区大橋", "福岡市南区大橋二丁目9番9号"]
    tables: dict[str, Any] = {}
    residents = []
    for at, (place, name, address) in enumerate(product(places(numbered=False), names, addresses), 1):
        residents.append(resident(str(at), f"山田 {GIVEN[at % 16]}", "", born(at)))
        row = place.row(f"Z{at}", name=name, kana=None, birth_date=born(at), sex="1", address=address)
        tables.setdefault(place.name, []).append(row)
    found = night(resident_register__residents=residents, **tables)
    assert len(residents) > 100
    assert alone(found)


# --- 12. A child's row with the number of a resident born thirty years earlier is held.


@pytest.mark.parametrize("name", ["山田 空", "", None])
def test_12_a_number_of_somebody_thirty_years_older(name: str | None) -> None:
    tables: dict[str, Any] = {"resident_register__residents": [SORA]}
    everywhere = list(enumerate(places(numbered=True), 70))
    for number, place in everywhere:
        parent = resident(str(number), "山田 岳", "ヤマダ ガク", date(1987, 5, 13))
        tables["resident_register__residents"].append(parent)
        tables.setdefault(place.name, []).append(place.row(f"00{number}", name=name, birth_date=BORN))
    found = night(**tables)
    for number, place in everywhere:
        (held,) = found.held(place.held(number))
        assert found.why(held, str(number)) == "key contradicts birth date"
    assert alone(found), "nor linked to whom they may be meant for"


@pytest.mark.parametrize("name", ["佐藤 海", "山田 空", None])
def test_12_beside_a_number_of_its_own(name: str | None) -> None:
    tables: dict[str, Any] = {"resident_register__residents": []}
    for number, place in enumerate(places(numbered=False), 70):
        for also in place.person.also:
            parent = resident(str(number), "山田 岳", "ヤマダ ガク", date(1987, 5, 13))
            tables["resident_register__residents"].append(parent)
            row = place.row(f"Z{number}", name=name, birth_date=BORN) | {also.key: str(number)}
            tables.setdefault(place.name, []).append(row)
    found = night(**tables)
    assert len(found.pairs) == len(tables["resident_register__residents"]) >= 2
    assert {pair["why"] for pair in found.pairs} == {"key contradicts birth date"}
    assert alone(found)


@pytest.mark.parametrize("registered", [True, False])
def test_12_children_with_their_parents_number_are_each_a_case(registered: bool) -> None:
    parent = resident("7", "山田 岳", "ヤマダ ガク", date(1987, 5, 13))
    same = {key: parent[key] for key in ("addressee_no", "name", "kana", "birth_date")}
    rows = [
        {"child_no": "7", "child_name": "山田 空", "birth_date": BORN},
        {"child_no": "7", "child_name": "山田 海", "birth_date": BORN},
        {"child_no": "7", "child_name": "山田 空", "birth_date": BORN},  # a second row of the first
        {"child_no": "7", "child_name": "山田 陸", "birth_date": date(2019, 1, 2)},
    ]
    found = night(
        resident_register__residents=[parent] if registered else [],
        childcare__certifications=rows,
        public_assistance__members=[same],
    )
    assert len(found.case_of) == 4
    assert alone(found)
    assert len(found.pairs) == 3


def test_12_a_number_off_by_an_era_is_the_same_person() -> None:
    """平成29年 typed as 昭和29年: the name agrees, and two of year, month and day do."""
    row = {"child_no": "1", "child_name": "山田 空", "birth_date": BORN.replace(year=1954)}
    found = night(resident_register__residents=[SORA], childcare__certifications=[row])
    assert set(found.case_of) == {"addressee_no:1"}


# --- 13. Two name lists in unequal order are joined by key only.


@given(st.permutations(range(6)), st.permutations(range(6)))
@settings(max_examples=5, deadline=None, phases=[Phase.generate])
def test_13_lists_in_unequal_order(residents: list[int], subsidies: list[int]) -> None:
    con, registry = state(
        resident_register__residents=[
            resident(str(at), f"山田 {GIVEN[at]}", "", BORN, household_no="H1") for at in residents if at
        ],
        medical_subsidy__certificates=[
            {"addressee_no": f"{at:010}", "birth_date": BORN, "acquired_on": date(2020, 1, at)}
            for at in subsidies
            if at
        ],
    )
    link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=DAY)
    build_rows(con, registry)
    rows = rows_of(
        con, "SELECT l.ref, m.acquired_on FROM row_medical_subsidy__certificates m JOIN links l USING (case_no)"
    )
    assert {row["ref"][-1]: row["acquired_on"].day for row in rows} == {str(at): at for at in range(1, 6)}


# --- 14. A reading that differs a little is a candidate with the difference named, below an exact match.

READINGS = {
    "シンドウ シヅオ": "シンドオ シズオ|シントウ シツオ|シンド シズオ|シンドウ シズヲ|シンドー シヅオ",
    "クハラ キュウ": "クハラ キユウ|クハラ キュー|クバラ キュウ|クハラ キウ",
    "オオノ キョウコ": "オーノ キョウコ|オオノ キヨウコ|オノ キョウコ|ヲオノ キョウコ",
    "イトウ カオル": "イトー カヲル|イトウ カホル|イトオ カオル",
    "ミウラ ジュン": "ミウラ ヂュン|ミウラ シュン|ミウラ ジユン",
    "アズマ ケンイチ": "アヅマ ケンイチ|アズマ ケンイッチ|アスマ ケンイチ",
    "サトウ ヴィオラ": "サトウ ビオラ|サトウ ウィオラ",
    "マツヲカ ミヱ": "マツオカ ミエ|マツヲカ ミエ",
}


def test_14_readings_that_differ_a_little() -> None:
    """No kanji to ask and an address elsewhere: each reading, and beside it the exact one."""
    told = [(kana, other) for kana, others in READINGS.items() for other in [kana, *others.split("|")]]
    residents = [resident(str(at), f"氏{at} 名{at}", kana, born(at)) for at, (kana, _) in enumerate(told)]
    rows = [pupil(f"P{at}", None, other, born(at), address=FAR) for at, (_, other) in enumerate(told)]
    found = pupils(*rows, residents=[one | {"addressee_no": f"9{at}"} for at, one in enumerate(residents)])
    exact: dict[str, float] = {}
    for at, (kana, other) in enumerate(told):
        (pair,) = [one for one in found.pairs if one["left_ref"] == f"pupil_no:P{at}"]
        assert pair["right_ref"] == f"addressee_no:9{at}", other
        if other == kana:
            exact[kana] = pair["weight"]
            assert "nearly" not in pair["why"]
        else:
            assert "nearly" in pair["why"] or "sound" in pair["why"], other
            assert pair["weight"] < exact[kana], other


@pytest.mark.parametrize("kana", ["ヤマダ タロウ", "サトウ ソラ", "ヤマモト サラ"])
def test_14_another_reading_is_no_candidate(kana: str) -> None:
    found = pupils(pupil("P1", None, kana, date(2014, 9, 9), address=FAR), residents=[SORA])
    assert alone(found)
    assert not found.pairs


# --- 15. A changed family name, a roman name with an alias and two kana: proposed through the name's history.

HER_NAMES = [
    "山田 空|ヤマダ ソラ",
    "川口 空|カワグチ ソラ",
    "川口 空|",
    "|カワグチ ソラ",
    "中村 空|",
    "中村　空|ナカムラ ソラ",
]
HIS_NAMES = [
    *("NGUYEN VAN AN|", "AN NGUYEN VAN|", "Nguyễn Văn An|", "ＮＧＵＹＥＮ，ＶＡＮ ＡＮ|グエン ヴァン アン"),
    *("安田 安|ヤスダ アン", "阮 安|グエン アン", "|グエン ヴァン アン", "|グェン バン アン", "|ヤスダ アン"),
    *("グエン ヴァン アン|", "やすだ あん|", "ｸﾞｪﾝ･ﾊﾞﾝ･ｱﾝ|"),
]
ABROAD = {"resident_type": "2", "roman": "NGUYEN VAN AN", "name": "NGUYEN VAN AN", "address": FAR}


def test_15_every_name_that_a_person_ever_had() -> None:
    residents, rows = [], []
    for at, one in enumerate([*HER_NAMES, *HIS_NAMES]):
        history: list[Row] = [
            {"name": "川口 空", "kana": "カワグチ ソラ", "address": FAR},
            {"name": "山田 空", "kana": "ヤマダ ソラ", "former_name": "中村"},
        ]
        if one in HIS_NAMES:
            history = [
                ABROAD | {"kana": "グエン ヴァン アン", "alias": "阮 安", "alias_kana": "グエン アン"},
                ABROAD | {"kana": "グェン バン アン", "alias": "安田 安", "alias_kana": "ヤスダ アン"},
            ]
        for hist_no, told in enumerate(history, 1):
            residents.append(resident(f"9{at}", "", "", born(at), hist_no=hist_no) | told)
        name, kana = (part or None for part in one.split("|"))
        rows.append(pupil(f"P{at}", name, kana, born(at), address="福岡市西区姪浜2-2-2"))
    found = pupils(*rows, residents=residents)
    for at, one in enumerate([*HER_NAMES, *HIS_NAMES]):
        assert found.same(f"9{at}", f"P{at}") or asked(found, f"P{at}") == [f"9{at}"], one


SIGNS = ["'", "’", "‘", "ʼ", "´", "`", "＇", ""]
SPELLINGS = [
    *((f"O{one}BRIEN PATRICK", f"O{other}BRIEN PATRICK") for one in "'’" for other in SIGNS),
    *((f"SMITH{one}JONES ANNE", f"SMITH{other}JONES ANNE") for one in "-‐" for other in "-‐–−－ー "),
    *(("MÜLLER ÅSA", "MULLER ASA"), ("NGUYỄN THỊ HỒNG", "NGUYEN THI HONG"), ("GROß LEA", "GROSS LEA")),
    *(("ÆBLE SØREN", "AEBLE SOREN"), ("ﬁNCH AMY", "FINCH AMY"), ("KIM MIN\u200bJI", "KIM MINJI")),
    *(
        ("スミス＝ジョーンズ アン", "スミス・ジョーンズ アン"),
        ("メ－ガン スミス", "メーガン スミス"),
        ("Łuk JAN", "LUK Ján"),
    ),
]


def test_15_apostrophes_accents_ligatures_and_hyphens_are_no_difference() -> None:
    told = list(enumerate(SPELLINGS))
    residents = [resident(f"9{at}", one, "", born(at)) for at, (one, _) in told]
    found = pupils(*[pupil(f"P{at}", other, None, born(at)) for at, (_, other) in told], residents=residents)
    for at, spellings in told:
        assert found.how[f"pupil_no:P{at}"] == "pass:name+birth+address", spellings
        assert found.same(f"9{at}", f"P{at}"), spellings


def test_15_the_order_of_a_roman_name_is_no_difference() -> None:
    told = list(enumerate(SIGNS))
    residents = [resident(f"9{at}", "O'BRIEN PATRICK", "", born(at)) for at, _ in told]
    rows = [pupil(f"P{at}", f"Patrick O{sign}Brien", None, born(at)) for at, sign in told]
    found = pupils(*rows, residents=residents)
    assert all(found.same(f"9{at}", f"P{at}") for at, _ in told)


@pytest.mark.parametrize(("one", "other"), [("NGUYEN ミン", "NGUYEN ホア"), ("山田 Ａ子", "鈴木 Ａ美"), ("N/A", "N/A")])
def test_15_letters_that_are_no_whole_name_are_no_evidence(one: str, other: str) -> None:
    assert alone(pupils(pupil("P1", one, None, BORN), residents=[resident("1", other, "", BORN)]))


# --- 16. Twins are never merged; one without a given name goes to a person.

ALIKE = [
    "優太|ユウタ|優斗|ユウト",
    "春人|ハルト|春斗|ハルト",
    "結衣|ユイ|結菜|ユナ",
    "一|ハジメ|一子|イチコ",
    "空|ソラ|天|ソラ",
]


def twins(at: int, names: str = "大翔|ヒロト|大和|ヤマト", **more: Any) -> tuple[Row, Row]:
    """Twins of the family `at`, with the numbers <at>1 and <at>2."""
    one, one_kana, other, other_kana = names.split("|")
    home = {"household_no": f"H{at}", "address": f"福岡市南区大橋一丁目{at}番2号", **more}
    return (
        resident(f"{at}1", f"山田 {one}", f"ヤマダ {one_kana}", born(at), **home),
        resident(f"{at}2", f"山田 {other}", f"ヤマダ {other_kana}", born(at), **home),
    )


def at_school(of: Row, **more: Any) -> Row:
    """The pupil register's row of a resident: number 11 is pupil P11."""
    told = {key: of[key] for key in ("sex", "address", "household_no")}
    return pupil(f"P{of['addressee_no']}", of["name"], of["kana"], of["birth_date"], **{**told, **more})


@pytest.mark.parametrize("here", ["12", "1", "2"])
def test_16_twins_with_names_alike(here: str) -> None:
    """Both go to school; the register has both, or one of them."""
    families = [twins(at, names) for at, names in enumerate(ALIKE, 1)]
    there = [one for family in families for one in family if one["addressee_no"][-1] in here]
    rows = [at_school(one, guardian_name="山田 花") for family in families for one in family]
    found = pupils(*rows, residents=there)
    assert all(found.same(one["addressee_no"], f"P{one['addressee_no']}") for one in there)
    assert not any(found.same(f"P{at}1", f"P{at}2") for at in range(1, len(ALIKE) + 1))


@pytest.mark.parametrize("kana", [None, "ヤマダ", "ヤマダ フメイ"])
def test_16_a_twin_without_a_given_name(kana: str | None) -> None:
    nameless = ["", " ", "　", " 不明", " 〓", " ●●", " 未定", " (未定)", " ベビー", " ？", " －"]
    families = [twins(at) for at in range(1, len(nameless) + 1)]
    rows = [
        at_school(one, guardian_name="山田 花") | {"name": f"山田{given}", "kana": kana}
        for (one, _), given in zip(families, nameless, strict=True)
    ]
    found = pupils(*rows, residents=[one for family in families for one in family])
    assert alone(found)
    assert {pair["left_ref"] for pair in found.pairs} == {f"pupil_no:{row['pupil_no']}" for row in rows}


def test_16_without_a_given_name_on_both_sides() -> None:
    """A number that the register lacks, told of by a family name alone: the school's twin without one is not taken."""
    case = {"guidance_no": "G1", "addressee_no": "8", "name": "山田", "kana": "ヤマダ", "birth_date": BORN}
    told = {"addressee_no": "8", "name": "山田", "kana": "ヤマダ", "birth_date": BORN}
    mother = resident("9", "山田 花", "ヤマダ ハナ", date(1988, 1, 1))
    found = pupils(
        pupil("P1", "山田", "ヤマダ", BORN),
        residents=[mother],
        medical_subsidy__certificates=[told],
        child_guidance__cases=[case],
    )
    assert not found.same("8", "P1")


# --- 17. What says nothing is no evidence at all, in any column.

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


def groups(found: Night) -> set[frozenset[str]]:
    cases: dict[str, set[str]] = {}
    for ref, case_no in found.case_of.items():
        cases.setdefault(case_no, set()).add(ref)
    return {frozenset(refs) for refs in cases.values()}


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


# --- 18. The number of a case survives a night in which a new record joins it. With an open finding: the same trial of
# `tests/review`.


@pytest.mark.parametrize("joining", ["pupil", "guidance", "consultation", "childcare", "all"])
def test_18_whatever_joins_the_number_stays(joining: str) -> None:
    row = {"name": "山田 空", "kana": "ヤマダ ソラ", "birth_date": BORN}
    child = {f"child_{what}": value for what, value in row.items()}
    tables: dict[str, dict[str, Any]] = {
        "pupil": {"pupil_register__pupils": [pupil("P1", "山田 空", "ヤマダ ソラ", BORN)]},
        "guidance": {"child_guidance__cases": [{"guidance_no": "G1", **row}]},
        "consultation": {"dv_consultation__consultations": [{"child_own_no": "C1", **child}]},
        "childcare": {"childcare__certifications": [{"child_no": "1", "child_name": "山田 空", "birth_date": BORN}]},
    }
    tables["all"] = {name: rows for one in tables.values() for name, rows in one.items()}
    before = night(resident_register__residents=[SORA])
    after = night(before.ledger, resident_register__residents=[SORA], **tables[joining])
    assert set(after.case_of.values()) == {before.case_of["addressee_no:1"]}


# --- 19. One address however written; a lot number with the same digits is not assumed to be it.

ONE_PLACE = [
    *(
        "福岡市南区大橋一丁目4番地の2",
        "南区大橋１－４－２",
        "南区大橋1ー4ー2",
        "大橋1−4−2",
        "福岡市南区大橋1丁目4番2号 大橋荘201",
    ),
    *(
        "福岡県福岡市南区大橋一－四－二",
        "南区大橋壱丁目四番弐号",
        "南区大橋1ちょうめ4ばん2ごう",
        "南区大橋1・4・2",
        "南区大橋1の4の2",
    ),
]
ANOTHER_PLACE = [
    *(
        "南区大橋一丁目4番地の3",
        "南区大橋1-42",
        "南区大橋14-2",
        "南区大橋2-4-1",
        "南区大橋",
        "南区大橋一丁目",
        "東区大橋1-4-2",
    ),
    *("南区大字大橋1番地4の2", "南区大橋1番地4-2", "南区大橋字中1-4-2", "南区大橋142番地"),
]


def by_address(written: list[str], registered: str) -> Night:
    """Pupils of whom name and address alone are told, and the residents of these names at one address."""
    known = [resident(f"9{at}", f"山田 {GIVEN[at]}", "", born(at), address=registered) for at in range(len(written))]
    rows = [pupil(f"P{at}", f"山田 {GIVEN[at]}", None, None, address=one) for at, one in enumerate(written)]
    return pupils(*rows, residents=known)


def test_19_one_place_however_written() -> None:
    found = by_address(ONE_PLACE, HOME)
    ways = {one: found.how[f"pupil_no:P{at}"] for at, one in enumerate(ONE_PLACE)}
    assert ways == dict.fromkeys(ONE_PLACE, "pass:name+address")


def test_19_another_place_however_alike() -> None:
    found = by_address(ANOTHER_PLACE, HOME)
    assert alone(found)
    assert not [pair for pair in found.pairs if "place: address" in pair["why"]]


@pytest.mark.parametrize("house", ["南区大橋142-2", "南区大橋142番2号"])
def test_19_a_lot_number_is_not_a_house_number(house: str) -> None:
    lots = ["南区大橋142番地2", "南区大字大橋142番地の2", "南区大橋百四十二番地二"]
    assert alone(by_address(lots, house))
    assert not alone(by_address(lots, lots[0]))


# --- Two people, whatever they share, are not merged without a person.


def test_same_name_same_day_one_in_the_register_one_outside() -> None:
    """The pupil is not the resident of that name: another address than ever, another guardian than ever lived there."""
    mother = resident("9", "山田 花", "ヤマダ ハナ", date(1988, 1, 1), household_no="H1", sex="2")
    row = pupil("P1", "山田 空", "ヤマダ ソラ", BORN, address=FAR, guardian_name="大塚 花")
    found = pupils(row, residents=[SORA, mother])
    assert alone(found)
    assert found.why("P1", "1") == "address and guardian of others"


def test_who_has_moved_is_still_found() -> None:
    """One thing that was theirs is enough, or nothing that speaks against it."""
    signs: list[Row] = [
        {"address": HOME},
        {"guardian_name": "山田　花"},
        {"guardian_name": "川口 花"},  # her name before
        {"guardian_name": None},
        {"guardian_name": "不明"},
        {"address": "福岡市西区姪浜2-2-9"},  # the town where they lived before
        {"household_no": "H5"},
    ]
    residents, rows = [], []
    for at, sign in enumerate(signs):
        home = {"household_no": f"H{at if 'household_no' not in sign else 5}"}
        child = resident(f"9{at}", "山田 空", "ヤマダ ソラ", born(at), **home)
        mother = resident(f"8{at}", "川口 花", "カワグチ ハナ", date(1988, 1, 1), sex="2", **home)
        residents += [child | {"address": "福岡市西区姪浜2-2-2"}, {**child, "hist_no": 2}]
        residents += [mother, {**mother, "name": "山田 花", "kana": "ヤマダ ハナ", "hist_no": 2}]
        told = {"address": FAR, "guardian_name": "大塚 花", **sign}
        rows.append(pupil(f"P{at}", "山田 空", "ヤマダ ソラ", born(at), **told))
    found = pupils(*rows, residents=residents)
    assert [found.same(f"9{at}", f"P{at}") for at, _ in enumerate(signs)] == [True] * len(signs)


def test_same_name_same_day_two_pupils_and_one_resident() -> None:
    rows = [
        pupil("P1", "山田 空", "ヤマダ ソラ", BORN, address=FAR, guardian_name="大塚 花"),
        pupil("P2", "山田 空", "ヤマダ ソラ", BORN, guardian_name="山田 花"),
    ]
    found = pupils(*rows, residents=[SORA])
    assert found.same("1", "P2")
    assert not found.same("P1", "P2")


def test_same_name_same_day_nobody_in_the_register() -> None:
    rows = [pupil(f"P{at}", "山田 空", "ヤマダ ソラ", BORN) for at in (1, 2)]
    cases = [{"guidance_no": f"G{at}", "name": "山田 空", "kana": "ヤマダ ソラ", "birth_date": BORN} for at in (1, 2)]
    assert alone(pupils(*rows, residents=[], child_guidance__cases=cases))


def test_same_name_same_day_two_residents_at_one_address() -> None:
    other = {**SORA, "addressee_no": "2", "household_no": "H2"}
    found = pupils(pupil("P1", "山田 空", "ヤマダ ソラ", BORN), residents=[SORA, other])
    assert alone(found)
    assert len(found.pairs) == 1


MIXED: dict[str, Row] = {
    "the other's reading": {"kana": "ヤマダ ヤマト"},
    "the other's reading, unparted": {"kana": "ヤマダヤマト"},
    "the other's name": {"name": "山田 大和"},
    "the other's name, unparted": {"name": "山田大和"},
    "the other's sex, and no reading": {"sex": "2", "kana": None},
    "the other's sex, and no kanji": {"sex": "2", "name": None},
}


@pytest.mark.parametrize("address", [None, FAR])
@pytest.mark.parametrize("told", ["", "household_no", "guardian_name"])
def test_a_row_put_together_from_twins(address: str | None, told: str) -> None:
    residents, rows = [], []
    for at, mixed in enumerate(MIXED.values(), 1):
        one, other = twins(at)
        mother = resident(f"{at}9", "山田 花", "ヤマダ ハナ", date(1988, 1, 1), household_no=f"H{at}", sex="2")
        residents += [one, {**other, "sex": "2" if "sex" in mixed else "1"}, mother]
        known: Row = {"household_no": None, "guardian_name": None}
        known |= {told: {"household_no": f"H{at}", "guardian_name": "山田 花"}[told]} if told else {}
        rows.append(at_school(one, **known, **({"address": address} if address else {})) | mixed)
    found = pupils(*rows, residents=residents)
    assert alone(found)
    assert {pair["left_ref"] for pair in found.pairs} == {f"pupil_no:{row['pupil_no']}" for row in rows}
    if address is None:
        reasons = {found.why(f"P{at}1", f"{at}{which}") for at in range(1, 5) for which in "12"} - {None}
        assert reasons == {"reading of another of the household"}


def test_the_sex_of_the_other_twin_alone_is_a_slip() -> None:
    one, other = twins(1)
    found = pupils(at_school(one) | {"sex": "2"}, residents=[one, {**other, "sex": "2"}])
    assert not found.same("12", "P11")
    assert found.same("11", "P11") or asked(found, "P11") == ["11"]


def test_a_name_with_a_brothers_birth_date() -> None:
    days = [lambda day: day.replace(year=day.year - 1), lambda day: day.replace(month=day.month % 12 + 1),
            lambda day: day - timedelta(days=1200), lambda day: day - timedelta(days=390)]  # fmt: skip
    residents, rows = [], []
    for at, (other_day, told) in enumerate(product(days, [{}, {"household_no": None}]), 1):
        one, brother = twins(at)
        residents += [{**one, "birth_date": other_day(one["birth_date"])}, brother]
        rows.append(at_school(one, **told))
    found = pupils(*rows, residents=residents)
    assert alone(found)
    assert {pair["left_ref"] for pair in found.pairs} == {f"pupil_no:{row['pupil_no']}" for row in rows}


def test_keys_of_twins_that_are_swapped() -> None:
    one, other = twins(1)
    rows = [at_school(one), at_school(other)]
    bridges = [{"addressee_no": "12", "pupil_no": "P11"}, {"addressee_no": "11", "pupil_no": "P12"}]
    found = pupils(*rows, residents=[one, other], school_age_register__children=bridges)
    assert alone(found), "name and key say two things: a person says which is right"
    assert found.why("P11", "12") == found.why("P12", "11") == "key belongs to a twin"
    right = [{"addressee_no": no, "pupil_no": f"P{no}"} for no in ("11", "12")]
    found = pupils(*rows, residents=[one, other], school_age_register__children=right)
    assert found.same("11", "P11")
    assert found.same("12", "P12")


def test_a_row_with_a_twins_number() -> None:
    tables: dict[str, Any] = {"resident_register__residents": []}
    everywhere = [place for place in places(numbered=True) if place.person.name]
    for at, place in enumerate(everywhere, 1):
        one, other = twins(at)
        tables["resident_register__residents"] += [one, other]
        row = place.row(other["addressee_no"], name=one["name"], birth_date=one["birth_date"])
        tables.setdefault(place.name, []).append(row)
    found = night(**tables)
    for at, place in enumerate(everywhere, 1):
        (held,) = found.held(place.held(f"{at}2"))
        assert found.why(held, f"{at}2") == "key belongs to a twin"
    assert alone(found)


def test_a_row_with_a_brothers_number_and_no_birth_date() -> None:
    one, other = twins(1)
    row = {"child_no": "12", "child_name": one["name"]}
    found = night(
        resident_register__residents=[{**one, "birth_date": date(2014, 2, 3)}, other], childcare__certifications=[row]
    )
    (held,) = found.held("12@childcare.child")
    assert found.why(held, "12") == "key belongs to another of the household"


def test_brothers_and_sisters_are_nobody_elses_rows() -> None:
    names = ["空|ソラ", "海|ウミ", "陸|リク", "凪|ナギ"]
    residents = [
        resident(str(at), f"山田 {name}", f"ヤマダ {kana}", BORN.replace(year=2012 + at), household_no="H1")
        for at, (name, kana) in enumerate((one.split("|") for one in names), 1)
    ]
    rows = [at_school(one, guardian_name="山田 花") for one in residents]
    for away in residents:  # the register lacks one of them
        there = [one for one in residents if one is not away]
        found = pupils(*rows, residents=there)
        assert all(found.same(one["addressee_no"], f"P{one['addressee_no']}") for one in there)
        assert not any(found.same(one["addressee_no"], f"P{away['addressee_no']}") for one in there)
