"""A session that ends takes nothing with it: what was typed before, and what is typed after, is there after sign-in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from tests.browser.conftest import Demo, at_stage, sign_in
from tests.browser.forms_table import FORMS, Typing

pytestmark = [pytest.mark.browser, pytest.mark.demo]

Seat = Callable[..., Page]
BEFORE, AFTER = "朝は祖母が見ている。", "夜は母が帰る。"
TYPINGS = [one for typings in FORMS.values() for one in typings]
# All forms of one person stand open side by side, and end with one session: signing in is what takes the time.
SEATS = sorted({one.who for one in TYPINGS})


class Sheet:
    """One form in a window of its own."""

    def __init__(self, context: BrowserContext, typing: Typing, address: str) -> None:
        self.page, self.address, self.button = context.new_page(), address, typing.button
        self.form = self.page.locator(f"main {typing.form}").first
        self.field = self.form.locator(f"[name={typing.field}]").first

    def open(self) -> None:
        self.page.goto(self.address)
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def send(self) -> None:
        self.form.get_by_role("button", name=self.button).last.click()
        self.page.wait_for_url(re.compile("/accounts/login/"))

    def kept_by_itself(self) -> Locator:
        return self.form.locator("[data-kept]")

    def holds(self, text: str) -> None:
        """It is open again, at its place, with what was typed, and not folded away."""
        assert self.page.url.partition("?")[0] == self.address, "signing in leads back to the form"
        expect(self.field).to_have_value(text)
        expect(self.field).to_be_visible()


def end_session(context: BrowserContext, demo: Demo) -> None:
    """The half hour is over: the server knows the session no more, the browser still brings its cookie."""
    [key] = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "sessionid"]
    with closing(sqlite3.connect(demo.home / "db.sqlite3", timeout=20)) as database, database:
        done = database.execute("DELETE FROM django_session WHERE session_key = ?", (key,))
        assert done.rowcount == 1


def sign_in_again(sheets: list[Sheet], demo: Demo, who: str) -> None:
    """At the first window; the others, which stand at the entrance as well, are loaded again."""
    sign_in(sheets[0].page, demo, who)
    for sheet in sheets[1:]:
        assert "/accounts/login/" in sheet.page.url
        sheet.page.reload()


def without_autosave(route: Route) -> None:
    """As if no script kept anything: only sending does."""
    if "x-draft" in route.request.headers:
        route.abort()
    else:
        route.continue_()


@pytest.mark.parametrize("who", SEATS)
def test_a_time_out_loses_nothing(who: str, seat: Seat, demo: Demo, stage: dict[str, str]) -> None:
    context = seat(who, anew=True).context
    sheets = [Sheet(context, one, f"{demo.url}{at_stage(one.path, stage)}") for one in TYPINGS if one.who == who]

    # The session ends, then each form is sent, before anything was kept by itself.
    context.route("**/drafts/**", without_autosave)
    for sheet in sheets:
        sheet.open()
        sheet.field.fill(BEFORE)
    end_session(context, demo)
    for sheet in sheets:
        sheet.send()
        expect(sheet.page.get_by_role("status")).to_contain_text("下書きに残してあります")
    context.unroute("**/drafts/**")
    sign_in_again(sheets, demo, who)
    for sheet in sheets:
        sheet.holds(BEFORE)

    # The session ends, typing goes on, and nothing is sent.
    end_session(context, demo)
    for sheet in sheets:
        sheet.field.fill(BEFORE + AFTER)
    for sheet in sheets:
        expect(sheet.kept_by_itself()).to_contain_text("書いたことは下書きに残しました", timeout=8000)
        sheet.page.reload()
    sign_in_again(sheets, demo, who)
    for sheet in sheets:
        sheet.holds(BEFORE + AFTER)
