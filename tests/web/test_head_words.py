"""Nobody is called new where the system that tells who is known was not delivered; what is not fresh is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from tests.web.test_pictures import AS_OF, karte

from mimamori.door import Flag, KnownCell
from mimamori.web.head_words import Newness, newness, place, unfresh


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield


def cell(state: str, source: str = "child_guidance", label: str = "児童相談", day: date | None = AS_OF) -> KnownCell:
    return KnownCell(source, 1, label, "core", state, None if state == "missing" else day)


@pytest.mark.parametrize(
    ("state", "told"), [("in_use", True), ("past", True), ("none", True), ("stale", False), ("missing", False)]
)
def test_who_is_known_is_told_by_a_fresh_delivery_alone(state: str, told: bool) -> None:
    chart = replace(karte(), known=(cell(state),))
    assert newness(chart) == Newness(known=False, told=told)
    known = replace(chart, flags=(Flag("council", "要対協に登録"),))
    assert newness(known).known, "an old delivery still tells who was known"
    assert not newness(replace(chart, flags=(Flag("not_in_register", "住民登録なし"),))).known


def test_without_the_system_nothing_is_told() -> None:
    assert newness(karte()) == Newness(known=False, told=False)


def test_what_is_not_fresh_is_named_with_its_day_and_many_are_counted() -> None:
    missing = [cell("missing", label=name) for name in ("貸付", "保育")]
    old, fresh = cell("stale", label="障がい福祉", day=date(2019, 5, 7)), cell("none", label="住民記録")
    other = cell("not_covered", label="校務支援")
    assert unfresh(replace(karte(), known=(old, *missing, fresh, other))) == [
        "未受領: 貸付、保育", "古い: 障がい福祉 R1.5.7"
    ]  # fmt: skip
    assert unfresh(replace(karte(), known=(*missing, cell("missing", label="学校")))) == ["未受領: 3系統"]
    assert unfresh(replace(karte(), known=(fresh, other))) == []


@pytest.mark.parametrize(
    ("age", "childcare", "said"),
    [(0, "none", "園の利用なし"), (0, "missing", "わからない"), (0, "stale", "わからない"), (17, "none", "わからない")],
)
def test_that_a_child_is_nowhere_by_day_is_said_where_it_is_told(age: int, childcare: str, said: str) -> None:
    chart = replace(karte(), known=(cell(childcare, "childcare", "保育"),))
    head = replace(chart.header, school="", grade=None, class_name="", age=age)
    assert place(replace(chart, header=head)) == said
    assert place(replace(chart, header=replace(head, attends="私立"))) == "私立"
    assert place(chart) == "若葉小学校 4年 2組"
