"""Nobody is called new where the system that tells who is known was not delivered; what is not fresh is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from tests.web.test_pictures import karte, section

from mimamori.door import Flag
from mimamori.web.newness import Newness, newness, unfresh


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield


@pytest.mark.parametrize(("freshness", "told"), [("fresh", True), ("stale", False), ("missing", False)])
def test_who_is_known_is_told_by_a_fresh_delivery_alone(freshness: str, told: bool) -> None:
    chart = karte(section("child_guidance", freshness=freshness))
    assert newness(chart) == Newness(known=False, told=told)
    known = replace(chart, flags=(Flag("council", "要対協に登録"),))
    assert newness(known).known, "an old delivery still tells who was known"
    assert not newness(replace(chart, flags=(Flag("not_in_register", "住民登録なし"),))).known


def test_without_the_system_nothing_is_told() -> None:
    assert newness(karte()) == Newness(known=False, told=False)


def test_what_is_not_fresh_is_named_with_its_day_and_many_are_counted() -> None:
    missing = [section(name, freshness="missing") for name in ("貸付", "保育")]
    old = replace(section("障がい福祉", freshness="stale"), as_of=date(2019, 5, 7))
    assert unfresh(karte(*missing, old, section("住民記録"))) == ["未受領: 貸付、保育", "古い: 障がい福祉 R1.5.7"]
    assert unfresh(karte(*missing, section("学校", freshness="missing"))) == ["未受領: 3系統"]
    assert unfresh(karte(section("住民記録"))) == []
