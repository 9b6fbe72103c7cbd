"""A database's answer becomes a delivery as a file does: the same checks, and one delivery for all its tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.intake.small import BEFORE, DAY, Home, home_of, layout_of

from mimamori.intake import Receipt, answers
from mimamori.refusal import Refused

Told = dict[str, list[dict[str, str]]]
ROW = {"番号": "0001", "氏名": "青木 陽斗", "begun": "2022-02-25", "備考": "-"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_of(tmp_path, layout_of({}, {"name": "visits", "most_bad": 0.0}))
    for table in ("rows", "visits"):
        (home.config.home / "queries" / "core").mkdir(parents=True, exist_ok=True)
        (home.config.home / "queries" / "core" / f"small.{table}.sql").write_text("SELECT 1", encoding="utf-8")
    return home


def ask(home: Home, told: Told, monkeypatch: pytest.MonkeyPatch, *, day: date = DAY, confirm: bool = False) -> Receipt:
    def fetch(_layout: Any, table: Any, **_: Any) -> Iterator[pa.RecordBatch]:
        rows = told[table.name]
        for place in range(0, len(rows), 2):  # batches of two
            yield pa.RecordBatch.from_pylist(rows[place : place + 2])

    with monkeypatch.context() as patched:
        patched.setattr(answers, "fetch", fetch)
        return answers.receive_answers(
            "small", day, config=home.config, keyring=home.keyring, registry=home.registry, confirm=confirm
        )


def test_the_answers_of_a_source_are_one_delivery(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**ROW, "番号": f"{place:04}"} for place in range(5)]
    receipt = ask(home, {"rows": [*rows, {**ROW, "begun": "2月30日"}], "visits": [ROW]}, monkeypatch)
    assert (receipt.state, receipt.received, receipt.stored, receipt.quarantined) == ("stored", 7, 6, 1)
    assert [row["no"] for row in home.state()] == [f"{place:04}" for place in range(5)]
    [held] = home.quarantine()
    assert (held.file, held.line, held.item) == ("small.rows.20261031.sql", 6, "開始日")
    [delivery] = home.deliveries()
    assert set(delivery.tables) == {"rows", "visits"}
    assert delivery.tables["rows"].undeclared == 1
    assert list((home.config.deliveries / "small" / delivery.id / "received").iterdir()) == []


def test_an_answer_that_must_not_be_taken_leaves_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = [{**ROW, "番号": str(place), "begun": "x"} for place in range(9)]
    with pytest.raises(Refused, match="bad"):
        ask(home, {"rows": [ROW], "visits": bad}, monkeypatch)
    with pytest.raises(Refused, match="required columns"):
        ask(home, {"rows": [{"番号": "1"}], "visits": [ROW]}, monkeypatch)
    assert home.on_disk() == []


def test_a_fall_asks_a_person(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{**ROW, "番号": str(place)} for place in range(40)]
    assert ask(home, {"rows": many, "visits": [ROW]}, monkeypatch, day=BEFORE).state == "stored"
    fewer: Told = {"rows": many[:20], "visits": [ROW]}
    assert ask(home, fewer, monkeypatch).state == "to_confirm"
    assert ask(home, fewer, monkeypatch, confirm=True).state == "stored"
