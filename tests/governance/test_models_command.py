"""`mimamori models`: from the zone to a model that is on and off again, as people type it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cast import DAY
from tests.proved import kept_model, proved

from mimamori import config, modelling
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.config import Config
from mimamori.governance.models import ModelVersion
from mimamori.screening.models import zone
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.shapes import Panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(cast_home: Config, snapshot: Any) -> Iterator[Config]:
    settings = config.load()
    yield settings
    if (settings.zone / "try").exists():
        modelling.remove(settings, "try", by=None)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run([*words, "--json"]) in {0, 1}
    return json.loads(capsys.readouterr().out)


def test_a_project_is_gathered_told_and_removed(
    home: Config, workers: dict[str, Account], capsys: pytest.CaptureFixture[str]
) -> None:
    gather = ("models", "gather", "try", "--difficulty", "abuse", "--day", DAY.isoformat())
    made = told(capsys, *gather, "--by", "analyst")
    assert (made["project"], made["key_version"], made["days"][0]["events"]) == ("try", 1, None)
    assert told(capsys, *gather, "--rotate")["key_version"] == 2
    assert [one["project"] for one in told(capsys, "models", "zone")] == ["try"]
    assert run([*gather, "--by", "coordinator"]) == 2
    assert Event.objects.get(action="denied").actor == "coordinator"
    assert run(["models", "remove", "try", "--by", "analyst"]) == 0
    assert told(capsys, "models", "zone") == []
    assert run(["models", "remove", "try"]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("gather", "try", "--difficulty", "nothing"),
        ("gather", "try", "--difficulty", "carer", "--day", DAY.isoformat()),
        ("gather", "Nö Name", "--difficulty", "abuse", "--day", DAY.isoformat()),
        ("gather", "try", "--difficulty", "abuse", "--day", "2026-1031"),
        ("gather", "try", "--difficulty", "abuse", "--day", "2001-01-01"),
        ("evaluate", "nothing"),
        ("train", "nothing"),
        ("show", "99"),
        ("compare", "99"),
        ("card", "99", "--out", "card.pdf"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    home: Config, workers: dict[str, Account], words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", *words]) == 2
    assert len(capsys.readouterr().err.strip()) > 5
    assert not (home.zone / "try").exists() and not ModelVersion.objects.exists()


def test_too_few_children_are_no_model(home: Config, workers: dict[str, Account]) -> None:
    assert run(["models", "gather", "try", "--difficulty", "abuse", "--day", DAY.isoformat()]) == 0
    assert run(["models", "train", "try"]) == 2
    assert not ModelVersion.objects.exists()


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project of made-up children in the zone's place; the same evaluation as `proved`."""
    from tests.proved import made_up as children

    def panel(*_given: Any, **_named: Any) -> Panel:
        return children(chance=True)

    monkeypatch.setattr(modelling, "panel", panel)
    monkeypatch.setattr(modelling, "_evaluated", lambda read, seed, tell: proved()[1])

    class Manifest:
        key_version = 3

    monkeypatch.setattr(zone, "read_manifest", lambda folder, project: Manifest)


def test_train_keeps_what_did_not_prove_itself_and_says_so(
    made_up: None, workers: dict[str, Account], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "evaluate", "abuse-1", "--by", "analyst"]) == 1
    assert not ModelVersion.objects.exists()
    assert run(["models", "train", "abuse-1", "--by", "analyst"]) == 1
    shown = capsys.readouterr().err
    assert proved()[1].choice.reason.ja in shown
    version = ModelVersion.objects.get()
    assert (version.offered, version.key_version, version.made_by) == (False, 3, workers["analyst"])
    assert version.content == proved()[0].dump().decode(), "the same panel and seed, the same bytes"
    assert run(["models", "ask", str(version.pk), "--by", "analyst"]) == 2
    assert run(["models", "train", "abuse-1", "--by", "manager"]) == 2


def test_a_model_goes_its_way_on_and_off(workers: dict[str, Account], capsys: pytest.CaptureFixture[str]) -> None:
    pk = str(kept_model(workers, offered=True).pk)
    approve = ("models", "approve", pk, "--by", "manager", "--adds", "10", "--reason", "試す")
    assert run([*approve]) == 2, "nobody asked"
    assert run(["models", "ask", pk, "--by", "analyst"]) == 0
    assert run(["models", "return", pk, "--by", "manager", "--reason", "もう一度"]) == 0
    assert run(["models", "ask", pk, "--by", "analyst"]) == 0
    assert run(["models", "approve", pk, "--by", "analyst", "--adds", "10", "--reason", "x"]) == 2
    assert run(["models", "approve", pk, "--by", "manager", "--adds", "99", "--reason", "x"]) == 2
    assert run([*approve]) == 0
    [listed] = told(capsys, "models", "list")
    assert (listed["state"], listed["adds"], listed["approved_by"]) == ("on", 10, "manager")
    assert run(["models", "off", pk, "--by", "coordinator"]) == 0
    assert run(["models", "withdraw", pk, "--by", "analyst", "--reason", "x"]) == 2
    shown = told(capsys, "models", "show", pk)
    assert [step["act"] for step in shown["record"]] == ["keep", "ask", "return", "ask", "approve", "switch_off"]
    assert shown["answers"] == {"added": 0, "judged": 0, "agreed": 0, "by": {}}


def test_models_are_compared_by_split(workers: dict[str, Account], capsys: pytest.CaptureFixture[str]) -> None:
    version = kept_model(workers)
    [compared] = told(capsys, "models", "compare", str(version.pk))
    _, evaluation = proved()
    assert [split["day"] for split in compared["splits"]] == [proof.day.isoformat() for proof in evaluation.splits]
    assert run(["models", "compare", str(version.pk)]) == 0
    assert "抽出条件" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [".html", ".pdf"])
def test_the_card_is_written_once(workers: dict[str, Account], tmp_path: Path, ending: str) -> None:
    pk, out = str(kept_model(workers).pk), tmp_path / f"card{ending}"
    assert run(["models", "card", pk, "--out", str(out), "--language", "en"]) == 0
    begins = out.read_bytes()[:15]
    assert begins.startswith(b"%PDF" if ending == ".pdf" else b"<!doctype html>")
    assert run(["models", "card", pk, "--out", str(out)]) == 2, "it is there already"
    assert run(["models", "card", pk, "--out", str(tmp_path / "card.txt")]) == 2


def test_what_people_answered_stands_on_the_next_card(workers: dict[str, Account]) -> None:
    from mimamori.screening.models.answered import Answered

    _, evaluation = proved()
    told = [
        Answered(number=1, added=40, judged=judged, agreed=agreed).told.ja
        for judged, agreed in ((30, 12), (30, 3), (4, 2))
    ]
    assert "12人" in told[0] and "18人" in told[0]
    assert not any(sign.isdigit() for sign in told[1].replace("第1版", "") + told[2].replace("第1版", ""))
    again = Evaluation.model_validate(evaluation.model_dump(mode="json") | {"answered": None})
    assert again == evaluation
