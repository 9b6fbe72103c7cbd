"""Any past run can be repeated to the byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.approving import approved
from tests.cast import DAY

from mimamori import governance, night
from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.governance.models import Run
from mimamori.karte.snapshot import Snapshot
from mimamori.refusal import Refused
from mimamori.screening import findings_digest, first_sets

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(snapshot: Snapshot, workers: dict[str, Any]) -> Run:
    """The night that made the cast's snapshot with the first sets, as the store notes it."""
    return Run.objects.create(
        state=Run.State.DONE,
        snapshot=snapshot.name,
        as_of=DAY,
        versions={version.difficulty: version.number for version in (approved(one, workers) for one in first_sets())},
        code=governance.code_version(),
        digest=findings_digest(snapshot.cursor()),
    )


def test_a_repeat_is_identical_whatever_is_in_force_now(
    ran: Run, cast_home: Any, workers: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    for first in first_sets():
        approved(first.model_copy(update={"tiers": (100.0,)}), workers)
    pointer = (cast_home.snapshots / "current").read_bytes()
    found = night.repeat(cast_home, ran.pk)
    assert found.identical and found.same_code
    assert found.findings == found.findings_now
    assert sum(found.findings.values()) > 0
    assert (cast_home.snapshots / "current").read_bytes() == pointer
    assert run(["screen", "run", "--repeat", str(ran.pk), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["identical"], told["digest_now"], told["snapshot"]) == (True, ran.digest, ran.snapshot)
    assert Event.objects.filter(action="night.repeat").count() == 2


def test_one_byte_less_is_told(ran: Run, cast_home: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Run.objects.filter(pk=ran.pk).update(digest="0" * 64, code="0.0.1+0 duckdb 1")
    found = night.repeat(cast_home, ran.pk)
    assert not found.identical and not found.same_code
    assert run(["screen", "run", "--repeat", str(ran.pk)]) == 1
    assert "ちがいます" in capsys.readouterr().err


def test_a_run_of_before_digests_is_held_against_its_snapshot(ran: Run, cast_home: Any) -> None:
    Run.objects.filter(pk=ran.pk).update(digest="")
    assert night.repeat(cast_home, ran.pk).identical
    older = {**ran.versions}
    older.popitem()
    Run.objects.filter(pk=ran.pk).update(digest="", versions=older)
    assert not night.repeat(cast_home, ran.pk).identical


def test_a_snapshot_that_is_gone_is_told(ran: Run, cast_home: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Run.objects.filter(pk=ran.pk).update(snapshot="2020-01-01.00000000")
    assert run(["screen", "run", "--repeat", str(ran.pk)]) == 2
    assert "2020-01-01.00000000" in capsys.readouterr().err


def test_the_snapshot_in_service_is_untouched(ran: Run, cast_home: Any, snapshot: Snapshot) -> None:
    before = snapshot.all_findings()
    Run.objects.filter(pk=ran.pk).update(versions={})
    with pytest.raises(Refused, match="no versions"):
        night.repeat(cast_home, ran.pk)
    Run.objects.filter(pk=ran.pk).update(versions={"poverty": 1})
    assert set(night.repeat(cast_home, ran.pk).findings_now) == {"poverty"}
    assert snapshot.all_findings() == before


def test_only_who_runs_nights_repeats_them(ran: Run, cast_home: Any, workers: dict[str, Any]) -> None:
    with pytest.raises(Denied):
        night.repeat(cast_home, ran.pk, by=workers["worker"])
