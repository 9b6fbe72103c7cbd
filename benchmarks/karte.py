"""Search, worklist and karte of a whole city under twenty people at once, beside a page that shows nothing.

    python -m benchmarks.karte [residents [home]]

A synthetic city is put in service in a process of its own and served as `mimamori serve` does it: gunicorn, one process
with threads, people's store in SQLite. Twenty people are signed in: fourteen ward workers, three coordinators, three
workers of the child guidance centre. Everything is logged as in service. Three measurements in one run:

- one at a time: a page is asked for when the one before has come, and nothing else is served.
- at work: each asks for a page, looks at it for some seconds (`LOOKS` on average), asks for the next.
- all at once: nobody looks; the next page is asked for as soon as one has come. It tells what the server can do.

Told is the server's time (from the request's arrival in a thread to the whole answer, waiting for the database's lock
included) and the time as waited for, from sending to reading, queue included. A search is its form sent, and the page
of what was found. Each of the four kinds of page is asked for equally often; the floor's page reads and keeps the
session and writes a line into the trail. With a `home` the city stays there and serves again the next time.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from socket import create_server
from statistics import quantiles
from threading import Thread
from typing import Any
from urllib.parse import urlencode

HEADER = "X-Server-Milliseconds"  # by which the server tells what an answer took
LOOKS = 3.0  # seconds on average, exponential: twenty people ask for six or seven pages a second
ALONE, AT_WORK, AT_ONCE = 30.0, 60.0, 20.0  # seconds of each measurement
Times = list[tuple[float, float]]  # by the server, and waited for; milliseconds
KINDS = ("floor", "search", "worklist", "karte")
TARGET = {"search": 100, "karte": 100}  # milliseconds of server time, p95


@dataclass
class Person:
    """One signed-in browser: asks for pages, one after the other, and keeps what they took in milliseconds."""

    port: int
    session: str
    children: list[dict[str, Any]]
    chance: random.Random
    took: dict[str, Times] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    fault: Exception | None = None

    def work(self, seconds: float, looks: float) -> None:
        self.cookies["sessionid"] = self.session
        _, page, _ = self.send("GET", "/search/")
        self.token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)[0]
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if looks:
                time.sleep(self.chance.expovariate(1 / looks))
            kind = self.chance.choice(KINDS)
            start = time.perf_counter()
            server = self.ask(kind)
            self.took[kind].append((server, (time.perf_counter() - start) * 1000))

    def run(self, seconds: float, looks: float) -> None:
        """`work`, with what went wrong kept for who waits for the thread."""
        try:
            self.work(seconds, looks)
        except (OSError, AssertionError, http.client.HTTPException) as fault:
            self.fault = fault

    def ask(self, kind: str) -> float:
        """One page of this kind; the server's milliseconds."""
        if kind == "search":
            form = {"csrfmiddlewaretoken": self.token, "term": term(self.chance.choice(self.children), self.chance)}
            sent, _, headers = self.send("POST", "/search/", urlencode(form))
            return sent + self.send("GET", headers["Location"])[0]
        child = self.chance.choice(self.children)["case_no"]
        return self.send("GET", {"floor": "/floor/", "worklist": "/work/", "karte": f"/karte/{child}/"}[kind])[0]

    def send(self, method: str, address: str, body: str | None = None) -> tuple[float, str, dict[str, str]]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=120
        )  # idle ones are closed by the server
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        self.cookies |= dict(told.split(";")[0].split("=", 1) for told in answer.headers.get_all("Set-Cookie", []))
        assert answer.status == (302 if method == "POST" else 200), f"{answer.status} of {address}: {page[:300]}"
        assert 'name="purpose"' not in page, f"{address}: the karte was not opened"
        return float(answer.headers[HEADER]), page, dict(answer.headers.items())


