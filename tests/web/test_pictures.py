"""Pictures and grids of a karte: what is not known is drawn as not known, never as zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

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


def attendance(**absent: str) -> Section:
    rows = tuple(
        Row(
            date(2026, int(month[1:]), 1),
            (value("month"), value("class_days", "20日"), value("absent_days", days)),
            AS_OF,
        )
        for month, days in absent.items()
    )
    return section("school_affairs", TableView("attendance", "出欠", rows))


def test_months_without_a_delivery_are_hatched_and_said() -> None:
    found = absences.picture(karte(attendance(m9="8日", m10="14日")))
    assert found is not None
    assert found.sentence == "12か月で22日欠席(10か月分はわからない)"
    assert found.svg.count('class="unknown absent"') == 10
    assert 'style="' not in found.svg


def test_no_attendance_is_no_picture() -> None:
    assert absences.picture(karte(section("school_affairs"))) is None
    assert absences.picture(karte()) is None


@pytest.mark.parametrize(
    ("unpaid", "sentence"),
    [(("4,900円", "0円", "4,900円"), "給食費が2か月分、9,800円未納"), (("0円", "0円", "0円"), None)],
)
def test_arrears_are_counted(unpaid: tuple[str, ...], sentence: str | None) -> None:
    rows = tuple(Row(date(2026, 8 + at, 1), (value("unpaid", text),), AS_OF) for at, text in enumerate(unpaid))
    found = arrears.picture(karte(section("school_lunch_fees", TableView("fees", "給食費", rows))))
    assert (found.sentence if found else None) == sentence


def test_a_genogram_names_relatives_and_hides_a_withheld_place() -> None:
    away = replace(RELATIVE, name="佐伯 剛", sex_code="1", same_household=False, place_withheld=True, ward_label="")
    brother = replace(RELATIVE, kind="sibling", name="森下 蓮", sex_code="1", age=4)
    found = genogram.picture(karte(family=(RELATIVE, away, brother)))
    assert found is not None
    for words in ("母 真由美", "父 剛", "弟 蓮", "居所は非表示", "本人"):
        assert words in found.svg, words
    assert found.sentence == "同じ世帯に本人のほか2人"


def test_names_in_a_picture_are_escaped() -> None:
    found = genogram.picture(karte(family=(replace(RELATIVE, name="<script>"),)))
    assert found is not None
    assert "<script>" not in found.svg


def test_no_family_is_no_picture() -> None:
    assert genogram.picture(karte()) is None
