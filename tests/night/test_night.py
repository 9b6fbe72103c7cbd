"""The night and people's store: what goes in, what follows, and what a fault leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from tests.approving import approved as approve
from tests.cast import DAY, MINAMI

from mimamori import audit, night, pipeline
from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.governance import capacity
from mimamori.governance.models import Run
from mimamori.review.models import LedgerEntry
from mimamori.screening import first_sets
from mimamori.support.models import Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(workers: dict[str, Any]) -> None:
    for first in first_sets():
        approve(first, workers)


@pytest.fixture
def kept_snapshot(cast_home: Any, snapshot: Any, db: None) -> Any:
    """The cast's snapshot is in service again afterwards, for the other tests of this process.

    It was made without people's store, so its case numbers are not in the ledger and nothing of it is to be taken in.
    """
    Run.objects.create(state=Run.State.DONE, snapshot=snapshot.name, as_of=snapshot.as_of)
    pointer = cast_home.snapshots / "current"
    before = pointer.read_bytes()
    yield cast_home
    pointer.write_bytes(before)


@pytest.mark.usefixtures("approved")
def test_a_night_fills_ledger_worklist_and_run(kept_snapshot: Any, workers: dict[str, Any]) -> None:
    told: list[str] = []
    result = night.run(kept_snapshot, as_of=DAY, by=workers["coordinator"], phase=told.append)
    run = Run.objects.get(snapshot=result.snapshot, state="done")
    assert (run.state, run.snapshot, run.as_of, run.by) == ("done", result.snapshot, DAY, workers["coordinator"])
    assert set(run.versions) == {first.difficulty for first in first_sets()}
    assert told and run.phases
    assert night.repeat(kept_snapshot, run.pk).identical
    assert LedgerEntry.objects.exists()
    assert Finding.objects.filter(must=True).exists()
    assert sum(result.findings.values()) >= Finding.objects.count() > 0
    assert Event.objects.filter(action="night.run", actor="coordinator").count() == 1
    assert audit.verify().ok


@pytest.mark.usefixtures("approved")
def test_case_numbers_survive_the_next_night(kept_snapshot: Any) -> None:
    night.run(kept_snapshot, as_of=DAY)
    numbers = dict(LedgerEntry.objects.values_list("ref", "case_no"))
    cases = set(Finding.objects.values_list("case_no", flat=True))
    night.run(kept_snapshot, as_of=DAY)
    assert dict(LedgerEntry.objects.values_list("ref", "case_no")) == numbers
    assert set(Finding.objects.values_list("case_no", flat=True)) == cases


@pytest.mark.parametrize("who", ["worker", "supervisor", "manager", "auditor", "administrator", "analyst"])
def test_only_some_run_the_night(cast_home: Any, workers: dict[str, Any], who: str) -> None:
    with pytest.raises(Denied):
        night.run(cast_home, by=workers[who])
    assert not Run.objects.exists()


def test_a_fault_is_told_without_data(cast_home: Any, workers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**kwargs: Any) -> None:
        raise ValueError("森下 陽菜")

    monkeypatch.setattr(pipeline, "night", fails)
    with pytest.raises(ValueError):
        night.run(cast_home, as_of=DAY)
    run = Run.objects.get(state="failed")
    assert (run.fault, run.ended_at is not None) == ("ValueError", True)


def test_a_night_cut_off_after_publishing_is_made_good(cast_home: Any, snapshot: Any) -> None:
    Run.objects.create(state=Run.State.PUBLISHED, snapshot=snapshot.name, as_of=snapshot.as_of)
    assert not Finding.objects.exists()
    assert night.repair(cast_home)
    assert {finding.case_no for finding in Finding.objects.all()} == {row["case_no"] for row in snapshot.all_findings()}
    assert Run.objects.get().state == "done"
    assert not night.repair(cast_home)


def test_a_ward_takes_in_what_it_can_work_and_draws_its_sample(
    cast_home: Any, snapshot: Any, workers: dict[str, Any]
) -> None:
    month = timezone.localdate()
    capacity.set_capacity(MINAMI, month, by=workers["supervisor"], findings=0, sample=2)
    Run.objects.create(state=Run.State.PUBLISHED, snapshot=snapshot.name, as_of=snapshot.as_of)
    night.repair(cast_home)
    extracted = Finding.objects.filter(draw=None)
    assert extracted.filter(ward=MINAMI, must=True, waiting=False).exists()
    assert not extracted.filter(ward=MINAMI, must=False, waiting=False).exists()
    assert not extracted.exclude(ward=MINAMI).filter(waiting=True).exists()
    sampled = set(Finding.objects.exclude(draw=None).values_list("case_no", flat=True))
    assert sampled and not sampled & {row["case_no"] for row in snapshot.all_findings()}
