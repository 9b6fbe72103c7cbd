"""Children drawn at random: on the list, not suspicious, and what is found of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.support.made import DAY, row

from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.screening.unlisted import Drawn
from mimamori.support import actions, progress, worklist
from mimamori.support.models import Finding, SampleDraw
from mimamori.support.sampling import SampleResult, looked_at, sample_results, take_sample
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db
MINAMI = "40134"
NIGHT: dict[str, Any] = {"snapshot": "2026-10-31.0a1b2c3d", "as_of": DAY, "seed": 7, "sizes": {MINAMI: 3}}


def drawn(*cases: str, frame: int = 500) -> list[Drawn]:
    return [Drawn(MINAMI, frame, cases)]


def assess(case_no: str, outcome: str, by: Any) -> None:
    found = actions.start(Finding.objects.get(case_no=case_no), by=by)
    actions.assess(
        found, by=by, outcome=outcome, reason="r", text="t", checklist={},
        watch_until=DAY + timedelta(days=400) if outcome == "watch" else None,
    )  # fmt: skip


def test_drawn_children_stand_on_the_list_without_a_reason() -> None:
    assert take_sample(drawn("K-1", "K-2"), **NIGHT) == 2
    found = Finding.objects.get(case_no="K-1")
    assert (found.difficulties, found.reasons, found.must, found.extracted, found.waiting) == (
        [],
        {},
        False,
        False,
        False,
    )
    assert found.due_on is not None and found.draw is not None
    assert (found.draw.frame, found.draw.asked, found.draw.seed) == (500, 3, 7)
    assert found.history.get().event == "sampled"
    event = Event.objects.get(action="finding.sample")
    assert "K-1" not in event.detail and event.case_no == ""


def test_a_nights_draw_is_taken_once() -> None:
    take_sample(drawn("K-1"), **NIGHT)
    assert take_sample(drawn("K-1"), **NIGHT) == 0
    assert SampleDraw.objects.count() == 1


def test_nobody_is_drawn_whom_somebody_looks_at() -> None:
    take_findings([row("K-9")], as_of=DAY)
    take_sample(drawn("K-1"), **NIGHT)
    assert looked_at() == {"K-1", "K-9"}
    Finding.objects.filter(case_no="K-9").update(state="closed")
    assert looked_at() == {"K-1"}


def test_a_draw_takes_no_place_of_the_wards_month(workers: dict[str, Any]) -> None:
    take_sample(drawn("K-1"), **NIGHT)
    take_findings([row("K-2")], as_of=DAY, rooms={MINAMI: 1})
    assert not Finding.objects.filter(waiting=True).exists()
    assert worklist.intakes(workers["worker"])[MINAMI].came_in == 1


def test_a_drawn_child_that_is_extracted_later_is_a_finding_like_any() -> None:
    take_sample(drawn("K-1"), **NIGHT)
    take_findings([row("K-1", must=True)], as_of=DAY + timedelta(days=1))
    found = Finding.objects.get()
    assert (found.extracted, found.must, found.difficulties, found.draw is not None) == (True, True, ["absence"], True)


def test_statistics_count_only_who_was_extracted(workers: dict[str, Any]) -> None:
    take_sample(drawn("K-1"), **NIGHT)
    take_findings([row("K-2")], as_of=DAY)
    assert [one.difficulties for one in progress.progress(workers["manager"])] == [("absence",)]


def test_what_came_of_a_draw(workers: dict[str, Any]) -> None:
    cases = ("K-1", "K-2", "K-3", "K-4", "K-5")
    take_sample(drawn(*cases), **NIGHT)
    for case_no, outcome in zip(cases, ["support_needed", "watch", "no_need", "data_wrong"], strict=False):
        assess(case_no, outcome, workers["worker"])
    expected = SampleResult(ward=MINAMI, as_of=DAY, frame=500, drawn=5, judged=3, missed=1)
    assert sample_results(workers["manager"]) == [expected]
    assert sample_results(workers["manager"], since=DAY + timedelta(days=1)) == []


def test_the_first_word_on_a_child_counts(workers: dict[str, Any]) -> None:
    take_sample(drawn("K-1"), **NIGHT)
    assess("K-1", "watch", workers["worker"])
    actions.assess(
        Finding.objects.get(), by=workers["worker"], outcome="support_needed", reason="r", text="t", checklist={}
    )
    (found,) = sample_results(workers["manager"])
    assert (found.judged, found.missed) == (1, 0)


@pytest.mark.parametrize("who", ["worker", "auditor", "data_officer", "administrator"])
def test_who_reads_no_statistics_reads_no_estimate(workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        sample_results(workers[who])
