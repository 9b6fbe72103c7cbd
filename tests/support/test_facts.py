"""What people have done, as filters are told it; filters that are kept under a name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from tests.support.made import CASE, DAY, row

from mimamori.refusal import Refused
from mimamori.screening.filters import FactTest, WorkTest, read
from mimamori.screening.unlisted import Drawn
from mimamori.support import actions, notes, saved_filters
from mimamori.support.facts import work_facts
from mimamori.support.models import Finding, SavedFilter
from mimamori.support.sampling import take_sample
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db
OTHER, DRAWN = "K-1111-2222-3", "K-3333-4444-5"


def facts() -> dict[str, dict[str, Any]]:
    return {one["case_no"]: one for one in work_facts().to_pylist()}


def true_of(case_no: str) -> set[str]:
    return {name for name, value in facts()[case_no].items() if value is True}


def test_each_step_tells(workers: dict[str, Any], finding: Finding) -> None:
    take_findings([row(must=True), row(OTHER)], as_of=DAY)
    assert true_of(CASE) == true_of(OTHER) == {"open"}
    assert facts()[CASE]["first_listed"] == DAY
    actions.assign(finding, to=workers["worker"], by=workers["supervisor"])
    assert true_of(CASE) == {"open", "assigned"}
    actions.start(finding.pk, by=workers["worker"])
    assert true_of(CASE) == {"open", "assigned", "looking"}
    actions.assess(
        finding.pk,
        by=workers["worker"],
        outcome="support_needed",
        checklist={},
        reason="訪問した。",
        text="母に会った。",
    )
    assert true_of(CASE) == {"open", "assigned", "assessed", "support_needed"}
    assert facts()[CASE]["last_assessed"] == timezone.localdate()
    assert true_of(OTHER) == {"open"}


def test_a_conference_is_a_meeting_that_stands(workers: dict[str, Any], finding: Finding) -> None:
    worker, today = workers["worker"], timezone.localdate()
    notes.write(finding.pk, by=worker, happened_on=today, kind="phone", result="reached", text="学校から電話。")
    assert "conference" not in true_of(CASE)
    note = notes.write(finding.pk, by=worker, happened_on=today, kind="meeting", text="判定会議。")
    assert "conference" in true_of(CASE)
    notes.withdraw(note.pk, by=worker, reason="別の児童の記録。")
    assert "conference" not in true_of(CASE)


def test_who_was_drawn_at_random_was_not_listed() -> None:
    take_sample([Drawn("40134", 50, (DRAWN,))], sizes={"40134": 1}, snapshot="s", as_of=DAY, seed=1)
    assert true_of(DRAWN) == {"open"}
    assert facts()[DRAWN]["first_listed"] is None


def test_a_closed_finding_and_a_new_one_are_one_row(finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(state="closed")
    take_findings([row(must=True, difficulty="carer", met=["new"])], as_of=date(2026, 11, 30))
    assert true_of(CASE) == {"open", "closed"}
    assert facts()[CASE]["first_listed"] == DAY


KNOWN, OPEN = read({"fact": "known"}), read({"work": "open"})


def test_a_filter_is_kept_by_name_and_replaced_by_its_author(workers: dict[str, Any]) -> None:
    first = saved_filters.save("  すでに  支援中 ", KNOWN, by=workers["worker"])
    assert (first.name, saved_filters.named("すでに 支援中")) == ("すでに 支援中", FactTest(fact="known"))
    second = saved_filters.save("すでに 支援中", OPEN, by=workers["worker"])
    assert saved_filters.named("すでに 支援中") == WorkTest(work="open")
    assert [one.pk for one in saved_filters.saved()] == [second.pk]
    assert SavedFilter.objects.get(pk=first.pk).withdrawn_by == workers["worker"]


def test_anothers_filter_is_neither_replaced_nor_dropped(workers: dict[str, Any]) -> None:
    made = saved_filters.save("支援中", KNOWN, by=workers["worker"])
    with pytest.raises(Refused, match="choose another"):
        saved_filters.save("支援中", OPEN, by=workers["coordinator"])
    with pytest.raises(Refused, match="one's own"):
        saved_filters.withdraw(made.pk, by=workers["coordinator"])
    saved_filters.withdraw(made.pk, by=workers["worker"])
    assert saved_filters.saved() == [] and saved_filters.named("支援中") is None
    saved_filters.save("支援中", OPEN, by=workers["coordinator"])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_a_name_is_a_name(workers: dict[str, Any], name: str) -> None:
    with pytest.raises(Refused):
        saved_filters.save(name, KNOWN, by=workers["worker"])


def test_who_sees_no_worklist_keeps_no_filter(workers: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        saved_filters.save("支援中", KNOWN, by=workers["auditor"])
