"""The tasks of the manual, walked step by step on the demo city; `--pictures FOLDER` takes the manual's pictures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Demo, at_stage
from tests.browser.walking import Walker, days
from tools.manual.tasks import CHAPTERS
from tools.manual.tasks.steps import Chapter, picture_name

pytestmark = [pytest.mark.browser, pytest.mark.demo]

Seat = Callable[..., Page]


@pytest.fixture
def files(demo: Demo, tmp_path: Path) -> dict[str, Path]:
    """What tasks hand in: a note, and an extract under the name of another day."""
    memo, extract = tmp_path / "出欠のメモ.txt", tmp_path / "childcare.certifications.20261101.csv"
    memo.write_text("10月: 欠席3日", encoding="utf-8")
    city = demo.home / "demo" / "city" / "extracts" / "2026-10-31"
    shutil.copyfile(city / "childcare.certifications.20261031.csv", extract)
    return {"memo": memo, "extract": extract}


@pytest.fixture
def walker(demo: Demo, stage: dict[str, str], files: dict[str, Path]) -> Callable[[Page, str], Walker]:
    """`walker(page, username)` does steps on that page."""

    def walks(page: Page, username: str) -> Walker:
        names = stage | days() | {"username": username, "password": demo.passwords[username]}
        return Walker(page, demo.url, lambda text: at_stage(text, names), files)

    return walks


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    folder = request.config.getoption("--pictures")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_what_the_manual_says_happens(
    chapter: Chapter, seat: Seat, walker: Callable[[Page, str], Walker], pictures: Path | None
) -> None:
    walks = walker(seat("" if chapter.begins_outside else chapter.username), chapter.username)
    for task in chapter.tasks:
        for number, step in enumerate(task.steps, 1):
            try:
                walks.step(step)
            except BaseException as fault:
                fault.add_note(f"{chapter.title} ・ {task.title} ・ {number}. {step.say}")
                raise
            if pictures and step.picture:
                walks.take(step.picture, pictures / picture_name(chapter, task, number))
