"""What has gone wrong for others, as an input and its right outcome: links that must be made, and that must not.

Each fault is tried with its whole kind, from small tables through the real `link()`: many people in one night, each
with a birth date, a number and a household of their own, so that one night asks many questions.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.linkage.crowd import BORN, FAR, GIVEN, HOME, SORA, alone, asked, at_school, born, places, twins
from tests.linkage.test_link import Night, night, pupils
from tests.linkage.tiny import DAY, Row, pupil, resident, state

from mimamori.engine import rows_of
from mimamori.karte.rows import build_rows
from mimamori.linkage import DECISIONS, LEDGER, link

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


# --- 17. What says nothing: `test_trials_nothing`.

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
