"""What a reader sees of what changed in a finding since the run before."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mimamori import door
from mimamori.karte.snapshot import Snapshot

pytestmark = pytest.mark.django_db

BEFORE = date(2026, 9, 30)
LABEL = {"ja": "給食費の滞納が 3か月 以上", "en": "Arrears of 3 months or more"}


def row(case_no: str, difficulty: str, kind: str, causes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    told = {"must_before": None, "tier_before": None, "must": False, "tier": 2}
    flags = {"by_set": False, "arrived": False, "by_age": False}
    return {
        "case_no": case_no, "difficulty": difficulty, "since": BEFORE, "kind": kind, "causes": json.dumps(causes),
        **told, **flags, **more,
    }  # fmt: skip


def cause(source: str) -> dict[str, Any]:
    return {
        "condition": "arrears", "label": LABEL, "must": False, "source": source, "unit": {"ja": "か月", "en": "months"},
        "cause": "value", "state_before": "failed", "value_before": 1.0, "state": "met", "value": 4.0,
        "day": "2026-10-01",
    }  # fmt: skip


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The rows of `finding_changes` of whoever is asked for; a test fills them."""
    rows: list[dict[str, Any]] = []
    monkeypatch.setattr(Snapshot, "compared_on", BEFORE)
    monkeypatch.setattr(
        Snapshot, "finding_changes", lambda self, case_no: [row for row in rows if row["case_no"] == case_no]
    )
    return rows


def test_without_a_run_before_nothing_is_said_to_be_as_before(cast: dict[str, str], workers: dict[str, Any]) -> None:
    karte = door.open_karte(workers["worker"], cast["poverty"])
    assert karte.findings and all(view.change is None for view in karte.findings) and karte.gone == ()


def test_a_change_stands_at_its_finding_and_the_others_are_as_before(
    cast: dict[str, str], workers: dict[str, Any], compared: list[dict[str, Any]]
) -> None:
    case_no = cast["poverty"]
    listed = [view.difficulty for view in door.open_karte(workers["worker"], case_no).findings]
    compared += [
        row(case_no, listed[0], "new", [cause("school_lunch_fees")]),
        row(case_no, "postnatal", "gone", [], must_before=True, tier_before=1, must=None, tier=None, by_set=True),
    ]
    karte = door.open_karte(workers["worker"], case_no)
    first, *others = karte.findings
    assert first.change and (first.change.kind, first.change.since) == ("new", BEFORE)
    (told,) = first.change.causes
    assert (told.label, told.value_before, told.value, told.unit) == (LABEL["ja"], "1", "4", "か月")
    assert (told.state_before, told.state, told.day, told.hidden) == ("failed", "met", date(2026, 10, 1), False)
    assert all(view.change and view.change.kind == "same" for view in others)
    (gone,) = karte.gone
    assert (gone.difficulty, gone.must_before, gone.tier, gone.by_set) == ("postnatal", True, None, True)


def test_what_a_reader_may_not_see_stays_hidden_in_a_change(
    cast: dict[str, str], workers: dict[str, Any], compared: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = cast["poverty"]
    difficulty = door.open_karte(workers["worker"], case_no).findings[0].difficulty
    compared.append(row(case_no, difficulty, "new", [cause("child_guidance")]))
    monkeypatch.setattr("mimamori.door.masking.Reader.may_see_source", lambda self, layout: False)
    (told,) = door.open_karte(workers["worker"], case_no).findings[0].change.causes  # type: ignore[union-attr]
    assert told.hidden and LABEL["ja"] not in told.label
    assert (told.value, told.value_before, told.day) == ("", "", None)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ja", ("前回(9/30)は載っていませんでした。", "非該当 1か月 → 該当 4か月", "今回は載っていません")),
        ("en", ("Not listed by the run before (30 Sep).", "Not met 1 months → Met 4 months", "Not listed now")),
    ],
)
def test_the_page_says_it_in_sentences(
    cast: dict[str, str], worker_in: Any, compared: list[dict[str, Any]], language: str, told: tuple[str, ...]
) -> None:
    case_no = cast["poverty"]
    account, client = worker_in
    difficulty = door.open_karte(account, case_no).findings[0].difficulty
    compared += [
        row(case_no, difficulty, "new", [cause("school_lunch_fees")]),
        row(case_no, "postnatal", "gone", [], must_before=False, tier_before=2, must=None, tier=None, by_age=True),
    ]
    client.cookies["django_language"] = language
    page = client.get(f"/karte/{case_no}/").content.decode()
    assert [sentence for sentence in told if sentence not in page] == []


@pytest.fixture
def worker_in(workers: dict[str, Any], client: Any) -> Any:
    client.force_login(workers["worker"])
    return workers["worker"], client
