"""`mimamori screen`: the life of a version as people type it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tests.approving import TOLD, approved

from mimamori import governance
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.governance.models import ConditionVersion
from mimamori.screening import first_sets

pytestmark = pytest.mark.django_db
POVERTY = (files("mimamori.screening.conditions") / "poverty.toml").read_text(encoding="utf-8")


def test_a_version_goes_its_way_from_a_file_into_force(tmp_path: Path, workers: dict[str, Account]) -> None:
    path = tmp_path / "poverty.toml"
    path.write_bytes(b"\xef\xbb\xbf" + POVERTY.encode())  # as Notepad saves UTF-8
    assert run(["screen", "propose", str(path), "--by", "coordinator", "--note", "はじめ"]) == 0
    version = ConditionVersion.objects.get()
    pk = str(version.pk)
    assert run(["screen", "edit", pk, str(path), "--by", "coordinator", "--revision", "1"]) == 0
    assert run(["screen", "test", pk, "--by", "coordinator"]) == 0
    assert run(["screen", "ask", pk, "--by", "coordinator"]) == 2, "not tested yet"
    governance.record_proof(version, kind="persona", passed=False, summary=TOLD, by=None)
    governance.record_proof(version, kind="backtest", passed=True, summary=TOLD, by=None)
    assert run(["screen", "ask", pk, "--by", "coordinator"]) == 0
    assert run(["screen", "approve", pk, "--by", "coordinator"]) == 2
    assert run(["screen", "approve", pk, "--by", "manager"]) == 2, "a persona failed"
    assert governance.approved_sets() == ()
    assert run(["screen", "approve", pk, "--by", "manager", "--reason", "双子の例だけ"]) == 0
    assert [one.difficulty for one in governance.approved_sets()] == ["poverty"]
    assert run(["screen", "retire", pk, "--by", "manager", "--reason", "見直す"]) == 0
    assert run(["screen", "roll-back", pk, "--by", "manager"]) == 2, "without a reason"
    assert run(["screen", "roll-back", pk, "--by", "manager", "--reason", "もどす"]) == 0
    assert Event.objects.filter(action="denied", actor="coordinator").count() == 1


def test_sent_back_remarked_copied_and_withdrawn(workers: dict[str, Account]) -> None:
    from tests.approving import in_review

    version = in_review(first_sets()[0], workers)
    pk = str(version.pk)
    assert run(["screen", "return", pk, "--by", "manager", "--reason", "点が高い"]) == 0
    said = ["--said-by", "学校医 山口", "--on", "2026-11-01", "--text", "よい"]
    assert run(["screen", "remark", pk, "--by", "coordinator", *said]) == 0
    assert run(["screen", "withdraw", pk, "--by", "coordinator", "--reason", "作り直す"]) == 0
    assert run(["screen", "copy", pk, "--by", "coordinator"]) == 0
    assert [one.state for one in ConditionVersion.objects.order_by("number")] == ["withdrawn", "draft"]


def test_versions_are_listed_and_shown(workers: dict[str, Account], capsys: pytest.CaptureFixture[str]) -> None:
    version = approved(first_sets()[0], workers)
    governance.copy(version, by=workers["coordinator"])
    assert run(["screen", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["number"], one["state"], one["in_force"]) for one in listed] == [
        (2, "draft", False), (1, "approved", True),
    ]  # fmt: skip
    assert run(["screen", "show", str(version.pk), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [step["act"] for step in shown["record"]] == ["propose", "test", "ask", "approve"]
    assert {proof["kind"] for proof in shown["proofs"]} == {"persona", "backtest"}
    assert run(["screen", "show", "999"]) == 2
    assert run(["screen", "first"]) == 0
    assert "!" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [POVERTY.encode("cp932"), b"", b"\x00\xff", "困りごと".encode(), POVERTY.replace(">=", "=>").encode(), None],
)
def test_a_file_that_is_no_set_is_refused_in_japanese(
    tmp_path: Path, workers: dict[str, Account], capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "set.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert run(["screen", "propose", str(path), "--by", workers["coordinator"].username]) == 2
    out, err = capsys.readouterr()
    assert out == "" and any(ord(letter) > 0x3000 for letter in err) and "Traceback" not in err
    assert not ConditionVersion.objects.exists()


@pytest.mark.parametrize("number", ["999", "0"])
def test_no_run_is_repeated_that_was_none(number: str, workers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", "run", "--repeat", number]) == 2
    assert "ありません" in capsys.readouterr().err
