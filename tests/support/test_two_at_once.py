"""Two workers at the same moment: one is first, the other is told, nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.support.made import DAY, row

from mimamori import audit
from mimamori.refusal import Refused
from mimamori.support import actions
from mimamori.support.models import Assessment, Finding
from mimamori.support.steps import Stale
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db(transaction=True)
JUDGED: dict[str, Any] = {"outcome": "no_need", "reason": "理由", "checklist": {}}


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Start all acts at once; what each returned or raised."""
    ready = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def act(place: int) -> None:
        ready.wait()
        try:
            found[place] = acts[place]()
        except Exception as fault:  # noqa: BLE001 - told to the test
            found[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_assessments_from_the_same_form(finding: Finding, workers: dict[str, Any]) -> None:
    version = actions.start(finding, by=workers["worker"]).version
    found = together(
        lambda: actions.assess(finding, by=workers["worker"], text="ひとり目", version=version, **JUDGED),
        lambda: actions.assess(finding, by=workers["supervisor"], text="ふたり目", version=version, **JUDGED),
    )
    assert sorted(type(one).__name__ for one in found) == ["Assessment", "Stale"]
    late = next(one for one in found if isinstance(one, Stale))
    assert {late.yours, late.theirs} == {"ひとり目", "ふたり目"}
    assert Assessment.objects.count() == 1
    assert audit.verify().ok


def test_two_who_begin_to_look(finding: Finding, workers: dict[str, Any]) -> None:
    found = together(
        lambda: actions.start(finding, by=workers["worker"]), lambda: actions.start(finding, by=workers["supervisor"])
    )
    assert sum(isinstance(one, Finding) for one in found) == 1
    assert sum(isinstance(one, Refused) for one in found) == 1


def test_a_night_while_a_worker_begins(finding: Finding, workers: dict[str, Any]) -> None:
    rows = [row(must=True, met=["in_a_row_7", "days_30"], ward="40134")]
    found = together(
        lambda: actions.start(finding, by=workers["worker"]),
        lambda: take_findings(rows, as_of=DAY.replace(month=11, day=1)),
    )
    assert not [one for one in found if isinstance(one, Exception)]
    now = Finding.objects.get()
    assert (now.state, now.owner, now.version) == ("looking", workers["worker"], 2)
    assert now.reasons == {"absence": ["in_a_row_7", "days_30"]}
