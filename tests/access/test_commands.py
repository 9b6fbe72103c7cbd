"""`mimamori accounts` and `mimamori audit`, as people type them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.db import connection

from mimamori import audit
from mimamori.access.models import Account
from mimamori.audit.guards import lifted
from mimamori.cli.entry import run

pytestmark = pytest.mark.django_db
WORKER = ["--username", "sato", "--role", "ward_worker", "--ward", "40134", "--name", "佐藤"]


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_an_account_is_made_with_a_password_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["accounts", "create", *WORKER, "--json"]) == 0
    made = told(capsys)
    assert Account.objects.get(username="sato").check_password(made["password"])


def test_a_password_from_standard_input_is_not_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kumo-no-ue-42\n"))
    assert run(["accounts", "create", *WORKER, "--password-stdin", "--json"]) == 0
    assert "password" not in told(capsys)
    assert Account.objects.get(username="sato").check_password("kumo-no-ue-42")


@pytest.mark.parametrize(
    "change",
    [
        ["--role", "mayor"],
        ["--ward", "99999"],
        ["--ward", ""],
        ["--name", " "],
        ["--username", "さとう"],
    ],
)
def test_wrong_input_is_refused_in_japanese(capsys: pytest.CaptureFixture[str], change: list[str]) -> None:
    assert run(["accounts", "create", *WORKER, *change]) == 2
    out, err = capsys.readouterr()
    assert out == "" and any(ord(letter) > 0x3000 for letter in err) and "Traceback" not in err
    assert not Account.objects.exists()


def test_the_list_and_stopping(capsys: pytest.CaptureFixture[str]) -> None:
    run(["accounts", "create", *WORKER])
    assert run(["accounts", "disable", "--username", "sato"]) == 0
    capsys.readouterr()
    assert run(["accounts", "list", "--json"]) == 0
    assert [(row["username"], row["role"], row["active"]) for row in told(capsys)] == [("sato", "ward_worker", False)]
    assert run(["accounts", "disable", "--username", "nobody"]) == 2


def test_verify_ends_with_one_where_the_chain_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        audit.record("search", by=None)
    assert run(["audit", "verify", "--json"]) == 0
    assert told(capsys) == {"rows": 3, "ok": True, "faults": []}
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number = 2")
    assert run(["audit", "verify", "--json"]) == 1
    found = told(capsys)
    assert (found["rows"], found["ok"], found["faults"][0]) == (2, False, {"number": 2, "what": "missing"})


def test_report(capsys: pytest.CaptureFixture[str], workers: dict[str, Any]) -> None:
    audit.record("karte.open", by=workers["worker"], case_no="K-1")
    assert run(["audit", "report", "--json"]) == 0
    assert told(capsys)["readings"] == {"worker": {"karte.open": 1}}
    assert run(["audit", "report", "--from", "tomorrow"]) == 2
    assert run(["audit", "report", "--from", "2026-10-02", "--to", "2026-10-01"]) == 2
