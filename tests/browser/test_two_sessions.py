"""Two workers before the same case at once: nothing is lost, the second sees what the first wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.conftest import at_stage

pytestmark = [pytest.mark.browser, pytest.mark.demo]
FIRST, SECOND = "祖母と話した。夜は一人でいる日がある。", "担任と話した。給食は毎日食べている。"


def write(page: Page, text: str) -> None:
    page.locator("[name=text]").fill(text)
    page.locator("[name=outcome][value=watch]").check()
    page.locator("[name=watch_until]").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    page.locator("[name=reason]").fill("もう少しようすを見る。")


def send(page: Page) -> None:
    page.get_by_role("button", name="所見を記録する").click()
    page.wait_for_load_state()


def test_two_assessments_of_one_case(seat: Callable[..., Page], stage: dict[str, str]) -> None:
    path = at_stage("/findings/{twice.looking}/assess/", stage)
    worker, supervisor = seat("minami-worker"), seat("minami-supervisor")
    home = worker.url.split("/", 3)
    address = f"{home[0]}//{home[2]}{path}"
    for page in (worker, supervisor):
        page.goto(address)
    write(supervisor, FIRST)
    write(worker, SECOND)
    send(supervisor)
    expect(supervisor.locator("body")).to_contain_text("所見を記録しました。")

    send(worker)
    expect(worker.locator("body")).to_contain_text(FIRST)  # what the first saved
    expect(worker.locator("[name=text]")).to_have_value(SECOND)  # what the second typed is still there
    send(worker)
    for page in (worker, supervisor):
        page.goto(address.removesuffix("assess/"))
        expect(page.locator("body")).to_contain_text(FIRST)
        expect(page.locator("body")).to_contain_text(SECOND)
