"""What a person is told who asks what is held on them: all of theirs, nothing of others, and a line in the trail."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cast import DAY, SECRET_ADDRESS

from mimamori import door
from mimamori.access import Denied, Permission, may
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.exchange import as_document, as_html, document_for
from mimamori.refusal import Refused

pytestmark = pytest.mark.django_db


def items(document: dict[str, Any], source: str) -> dict[str, str]:
    """Item → value of a source's rows in the document (the last row wins)."""
    tables = [table for part in document["sources"] if part["source"] == source for table in part["tables"]]
    rows = [row for table in tables for row in table["rows"]]
    return {item["item"]: item["value"] for row in rows for item in row["items"]}


def document(case_no: str, by: Any, **options: Any) -> dict[str, Any]:
    return as_document(document_for(case_no, by=by, **options))


def test_a_childs_document_names_each_source_its_owner_its_basis_and_its_day(
    cast: dict[str, str], workers: dict[str, Any]
) -> None:
    found = document(cast["poverty"], workers["coordinator"])
    assert (found["person"]["name"], found["person"]["birth_date"]) == ("森下 陽菜", "2016-06-14")
    assert found["as_of"] == DAY.isoformat()
    assert [part["source"] for part in found["sources"]] == [
        "resident_register", "child_allowance", "medical_subsidy", "pupil_register", "school_affairs",
        "school_lunch_fees", "school_collections",
    ]  # fmt: skip
    assert all(part["owner"] and part["legal_basis"] and part["as_of"] for part in found["sources"])
    assert items(found, "school_collections")["unpaid"] == "9,000円"
    assert any(number.startswith("addressee_no:") for number in found["numbers"])
    assert found["complete"] is True


def test_what_speaks_of_another_is_theirs(cast: dict[str, str], workers: dict[str, Any]) -> None:
    child = document(cast["poverty_brother"], workers["coordinator"])
    mother = document(cast["poverty_mother"], workers["coordinator"])
    assert items(child, "childcare")["facility_kind"] == "認可保育所等"
    assert not {"need", "income_band", "arrears_months"} & set(items(child, "childcare"))
    assert items(mother, "childcare") == {"need": "就労", "income_band": "市民税非課税", "arrears_months": "3か月"}
    assert items(mother, "child_allowance") == {"cause": "離婚", "payment": "全部支給", "report": "未提出"}
    baby = document(cast["baby"], workers["coordinator"])
    assert items(baby, "maternal_child_health")["weight_g"] == "2,310g"
    assert "epds_total" not in json.dumps(baby)
    assert items(document(cast["baby_mother"], workers["coordinator"]), "maternal_child_health")["epds_q10"] == "1点"


def test_nobody_else_is_named(cast: dict[str, str], workers: dict[str, Any]) -> None:
    text = json.dumps(document(cast["poverty_brother"], workers["coordinator"]), ensure_ascii=False)
    assert "森下 蓮" in text
    for other in ("poverty", "poverty_mother"):
        assert cast[other] not in text
    assert "陽菜" not in text


def test_items_above_the_preparers_sight_are_counted_and_not_shown(
    cast: dict[str, str], workers: dict[str, Any]
) -> None:
    found = document(cast["foster"], workers["coordinator"])
    guidance = next(part for part in found["sources"] if part["source"] == "child_guidance")
    assert guidance["tables"] == []
    assert (
        guidance["withheld"] == 7
    )  # sex, day and kind of two rows, the measure; the route is the reporter's, not counted
    assert found["complete"] is False


def test_a_protected_persons_document_needs_a_confirmation_and_holds_no_address(
    cast: dict[str, str], workers: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="protected"):
        document_for(cast["protected"], by=workers["coordinator"])
    assert not Event.objects.filter(action="disclose").exists()
    made = document_for(cast["protected"], by=workers["coordinator"], confirmed=True)
    for text in (json.dumps(as_document(made), ensure_ascii=False), as_html(made)):
        assert SECRET_ADDRESS not in text
        assert "柳瀬" not in text
    assert as_document(made)["person"]["address_withheld"] is True


def test_the_trail_tells_who_disclosed_what(cast: dict[str, str], workers: dict[str, Any]) -> None:
    document_for(cast["foster"], by=workers["coordinator"])
    event = Event.objects.get(action="disclose")
    detail = json.loads(event.detail)
    assert (event.actor, event.case_no, event.purpose) == ("coordinator", cast["foster"], "disclosure")
    assert detail["withheld"] == 7
    assert "child_guidance" in detail["sources"]
    assert "川上" not in event.detail


