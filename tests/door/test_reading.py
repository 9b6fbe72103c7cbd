"""What a karte shows, what it withholds, and what the trail says of it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.cast import CHILDREN, DAY, MISSING, SECRET_ADDRESS, STALE, STALE_DAY

from mimamori import audit, door
from mimamori.audit.models import Event

pytestmark = pytest.mark.django_db


def whole(found: Any) -> str:
    """Everything a template could print."""
    return json.dumps(dataclasses.asdict(found), ensure_ascii=False, default=str)


def test_the_header(cast: dict[str, str], workers: dict[str, Any]) -> None:
    header = door.open_karte(workers["worker"], cast["poverty"]).header
    assert (header.name, header.kana, header.birth_date) == ("森下 陽菜", "モリシタ ヒナ", date(2016, 6, 14))
    assert (header.age, header.sex, header.ward_label, header.grade) == (10, "女", "南区", 4)
    assert "野間二丁目" in header.address and not header.address_withheld and header.protection is None


def test_in_english(cast: dict[str, str], workers: dict[str, Any]) -> None:
    karte = door.open_karte(workers["worker"], cast["poverty"], language="en")
    assert (karte.header.sex, karte.header.ward_label) == ("Female", "Minami-ku")
    assert karte.purpose_label == "Looking into a finding"
    assert karte.sections[0].label == "Resident register" or karte.sections[0].label.isascii()


@pytest.mark.parametrize(
    "who", ["worker", "supervisor", "centre_worker", "centre_supervisor", "coordinator", "manager"]
)
def test_a_protected_address_is_withheld_from_everybody(
    cast: dict[str, str], workers: dict[str, Any], who: str
) -> None:
    purpose = "supervision" if who == "manager" else "council"
    karte = door.open_karte(workers[who], cast["protected"], purpose=purpose)
    assert karte.header.protection is not None and karte.header.address_withheld
    shown = whole(karte)
    assert SECRET_ADDRESS not in shown and "柳瀬" not in shown


@pytest.mark.parametrize("child", CHILDREN)
def test_no_karte_leads_to_the_protected_address_or_the_other_parents_place(
    cast: dict[str, str], workers: dict[str, Any], child: str
) -> None:
    karte = door.open_karte(workers["centre_worker"], cast[child], purpose="council")
    assert "柳瀬" not in whole(karte)
    for relative in karte.family:
        if karte.header.protection is not None or relative.protected:
            assert relative.same_household or (relative.place_withheld and not relative.ward_label)


def test_lists_and_hits_hold_no_address(cast: dict[str, str], workers: dict[str, Any]) -> None:
    hits = door.search(workers["worker"], "佐伯")
    assert [hit.protected for hit in hits] == [True]
    headline = door.headlines(workers["worker"], [cast["protected"]])[cast["protected"]]
    assert headline.protected
    assert "柳瀬" not in whole(hits[0]) + whole(headline)


def test_a_stale_register_withholds_every_address(
    cast: dict[str, str], workers: dict[str, Any], snapshot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {**row, "state": "stale"} if row["source"] == "resident_register" else row for row in snapshot.source_status()
    ]
    monkeypatch.setattr(type(snapshot), "source_status", lambda self: rows)
    header = door.open_karte(workers["worker"], cast["poverty"]).header
    assert (header.address, header.address_withheld) == ("", True)


def test_the_cells_tell_unknown_from_none(cast: dict[str, str], workers: dict[str, Any]) -> None:
    karte = door.open_karte(workers["worker"], cast["poverty"])
    cells = {cell.source: cell for cell in karte.known}
    assert len(cells) >= 14
    assert cells["child_allowance"].state == "in_use"
    assert cells["childcare"].state in {"none", "not_covered"}
    assert cells[MISSING].state == "missing"
    assert (cells[STALE].state, cells[STALE].as_of) == ("stale", STALE_DAY)
    assert cells["pupil_register"].as_of == DAY
    private = {
        cell.source: cell for cell in door.open_karte(workers["worker"], cast["private"], purpose="council").known
    }
    assert private["school_affairs"].state == "not_covered"


def test_sections_show_rows_in_words(cast: dict[str, str], workers: dict[str, Any]) -> None:
    karte = door.open_karte(workers["worker"], cast["poverty"])
    sections = {section.source: section for section in karte.sections}
    tables = {table.name: table for table in sections["child_allowance"].tables}
    values = {value.field: value.text for value in tables["single_parent"].rows[0].values}
    assert values["cause"] == "離婚"
    assert "recipient_no" not in values and "child_no" not in values
    attendance = next(table for table in sections["school_affairs"].tables if table.name == "attendance")
    assert attendance.rows[0].day == date(2026, 10, 1)
    assert (sections[MISSING].freshness, sections[MISSING].tables) == ("missing", ())


@pytest.mark.parametrize(("who", "hidden"), [("worker", True), ("coordinator", True), ("centre_worker", False)])
def test_child_guidance_is_for_the_centre(
    cast: dict[str, str], workers: dict[str, Any], who: str, hidden: bool
) -> None:
    account = workers[who]
    if who == "worker":
        account.ward = "40131"  # the foster child lives in Higashi
        account.save()
    karte = door.open_karte(account, cast["foster"], purpose="council")
    section = next(section for section in karte.sections if section.source == "child_guidance")
    assert (section.hidden, bool(section.tables)) == (hidden, not hidden)
    assert {flag.kind for flag in karte.flags} == {"council", "guidance"}
    assert any(entry.source == "child_guidance" for entry in karte.timeline) is not hidden


def test_reasons_from_a_hidden_source_lose_their_content(
    cast: dict[str, str], workers: dict[str, Any], snapshot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = {
        "condition": "abuse_report", "indicator": "x", "domain": "d", "label": {"ja": "通告があった", "en": "Reported"},
        "must": True, "state": "met", "value": 1.0, "unit": None, "source": "child_guidance", "day": "2026-10-01",
        "why": None,
    }  # fmt: skip
    row = {"case_no": cast["poverty"], "difficulty": "abuse", "must": True, "tier": 1, "reasons": json.dumps([reason])}
    monkeypatch.setattr(type(snapshot), "findings", lambda self, case_no: [row])
    seen = door.open_karte(workers["worker"], cast["poverty"]).findings[0].reasons[0]
    assert (seen.hidden, seen.value, seen.day, seen.condition, seen.state, seen.must) == (
        True,
        "",
        None,
        "",
        "met",
        True,
    )
    assert "通告" not in seen.label
    full = door.open_karte(workers["centre_worker"], cast["poverty"], purpose="council").findings[0].reasons[0]
    assert (full.hidden, full.label, full.day) == (False, "通告があった", date(2026, 10, 1))


def test_findings_carry_conditions_met_failed_and_unknown(cast: dict[str, str], workers: dict[str, Any]) -> None:
    karte = door.open_karte(workers["worker"], cast["poverty"])
    assert {finding.difficulty for finding in karte.findings} >= {"absence"}
    absence = next(finding for finding in karte.findings if finding.difficulty == "absence")
    assert absence.must
    met = absence.met[0]
    assert met.must and met.label and met.source_label and met.day is not None
    assert door.open_karte(workers["worker"], cast["quiet"], purpose="council").findings == ()


def test_every_reading_is_in_the_trail(cast: dict[str, str], workers: dict[str, Any]) -> None:
    door.open_karte(workers["worker"], cast["poverty"])
    door.search(workers["worker"], "もりした")
    door.headlines(workers["worker"], [cast["poverty"], cast["baby"]])
    opened, searched, listed = Event.objects.order_by("number")
    assert (opened.action, opened.case_no, opened.purpose) == ("karte.open", cast["poverty"], "finding_check")
    assert "resident_register" in opened.details["sources"]
    assert (searched.details["kind"], searched.details["term"]) == ("kana", audit.term_hash("もりした"))
    assert searched.details["cases"] and set(searched.details["cases"]) == {cast["poverty"], cast["poverty_brother"]}
    assert listed.details["cases"] == [cast["poverty"], cast["baby"]]
    trail = str(list(Event.objects.values()))
    assert "もりした" not in trail and "森下" not in trail and "陽菜" not in trail


def test_a_reading_that_fails_to_be_logged_is_no_reading(
    cast: dict[str, str], workers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", broken)
    for reading in (
        lambda: door.open_karte(workers["worker"], cast["poverty"]),
        lambda: door.search(workers["worker"], "森下"),
        lambda: door.headlines(workers["worker"], [cast["poverty"]]),
    ):
        with pytest.raises(OSError, match="disk full"), transaction.atomic():
            reading()


def test_who_looked_at_this_child(cast: dict[str, str], workers: dict[str, Any]) -> None:
    assert door.open_karte(workers["worker"], cast["poverty"]).viewers == 1
    assert door.open_karte(workers["worker"], cast["poverty"]).viewers == 1
    assert door.open_karte(workers["coordinator"], cast["poverty"], purpose="council").viewers == 2
    seen = door.viewers(workers["supervisor"], cast["poverty"])
    assert [viewing.who for viewing in seen] == ["古賀", "田島", "田島"]
    assert seen[0].purpose == "要対協・会議の準備"
    with pytest.raises(door.NotFound):
        door.viewers(workers["outsider"], cast["poverty"])


def test_before_the_first_night(workers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from mimamori.karte import store
    from mimamori.refusal import Refused

    monkeypatch.setattr(store, "published_day", lambda config: None)
    assert door.published() is None
    assert door.source_status() == {"as_of": None, "rows": []}
    with pytest.raises(Refused, match="No night"):
        door.search(workers["worker"], "森下")
