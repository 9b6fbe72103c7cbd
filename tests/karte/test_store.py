"""A snapshot at rest: encrypted, and refused when a file is not the one that was written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mimamori import config
from mimamori.config import Config
from mimamori.karte import store
from mimamori.karte.store import Snapshot
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused


@pytest.fixture
def copied(cast_home: Config, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The cast's keys and snapshots in a home of their own."""
    home = tmp_path / "home"
    for folder in (cast_home.keys, cast_home.snapshots):
        shutil.copytree(folder, home / folder.relative_to(cast_home.home))
    monkeypatch.setenv("MIMAMORI_HOME", str(home))
    return config.load()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def exchange(path: Path) -> None:
    path.write_bytes(path.with_name("links.parquet").read_bytes())


def test_a_whole_snapshot_opens(copied: Config, snapshot: Snapshot) -> None:
    assert store.current(copied, KeyRing(copied.keys)).name == snapshot.name


@pytest.mark.parametrize("damage", [flip, cut, exchange, Path.unlink])
def test_a_damaged_snapshot_is_refused(copied: Config, snapshot: Snapshot, damage: Callable[[Path], None]) -> None:
    damage(copied.snapshots / snapshot.name / "persons.parquet")
    with pytest.raises(Refused):
        store.current(copied, KeyRing(copied.keys))


def test_another_key_opens_nothing(copied: Config) -> None:
    shutil.rmtree(copied.keys)
    with pytest.raises(Refused):
        store.current(copied, KeyRing(copied.keys))


def test_old_snapshots_go_and_the_one_in_service_stays(copied: Config, snapshot: Snapshot) -> None:
    for number in range(4):
        made = copied.snapshots / f"2026-0{number + 1}-28.{number:08x}"
        shutil.copytree(copied.snapshots / snapshot.name, made)
        os.utime(made, (2_000_000_000 + number, 2_000_000_000 + number))  # newer than the one in service
    (copied.snapshots / "notes").mkdir()
    store.clean(replace(copied, snapshots_kept=3))
    left = {path.name for path in copied.snapshots.iterdir() if path.is_dir()}
    assert left == {snapshot.name, "2026-03-28.00000002", "2026-04-28.00000003", "notes"}
