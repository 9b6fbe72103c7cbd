"""A receive that is cut off at any moment leaves no half delivery, and the next one works."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.intake.small import ROW, Home, csv_of, home_of, layout_of

from mimamori import engine
from mimamori.intake import Delivery, store
from mimamori.intake.store import UNFINISHED

DATA = csv_of([ROW, {**ROW, "no": "2"}])
KILLED = """
import os, signal, sys
from pathlib import Path
from mimamori import engine
from tests.intake.small import home_of

home = home_of(Path(sys.argv[1]))
write, sync = engine.write_through, os.fsync
def killed(path, data):
    write(path, data)
    if path.name.endswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
def synced(descriptor):
    sync(descriptor)
    if os.readlink(f"/proc/self/fd/{descriptor}").endswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
engine.write_through, os.fsync = killed, synced
home.receive(home.folder)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of(tmp_path, layout_of({"name": "one"}, {"name": "two"}) if "two" in tmp_path.name else None)


class Stopped(BaseException):
    """What stops the receive: nothing in the product may catch it."""


def stops(*_: Any, **__: Any) -> None:
    raise Stopped


@pytest.mark.parametrize(
    ("room", "name"),
    [
        (engine, "write_parquet"),
        (engine, "write_parts"),
        (store, "encrypt_io"),
        (engine, "write_through"),
        (engine, "settle"),
        (Delivery, "as_json"),
        (Path, "rename"),
    ],
)
@pytest.mark.parametrize("fault", [Stopped, OSError])
def test_a_receive_that_stops_leaves_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, room: Any, name: str, fault: type[BaseException]
) -> None:
    home.take(csv_of([ROW]))
    before = home.on_disk()

    def fails(*_: Any, **__: Any) -> None:
        raise fault

    path = home.write(DATA)
    with monkeypatch.context() as patched:
        patched.setattr(room, name, fails)
        with pytest.raises(fault):
            home.receive(path)
    assert home.on_disk() == before
    assert [row["no"] for row in home.state()] == ["0001"]
    assert [receipt.state for receipt in home.receive(path)] == ["stored"]
    assert [row["no"] for row in home.state()] == ["0001", "2"]
    assert [delivery.id for delivery in home.deliveries()] == ["2026-10-31.1", "2026-10-31.2"]


@pytest.mark.parametrize("at", [".age", "delivery.json"])
def test_a_receive_that_is_killed(home: Home, at: str) -> None:
    home.take(csv_of([ROW]))
    before = home.on_disk()
    home.write(DATA)
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.folder.parent), at], env=environment, check=False, cwd=root
    )
    assert done.returncode == -signal.SIGKILL
    left = set(home.on_disk()) - set(before)
    assert left and all(UNFINISHED in path for path in left)
    assert [row["no"] for row in home.state()] == ["0001"]
    assert [receipt.state for receipt in home.receive(home.folder)] == ["stored"]
    assert not any(UNFINISHED in path for path in home.on_disk())
    assert len(home.state()) == 2


def test_a_refusal_of_one_source_keeps_the_others(tmp_path: Path) -> None:
    """One file of a folder is bad: its source is refused, what came before and after it is stored."""
    from mimamori.sources import Registry

    home = home_of(tmp_path)
    other = layout_of(name="other", number=91)
    home.registry = Registry((*home.registry.layouts, other), home.registry.municipality)
    home.write(b"", name="small.rows.20261031.csv")
    home.write(DATA, name="other.rows.20261031.csv")
    home.write(DATA, name="small.rows.20261130.csv")
    assert [(r.source, r.state) for r in home.receive(home.folder)] == [
        ("small", "refused"),
        ("other", "stored"),
        ("small", "stored"),
    ]


def test_what_cannot_be_read_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path, open_path = home.write(DATA), Path.open

    def denied(self: Path, *given: Any) -> Any:
        if self == path:
            raise PermissionError(self)
        return open_path(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", denied)
        [receipt] = home.receive(path)
    assert (receipt.state, "権限" in receipt.reasons[0][0]) == ("refused", True)
    shutil.rmtree(home.config.home)
    assert [receipt.state for receipt in home.receive(path)] == ["stored"]