def test_only_who_may_disclose_does(cast: dict[str, str], workers: dict[str, Any]) -> None:
    for name, account in workers.items():
        if not may(account, Permission.DISCLOSE):
            with pytest.raises(Denied):
                document_for(cast["quiet"], by=account)
        else:
            assert name == "coordinator"


def test_nobody_is_not_found(cast: dict[str, str], workers: dict[str, Any]) -> None:
    with pytest.raises(door.NotFound):
        document_for("K-0000-0000-0", by=workers["coordinator"])


def test_records_of_staff_wait_for_a_persons_eye(
    cast: dict[str, str], workers: dict[str, Any], findings: dict[str, Any]
) -> None:
    from mimamori.support.models import Assessment, Draft, Note

    finding = findings[cast["poverty"]]
    facts = {"finding": finding, "case_no": finding.case_no, "by": workers["worker"], "as_of": DAY}
    Assessment.objects.create(
        **facts, text="母と面談", outcome="no_need", recorded_at=datetime(2026, 11, 2, tzinfo=UTC)
    )
    other = Assessment.objects.create(
        **facts | {"case_no": "K-0000-0000-0"},
        text="前の番号で",
        outcome="watch",
        recorded_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    Draft.objects.create(account=workers["worker"], form=f"assess:{finding.pk}", values={"text": ["下書き"]})
    Note.objects.create(finding=finding, by=workers["worker"], happened_on=DAY, kind="phone", text="祖母と電話")
    Note.objects.create(
        finding=finding,
        by=workers["worker"],
        happened_on=DAY,
        kind="phone",
        text="よその子",
        withdrawn_at=other.recorded_at,
    )
    made = document_for(finding.case_no, by=workers["coordinator"])
    assert [(one.kind, one.day, one.text) for one in made.judgements] == [
        ("note", DAY, "祖母と電話"),
        ("assessment", date(2026, 11, 1), "前の番号で"),  # written before a merge gave the child its present number
        ("assessment", date(2026, 11, 2), "母と面談"),
    ]
    assert made.needs_a_person
    assert as_document(made)["difficulties"]
    assert "下書き" not in as_html(made)
    assert "【職員へ】" in as_html(made)


def test_the_page_escapes_what_systems_say(
    cast: dict[str, str], workers: dict[str, Any], findings: dict[str, Any]
) -> None:
    from mimamori.support.models import Assessment

    finding = findings[cast["poverty"]]
    Assessment.objects.create(
        finding=finding, case_no=finding.case_no, by=workers["worker"], as_of=DAY, text="<script>alert(1)</script>",
        outcome="no_need", recorded_at=datetime(2026, 11, 2, tzinfo=UTC),
    )  # fmt: skip
    page = as_html(document_for(finding.case_no, by=workers["coordinator"], language="en"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert '<html lang="en">' in page


def test_the_command_writes_a_file_for_its_maker_alone(
    cast: dict[str, str], workers: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "answer.html"
    assert run(["disclose", cast["quiet"], "--by", "coordinator", "--out", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert "青木 陽斗" in out.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""
    assert run(["disclose", cast["quiet"], "--by", "coordinator", "--out", str(out)]) == 2, "never over another file"


def test_the_command_says_when_a_person_is_needed(
    cast: dict[str, str], workers: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["disclose", cast["foster"], "--by", "coordinator", "--json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["complete"] is False
    assert "7 件" in captured.err


@pytest.mark.parametrize(
    "arguments",
    [["--by", "coordinator"], ["--by", "nobody", "--json"], ["--by", "coordinator", "--out", "answer.pdf"]],
)
def test_the_command_refuses(
    cast: dict[str, str], workers: dict[str, Any], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["disclose", cast["quiet"], *arguments]) == 2
    assert not Event.objects.filter(action="disclose").exists()


def test_a_denial_by_the_command_is_in_the_trail(cast: dict[str, str], workers: dict[str, Any]) -> None:
    assert run(["disclose", cast["quiet"], "--by", "auditor", "--json"]) == 2
    event = Event.objects.get(action="denied")
    assert (event.actor, json.loads(event.detail)["permission"]) == ("auditor", "disclose")
