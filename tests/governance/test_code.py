"""Which code made a run: told so that another code is another name, and no path of a machine stands in it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from mimamori.governance import code


def named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    monkeypatch.setattr(resources, "files", lambda package: folder)
    return code.code_version.__wrapped__()


def test_it_names_package_files_and_engine() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{16} duckdb \d[\w.]*", code.code_version())
    assert len(code.code_version()) <= 64


@pytest.mark.parametrize(
    ("path", "differs"),
    [("screening/run.py", True), ("screening/new.toml", True), ("linkage/model.json", True), ("run.py", True),
     ("web/views/page.py", False), ("cli/x.py", False), ("screening/run.pyc", False)],
)  # fmt: skip
def test_what_works_on_data_is_another_code_and_what_shows_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, differs: bool
) -> None:
    (tmp_path / "screening").mkdir()
    (tmp_path / "screening" / "run.py").write_text("1")
    before = named(monkeypatch, tmp_path)
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("2")
    assert (named(monkeypatch, tmp_path) != before) == differs


def test_the_same_files_under_other_names_are_another_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, name in (("one", "a.py"), ("two", "b.py")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("1")
    assert named(monkeypatch, tmp_path / "one") != named(monkeypatch, tmp_path / "two")
