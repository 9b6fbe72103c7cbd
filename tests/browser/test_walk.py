"""One worker's way on the real demo data: sign-in → worklist → karte → assessment → referral."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.demo]

Seat = Callable[..., Page]
CASE_NO = re.compile(r"K-\d{4}-\d{4}-\d")


def readings(demo: Demo, username: str) -> int:
    """How many times somebody read a child, as the auditor's command counts them."""
    told = demo.run("audit", "report", "--json")
    assert told.returncode == 0, told.stderr
    return sum(json.loads(told.stdout)["readings"].get(username, {}).values())


def test_from_the_worklist_to_a_referral(seat: Seat, demo: Demo, picture: Callable[[Page, str], None]) -> None:
    page = seat("minami-worker")
    before = readings(demo, "minami-worker")
    page.goto(f"{demo.url}/work/?view=unassigned")
    expect(page.locator("article.wl-r").first).to_be_visible()
    expect(page.locator("article.wl-r .why li").first).not_to_be_empty()
    picture(page, "worklist")
    child = page.locator("article.wl-r .kid a").first
    name = child.inner_text()
    child.click()

    expect(page.locator("h1")).to_have_text(name)
    case_no = CASE_NO.search(page.locator(".ka-id").inner_text())
    assert case_no, "the karte shows the case number"
    expect(page.get_by_text("この閲覧は記録されました")).to_be_visible()
    picture(page, "karte")
    page.get_by_role("button", name="確認をはじめる").first.click()

    expect(page.locator("h1")).to_contain_text("所見")
    page.get_by_label("所見", exact=False).locator("visible=true").first.fill("母と電話。夜の世話を一人でしている。")
    page.get_by_label("支援が必要", exact=True).check()
    page.get_by_label("判断の理由").fill("支援者がいないため。")
    expect(page.locator("[data-kept]")).to_contain_text("下書き", timeout=8000)
    page.get_by_role("button", name="所見を記録する").click()

    page.get_by_role("link", name="つなぐ").first.click()
    page.get_by_label("つなぎ先の種類").select_option(index=1)
    page.get_by_label("つなぎ先の名前").fill("南区子育て支援課")
    page.locator("input[name=basis]").first.check()
    page.get_by_label("だれの同意か").fill("母、電話で同意")
    page.locator("input[name=shared]").first.check()
    page.get_by_label("お願いすること").fill("家庭訪問をお願いします。")
    page.get_by_label("返事の期限").fill("2099-01-08")
    page.get_by_role("button", name="つなぎを記録する").click()

    expect(page.locator("main")).to_contain_text("南区子育て支援課")
    expect(page.locator("main")).to_contain_text("母と電話。夜の世話を一人でしている。")
    page.goto(f"{demo.url}/work/?view=referred")
    expect(page.locator("article.wl-r .kid a").filter(has_text=name)).to_have_count(1)

    assert readings(demo, "minami-worker") > before
    checked = demo.run("audit", "verify", "--json")
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["ok"] is True


def test_a_finding_of_another_ward_is_not_there(seat: Seat, demo: Demo) -> None:
    page = seat("minami-worker")
    page.goto(f"{demo.url}/work/?view=all")
    address = page.locator("article.wl-r .kid a").first.get_attribute("href")
    assert address
    stranger = seat("higashi-worker")
    answer = stranger.request.get(f"{demo.url}{address}")
    assert answer.status == 404
    invented = stranger.request.get(f"{demo.url}/karte/K-0000-0000-0/")
    strip = re.compile(r"K-\d{4}-\d{4}-\d|csrfmiddlewaretoken.*?>|nonce=\"[^\"]+\"")
    assert strip.sub("", answer.text()) == strip.sub("", invented.text()), "out of scope looks like not existing"


@pytest.mark.parametrize("username", ["administrator", "auditor", "analyst", "data-officer"])
def test_who_sees_no_child_has_no_door_to_one(seat: Seat, demo: Demo, username: str) -> None:
    worker = seat("minami-worker")
    worker.goto(f"{demo.url}/work/?view=all")
    address = worker.locator("article.wl-r .kid a").first.get_attribute("href")
    page = seat(username)
    expect(page.locator("#find")).to_have_count(0)
    for path in (str(address), "/work/"):
        assert page.request.get(f"{demo.url}{path}").status in (403, 404)


