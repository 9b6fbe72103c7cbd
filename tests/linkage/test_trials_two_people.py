"""Two people, whatever they share, are not merged without a person: namesakes, twins, brothers and sisters."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from tests.linkage.crowd import BORN, FAR, HOME, SORA, alone, asked, at_school, born, places, twins
from tests.linkage.test_link import night, pupils
from tests.linkage.tiny import Row, pupil, resident


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
