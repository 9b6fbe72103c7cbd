"""Every page of the table: axe-core finds nothing, at a desk and on a telephone, where nothing sticks out either."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.browser.conftest import Demo, at_stage
from tests.browser.pages_table import PAGES, Look

pytestmark = [pytest.mark.browser, pytest.mark.demo]

Seat = Callable[..., Page]
TELEPHONE = 390
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All pages of one person are looked at in one sitting: signing in and beginning a page cost more than looking.
SEATS = sorted({look.who for looks in PAGES.values() for look in looks})


@cache
def axe() -> str:
    return str(Axe().axe_script)


def found_by_axe(page: Page) -> list[Any]:
    """What axe-core says against the page as it is now: rule and places."""
    page.evaluate(axe())
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run({options})")["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]


def sticks_out(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def unfolded(page: Page) -> None:
    """What is folded away is a part of the page."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def faults(page: Page, demo: Demo, look: Look, path: str) -> list[str]:
    answer = page.goto(f"{demo.url}{path}")
    assert answer
    told = [] if answer.status == look.status else [f"status {answer.status}"]
    unfolded(page)
    if look.term:
        page.locator("#seek").fill(look.term)
        page.keyboard.press("Enter")
        page.locator("h2").first.wait_for()
    if look.press:
        page.locator("main").get_by_role("button", name=look.press, exact=True).click()
        page.locator(".err, [role=alert]").first.wait_for()
        unfolded(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    told += [f"axe: {one}" for one in found_by_axe(page)]
    page.set_viewport_size({"width": TELEPHONE, "height": 844})
    told += [f"axe on a telephone: {one}" for one in found_by_axe(page)]
    if (wide := sticks_out(page)) > 0:
        told.append(f"{wide} px stick out at {TELEPHONE}")
    return told


@pytest.mark.parametrize("who", SEATS, ids=lambda who: who or "nobody")
def test_pages_are_accessible_and_fit_a_telephone(who: str, seat: Seat, demo: Demo, stage: dict[str, str]) -> None:
    page = seat(who)
    wrong = {}
    for view, looks in PAGES.items():
        for look in looks:
            if look.who != who:
                continue
            if told := faults(page, demo, look, at_stage(look.path, stage)):
                wrong[f"{view} {look.path}"] = told
    assert wrong == {}


FAULTY = "<img src=/static/mimamori/mark.svg><p id=wide>.</p>"


def test_a_fault_would_be_found(seat: Seat) -> None:
    page = seat("")
    page.evaluate("(faulty) => document.querySelector('main').insertAdjacentHTML('beforeend', faulty)", FAULTY)
    page.evaluate("document.querySelector('#wide').style.width = '1400px'")
    page.set_viewport_size({"width": TELEPHONE, "height": 844})
    assert [rule for rule, _ in found_by_axe(page)] == ["image-alt"]
    assert sticks_out(page) > 0
