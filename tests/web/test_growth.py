"""Height and weight on the bands of the standard: where a point stands, and what is said where there is no standard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import translation
from tests.web.test_pictures import karte, section, value

from mimamori.door import Karte, Row, TableView
from mimamori.web.pictures import growth
from mimamori.web.pictures.standard import FEMALE, standard


@pytest.fixture(autouse=True)
def japanese() -> Any:
    with translation.override("ja"):
        yield


def at_school(*rows: tuple[date, str, str]) -> Karte:
    """(day, height, weight); the child is a girl born on 14 June 2016."""
    measured = tuple(
        Row(day, (value("height", tall), value("weight", heavy)), date(2020, 10, 31)) for day, tall, heavy in rows
    )
    return karte(section("school_affairs", TableView("checkups", "学校健診", measured)))


def parts(svg: str, tag: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(svg).iter(tag) if one.get("class") == kind]


def test_the_last_measuring_is_told_with_its_distance_from_the_mean() -> None:
    found = growth.picture(at_school((date(2025, 6, 14), "130cm", "27kg"), (date(2026, 6, 14), "137.2cm", "34kg")))
    assert found is not None
    assert found.sentence.startswith("身長 137.2cm(平均から±0SD)、体重 34kg(平均から")
    assert found.sentence.endswith("(令和8年6月14日)")
    assert [row[:3] for row in found.rows] == [
        ("令和8年6月14日", "10歳0か月", "137.2cm"), ("令和7年6月14日", "9歳0か月", "130cm"),
    ]  # fmt: skip
    assert found.rows[0][6] == "school_affairs R2.10.31"


def test_a_point_on_the_mean_stands_on_the_line_of_the_mean() -> None:
    by = standard("height", FEMALE)
    assert by is not None
    points = [(age, by.at(age).median) for age in (7.0, 8.0, 9.0)]  # type: ignore[union-attr]
    svg = growth.drawn("身長 cm", points, by, "x")
    [median] = parts(svg, "path", "median")
    line = [tuple(map(float, corner.split())) for corner in (median.get("d") or "")[1:].split("L")]
    for point in parts(svg, "circle", "point"):
        x, y = float(point.get("cx", "nan")), float(point.get("cy", "nan"))
        (left, above), (right, below) = next(pair for pair in pairwise(line) if pair[0][0] <= x <= pair[1][0])
        assert y == pytest.approx(above + (below - above) * (x - left) / (right - left), abs=0.6)


def test_taller_stands_higher_and_the_wide_band_holds_the_narrow_one() -> None:
    svg = growth.drawn("身長 cm", [(9.0, 120.0), (10.0, 150.0)], standard("height", FEMALE), "x")
    low, high = (float(point.get("cy", "nan")) for point in parts(svg, "circle", "point"))
    assert high < low
    tops = {}
    for kind in ("sd1", "sd2"):
        [band] = parts(svg, "polygon", kind)
        tops[kind] = min(float(corner.split(",")[1]) for corner in (band.get("points") or "").split())
    assert tops["sd2"] < tops["sd1"]


@pytest.mark.parametrize("sex", ["", "3"])
def test_without_a_sex_there_is_no_standard_and_it_is_said(sex: str) -> None:
    chart = at_school((date(2026, 6, 14), "137.2cm", ""))
    found = growth.picture(replace(chart, header=replace(chart.header, sex_code=sex)))
    assert found is not None
    assert found.sentence == "身長 137.2cm(標準はわからない)(令和8年6月14日)"
    assert len(found.svgs) == 1
    assert parts(found.svgs[0], "polygon", "sd2") == []
    assert len(parts(found.svgs[0], "circle", "point")) == 1


@pytest.mark.parametrize("change", [{"birth_date": None}, {"birth_date_status": "year"}])
def test_an_age_that_is_not_known_is_not_drawn(change: dict[str, Any]) -> None:
    chart = at_school((date(2026, 6, 14), "137.2cm", "34kg"))
    assert growth.picture(replace(chart, header=replace(chart.header, **change))) is None


def test_nothing_measured_is_no_picture() -> None:
    assert growth.picture(karte()) is None
    assert growth.picture(at_school((date(2026, 6, 14), "", ""))) is None


def test_a_baby_between_birth_and_three_months_has_a_point_and_no_distance() -> None:
    chart = at_school((date(2016, 7, 20), "53cm", "4kg"))
    found = growth.picture(chart)
    assert found is not None
    assert found.sentence.startswith("身長 53cm(標準はわからない)")
