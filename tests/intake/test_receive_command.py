"""`mimamori receive` and `mimamori night` with bad input: exit code 2, a message in Japanese, no trace."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cast import DAY, RESIDENTS
from tests.extracts import write_extract

from mimamori.cli.entry import run
from mimamori.sources import load_registry


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def residents(tmp_path: Path) -> Path:
    layout = load_registry().get("resident_register")
    rows = [resident.row() for resident in RESIDENTS[:4]]
    return write_extract(tmp_path / "in", layout, layout.tables[0], DAY, rows=rows)


def told(capsys: pytest.CaptureFixture[str], says: str) -> str:
    """What was said on standard error: Japanese, no trace, nothing personal."""
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert re.search(r"[ぁ-んァ-ヶ]", captured.err)
    assert says in captured.err
    assert "青木" not in captured.err + captured.out
    return captured.out


def test_a_cut_off_file(own_home: Path, residents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    residents.write_bytes(residents.read_bytes()[:-20])
    assert run(["receive", str(residents), "--json"]) == 2
    [receipt] = json.loads(told(capsys, "ハッシュ値"))
    assert (receipt["state"], receipt["source"], receipt["as_of"]) == ("refused", "resident_register", "2026-10-31")
    assert not (own_home / "deliveries").exists()


def test_a_file_of_nobody(own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("氏名\n青木 陽斗\n", encoding="utf-8")
    assert run(["receive", str(tmp_path / "list.csv")]) == 2
    told(capsys, "list.csv")
    assert not own_home.exists()


def test_a_quarantined_row_needs_a_person(
    own_home: Path, residents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = load_registry().get("resident_register")
    rows = [resident.row() for resident in RESIDENTS[:4]]
    bad = write_extract(tmp_path / "bad", layout, layout.tables[0], DAY, rows=[*rows, {**rows[0], "sex": "青木"}])
    assert run(["receive", str(bad)]) == 1
    told(capsys, "stored")
    assert own_home.exists()
    assert run(["receive", str(bad)]) == 0
    told(capsys, "duplicate")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--as-of", "2020-01-31"], "住民記録"), ([], "住民記録")],
)
def test_a_night_without_deliveries(
    own_home: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["night", *arguments]) == 2
    told(capsys, says)
    assert not list(own_home.rglob("current"))


@pytest.mark.parametrize("written", ["31.10.2026", "2026-10-32", "20261031", ""])
@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["night"], "--as-of"),
        (["receive", "--from-database", "resident_register"], "--as-of"),
        (["city", "--residents", "300", "--out", "city"], "--last-day"),
        (["audit", "report"], "--from"),
        (["audit", "report"], "--to"),
    ],
)
def test_a_day_that_is_none(
    own_home: Path, command: list[str], option: str, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, option, written]) == 2
    told(capsys, f"{option} の日付は 2026-10-31 の形で")
    assert not own_home.exists()
