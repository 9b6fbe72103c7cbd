"""Second opinions: they add and never take off, have places of their own, and are seen after one's own view."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.support.made import DAY, row

from mimamori import audit
from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.support import actions, worklist
from mimamori.support.models import Finding, SecondOpinion
from mimamori.support.opinions import Addition, added_before, answers_to, opinions_of, take_opinions
from mimamori.support.states import Outcome, State
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db
MINAMI, MODEL = "40134", 7
PLACES = {(MODEL, MINAMI): 2}


def said(case_no: str, **changed: Any) -> Addition:
    reasons, unknown = ("moves_24m", "late_fees_months"), ("height_z",)
    return replace(Addition(case_no, MINAMI, "", "abuse", MODEL, reasons, unknown), **changed)


def take(*additions: Addition, places: dict[tuple[int, str], int] | None = None) -> int:
    return sum(take_opinions(additions, as_of=DAY, places=PLACES if places is None else places).values())


def assess(finding: Finding, by: Any, outcome: str = "no_need") -> None:
    found = actions.start(finding, by=by)
    actions.assess(found, by=by, outcome=outcome, reason="r", text="t", checklist={})


def test_a_child_comes_onto_the_list_without_a_condition() -> None:
    assert take(said("K-1")) == 1
    found = Finding.objects.get(case_no="K-1")
    assert (found.ward, found.difficulties, found.reasons, found.must, found.extracted) == (
        MINAMI,
        [],
        {},
        False,
        False,
    )
    assert (found.by_model, found.waiting, found.tier) == (MODEL, False, 3) and found.due_on and found.came_in_on
    assert found.history.get().event == "added"
    opinion = found.opinions.get()
    assert (opinion.adds, opinion.reasons, opinion.unknown) == (True, ["moves_24m", "late_fees_months"], ["height_z"])
    event = Event.objects.get(action="finding.add")
    assert event.details == {"as_of": DAY.isoformat(), "added": {"abuse": 1}}
    assert "K-1" not in event.detail and audit.verify().ok


def test_a_second_time_changes_nothing() -> None:
    take(said("K-1"))
    assert take(said("K-1")) == 0
    assert (Finding.objects.count(), SecondOpinion.objects.count()) == (1, 1)


def test_it_takes_no_more_places_than_it_has_in_a_month_and_the_first_come_first() -> None:
    assert take(said("K-1"), said("K-2"), said("K-3")) == 2
    assert set(Finding.objects.values_list("case_no", flat=True)) == {"K-1", "K-2"}
    assert take(said("K-3")) == 0
    assert take(said("K-4", ward="40131")) == 0, "a ward without places"
    assert added_before(MODEL) == {MINAMI: 2}


def test_it_takes_no_place_of_a_child_whom_the_conditions_list() -> None:
    take(said("K-1"), said("K-2"))
    taken = take_findings([row("K-8"), row("K-9")], as_of=DAY, rooms={MINAMI: 2})
    assert (taken.new, taken.waiting) == (2, 0)
    assert worklist.intakes(None)[MINAMI].came_in == 2


def test_a_night_without_the_child_takes_nobody_off() -> None:
    take(said("K-1"))
    take_findings([row("K-9")], as_of=DAY)
    take()
    assert Finding.objects.get(case_no="K-1").state == State.PROPOSED


def test_of_a_child_with_a_case_it_is_said_beside_the_reasons() -> None:
    take_findings([row("K-9")], as_of=DAY)
    assert take(said("K-9"), places={}) == 0
    found = Finding.objects.get()
    assert (found.by_model, found.difficulties, found.opinions.get().adds) == (None, ["absence"], False)


def test_what_people_have_answered_does_not_come_back(workers: dict[str, Any]) -> None:
    take(said("K-1"))
    assess(Finding.objects.get(), workers["worker"])
    actions.close(Finding.objects.get(), by=workers["supervisor"], reason="面会して確かめた")
    assert take(said("K-1")) == 0
    assert take(said("K-1", difficulty="poverty", model=8), places={(8, MINAMI): 1}) == 1, "another difficulty"
    assert Finding.objects.exclude(state="closed").get().reopens is not None


def test_it_is_seen_after_an_own_view_and_by_who_supervises(workers: dict[str, Any]) -> None:
    take(said("K-1"))
    found = Finding.objects.get()
    assert opinions_of(workers["worker"], found, on=[MODEL]) == []
    assert [one.model for one in opinions_of(workers["supervisor"], found, on=[MODEL])] == [MODEL]
    assess(found, workers["worker"])
    assert [one.model for one in opinions_of(workers["worker"], found, on=[MODEL])] == [MODEL]
    assert opinions_of(workers["worker"], found, on=[]) == [], "switched off"
    with pytest.raises(Denied):
        opinions_of(workers["analyst"], found, on=[MODEL])


def test_what_people_found_is_counted_by_the_first_assessment(workers: dict[str, Any]) -> None:
    take(said("K-1"), said("K-2"))
    assess(Finding.objects.get(case_no="K-1"), workers["worker"], "support_needed")
    answers = answers_to(MODEL)
    assert (answers.added, answers.judged, answers.agreed) == (2, 1, 1)
    assert answers.by == {Outcome.SUPPORT_NEEDED: 1}
    assert answers_to(99).added == 0
