"""The genogram: small families in, the usual symbols out; the sentences beside it hold the same facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import translation
from tests.web.test_pictures import RELATIVE, karte, section

from mimamori.door import Couple, Karte, Relative
from mimamori.web.kin_words import kin_source, kin_told
from mimamori.web.pictures import genogram

MOTHER = RELATIVE
FATHER = replace(RELATIVE, name="森下 剛", sex_code="1", age=36)
SYSTEMS = (("resident_register", "住民記録"), ("family_register", "戸籍"))
BROTHER = replace(RELATIVE, kind="sibling", name="森下 蓮", sex_code="1", age=4, is_child=True)


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield


def drawn(chart: Karte) -> ElementTree.Element:
    found = genogram.picture(chart)
    assert found is not None
    assert "style=" not in found.svgs[0], "the content policy refuses it"
    return ElementTree.fromstring(found.svgs[0])


def classes(svg: ElementTree.Element, tag: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in svg.iter(tag) if one.get("class") == kind]


def places(svg: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """Where each name stands, x and y of the middle of its symbol."""
    whos = classes(svg, "text", "who")
    found = {one.text or "": (float(one.get("x", "nan")), float(one.get("y", "nan")) - 36) for one in whos}
    if "本人" in found:
        x, y = found["本人"]
        found["本人"] = (x, y - 5)  # its double outline is larger
    return found


def lines(svg: ElementTree.Element, kind: str) -> list[str]:
    return [re.sub(r"[\d.]+", lambda n: f"{float(n[0]):g}", one.get("d", "")) for one in classes(svg, "path", kind)]


def test_the_symbols_of_a_family() -> None:
    unknown = replace(BROTHER, name="森下 光", sex_code="", age=None)
    svg = drawn(karte(family=(MOTHER, FATHER, BROTHER, unknown)))
    assert len(classes(svg, "circle", "shape")) == 2, "the mother and the child, who is a girl"
    assert len(classes(svg, "rect", "shape")) == 2, "the father and the brother"
    assert len(classes(svg, "polygon", "shape")) == 1, "whose sex is not known"
    assert len(classes(svg, "circle", "ring")) == 1, "the double outline of the child"
    assert [one.text for one in classes(svg, "text", "age me")] == ["10"]
    assert sorted(one.text or "" for one in classes(svg, "text", "age")) == ["34", "36", "4", "?"]


def test_parents_stand_above_and_siblings_by_age() -> None:
    older = replace(BROTHER, name="森下 大", age=14)
    granny = replace(RELATIVE, kind="grandparent", name="森下 ヨシ", age=70)
    at = places(drawn(karte(family=(granny, FATHER, MOTHER, older, BROTHER))))
    assert at["祖母 ヨシ"][1] < at["父 剛"][1] == at["母 真由美"][1] < at["本人"][1]
    assert at["兄 大"][0] < at["本人"][0] < at["弟 蓮"][0]
    assert at["兄 大"][1] == at["本人"][1] == at["弟 蓮"][1]
    assert at["父 剛"][0] < at["母 真由美"][0]


@pytest.mark.parametrize(
    ("tie", "kind", "slashes", "word"),
    [
        ("married", "kin", 0, "父 剛 と 母 真由美: 婚姻(戸籍 R2.4.1)"),
        ("partners", "kin loose", 0, "父 剛 と 母 真由美: 婚姻なし(戸籍 R2.4.1)"),
        ("apart", "kin", 1, "父 剛 と 母 真由美: 婚姻中で別の世帯(戸籍 R2.4.1)"),
        ("divorced", "kin", 2, "父 剛 と 母 真由美: 離婚(戸籍 R2.4.1)"),
        ("unknown", "kin dots", 0, "父 剛 と 母 真由美: 婚姻しているかはわからない"),
    ],
)
def test_a_couple_s_line(tie: str, kind: str, slashes: int, word: str) -> None:
    told = ("", None) if tie == "unknown" else ("戸籍", date(2020, 4, 1))
    chart = replace(karte(family=(FATHER, MOTHER)), couples=(Couple(0, 1, tie, *told),))
    svg = drawn(chart)
    (left, y), (right, _) = places(svg)["父 剛"], places(svg)["母 真由美"]
    assert f"M{left:g} {y:g}H{right:g}" in lines(svg, kind)
    assert sum(path.endswith("l10 -18") for path in lines(svg, "kin")) == slashes
    assert [one.text for one in classes(svg, "text", "who")].count("?") == int(tie == "unknown")
    assert kin_told(chart) == [word]


def test_a_couple_with_somebody_between_them_goes_over_their_head() -> None:
    guardian = replace(RELATIVE, kind="guardian", name="森下 栄")
    away = replace(FATHER, same_household=False)
    chart = replace(karte(family=(MOTHER, guardian, away)), couples=(Couple(0, 2, "divorced"),))
    svg = drawn(chart)
    [path] = [one for one in lines(svg, "kin") if one.count("V") == 2 and "H" in one]
    y = places(svg)["母 真由美"][1]
    assert f"V{y - 30:g}" in path


def test_twins_part_at_one_point() -> None:
    twin = replace(BROTHER, name="森下 陽", age=10, twins=(-1,), parents=(0,))
    chart = karte(family=(MOTHER, twin, replace(BROTHER, parents=(0,))))
    svg = drawn(chart)
    at = places(svg)
    middle = (at["本人"][0] + at["きょうだい 陽"][0]) / 2
    ends = {name: f"L{at[name][0]:g} {at[name][1]:g}" for name in ("本人", "きょうだい 陽")}
    for end in ends.values():
        assert any(path.endswith(f"H{middle:g}{end}") for path in lines(svg, "kin")), end
    assert not any(f"H{middle:g}L{at['弟 蓮'][0]:g}" in path for path in lines(svg, "kin"))
    assert "同じ日に生まれた: 本人、きょうだい 陽" in kin_told(chart)


def test_the_frame_holds_those_who_live_with_the_child_and_nobody_else() -> None:
    away = replace(FATHER, same_household=False, ward_label="東区")
    gone = replace(BROTHER, name="森下 大", age=14, same_household=False)
    svg = drawn(karte(family=(away, MOTHER, gone, BROTHER)))
    [home] = classes(svg, "rect", "home")
    left, width = float(home.get("x", "nan")), float(home.get("width", "nan"))
    top, height = float(home.get("y", "nan")), float(home.get("height", "nan"))
    inside = {name for name, (x, y) in places(svg).items() if left <= x <= left + width and top <= y <= top + height}
    assert inside == {"母 真由美", "本人", "弟 蓮"}
    assert sum(one.text == "別の世帯" for one in svg.iter("text")) == 2


def test_nobody_in_the_home_is_no_frame() -> None:
    assert classes(drawn(karte(family=(replace(FATHER, same_household=False),))), "rect", "home") == []


def test_a_protected_parent_keeps_the_symbol_and_loses_the_place() -> None:
    away = replace(FATHER, same_household=False, place_withheld=True)
    svg = drawn(karte(family=(away, MOTHER)))
    assert [one.text for one in classes(svg, "text", "veil")] == ["居所は非表示"]
    assert len(classes(svg, "rect", "shape")) == 1
    assert "別の世帯" not in [one.text for one in svg.iter("text")]


def test_the_dead_are_crossed_and_lose_their_age() -> None:
    svg = drawn(karte(family=(replace(FATHER, died=True, same_household=False), MOTHER)))
    assert sum("l34 34" in path for path in lines(svg, "kin")) == 1
    assert "36" not in [one.text for one in svg.iter("text")]


def test_a_child_that_is_expected_is_a_triangle_with_its_day() -> None:
    chart = replace(karte(family=(MOTHER,)), expected=(date(2026, 12, 20),))
    svg = drawn(chart)
    [triangle] = classes(svg, "polygon", "shape")
    assert len(triangle.get("points", "").split()) == 3
    assert any((one.text or "").startswith("予定 ") for one in svg.iter("text"))
    assert any(told.startswith("妊娠中: 予定 ") for told in kin_told(chart))


def test_foster_and_adoptive_parents_are_dashed() -> None:
    foster = replace(RELATIVE, kind="guardian", name="松本 和子", raised="foster", age=56)
    svg = drawn(karte(family=(foster,)))
    assert lines(svg, "kin loose") and "里親 和子" in places(svg)
    adoptive = drawn(karte(family=(replace(MOTHER, raised="adoptive"),)))
    assert lines(adoptive, "kin loose") and "養母 真由美" in places(adoptive)


def test_whose_parents_nobody_tells_is_dotted_and_said() -> None:
    granny = replace(RELATIVE, kind="grandparent", name="森下 ヨシ", age=70)
    told = karte(family=(granny, replace(MOTHER, parents=(0,))))
    untold = karte(family=(granny, MOTHER))
    assert not lines(drawn(told), "kin dots") and "祖母 ヨシ: 母 真由美 の親" in kin_told(told)
    assert len(lines(drawn(untold), "kin dots")) == 1 and "祖母 ヨシ: だれの親かはわからない" in kin_told(untold)


def test_a_sibling_of_one_parent_hangs_on_that_parent_alone() -> None:
    half = replace(BROTHER, parents=(0,), half=True)
    chart = karte(family=(MOTHER, FATHER, half, replace(BROTHER, name="森下 大", age=14)))
    svg = drawn(chart)
    mother = places(svg)["母 真由美"]
    assert any(path.startswith(f"M{mother[0]:g} {mother[1]:g}V") for path in lines(svg, "kin"))
    assert len(lines(svg, "kin dots")) == 1, "of the other nobody tells the parents"
    assert kin_told(chart) == ["弟 蓮: 母 真由美 の子", "兄 大: 親はわからない"]


def test_no_line_is_drawn_to_a_sibling_from_those_who_foster_the_child() -> None:
    foster = replace(RELATIVE, kind="guardian", name="松本 和子", raised="foster", age=56)
    elsewhere = replace(BROTHER, same_household=False)
    svg = drawn(karte(family=(foster, elsewhere)))
    x = places(svg)["弟 蓮"][0]
    assert not any(re.search(rf"[HL]{x:g}\b", path) for path in [*lines(svg, "kin loose"), *lines(svg, "kin dots")])


def test_the_child_s_own_child_stands_below_it() -> None:
    baby = replace(RELATIVE, kind="child", name="森下 葵", age=0, is_child=True)
    partner = replace(RELATIVE, kind="spouse", name="原 翔", sex_code="1", age=18)
    at = places(drawn(karte(family=(MOTHER, partner, baby))))
    assert at["母 真由美"][1] < at["本人"][1] == at["夫 翔"][1] < at["娘 葵"][1]


@pytest.mark.parametrize("ages", [[15] * 9, [3] * 9, [15, 14, 13, 12, 9, 8, 7, 6, 5]])
def test_of_a_large_family_the_child_is_always_drawn_and_the_rest_counted(ages: list[int]) -> None:
    family = [replace(BROTHER, name=f"森下 {at}", age=age) for at, age in enumerate(ages)]
    svg = drawn(karte(family=(MOTHER, *family)))
    assert "本人" in places(svg)
    assert len(classes(svg, "rect", "shape")) == genogram.MOST
    assert "ほかに3人(表にあります)" in [one.text for one in svg.iter("text")]


def test_nothing_stands_outside_the_picture_or_on_another() -> None:
    family: list[Relative] = [
        replace(RELATIVE, kind="grandparent", name=f"祖 {at}", sex_code=str(at % 2 + 1), same_household=at < 2)
        for at in range(4)
    ]
    family += [FATHER, MOTHER, *(replace(BROTHER, name=f"森下 {at}", age=age) for at, age in enumerate((14, 8, 3)))]
    chart = replace(karte(family=tuple(family)), expected=(date(2026, 12, 20),))
    svg = drawn(chart)
    width, height = float(svg.get("width", "nan")), float(svg.get("height", "nan"))
    at = places(svg)
    assert len(set(at.values())) == len(at) == 11
    assert all(genogram.RADIUS < x < width - 30 and genogram.RADIUS < y < height - 52 for x, y in at.values())


def test_names_are_escaped() -> None:
    found: Any = genogram.picture(karte(family=(replace(RELATIVE, name="<script>"),)))
    assert "<script>" not in found.svgs[0]


def test_the_child_s_own_partner_is_told_of_as_drawn() -> None:
    partner = replace(RELATIVE, kind="spouse", name="原 翔", sex_code="1", age=18)
    chart = karte(family=(partner,))
    assert lines(drawn(chart), "kin dots")
    assert kin_told(chart) == ["本人 と 夫 翔: 婚姻しているかはわからない"]


def test_each_relative_has_the_system_that_tells_it_and_its_day() -> None:
    register, other = (replace(section(name), short_label=label) for name, label in SYSTEMS)
    chart = karte(register, other, family=(MOTHER, replace(FATHER, basis="family_register"), BROTHER))
    bases = ("household", "family_register", "shared_parent", "nobody")
    told = [kin_source(chart, replace(RELATIVE, basis=basis)) for basis in bases]
    assert told == ["住民記録 10/31", "戸籍 10/31", "住民記録 10/31", ""]
    married = replace(chart, couples=(Couple(0, 1, "married", "住民記録"),))
    assert kin_told(married)[0] == "母 真由美 と 父 剛: 婚姻(住民記録 10/31)", "the delivery's day, where none is told"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_labels_are_no_wider_than_their_place(language: str) -> None:
    sisters = [replace(BROTHER, name=f"川野 {name}", sex_code="2", age=3) for name in ("光莉", "愛深里")]
    foreign = replace(RELATIVE, kind="grandparent", name="NGUYEN CHRISTOPHERSON", age=70, same_household=False)
    with translation.override(language):
        svg = drawn(karte(family=(foreign, MOTHER, *sisters)))
    for one in classes(svg, "text", "who"):
        assert genogram._width(one.text or "") <= genogram.STEP, one.text
    height = float(svg.get("height", "nan"))
    assert all(float(one.get("y", "nan")) < height for one in svg.iter("text"))
