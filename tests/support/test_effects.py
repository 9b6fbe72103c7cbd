"""What came of support: at its times, on one scale, and before the case is closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.screening.fates import months_after
from mimamori.support import actions, effects, worklist
from mimamori.support.models import Effect, Finding
from mimamori.support.steps import FindingNotFound

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"scale": "better", "text": "担任に聞いた。"}


@pytest.fixture
def supported(finding: Finding, workers: dict[str, Any]) -> Finding:
    actions.start(finding, by=workers["worker"])
    actions.assess(finding, by=workers["worker"], outcome="support_needed", reason="理由", text="所見", checklist={})
    return Finding.objects.get()


def since(months: int, of: Finding) -> Finding:
    """As if support had been found to be needed so many months ago."""
    of.supported_from = months_after(timezone.localdate(), -months) - timedelta(days=3)
    of.effect_due_on = effects.next_due(of)
    of.save()
    return Finding.objects.get()


def test_the_months_run_from_the_day_support_was_found_to_be_needed(supported: Finding) -> None:
    today = timezone.localdate()
    assert supported.supported_from == today
    assert supported.effect_due_on == months_after(today, 3)
    assert effects.open_times(supported) == ["closing"]


def test_it_stands_on_a_list_of_its_own_until_it_is_recorded(supported: Finding, workers: dict[str, Any]) -> None:
    worker = workers["worker"]
    assert worklist.worklist(worker, view="effects").total == 0
    found = since(7, supported)
    assert worklist.worklist(worker, view="effects").total == 1
    assert effects.open_times(found)[:2] == ["3", "6"]
    effects.record(found, by=worker, time="3", **SAID)
    effects.record(found, by=worker, time="6", **SAID)
    found = Finding.objects.get()
    assert found.supported_from and found.effect_due_on == months_after(found.supported_from, 12)
    assert worklist.worklist(worker, view="effects").total == 0
    assert worklist.worklist(workers["outsider"], view="effects").total == 0


def test_after_closing_the_months_go_on(supported: Finding, workers: dict[str, Any]) -> None:
    found = since(4, supported)
    Finding.objects.filter(pk=found.pk).update(state="closed")
    assert worklist.worklist(workers["worker"], view="effects").total == 1
    found = Finding.objects.get()
    effects.record(found, by=workers["worker"], time="3", **SAID)
    with pytest.raises(Refused, match="closed"):
        effects.record(found, by=workers["worker"], time="closing", **SAID)


@pytest.mark.parametrize(
    "changed", [{"time": "6"}, {"time": "9"}, {"scale": "fine"}, {"text": " "}], ids=lambda changed: next(iter(changed))
)
def test_what_cannot_be_told_is_refused_and_nothing_is_kept(
    changed: dict[str, str], supported: Finding, workers: dict[str, Any]
) -> None:
    found = since(4, supported)
    with pytest.raises(Refused):
        effects.record(found, by=workers["worker"], **({"time": "3", **SAID} | changed))
    assert not Effect.objects.exists()


def test_without_support_there_is_nothing_to_record(finding: Finding, workers: dict[str, Any]) -> None:
    actions.start(finding, by=workers["worker"])
    with pytest.raises(Refused, match="support was found"):
        effects.record(finding, by=workers["worker"], time="closing", **SAID)
    actions.assess(finding, by=workers["worker"], outcome="no_need", reason="r", text="t", checklist={})
    actions.close(finding.pk, by=workers["supervisor"], reason="その所見のとおり")
    assert Finding.objects.get().effect_due_on is None


def test_of_one_time_the_last_counts_and_what_was_said_stays(supported: Finding, workers: dict[str, Any]) -> None:
    for scale in ("same", "better"):
        effects.record(supported, by=workers["worker"], time="closing", **(SAID | {"scale": scale}))
    assert [one.scale for one in supported.effects.all()] == ["better", "same"]
    detail = Event.objects.filter(action="finding.effect").order_by("-number")[0]
    assert detail.details["scale"] == "better" and "担任" not in detail.detail


def test_who_may(supported: Finding, workers: dict[str, Any]) -> None:
    for who, refused in (("outsider", FindingNotFound), ("coordinator", Denied), ("analyst", Denied)):
        with pytest.raises(refused):
            effects.record(supported, by=workers[who], time="closing", **SAID)


def test_ends_of_months(supported: Finding) -> None:
    supported.supported_from = date(2026, 11, 30)
    assert effects.next_due(supported) == date(2027, 2, 28)
