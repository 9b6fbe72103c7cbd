"""What to ask next: safety first, then what the data leave unknown; never a question where the child is not covered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from tests.web.test_pictures import karte, section

from mimamori.door import FindingView, Karte, Reason
from mimamori.web.to_check import MOST, to_check


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield


def reason(label: str, state: str, source: str, *, why: str = "", must: bool = False) -> Reason:
    return Reason(
        condition="c", label=label, domain="", state=state, must=must, value="", unit="", source="s",
        source_label=source, day=date(2026, 10, 31), why=why,
    )  # fmt: skip


def finding(*reasons: Reason) -> Karte:
    told = FindingView("absence", must=any(one.must for one in reasons), tier=1, reasons=reasons)
    return replace(karte(section("保育", freshness="missing")), findings=(told,))


def test_safety_comes_first_and_then_the_unknown_by_system() -> None:
    chart = finding(
        reason("手帳がある", "unknown", "障がい福祉", why="stale"),
        reason("通所している", "unknown", "障がい福祉", why="stale"),
        reason("7日休んでいる", "met", "校務支援", must=True),
    )
    told = to_check(chart)
    assert [one.what for one in told] == ["本人がいま安全か、だれが会えたか", "手帳がある ほか1件", "保育の利用"]
    assert told[0].safety and "7日休んでいる (校務支援 10/31)" in told[0].why
    assert told[2].why == "保育: 未受領。課に照会"


def test_without_a_finding_the_systems_that_tell_nothing_are_asked() -> None:
    old, other = section("障がい福祉", freshness="stale"), section("校務支援", freshness="missing", state="not_covered")
    told = to_check(karte(old, other, section("住民記録"), replace(old, short_label="児童相談", hidden=True)))
    assert [(one.what, one.why) for one in told] == [
        ("障がい福祉の利用", "障がい福祉: データが古い 10/31。課に照会")
    ]  # fmt: skip


def test_a_system_is_asked_once() -> None:
    assert [one.what for one in to_check(finding(reason("在園している", "unknown", "保育", why="not_delivered")))] == [
        "在園している"
    ]


@pytest.mark.parametrize(("age", "asked"), [(3, 0), (6, 1), (17, 1), (None, 0)])
def test_where_a_child_of_school_age_is_by_day(age: int | None, asked: int) -> None:
    chart = karte()
    head = replace(chart.header, school="", grade=None, age=age)
    assert len(to_check(replace(chart, header=head))) == asked
    assert to_check(replace(chart, header=replace(head, attends="私立"))) == []


def test_there_are_never_too_many() -> None:
    assert len(to_check(karte(*(section(f"系統{at}", freshness="missing") for at in range(9))))) == MOST


def test_a_must_look_reason_that_is_hidden_is_named_by_its_system() -> None:
    hidden = replace(reason("閲覧できない項目による条件", "met", "児童相談", must=True), day=None, hidden=True)
    assert to_check(finding(hidden))[0].why == "閲覧できない項目による条件 (児童相談)"
