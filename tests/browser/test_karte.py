"""A karte in the browser: the family on a phone, the timeline narrowed in place, what is linked is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Demo

Seat = Callable[..., Page]
PHONE = 390  # pixels


@pytest.fixture
def address(demo: Demo, stage: dict[str, str]) -> str:
    return f"{demo.url}/karte/{stage['page.case_no']}/"


def test_on_a_phone_everything_of_the_family_is_seen_without_moving_it(seat: Seat, address: str) -> None:
    page = seat("minami-worker", width=PHONE)
    page.goto(address)
    family = page.locator("#family")
    for seen in (*family.locator("tbody tr > *").all(), *family.locator(".kin-told li").all()):
        if seen.inner_text().strip() and seen.is_visible():
            box = seen.bounding_box()
            assert box is not None and box["height"] > 0 and box["x"] >= 0 and box["x"] + box["width"] <= PHONE
    assert family.locator(".kin-told").count() == 0 or family.locator(".kin-told").is_visible()
    picture = family.locator("svg.genogram").bounding_box()
    assert picture is not None and picture["width"] <= PHONE


def test_the_timeline_is_narrowed_in_place_and_by_the_way_back(seat: Seat, address: str) -> None:
    page = seat("minami-worker")
    page.goto(address)
    page.evaluate("window.untouched = true")
    chosen = page.locator("#timeline .pick").nth(1)
    word = chosen.inner_text()
    chosen.click()
    expect(page.locator("#timeline .pick.on")).to_have_text(word)
    assert "area=" in page.url and page.evaluate("window.untouched")
    assert page.locator("#timeline .time li").count() > 0
    page.go_back()
    expect(page.locator("#timeline .pick.on")).not_to_have_text(word)
    expect(page.locator("h1")).to_be_visible()


def test_links_within_the_page_lead_somewhere(seat: Seat, address: str) -> None:
    page = seat("minami-worker")
    page.goto(address)
    targets = page.eval_on_selector_all("main a[href^='#']", "links => links.map(link => link.getAttribute('href'))")
    assert len(targets) > 10
    assert [target for target in targets if page.locator(f"[id='{target[1:]}']").count() != 1] == []
