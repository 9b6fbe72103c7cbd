"""Contacts: each has a result, and meeting somebody moves a finding that is looked at on."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.made import DAY

from mimamori.refusal import Refused
from mimamori.support import actions, notes
from mimamori.support.models import Finding
from mimamori.support.notes import KINDS, MET, RESULTS, RESULTS_OF
from mimamori.support.states import State

pytestmark = pytest.mark.django_db


def wrote(finding: Finding, by: Any, kind: str, result: str) -> str:
    """The state of the finding after this entry."""
    notes.write(finding, by=by, happened_on=DAY, kind=kind, result=result, text="記録")
    return str(Finding.objects.get(pk=finding.pk).state)


def test_every_result_belongs_to_a_kind_and_has_words() -> None:
    assert set(RESULTS_OF) <= set(KINDS)
    assert {result for results in RESULTS_OF.values() for result in results} == set(RESULTS)
    assert set(RESULTS) >= MET
    assert all(ja and en.isascii() for ja, en in RESULTS.values())


@pytest.mark.parametrize("kind", list(RESULTS_OF))
def test_a_contact_without_its_result_is_refused_and_nothing_is_kept(
    kind: str, finding: Finding, workers: dict[str, Any]
) -> None:
    others = set(RESULTS) - set(RESULTS_OF[kind])
    for result in ("", "spoke", *others):
        with pytest.raises(Refused, match="the result"):
            notes.write(finding, by=workers["worker"], happened_on=DAY, kind=kind, result=result, text="記録")
    assert not finding.notes.exists()


@pytest.mark.parametrize(
    ("kind", "result", "state"),
    [
        ("visit", "met_child", State.VISITED),
        ("talk", "met_family", State.VISITED),
        ("visit", "nobody", State.LOOKING),
        ("visit", "refused", State.LOOKING),
        ("phone", "reached", State.LOOKING),
        ("meeting", "", State.LOOKING),
    ],
)
def test_meeting_somebody_moves_a_finding_on(
    kind: str, result: str, state: State, finding: Finding, workers: dict[str, Any]
) -> None:
    actions.start(finding, by=workers["worker"])
    due = Finding.objects.get(pk=finding.pk).due_on
    assert wrote(finding, workers["worker"], kind, result) == state
    assert Finding.objects.get(pk=finding.pk).due_on == due


def test_who_was_met_before_or_later_moves_nothing(finding: Finding, workers: dict[str, Any]) -> None:
    assert wrote(finding, workers["worker"], "visit", "met_child") == State.PROPOSED
    actions.start(finding, by=workers["worker"])
    wrote(finding, workers["worker"], "visit", "met_child")
    assert wrote(finding, workers["worker"], "visit", "nobody") == State.VISITED
    assert next(step.event for step in finding.history.all()) == "visit"


def test_a_kind_that_is_no_contact_keeps_no_result(finding: Finding, workers: dict[str, Any]) -> None:
    note = notes.write(finding, by=workers["worker"], happened_on=DAY, kind="meeting", result="met_child", text="会議")
    assert note.result == ""


def test_a_corrected_result_keeps_what_stood_before_and_the_state(finding: Finding, workers: dict[str, Any]) -> None:
    worker = workers["worker"]
    actions.start(finding, by=worker)
    note = notes.write(finding, by=worker, happened_on=DAY, kind="visit", result="met_child", text="会えた")
    notes.correct(note, by=worker, version=1, happened_on=DAY, kind="visit", result="nobody", text="会えなかった")
    assert [(one.result, one.text) for one in note.earlier.all()] == [("met_child", "会えた")]
    assert Finding.objects.get(pk=finding.pk).state == State.VISITED
