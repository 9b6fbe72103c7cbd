"""What the statistics page tells of what is missed: an interval, and no share that gives a small count away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.cast import DAY, MINAMI

from mimamori import support
from mimamori.support.sampling import SampleResult
from mimamori.web.missed import missed_shown

SignIn = Callable[..., Any]


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> list[SampleResult]:
    """What came of the draws; a test fills them."""
    found: list[SampleResult] = []
    monkeypatch.setattr(support, "sample_results", lambda account, **_: found)
    return found


def result(judged: int, missed: int, *, ward: str = MINAMI, frame: int = 1000, as_of: date = DAY) -> SampleResult:
    return SampleResult(ward, as_of, frame, judged + 5, judged, missed)


def test_nobody_drawn_is_no_estimate(draws: list[SampleResult], workers: dict[str, Any]) -> None:
    assert missed_shown(workers["analyst"]) is None


def test_nobody_looked_at_yet(draws: list[SampleResult], workers: dict[str, Any]) -> None:
    draws.append(result(0, 0))
    shown = missed_shown(workers["analyst"])
    assert shown is not None and (shown.share, shown.children, shown.judged, shown.covers) == (None, None, 0, 0)


def test_a_small_count_leaves_the_interval_alone_in_whole_tenths(
    draws: list[SampleResult], workers: dict[str, Any]
) -> None:
    draws.append(result(40, 3))
    shown = missed_shown(workers["analyst"])
    assert shown is not None
    assert (shown.missed, shown.children) == (None, None)
    assert shown.share == "0–20 %"


@pytest.mark.parametrize(("judged", "missed"), [(40, 37), (45, 3), (12, 3), (9, 0)])
def test_no_share_tells_a_closed_count(
    draws: list[SampleResult], workers: dict[str, Any], judged: int, missed: int
) -> None:
    draws.append(result(judged, missed))
    shown = missed_shown(workers["analyst"])
    assert shown is not None and shown.share is not None and "(" not in shown.share


def test_open_counts_tell_share_interval_and_children(draws: list[SampleResult], workers: dict[str, Any]) -> None:
    draws.append(result(100, 20))
    shown = missed_shown(workers["analyst"])
    assert shown is not None
    assert (shown.judged, shown.missed, shown.covers) == (100, 20, 100)
    assert shown.share is not None and shown.share.startswith("20.0 %(")
    assert shown.children is not None and shown.children[0] < 200 < shown.children[1] < 1000


def test_several_nights_tell_no_number_of_children(draws: list[SampleResult], workers: dict[str, Any]) -> None:
    draws += [result(60, 12), result(60, 12, as_of=date(2026, 9, 30)), result(0, 0, ward="40131", frame=2000)]
    shown = missed_shown(workers["analyst"])
    assert shown is not None
    assert (shown.first, shown.last, shown.children, shown.covers) == (date(2026, 9, 30), DAY, None, 50)


@pytest.mark.django_db
def test_the_page_says_what_to_do_before_the_first_draw(cast_home: Any, sign_in: SignIn) -> None:
    page = sign_in("analyst").get("/statistics/").content.decode()
    assert "見落としの推定" in page and "まだ行われていません" in page


@pytest.mark.django_db
def test_the_page_shows_the_interval(cast_home: Any, sign_in: SignIn, draws: list[SampleResult]) -> None:
    draws.append(result(40, 3))
    page = sign_in("analyst").get("/statistics/").content.decode()
    assert "0–20 %" in page and "7.5" not in page