def test_search_finds_a_child_and_no_address_holds_a_name(seat: Seat, demo: Demo) -> None:
    page = seat("minami-worker")
    page.goto(f"{demo.url}/work/?view=all")
    name = page.locator("article.wl-r .kid a").first.inner_text()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(name)
    from urllib.parse import unquote

    assert not [url for url in asked if any(part in unquote(url) for part in name.split())]


def test_the_pages_speak_english_by_a_switch(seat: Seat, demo: Demo) -> None:
    page = seat("minami-worker")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Today's work")
    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")


PAGES = [
    ("minami-worker", "/work/?view=all"),
    ("minami-worker", "karte"),
    ("minami-worker", "finding"),
    ("minami-supervisor", "/work/?view=unassigned"),
    ("coordinator", "/conditions/"),
    ("data-officer", "/deliveries/"),
    ("data-officer", "/deliveries/resident_register/2026-10-31.1/"),
    ("coordinator", "/deliveries/upload/"),
    ("coordinator", "/pairs/"),
    ("coordinator", "/runs/"),
    ("analyst", "/statistics/"),
    ("auditor", "/trail/"),
    ("administrator", "/people/"),
]


def opened(page: Page, demo: Demo, path: str) -> None:
    """Open a page by its path, or the first child's karte or finding."""
    if path.startswith("/"):
        answer = page.goto(f"{demo.url}{path}")
        assert answer
        assert answer.status == 200, path
        return
    page.goto(f"{demo.url}/work/?view=all")
    page.locator("article.wl-r .kid a").first.click()
    if path == "finding":
        page.get_by_role("link", name="経過と支援").first.click()


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_a_page_is_accessible_and_fits_a_telephone(seat: Seat, demo: Demo, username: str, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = seat(username)
    opened(page, demo, path)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px stick out"


def test_files_are_handed_in_and_received(seat: Seat, demo: Demo, tmp_path: Path) -> None:
    """Sent with progress, received by a process of its own, doubtful (the content of another day), withdrawn."""
    extracts = demo.home / "demo" / "city" / "extracts" / "2026-10-31"
    sent = tmp_path / "childcare.certifications.20261101.csv"
    sent.write_bytes((extracts / "childcare.certifications.20261031.csv").read_bytes())
    page = seat("coordinator")
    page.goto(f"{demo.url}/deliveries/")
    page.get_by_role("link", name="ファイルを受領する").click()
    page.get_by_label("ファイル", exact=False).set_input_files(sent)
    expect(page.locator("[data-chosen]")).to_contain_text(sent.name)
    page.get_by_role("button", name="えらんだファイルを受領する").click()
    page.wait_for_url("**/deliveries/upload/*/")
    expect(page.locator("[data-state=to_confirm]")).to_be_visible(timeout=30_000)
    expect(page.locator("main")).to_contain_text("内容がまったく同じです")
    page.get_by_role("button", name="取り下げて、ファイルを消す").click()
    expect(page.locator("main")).to_contain_text("取り下げました")
    assert [one.name for one in (demo.home / "uploads").iterdir()] == ["arriving"]


def test_a_second_demo_reuses_what_is_there(demo: Demo) -> None:
    city = sorted((demo.home / "demo" / "city").rglob("*.manifest.json"))
    before = [(path, path.stat().st_mtime_ns) for path in city]
    pointer = (demo.home / "snapshots" / "current").read_text()
    again = demo.run("demo", "--no-serve", "--json")
    assert again.returncode == 0, again.stderr[-2000:]
    assert before == [(path, path.stat().st_mtime_ns) for path in city]
    assert (demo.home / "snapshots" / "current").read_text() == pointer
    demo.passwords.update({one["username"]: one["password"] for one in json.loads(again.stdout)["accounts"]})


def test_a_demo_of_another_size_is_refused(demo: Demo) -> None:
    answer = demo.run("demo", "--no-serve", "--residents", "5000")
    assert answer.returncode == 2
    assert "別の人口" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_linkage_of_the_demo_holds(demo: Demo) -> None:
    told = demo.run("quality", "--truth", str(Path(demo.home) / "demo" / "city" / "truth"), "--json")
    figures = json.loads(told.stdout)["linkage"]
    assert figures["precision"] >= 0.999
    assert figures["recall"] >= 0.99
    assert figures["twins_merged"] == 0
