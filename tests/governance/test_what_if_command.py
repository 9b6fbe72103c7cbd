"""`mimamori screen what-if`: the figures of the editor's page, from a file; what cannot be tried ends with 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.approving import approved
from tests.cast import MINAMI

from mimamori import governance
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.governance import capacity
from mimamori.screening import first_sets
from mimamori.web import editing

pytestmark = pytest.mark.django_db
POVERTY = (files("mimamori.screening.conditions") / "poverty.toml").read_text(encoding="utf-8")
FIRST = next(one for one in first_sets() if one.difficulty == "poverty")


@pytest.fixture
def lower(tmp_path: Path) -> Path:
    """The first set with a lower floor."""
    path = tmp_path / "poverty.toml"
    path.write_text(POVERTY.replace("tiers = [", "tiers = [99, ", 1), encoding="utf-8")
    return path


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


def test_the_figures_are_those_of_the_page(
    workers: dict[str, Any],
    findings: Any,
    lower: Path,
    sign_in: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    approved(FIRST, workers)
    capacity.set_capacity(MINAMI, timezone.localdate(), by=workers["coordinator"], findings=7)
    capsys.readouterr()
    assert run(["screen", "what-if", "poverty", str(lower), "--json"]) == 0
    told = document(capsys)

    from mimamori.screening.conditions.load import read

    tried = read(lower.read_text(encoding="utf-8"), lower.name)
    draft = governance.propose(tried, by=workers["coordinator"])
    fields = dict(editing.columns_of(editing.sheet_of(tried, 1)).lists())
    page = sign_in("coordinator").post(f"/conditions/{draft.pk}/what-if/", fields).context
    counts = ("before", "listed", "added", "removed", "unchanged")

    def of(line: Any) -> dict[str, Any]:
        return {name: getattr(line, name) for name in counts}

    assert {name: told["whole"][name] for name in counts} == of(page["table"]["whole"])
    assert [{name: one[name] for name in counts} for one in told["wards"]] == [
        of(one.line) for one in page["table"]["wards"]
    ]
    assert [one["waiting"] for one in told["wards"]] == [one.waiting for one in page["table"]["wards"]]
    rooms = {one["ward"]: (one["room"], one["free"]) for one in told["wards"]}
    assert rooms == {one.place.ward: (one.place.room, one.place.free if one.place.room is not None else None)
                     for one in page["table"]["wards"]}  # fmt: skip
    assert rooms[MINAMI][0] == 7
    assert [{name: one[name] for name in counts} for one in told["ages"]] == [of(one) for one in page["table"]["ages"]]
    assert [one["met"] for one in told["conditions"]] == [one.met for one in page["table"]["clauses"]]
    assert sorted(one["said"]["ja"] for one in told["findings"]) == sorted(
        found["said"]
        for found in [*page["whole"]["findings"], *(found for row in page["rows"] for found in row["findings"])]
    )
    assert (told["in_force"], told["difficulty"]) == (1, "poverty")


def test_a_person_reads_tables_with_small_counts_hidden(
    cast_home: Any, workers: dict[str, Any], lower: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["screen", "what-if", "poverty", str(lower)]) == 0
    told = capsys.readouterr().err
    assert "使用中の版はありません。" in told and "東区" in told and "∞" in told
    assert "*" in told
    assert "1〜9人の数と、そこからわかる数は * で示します。" in told


def test_with_a_user_the_role_decides_and_a_denial_is_on_record(
    cast_home: Any, workers: dict[str, Any], lower: Path
) -> None:
    assert run(["screen", "what-if", "poverty", str(lower), "--by", "coordinator"]) == 0
    assert run(["screen", "what-if", "poverty", str(lower), "--by", "manager"]) == 2
    assert run(["screen", "what-if", "poverty", str(lower), "--by", "nobody"]) == 2
    assert Event.objects.filter(action="denied", actor="manager").count() == 1


@pytest.mark.parametrize(
    ("difficulty", "text", "words"),
    [
        ("poverty", None, "読めるファイルがありません"),
        ("poverty", "difficulty = ", "読めません"),
        ("poverty", 'difficulty = "poverty"', "書いてありません"),
        ("poverty", POVERTY.replace("low = 2", 'low = "1 OR 1=1"'), "数にしてください"),
        ("poverty", POVERTY.replace('indicator = "', 'indicator = "no_', 1), "はありません"),
        ("absence", POVERTY, "poverty の条件です"),
        ("nothing", POVERTY, "のどれかです"),
    ],
)
def test_what_cannot_be_tried_ends_with_2_and_says_why(
    difficulty: str, text: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert run(["screen", "what-if", difficulty, str(path), "--json"]) == 2
    answer = capsys.readouterr()
    assert words in answer.err
    assert answer.out == ""


def test_every_reason_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "absence.toml"
    text = (files("mimamori.screening.conditions") / "absence.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("low = 7", "low = 99"), encoding="utf-8")
    assert run(["screen", "what-if", "absence", str(path)]) == 2
    assert capsys.readouterr().err.count("当たる児童は出ません") == 3


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "set.toml"
    path.write_bytes("条件".encode("cp932"))
    assert run(["screen", "what-if", "poverty", str(path)]) == 2
    assert "UTF-8" in capsys.readouterr().err
