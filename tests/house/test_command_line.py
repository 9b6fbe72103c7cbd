"""The command line as a whole: help, refusals, exit codes."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from mimamori.cli.entry import COMMANDS, mimamori, run

NAMES = [name for names in COMMANDS.values() for name in names]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_in_both_languages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"[ぁ-んァ-ン]", text), "Japanese help is missing"
    assert re.search(r"[a-z]{4}", text), "English help is missing"


def test_help_follows_the_path_of_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    places = [text.index(f"  {name} ") for name in NAMES]
    assert places == sorted(places)


@pytest.mark.parametrize("arguments", [["nothing"], ["city", "--residents", "many"], ["sources", "show", "no_such"]])
def test_bad_arguments_end_with_2_and_no_trace(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert re.search(r"[ぁ-ん]", captured.err)
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    environment: Mapping[str, str] = {"MIMAMORI_HOME": str(tmp_path), "MIMAMORI_COLOUR": "red", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "mimamori.cli", "receive", str(tmp_path)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "MIMAMORI_COLOUR" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert list(tmp_path.iterdir()) == []


def test_commands_are_the_ones_that_exist() -> None:
    import importlib

    for name in NAMES:
        assert importlib.import_module(f"mimamori.cli.{name}").command is not None
    assert mimamori.name == "mimamori"
