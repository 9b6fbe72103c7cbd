"""A merge that people decide, a night, taken back, a night: numbers, cases and notes are where they were."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.cast import BY_NICKNAME, DAY
from tests.night.test_night import approved, kept_snapshot  # noqa: F401 - fixtures

from mimamori import night, review
from mimamori.door.snapshots import current
from mimamori.karte.store import Snapshot
from mimamori.review.models import CaseChange, Pair
from mimamori.review.pairs import ordered
from mimamori.support import actions, notes, notices
from mimamori.support.models import Finding, Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("approved")]


def ref(nickname: str) -> str:
    return f"addressee_no:{BY_NICKNAME[nickname].addressee_no.lstrip('0')}"


def pair_of(left: str, right: str, **more: Any) -> Pair:
    """The pair as a night would put it before people."""
    first, second = ordered(ref(left), ref(right))
    return Pair.objects.create(left_ref=first, right_ref=second, why="grey", first_seen=DAY, last_seen=DAY, **more)


@pytest.fixture
def run(kept_snapshot: Any) -> Iterator[Callable[[], Snapshot]]:  # noqa: F811
    config = replace(kept_snapshot, snapshots_kept=100)
    before = set(config.snapshots.iterdir())

    def ran() -> Snapshot:
        night.run(config, as_of=DAY)
        return current()

    yield ran
    for folder in set(config.snapshots.iterdir()) - before:  # else later nights would drop the cast's own for these
        shutil.rmtree(folder)


def test_merge_note_undo(run: Callable[[], Snapshot], workers: dict[str, Any]) -> None:
    before = run()
    poor, brother = before.case_of(ref("poverty")), before.case_of(ref("poverty_brother"))
    assert poor and brother and poor != brother
    held = actions.start(Finding.objects.get(case_no=poor), by=workers["worker"])
    pair = pair_of("poverty", "poverty_brother")

    review.decide(pair, same=True, by=workers["coordinator"])
    merged = run()
    number = merged.case_of(ref("poverty"))
    assert number is not None and number == merged.case_of(ref("poverty_brother"))
    gone = ({poor, brother} - {number}).pop()
    assert merged.person(gone) is None
    held.refresh_from_db()
    assert (held.case_no, held.state) == (number, "looking")
    assert Finding.objects.exclude(state="closed").filter(case_no__in=[poor, brother]).count() == 1
    change = CaseChange.objects.get()
    assert (change.kind, change.old_no, change.new_no, change.why) == ("merged", gone, number, "decision")
    assert (review.called_now(gone), review.called_now(number)) == (number, None)
    assert [one.event for one in notices.unread(workers["worker"])] == ["joined"]
    notes.write(held.pk, by=workers["worker"], happened_on=DAY, kind="school", text="担任に聞いた")

    review.undo(pair, by=workers["coordinator"])
    after = run()
    assert (after.case_of(ref("poverty")), after.case_of(ref("poverty_brother"))) == (poor, brother)
    held.refresh_from_db()
    assert (held.case_no, held.state, held.numbers) == (poor, "looking", [])
    assert Note.objects.get().finding_id == held.pk
    assert review.called_now(gone) is None
    assert [one.kind for one in review.changes_of(gone)] == ["split", "merged"]
    assert review.decisions_table().num_rows == 0
    pair.refresh_from_db()
    assert pair.state == "open"

    again = run()
    assert CaseChange.objects.count() == 2, "nothing more happens"
    assert again.case_of(ref("poverty")) == poor


def test_the_night_marks_who_needs_two_people(run: Callable[[], Snapshot], workers: dict[str, Any]) -> None:
    from mimamori.door import sensitive_refs

    snapshot = run()
    refs = {name: ref(name) for name in ("quiet", "protected", "protected_mother", "foster", "poverty")}
    found = sensitive_refs(snapshot, refs.values())
    assert found == {refs["protected"], refs["protected_mother"], refs["foster"]}


def test_what_a_killed_night_left_is_followed_by_the_next(run: Callable[[], Snapshot], workers: dict[str, Any]) -> None:
    snapshot = run()
    poor = snapshot.case_of(ref("poverty"))
    held = actions.start(Finding.objects.get(case_no=poor), by=workers["worker"])
    review.decide(pair_of("poverty", "poverty_brother"), same=True, by=workers["coordinator"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(night, "_take_up", _dies)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert CaseChange.objects.get().kind == ""
    run()
    held.refresh_from_db()
    assert held.case_no == current().case_of(ref("poverty"))
    assert CaseChange.objects.get().kind == "merged"


def _dies(*_given: Any, **_named: Any) -> None:
    raise KeyboardInterrupt
