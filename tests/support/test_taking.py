"""What a night brings to the worklist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.support.made import CASE, DAY, row

from mimamori.audit.models import Event
from mimamori.support.models import Finding, History
from mimamori.support.states import State
from mimamori.support.taking import Taken, take_findings

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


def the() -> Finding:
    return Finding.objects.get(case_no=CASE)


def test_one_finding_per_child_over_all_difficulties() -> None:
    taken = take_findings([row(), row(difficulty="poverty", must=True, tier=1, met=["arrears_3"])], as_of=DAY)
    assert taken == Taken(new=1, reopened=0, changed=0, moved=0, dropped=0)
    finding = the()
    assert finding.difficulties == ["absence", "poverty"]
    assert finding.reasons == {"absence": ["in_a_row_7"], "poverty": ["arrears_3"]}
    assert (finding.must, finding.tier, finding.state, finding.ward) == (True, 1, "proposed", "40134")
    assert finding.due_on is not None


def test_a_must_look_without_points_has_the_last_tier_and_the_first_deadline() -> None:
    take_findings([row(must=True, tier=0), row("K-2", tier=1)], as_of=DAY)
    soon, later = the().due_on, Finding.objects.get(case_no="K-2").due_on
    assert soon is not None and later is not None and soon < later


def test_the_same_night_twice_changes_nothing() -> None:
    rows = [row(), row("K-2", "poverty")]
    take_findings(rows, as_of=DAY)
    before = list(Finding.objects.order_by("pk").values())
    assert take_findings(rows, as_of=DAY) == Taken(0, 0, 0, 0, 0)
    assert list(Finding.objects.order_by("pk").values()) == before
    assert History.objects.count() == 2


def test_a_new_reason_is_marked_until_the_next_night() -> None:
    take_findings([row()], as_of=DAY)
    take_findings([row(met=["in_a_row_7", "days_30"])], as_of=NEXT)
    assert the().new_reasons == ["absence.days_30"]
    take_findings([row(met=["in_a_row_7", "days_30"])], as_of=NEXT + timedelta(days=1))
    assert the().new_reasons == []


def test_a_reason_that_became_must_look_brings_the_deadline_forward() -> None:
    take_findings([row(tier=3)], as_of=DAY)
    before = the().due_on
    take_findings([row(tier=3, must=True)], as_of=NEXT)
    after = the().due_on
    assert before is not None and after is not None and after < before


def test_a_night_does_not_touch_what_people_did(workers: dict[str, Any]) -> None:
    take_findings([row()], as_of=DAY)
    Finding.objects.update(state=State.LOOKING, owner=workers["worker"], version=4)
    take_findings([row(difficulty="poverty")], as_of=NEXT)
    finding = the()
    assert (finding.state, finding.owner, finding.version) == ("looking", workers["worker"], 4)
    assert finding.difficulties == ["poverty"]


def test_a_child_that_drops_out_stays_and_is_marked() -> None:
    take_findings([row(), row("K-2")], as_of=DAY)
    assert take_findings([row("K-2")], as_of=NEXT).dropped == 1
    assert (the().extracted, the().state) == (False, "proposed")
    take_findings([row(), row("K-2")], as_of=NEXT + timedelta(days=1))
    assert the().extracted


def test_the_ward_follows_the_child_and_the_move_is_told() -> None:
    take_findings([row()], as_of=DAY)
    assert take_findings([row(ward="40131")], as_of=NEXT).moved == 1
    assert the().ward == "40131"
    assert the().history.filter(event="moved").get().detail == {"from": "40134", "to": "40131"}
    assert Event.objects.filter(action="finding.move", case_no=CASE).count() == 1


def test_an_unknown_ward_does_not_take_the_finding_from_its_worker() -> None:
    take_findings([row()], as_of=DAY)
    take_findings([row(ward=None)], as_of=NEXT)
    assert the().ward == "40134"


@pytest.mark.parametrize(
    ("change", "comes_back"),
    [
        ({}, False),
        ({"met": ["in_a_row_7", "days_30"]}, False),  # more of the same difficulty
        ({"met": ["missing_pupil"], "must": True}, True),  # a new must-look reason
        ({"must": True}, False),  # the same reason, must-look or not
        ({"difficulty": "poverty", "met": ["arrears_3"]}, True),
    ],
)
def test_what_brings_a_closed_child_back(change: dict[str, Any], comes_back: bool) -> None:
    take_findings([row()], as_of=DAY)
    Finding.objects.update(state=State.CLOSED)
    taken = take_findings([row(**change)], as_of=NEXT)
    assert taken.reopened == int(comes_back)
    assert Finding.objects.exclude(state=State.CLOSED).count() == int(comes_back)
    if comes_back:
        new = Finding.objects.exclude(state=State.CLOSED).get()
        assert new.reopens is not None and new.reopens.state == "closed"
        assert new.history.get().event == "reopened"


def test_two_open_findings_of_a_child_cannot_be() -> None:
    take_findings([row()], as_of=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(case_no=CASE, first_as_of=DAY, as_of=DAY)


def test_the_trail_tells_the_counts() -> None:
    take_findings([row(), row("K-2")], as_of=DAY)
    event = Event.objects.get(action="finding.take")
    assert event.details == {"as_of": "2026-10-31", "new": 2, "reopened": 0, "changed": 0, "moved": 0, "dropped": 0,
                             "came_in": 0, "waiting": 0}  # fmt: skip
