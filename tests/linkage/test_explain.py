"""`mimamori explain`: who may, what it shows, and that it is logged."""

from __future__ import annotations

import json

import pytest

from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.cli.entry import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database is made by pytest."""
    monkeypatch.setattr("mimamori.web.database.check_ready", lambda: None)


def test_the_coordinator_sees_masked_keys_and_is_logged(
    cast: dict[str, str], workers: dict[str, Account], capsys: pytest.CaptureFixture[str]
) -> None:
    case_no = cast["foreign"]
    assert run(["explain", case_no, "--by", workers["coordinator"].username, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["case_no"] == case_no
    assert all("…" in key["ref"] for key in found["keys"])
    assert any(key["how"].startswith(("pass:", "splink")) for key in found["keys"])
    event = Event.objects.get(action="linkage.explain")
    assert (event.actor, event.case_no) == (workers["coordinator"].username, case_no)


def test_in_words(cast: dict[str, str], workers: dict[str, Account], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", cast["quiet"], "--by", workers["coordinator"].username]) == 0
    text = capsys.readouterr().out
    assert "番号が一致" in text
    assert "氏名" in text


@pytest.mark.parametrize("role", ["ward_worker", "administrator", "auditor", "analyst"])
def test_others_are_refused_and_that_is_logged(role: str, cast: dict[str, str], workers: dict[str, Account]) -> None:
    account = next(account for account in workers.values() if account.role == role)
    assert run(["explain", cast["quiet"], "--by", account.username, "--json"]) == 2
    assert Event.objects.filter(action="denied", actor=account.username).exists()


@pytest.mark.parametrize("case_no", ["K-0000-0000-1", "123", "K-1234-5678-9"])
def test_a_number_that_is_none(case_no: str, workers: dict[str, Account], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", case_no, "--by", workers["coordinator"].username]) == 2
    assert capsys.readouterr().out == ""


def test_an_unknown_account(cast: dict[str, str], db: None) -> None:
    assert run(["explain", cast["quiet"], "--by", "nobody"]) == 2
