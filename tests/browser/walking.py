"""A step of the manual done by a browser: its acts one by one, then what must be seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import assert_never

from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import FloatRect, Locator, Page, expect
from tools.manual.tasks.steps import (
    Act,
    Fill,
    Follow,
    Go,
    Hand,
    Key,
    Menu,
    Pick,
    Picture,
    Press,
    Save,
    Step,
    Tick,
    Typed,
    Unfold,
)

WIDE = 1366
EDGE = 2  # px around what a picture shows
COLOURS = 192
PATIENCE = 30_000  # ms: files that are received, personas that are tried
FRAME, RED = 4, "#c5221f"  # px

Named = Callable[[str], str]


def days() -> dict[str, str]:
    """Days as a field of a form takes them."""
    today = timezone.localdate()
    return {"today": today.isoformat(), "in_14_days": (today + timedelta(days=14)).isoformat()}


@dataclass(frozen=True)
class Walker:
    """Does steps on a page of the product at `url`; `at` fills in {names} of the stage, `files` can be handed in."""

    page: Page
    url: str
    at: Named
    files: Mapping[str, Path]

    def step(self, step: Step) -> None:
        """Do a step and look at what follows."""
        for act in step.do:
            self._do(act)
        for one in step.seen:
            if isinstance(one, Typed):
                expect(_field(self._inside("main"), one.label)).to_have_value(self.at(one.text))
            else:
                words = self._inside(one.within).filter(has_text=self.at(one.text))
                expect(words.first).to_be_visible(timeout=PATIENCE)

    def take(self, picture: Picture, file: Path) -> None:
        """Take a picture, with few colours, so that a manual of many pictures stays small."""
        self.page.evaluate("window.scrollTo(0, 0)")
        part = _part(self.page, picture)
        marked = self.page.locator(picture.mark).first.bounding_box() if picture.mark else None
        taken = self.page.screenshot(full_page=bool(picture.of), clip=part)
        with Image.open(BytesIO(taken)) as opened:
            shown = opened.convert("RGB")
        if marked:
            left, top = marked["x"] - part["x"] - FRAME, marked["y"] - part["y"] - FRAME
            corners = (left, top, left + marked["width"] + 2 * FRAME, top + marked["height"] + 2 * FRAME)
            ImageDraw.Draw(shown).rounded_rectangle(corners, radius=8, outline=RED, width=FRAME)
        shown.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)

    def _inside(self, within: str) -> Locator:
        return self.page.locator(self.at(within))

    def _do(self, act: Act) -> None:
        match act:
            case Go(path):
                self.page.goto(f"{self.url}{self.at(path)}")
            case Menu(name):
                self._inside(".nav").get_by_role("link", name=name, exact=True).click()
            case Follow(name, within):
                _link(self._inside(within), name).click()
            case Press(name, within):
                _button(self._inside(within), name).click()
            case Save(name, ends):
                with self.page.expect_download() as saved:
                    self._inside("main").get_by_text(name, exact=True).click()
                assert saved.value.suggested_filename.endswith(ends)
            case Fill(label, text, within):
                _field(self._inside(within), label).fill(self.at(text))
            case Pick(label, option, within):
                field = _field(self._inside(within), label)
                chosen = field.locator("option", has_text=re.compile(rf"^\s*{re.escape(option)}")).first
                field.select_option(value=chosen.get_attribute("value"))
            case Tick(label, within):
                _box(self._inside(within), label).check(force=True)
            case Hand(label, file, within):
                _field(self._inside(within), label).set_input_files(self.files[file])
            case Key(key):
                self.page.keyboard.press(key)
            case Unfold(name):
                self._inside("summary").get_by_text(name, exact=True).click()
            case _:
                assert_never(act)


def _link(inside: Locator, name: str) -> Locator:
    """The link whose words begin so: a count or a state may follow. Without a name the first one."""
    found = inside.get_by_role("link", name=re.compile(f"^{re.escape(name)}")) if name else inside.locator("a")
    return found.first


def _button(inside: Locator, name: str) -> Locator:
    """The button of this name; its key may stand before it."""
    named = re.compile(f"^(?:[A-Z] ?)?{re.escape(name)}$")
    return inside.get_by_role("button", name=named).locator("visible=true").first


def _field(inside: Locator, label: str) -> Locator:
    return inside.get_by_label(re.compile(f"^{re.escape(label)}")).locator("visible=true").first


def _box(inside: Locator, label: str) -> Locator:
    return (inside.get_by_label(label, exact=True) if label else inside.get_by_role("checkbox")).first


def _part(page: Page, picture: Picture) -> FloatRect:
    if not picture.of:
        return {"x": 0, "y": 0, "width": WIDE, "height": picture.high}
    box = page.locator(picture.of).first.bounding_box()
    assert box, picture.of
    left, top = max(box["x"] - EDGE, 0), max(box["y"] - EDGE, 0)
    width = min(box["x"] + box["width"] + EDGE, WIDE) - left
    return {"x": left, "y": top, "width": width, "height": min(box["height"] + 2 * EDGE, picture.high)}
