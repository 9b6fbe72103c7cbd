"""Pictures and grids of a karte: what is not known is drawn as not known, never as zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import translation

from mimamori.door import Header, Karte, Relative, Row, Section, TableView, Value
from mimamori.web.pictures import absences, arrears, genogram

AS_OF = date(2026, 10, 31)


@pytest.fixture(autouse=True)
def japanese() -> Any:
    with translation.override("ja"):
        yield


def value(field: str, text: str = "", day: date | None = None) -> Value:
    return Value(field, f"<{field}>", text, day)


def section(source: str, *tables: TableView, state: str = "in_use", freshness: str = "fresh") -> Section:
    return Section(
        source=source, number=1, label=source, short_label=source, owner="課", network="core", as_of=AS_OF,
        freshness=freshness, state=state, tables=tables,
    )  # fmt: skip


HEADER = Header(
    case_no="K-0000-0000-0", name="森下 陽菜", kana="", alias="", former_name="", roman="",
    birth_date=date(2016, 6, 14), birth_date_status="exact", age=10, sex="女", sex_code="2", ward="40134",
    ward_label="南区", school="若葉小学校", grade=4, class_name="2", city_pupil=True, address="",
    address_withheld=True, in_register=True, resident_type="", protection=None,
)  # fmt: skip
RELATIVE = Relative(
    kind="parent", basis="register", name="森下 真由美", kana="", age=34, sex="女", sex_code="2", is_child=False,
    same_household=True, case_no="", ward_label="", place_withheld=False, protected=False, died=False,
)  # fmt: skip


def karte(*sections: Section, family: tuple[Relative, ...] = ()) -> Karte:
    return Karte(
        header=HEADER, flags=(), known=(), findings=(), sections=sections, family=family, household=(), timeline=(),
        viewers=1,
        purpose="", purpose_label="", snapshot="", as_of=AS_OF,
    )  # fmt: skip


def parsed(svg: str) -> ElementTree.Element:
    """The picture as a browser reads it; no inline style, which the content policy would refuse."""
    assert "style=" not in svg
    return ElementTree.fromstring(svg)


def words_of(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter("text")]


def boxes(svg: str, kind: str) -> list[dict[str, float]]:
    """The bars of one kind, from left to right: x, y, width, height."""
    found = [one for one in parsed(svg).iter("rect") if one.get("class") == kind]
    return [{side: float(one.get(side, "nan")) for side in ("x", "y", "width", "height")} for one in found]


def month_rows(field: str, **months: str | None) -> tuple[Row, ...]:
    """`y26m9="8日"`: the item of that month; no class days where the text is None."""
    return tuple(
        Row(
            date(2000 + int(name[1:3]), int(name[4:]), 1),
            (value(field, text or "0日"), value("class_days", "0日" if text is None else "20日")),
            AS_OF,
        )
        for name, text in months.items()
    )


def attendance(**absent: str | None) -> Section:
    return section("school_affairs", TableView("attendance", "出欠", month_rows("absent_days", **absent)))


def test_months_without_a_delivery_are_hatched_and_said() -> None:
    found = absences.picture(karte(attendance(y25m12="1日", y26m9="8日", y26m10="14日")))
    assert found is not None
    assert found.sentence == "令和8年度は22日欠席、令和7年度は1日欠席(16か月分はわからない)"
    assert len(boxes(found.svgs[0], "unknown absent")) == 16
    assert "令和7年度" in words_of(found.svgs[0])
    assert "令和8年度" in words_of(found.svgs[0])
    assert found.rows[0] == ("令和8年10月", "20日", "14日", "—", "—", "—")
    assert found.rows[2] == ("令和8年8月", "不明", "不明", "不明", "不明", "不明")


def test_bars_stand_on_the_floor_and_are_as_tall_as_their_days() -> None:
    months = [
        absences.Month(date(2026, 4, 1), 10, ill=4), absences.Month(date(2026, 5, 1), 20),
        absences.Month(date(2026, 6, 1), 0, school=False), absences.Month(date(2026, 7, 1), None),
    ]  # fmt: skip
    svg = absences.drawn(months, "x")
    ill, other = boxes(svg, "mid"), boxes(svg, "key")
    assert [bar["y"] + bar["height"] for bar in ill] == pytest.approx([absences.FLOOR] * 2)
    assert [bar["height"] for bar in ill] == pytest.approx([24, 0])
    assert [bar["height"] for bar in other] == pytest.approx([36, 120])
    assert other[0]["y"] + other[0]["height"] == pytest.approx(ill[0]["y"])
    assert words_of(svg).count("休") == 1
    assert words_of(svg).count("?") == 1


@pytest.mark.parametrize(("born", "months"), [(date(2016, 6, 14), 19), (date(2019, 6, 14), 7)])
def test_before_school_nothing_is_unknown(born: date, months: int) -> None:
    chart = karte(attendance(y26m9="8日"))
    found = absences.picture(replace(chart, header=replace(chart.header, birth_date=born)))
    assert found is not None
    assert len(found.rows) == months


def test_no_attendance_is_no_picture() -> None:
    assert absences.picture(karte(section("school_affairs"))) is None
    assert absences.picture(karte()) is None


def fees(*unpaid: str) -> Section:
    months = {f"y26m{8 + at}": text for at, text in enumerate(unpaid)}
    return section("school_lunch_fees", TableView("fees", "給食費", month_rows("unpaid", **months)))


def collections(unpaid: str, expense: str = "教材費") -> Section:
    values = (value("school_year", "2,026"), value("expense", expense), value("billed", "9,000円"),
              value("unpaid", unpaid))  # fmt: skip
    return section("school_collections", TableView("collections", "収納", (Row(None, values, AS_OF),)))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([fees("4,900円", "0円", "4,900円")], "給食費が2か月分、9,800円未納"),
        ([fees("0円", "0円", "0円")], None),
        ([fees("0円"), collections("3,000円")], "学校徴収金が3,000円未納"),
        ([fees("4,900円"), collections("3,000円")], "給食費が1か月分、4,900円未納、学校徴収金が3,000円未納"),
        ([collections("0円")], None),
        ([], None),
    ],
)
def test_arrears_are_counted(parts: list[Section], sentence: str | None) -> None:
    found = arrears.picture(karte(*parts))
    assert (found.sentence if found else None) == sentence


def test_arrears_add_up_and_a_month_not_delivered_is_hatched() -> None:
    months = [
        (date(2026, 6, 1), 4900.0), (date(2026, 7, 1), 0.0), (date(2026, 8, 1), None), (date(2026, 9, 1), 4900.0)
    ]  # fmt: skip
    svg = arrears.drawn(months, "x")
    own, before = boxes(svg, "key"), boxes(svg, "mid")
    assert [bar["height"] for bar in own] == pytest.approx([52, 0, 52])
    assert [bar["height"] for bar in before] == pytest.approx([0, 52, 52])
    assert len(boxes(svg, "unknown fees")) == 1
    assert "9,800" in words_of(svg)


def test_other_money_of_the_school_has_its_bars_and_its_table() -> None:
    found = arrears.picture(karte(collections("3,000円", expense="<b>")))
    assert found is not None
    assert "令和8年度 <b>" in words_of(found.svgs[0])
    [unpaid], [whole] = boxes(found.svgs[0], "key"), boxes(found.svgs[0], "whole")
    assert unpaid["width"] / whole["width"] == pytest.approx(1 / 3, abs=0.01)
    assert found.rows == (("<b>", "令和8年度", "9,000円", "—", "3,000円", "—"),)


def test_a_genogram_names_relatives_and_hides_a_withheld_place() -> None:
    away = replace(RELATIVE, name="佐伯 剛", sex_code="1", same_household=False, place_withheld=True, ward_label="")
    brother = replace(RELATIVE, kind="sibling", name="森下 蓮", sex_code="1", age=4)
    found = genogram.picture(karte(family=(RELATIVE, away, brother)))
    assert found is not None
    for words in ("母 真由美", "父 剛", "弟 蓮", "居所は非表示", "本人"):
        assert words in found.svgs[0], words
    assert found.sentence == "同じ世帯に本人のほか2人"


def test_names_in_a_picture_are_escaped() -> None:
    found = genogram.picture(karte(family=(replace(RELATIVE, name="<script>"),)))
    assert found is not None
    assert "<script>" not in found.svgs[0]


def test_no_family_is_no_picture() -> None:
    assert genogram.picture(karte()) is None
