"""`mimamori quality` without a truth, and the drawing of samples."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.review.models import Pair, Sample

pytestmark = pytest.mark.django_db


def test_the_night_tells_of_itself(cast_home: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quality", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["by_source"]["addressee_no"]["key"] > 0
    assert set(found["expected_errors"]) == {"splink", "passes"}
    assert set(found["agreement"]) == {"all", "source", "ward", "resident", "age", "school"}
    assert found["agreement"]["all"][""]["rows"] > 9
    assert found["sample"] is None


@pytest.mark.parametrize(("language", "words"), [("ja", "まちがいの見込み"), ("en", "not calibrated")])
def test_it_is_told_in_words(
    cast_home: Any, language: str, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIMAMORI_LANGUAGE", language)
    assert run(["quality"]) == 0
    told = capsys.readouterr().err
    assert words in told
    assert "--sample N" in told


def test_a_sample_is_drawn_and_told(
    cast_home: Any, workers: dict[str, Account], capsys: pytest.CaptureFixture[str]
) -> None:
    by = workers["coordinator"].username
    assert run(["quality", "--sample", "3", "--by", by, "--seed", "5", "--json"]) == 0
    drawn = json.loads(capsys.readouterr().out)
    assert (drawn["seed"], drawn["drawn"]) == (5, 3)
    assert Pair.objects.filter(kind="sample", open=True).count() == 3
    assert run(["quality"]) == 0
    assert "0 / 3 件判断、種 5" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--by", "nobody"], []])
def test_nobody_draws(
    cast_home: Any, workers: dict[str, Account], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["quality", "--sample", "3", *arguments]) == 2
    assert "--by" in capsys.readouterr().err
    assert not Sample.objects.exists()


def test_a_denial_stands_in_the_trail(cast_home: Any, workers: dict[str, Account]) -> None:
    assert run(["quality", "--sample", "3", "--by", workers["analyst"].username]) == 2
    assert Event.objects.get(action="denied").details["command"] == "quality"
