"""Where a ward's list ends, and who comes in when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.support.made import DAY, row

from mimamori.support import actions, worklist
from mimamori.support.cut import Cut, cut
from mimamori.support.following import Renumbered, follow
from mimamori.support.models import Finding, History
from mimamori.support.taking import take_findings

MINAMI = "40134"
NEXT = DAY + timedelta(days=1)


def rank(tier: int, points: float, since: int = 0) -> tuple[int, float, Any]:
    return tier, -points, DAY + timedelta(days=since)


@pytest.mark.parametrize(
    ("ranks", "room", "expected"),
    [
        ([], 5, Cut((), (), ())),
        ([rank(2, 50), rank(1, 20)], None, Cut((1, 0), (), ())),
        ([rank(2, 50), rank(1, 20)], 1, Cut((1,), (), (0,))),  # the tier comes before the points
        ([rank(2, 50), rank(2, 60)], 1, Cut((1,), (), (0,))),
        ([rank(2, 50, since=1), rank(2, 50)], 1, Cut((1,), (), (0,))),  # who has waited longer
        ([rank(1, 9), rank(2, 50), rank(2, 50)], 2, Cut((0,), (1, 2), ())),  # equals are not divided
        ([rank(1, 9), rank(2, 50), rank(2, 50)], 3, Cut((0, 1, 2), (), ())),
        ([rank(1, 9), rank(2, 50), rank(2, 50)], 1, Cut((0,), (), (1, 2))),  # no place is left: nobody is at the edge
        ([rank(1, 9), rank(1, 9), rank(3, 1)], 1, Cut((), (0, 1), (2,))),  # who stands lower does not overtake
        ([rank(1, 9)], 0, Cut((), (), (0,))),
        ([rank(1, 9)], -3, Cut((), (), (0,))),
    ],
)
def test_the_list_ends_where_the_places_do(ranks: Any, room: int | None, expected: Cut) -> None:
    assert cut(ranks, room) == expected


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(-3, 0), st.just(DAY)), max_size=30),
    st.integers(-2, 35),
)
def test_nobody_is_lost_and_nobody_overtakes(ranks: list[Any], room: int) -> None:
    found = cut(ranks, room)
    assert sorted((*found.in_, *found.tied, *found.below)) == list(range(len(ranks)))
    assert len(found.in_) <= max(room, 0)
    waits = [ranks[place] for place in (*found.tied, *found.below)]
    assert not waits or all(ranks[place] < min(waits) for place in found.in_)
    if found.tied:
        assert len(found.in_) < room < len(found.in_) + len(found.tied)
        assert len({ranks[place] for place in found.tied}) == 1


def names(**how: Any) -> set[str]:
    return set(Finding.objects.filter(**how).values_list("case_no", flat=True))


def some(*points: float, tier: int = 2) -> list[dict[str, Any]]:
    """Children K-0, K-1 … with these points."""
    return [{**row(f"K-{place}", tier=tier), "points": value} for place, value in enumerate(points)]


@pytest.mark.django_db
class TestTaking:
    def test_what_does_not_fit_waits_without_a_deadline(self) -> None:
        taken = take_findings(some(60, 50, 40), as_of=DAY, rooms={MINAMI: 2})
        assert (taken.new, taken.waiting) == (3, 1)
        assert names(waiting=True) == {"K-2"}
        waiting = Finding.objects.get(waiting=True)
        assert (waiting.due_on, waiting.came_in_on, waiting.state, waiting.tied) == (None, None, "proposed", False)
        assert set(Finding.objects.filter(waiting=False).values_list("came_in_on", flat=True)) == {timezone.localdate()}

    def test_must_look_never_waits_and_takes_its_place(self) -> None:
        must = [row(f"M-{n}", must=True, tier=3) for n in range(3)]
        take_findings([*must, *some(99)], as_of=DAY, rooms={MINAMI: 2})
        assert names(waiting=True) == {"K-0"}
        assert names(must=True, waiting=False) == {"M-0", "M-1", "M-2"}

    def test_equals_at_the_edge_wait_together_and_are_marked(self) -> None:
        take_findings(some(60, 50, 50, 10), as_of=DAY, rooms={MINAMI: 2})
        assert (names(tied=True), names(waiting=True)) == ({"K-1", "K-2"}, {"K-1", "K-2", "K-3"})

    def test_the_same_night_twice_changes_nothing(self) -> None:
        rows = some(60, 50, 50, 10)
        take_findings(rows, as_of=DAY, rooms={MINAMI: 2})
        before = list(Finding.objects.order_by("pk").values())
        taken = take_findings(rows, as_of=DAY, rooms={MINAMI: 2})
        assert (taken.new, taken.changed, taken.came_in, taken.waiting) == (0, 0, 0, 3)
        assert list(Finding.objects.order_by("pk").values()) == before

    def test_who_waits_comes_in_when_there_is_a_place(self) -> None:
        take_findings(some(60, 50), as_of=DAY, rooms={MINAMI: 1})
        taken = take_findings(some(60, 50), as_of=NEXT, rooms={MINAMI: 2})
        assert (taken.came_in, taken.waiting, names(waiting=True)) == (1, 0, set())
        came = Finding.objects.get(case_no="K-1")
        assert came.due_on is not None and came.came_in_on == timezone.localdate()
        assert History.objects.filter(finding=came).values_list("event", flat=True)[0] == "came_in"

    def test_a_new_month_has_new_places(self) -> None:
        take_findings(some(60, 50), as_of=DAY, rooms={MINAMI: 1})
        Finding.objects.filter(waiting=False).update(came_in_on=timezone.localdate().replace(day=1) - timedelta(days=1))
        assert take_findings(some(60, 50), as_of=NEXT, rooms={MINAMI: 1}).came_in == 1

    def test_without_a_limit_all_come_in(self) -> None:
        take_findings(some(60, 50), as_of=DAY, rooms={MINAMI: 0})
        assert names(waiting=True) == {"K-0", "K-1"}
        take_findings(some(60, 50), as_of=NEXT, rooms={"40131": 0})
        assert names(waiting=True) == set()

    def test_a_child_that_waits_and_becomes_must_look_comes_in_at_once(self) -> None:
        take_findings(some(60), as_of=DAY, rooms={MINAMI: 0})
        taken = take_findings([row("K-0", must=True)], as_of=NEXT, rooms={MINAMI: 0})
        found = Finding.objects.get()
        assert (taken.came_in, found.waiting, found.must) == (1, False, True)
        assert found.due_on is not None

    def test_who_waits_and_is_no_longer_extracted_goes_on_waiting(self) -> None:
        take_findings(some(60, 50), as_of=DAY, rooms={MINAMI: 1})
        assert take_findings(some(60), as_of=NEXT, rooms={MINAMI: 5}).came_in == 0
        found = Finding.objects.get(case_no="K-1")
        assert (found.waiting, found.extracted) == (True, False)

    def test_nobody_on_the_list_is_sent_back_to_wait(self) -> None:
        take_findings(some(60, 50), as_of=DAY)
        take_findings(some(60, 50), as_of=NEXT, rooms={MINAMI: 0})
        assert names(waiting=True) == set()

    def test_a_person_takes_up_whom_they_choose(self, workers: dict[str, Any]) -> None:
        take_findings(some(60, 50), as_of=DAY, rooms={MINAMI: 1})
        found = actions.start(Finding.objects.get(waiting=True), by=workers["worker"])
        assert (found.waiting, found.came_in_on, found.owner) == (False, timezone.localdate(), workers["worker"])
        assert found.due_on is not None

    def test_the_database_lets_no_must_look_wait(self) -> None:
        take_findings(some(60), as_of=DAY, rooms={MINAMI: 0})
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.update(must=True)

    @pytest.mark.parametrize("waits", ["K-0", "K-1", "both"])
    def test_of_two_that_are_one_child_the_place_is_kept(self, waits: str) -> None:
        take_findings(some(60, 50), as_of=DAY)
        chosen = Finding.objects.all() if waits == "both" else Finding.objects.filter(case_no=waits)
        chosen.update(waiting=True, came_in_on=None, due_on=None)
        follow([Renumbered("merged", "K-0", "K-1")])
        found = Finding.objects.exclude(state="closed").get()
        assert found.waiting == (waits == "both")
        assert (found.due_on is None) == (waits == "both")
        follow([Renumbered("split", "K-1", "K-0")])
        assert Finding.objects.exclude(state="closed").count() == 2

    def test_the_worklist_shows_who_waits_apart(self, workers: dict[str, Any]) -> None:
        take_findings(some(60, 50, 50), as_of=DAY, rooms={MINAMI: 2})
        found = worklist.worklist(workers["worker"], view=worklist.WAITING)
        assert (found.counts["waiting"], found.counts["unassigned"], found.counts["all"]) == (2, 1, 3)
        assert [(group.kind, len(group.findings)) for group in found.groups] == [("waiting", 2)]
        everything = worklist.worklist(workers["worker"], view=worklist.ALL)
        assert [group.kind for group in everything.groups][-1] == "waiting"
        assert worklist.intakes(workers["worker"]) == {MINAMI: worklist.Intake(came_in=1, must=0, waiting=2, tied=2)}
        assert worklist.intakes(workers["outsider"]) == {}