def term(child: dict[str, Any], chance: random.Random) -> str:
    """What somebody types who looks for this child: one of the ways a search can be written."""
    year, month, day = (int(part) for part in child["birth_date"].split("-"))
    family = child["name"].split("　")[0].split(" ")[0]
    ways: list[str] = [
        child["name"],
        family,
        child["kana"] or child["name"],
        f"{family} {year}年{month}月",
        f"{family[:1]}*",
        f"{year}-{month:02}-{day:02}",
        child["case_no"],
        re.sub(r"\s+", "", child["name"])[1:],
    ]
    if child["school_name"] and child["grade"]:
        ways.append(f"{child['school_name'][:3]} {child['grade']}年")
    if child["address"]:
        ways.append(child["address"])
        ways.append(f"{family} {child['address'][6:9]}")
    if child["roman"]:
        ways.append(child["roman"])
    return chance.choice(ways)[:100]


@contextmanager
def served(home: Path) -> Iterator[int]:
    """The server at a free port, once it answers; as `web.serving` starts it."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "benchmarks.karte_server:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--worker-class", "gthread", "--threads", "4", "--timeout", "600"),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    server = subprocess.Popen(command, env={**environ, "MIMAMORI_HOME": str(home)})
    try:
        wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait(port: int) -> None:
    for _ in range(600):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=600).request("GET", "/accounts/login/")
        except ConnectionRefusedError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server does not answer")


def measure(port: int, people: list[dict[str, Any]], seconds: float, looks: float) -> dict[str, Times]:
    """All people at work for so many seconds: what every page took, by its kind."""
    chances = [random.Random(place) for place in range(len(people))]  # noqa: S311 - repeatable
    working = [
        Person(port, one["session"], one["children"], chance) for one, chance in zip(people, chances, strict=True)
    ]
    threads = [Thread(target=person.run, args=(seconds, looks), daemon=True) for person in working]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person in working:
        if person.fault:
            raise person.fault
    return {kind: [took for person in working for took in person.took[kind]] for kind in KINDS}


def tell(told: str, seconds: float, took: dict[str, Times]) -> None:
    pages = sum(len(times) for times in took.values())
    say(f"\n{told}: {pages} pages in {seconds:.0f} s, {pages / seconds:.1f} a second")
    say(f"{'':<10}{'pages':>7}{'server p50':>12}{'p95':>8}{'/ floor':>9}{'waited p50':>12}{'p95':>8}")
    least = percentile([server for server, _ in took["floor"]], 95)
    for kind in KINDS:
        server, waited = ([times[at] for times in took[kind]] for at in (0, 1))
        worst = percentile(server, 95)
        goal = f"   target {TARGET[kind]}" if kind in TARGET else ""
        say(
            f"{kind:<10}{len(server):>7}{percentile(server, 50):>9.0f} ms{worst:>5.0f} ms{worst / least:>9.1f}"
            f"{percentile(waited, 50):>9.0f} ms{percentile(waited, 95):>5.0f} ms{goal}"
        )


def percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else float("nan")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(residents: int, home: Path) -> None:
    if not (home / "people.json").exists():
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "benchmarks.karte_city", str(residents), str(home)], check=True)
        say(f"{residents:,} residents in service after {time.perf_counter() - begun:.0f} s")
    people = json.loads((home / "people.json").read_text(encoding="utf-8"))
    with served(home) as port:
        measure(port, people, 5, 0.5)  # the snapshot is opened, templates are read
        alone: dict[str, Times] = {kind: [] for kind in KINDS}
        for one in people[::4]:
            for kind, times in measure(port, [one], ALONE / len(people[::4]), 0).items():
                alone[kind] += times
        tell("one at a time", ALONE, alone)
        tell("at work", AT_WORK, measure(port, people, AT_WORK, LOOKS))
        tell("all at once", AT_ONCE, measure(port, people, AT_ONCE, 0))


def main(residents: int, home: str = "") -> None:
    if home:
        run(residents, Path(home))
        return
    with tempfile.TemporaryDirectory() as name:
        run(residents, Path(name) / "home")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_600_000, *sys.argv[2:3])
