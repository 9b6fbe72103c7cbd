"""A served demo, made by the commands of the README and looked at by a real browser."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MIMAMORI = [str(Path(sys.executable).with_name("mimamori"))]
PATIENCE = 30  # seconds until the server answers


@dataclass(frozen=True)
class Demo:
    """The demo as its user has it: a home, an address, and the accounts printed by the command."""

    home: Path
    url: str
    passwords: dict[str, str]
    seconds: float

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `mimamori …` in the demo's home."""
        return subprocess.run(
            [*MIMAMORI, *arguments], env=_environment(self.home), capture_output=True, text=True, check=False
        )


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MIMAMORI_", "DJANGO_", "COV_"))}
    return kept | {"MIMAMORI_HOME": str(home)}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`mimamori demo --no-serve`, then `mimamori serve`, in a home of their own; stopped at the end."""
    home, port = tmp_path_factory.mktemp("demo") / "home", _free_port()
    environment = _environment(home)
    made = subprocess.run(
        [*MIMAMORI, "demo", "--no-serve", "--json"], env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-2000:]
    answer = json.loads(made.stdout)
    with (home / "serve.log").open("w") as log:
        server = subprocess.Popen([*MIMAMORI, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server, home / "serve.log")
        passwords = {account["username"]: account["password"] for account in answer["accounts"]}
        yield Demo(home, url, passwords, float(answer["seconds"]))
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:  # not there yet, or still busy with its first page
            time.sleep(0.2)
    raise AssertionError(f"no answer within {PATIENCE} s: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium: nothing is downloaded."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def stage(demo: Demo) -> dict[str, str]:
    """Cases and versions brought to where pages and tasks begin: name → number (`stage`)."""
    command = [sys.executable, "-m", "tests.browser.stage"]
    told = subprocess.run(command, env=_environment(demo.home), cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    staged: dict[str, str] = json.loads(told.stdout)
    return staged


def at_stage(path: str, stage: dict[str, str]) -> str:
    """A path with its {names} of the stage filled in."""
    for name, number in stage.items():
        path = path.replace(f"{{{name}}}", number)
    return path


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Sessions that go on from one test to the next: user name → the browser's state after signing in."""
    return {}


def sign_in(page: Page, demo: Demo, username: str) -> None:
    """Sign in on the page that asks for it; it leads on to where the person wanted to go."""
    page.get_by_label("利用者名").fill(username)
    page.get_by_label("パスワード").fill(demo.passwords[username])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


@pytest.fixture
def seat(browser: Browser, demo: Demo, sessions: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Sit down as somebody: `seat("minami-worker")` gives a page that is signed in, with cookies of its own.

    The session on the server is shared with the tests before; with `anew=True` it is one of its own, which may end.
    `seat("")` is nobody, before the entrance.
    What the page's console calls an error, and any request to another host, fails the test.
    """
    contexts, wrong = [], []

    def said(told: ConsoleMessage) -> None:
        refused = told.location["url"] == (told.page.url if told.page else "")  # the page itself is a refusal, in words
        if told.type == "error" and not refused:
            wrong.append(told.text)

    def sit(username: str, *, width: int = 1366, height: int = 768, anew: bool = False) -> Page:
        known = None if anew else sessions.get(username)
        view: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=view, locale="ja-JP", storage_state=known)
        contexts.append(context)
        page = context.new_page()
        page.on("console", said)
        page.on("request", lambda asked: None if asked.url.startswith(demo.url) else wrong.append(asked.url))
        page.goto(demo.url)
        if username and "/accounts/login" in page.url:
            sign_in(page, demo, username)
            if not anew:
                sessions[username] = context.storage_state()
        return page

    yield sit
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Take a picture of a page into the folder named by `--pictures`; nothing without that option."""
    folder = request.config.getoption("--pictures")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take
