"""The editor of a draft in a real browser: numbers answer while typed, by keyboard alone, and without script too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.demo]

Seat = Callable[..., Page]


def begin(page: Page, demo: Demo) -> str:
    """A new draft, a copy of the version in force for absence; the address of its editor."""
    page.goto(f"{demo.url}/conditions/?difficulty=absence")
    page.locator("main a[href*='/conditions/']").filter(has_text="第1版").first.click()
    page.get_by_role("button", name="写して新しい版を作る").click()
    page.get_by_role("link", name="下書きを直す").click()
    expect(page.locator("h1")).to_contain_text("下書きを直す")
    return page.url


def test_a_number_that_is_typed_changes_sentence_and_panel_in_place(seat: Seat, demo: Demo) -> None:
    page = seat("coordinator")
    begin(page, demo)
    page.evaluate("window.same = true")
    unchanged = page.locator("#what-if .big3 span").nth(0)
    expect(unchanged).to_have_text("0新しく載る")

    low = page.locator("#low-0")
    low.fill("3")
    expect(page.locator("#said-0")).to_contain_text("3日以上続けて休んでいる")
    expect(unchanged).to_have_text(re.compile(r"\+\d+新しく載る"))
    expect(page.locator("#aloud")).to_contain_text("新しく載る")
    expect(page.locator("#low-s-0")).to_have_value("3")
    expect(low).to_be_focused()

    slide = page.locator("#low-s-0")
    slide.focus()
    page.keyboard.press("ArrowRight")
    expect(low).to_have_value("4")
    expect(page.locator("#said-0")).to_contain_text("4日以上続けて休んでいる")

    low.fill("")
    expect(page.locator("#found-0")).to_contain_text("「から」か「まで」に数を入れてください。")
    expect(page.locator("#what-if")).to_contain_text("数を直すと、人数が出ます。")
    assert page.evaluate("window.same") is True, "the page was not loaded again"


def test_by_keyboard_alone_a_draft_is_changed_and_saved(seat: Seat, demo: Demo) -> None:
    page = seat("coordinator")
    begin(page, demo)
    page.locator("#tier-0").focus()
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "low-0":
            break
        page.keyboard.press("Tab")
    expect(page.locator("#low-0")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    expect(page.locator("#low-s-0")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#low-0")).to_have_value("4")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # tries, and saves nothing
    expect(page.locator("#said-0")).to_contain_text("4日以上続けて休んでいる")
    expect(page.locator("h1")).to_contain_text("下書きを直す")
    page.get_by_role("button", name="下書きを保存する").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("下書きを保存しました。")).to_be_visible()
    expect(page.locator("main")).to_contain_text("4日以上続けて休んでいる")


def test_without_script_the_button_tries_and_saves(browser: Browser, seat: Seat, demo: Demo) -> None:
    seated = seat("coordinator")
    address = begin(seated, demo)
    context = browser.new_context(java_script_enabled=False, storage_state=seated.context.storage_state())
    page = context.new_page()
    page.goto(address)
    expect(page.locator("input[type=range]:visible")).to_have_count(0)
    page.locator("#low-0").fill("3")
    page.get_by_role("button", name="いまの内容で試算する").click()
    expect(page.locator("#said-0")).to_contain_text("3日以上続けて休んでいる")
    expect(page.locator("#what-if .big3")).to_contain_text("+")
    page.locator("#new-indicator").select_option(index=1)
    page.get_by_role("button", name="条件を加える").click()
    expect(page.get_by_label("根拠", exact=True).locator("visible=true")).to_have_count(1)
    page.get_by_label("根拠", exact=True).locator("visible=true").fill("会議の提案")
    page.get_by_role("button", name="下書きを保存する").click()
    expect(page.locator("main")).to_contain_text("下書きを保存しました。")
    context.close()
