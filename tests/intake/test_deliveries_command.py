"""`mimamori deliveries`: the list, the report of one delivery, and its document."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.extracts import write_extract
from tests.plain import plain_rows

from mimamori import config
from mimamori.cli.entry import run
from mimamori.intake import receive
from mimamori.privacy.keys import KeyRing
from mimamori.sources import load_registry


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with three months of one table: an item is filled, filled, and left out."""
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path / "home"))
    settings, registry = config.load(), load_registry()
    layout = registry.get("school_affairs")
    table = layout.tables[0]
    needed = {item.field for item in table.items if item.required or item.field in table.row_key}
    optional = next(item.field for item in table.items if item.field not in needed and item.type == "text")
    for month, filled in ((8, True), (9, True), (10, False)):
        rows = plain_rows(layout, table, 40, **({optional: "x"} if filled else {}))
        rows.append({**rows[0], table.row_key[0]: ""})
        path = write_extract(tmp_path, layout, table, date(2026, month, 28), rows=rows)
        [receipt] = receive([path], config=settings, keyring=KeyRing(settings.keys), registry=registry, confirm=True)
        assert receipt.state == "stored", receipt.reasons
    return tmp_path


def test_the_list_counts_and_marks(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deliveries", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["delivery"], one["received"], one["stored"], one["quarantined"]) for one in told] == [
        (f"2026-{month}-28.1", 41, 40, 1) for month in ("08", "09", "10")
    ]
    assert [one["fallen_items"] for one in told] == [0, 0, 1]
    assert run(["deliveries", "school_affairs"]) == 0
    assert "2026-10-28.1" in capsys.readouterr().out
    assert run(["deliveries", "childcare", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_one_delivery_as_a_document_and_in_words(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["deliveries", "school_affairs", "2026-10-28.1", "--json"]) == 1, "a person should look"
    told = json.loads(capsys.readouterr().out)
    [table] = told["tables"]
    [fell] = [item for item in table["items"] if item["fell"]]
    assert (fell["filled"][-1], fell["usual"]) == (0.0, 1.0)
    assert table["days"] == ["2026-08-28", "2026-09-28", "2026-10-28"]
    [row] = told["quarantine"]
    assert (row["sheet"], row["line"] > 1, bool(row["reason"]["en"])) == (None, True, True)
    assert row["item"] == {"ja": "児童生徒番号", "en": "Pupil number"}
    assert run(["deliveries", "school_affairs", "2026-09-28.1"]) == 0
    words = capsys.readouterr().out
    assert all(word in words for word in ("受領 41", "保存 40", "隔離 1", "対象外 0", "記入率", "行目"))
    monkeypatch.setenv("MIMAMORI_LANGUAGE", "en")
    assert run(["deliveries", "school_affairs", "2026-10-28.1"]) == 1
    assert "! fell" in capsys.readouterr().out


@pytest.mark.parametrize("asked", [["no_such"], ["school_affairs", "2026-10-28.9"]])
def test_what_is_not_there_is_refused(home: Path, asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deliveries", *asked]) == 2
    assert "Traceback" not in capsys.readouterr().err
