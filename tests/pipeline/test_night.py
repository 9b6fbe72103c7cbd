"""A night killed anywhere leaves the one before in service, the next one works; numbers stay; nothing is in plain."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.cast import DAY, RESIDENTS, SECRET_ADDRESS, tables
from tests.extracts import write_extract

from mimamori import engine, intake, pipeline
from mimamori.config import Config
from mimamori.karte import store
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import first_sets
from mimamori.sources import load_registry

SOURCES = {("resident_register", "residents"), ("pupil_register", "pupils"), ("child_guidance", "cases")}
PHASES = ["read", "linkage", "karte", "indicators", "conditions", "changes", "write", "ledger", "publish"]


class Stopped(BaseException):
    """What stops a night here: nothing in the product may catch it."""


def night(config: Config, **more: Any) -> pipeline.NightResult:
    """One night over the ledger that the nights before have kept in `ledger.parquet`."""
    kept = config.home / "ledger.parquet"
    ledger = engine.read_parquet(kept, bytes(32)) if kept.exists() else LEDGER.empty_table()

    def keep(rows: pa.Table) -> None:
        engine.write_parquet(kept, pa.concat_tables([ledger, rows]), bytes(32))

    given: dict[str, Any] = {"as_of": DAY, "keep_ledger": keep, **more}
    return pipeline.night(
        config=config,
        keyring=KeyRing(config.keys),
        registry=load_registry(),
        ledger=ledger,
        decisions=DECISIONS.empty_table(),
        condition_sets=first_sets()[:1],
        **given,
    )


def receive(folder: Path, config: Config) -> None:
    registry = load_registry()
    rows = tables()
    for source, name in SOURCES:
        layout = registry.get(source)
        write_extract(folder, layout, layout.table(name), DAY, rows=rows[source, name])
    receipts = intake.receive([folder], config=config, keyring=KeyRing(config.keys), registry=registry)
    assert {receipt.state for receipt in receipts} == {"stored"}


@pytest.fixture(scope="module", autouse=True)
def quick_disk() -> Iterator[None]:
    """What is tested here is the order of what is written, not when a disk has it: that takes half of a night."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A home with one published night; tests leave it with one that is in service."""
    folder = tmp_path_factory.mktemp("night")
    config = Config(home=folder / "home", threads=1, memory_gib=1)
    receive(folder / "in", config)
    night(config)
    return config


def pointer(config: Config) -> bytes:
    return (config.snapshots / "current").read_bytes()


def in_service(config: Config) -> dict[str, str]:
    """Name and birthday → case number in the snapshot that a fresh process would open."""
    snapshot = store.open_snapshot(config, KeyRing(config.keys), pointer(config).decode())
    rows = engine.rows_of(snapshot.cursor(), "SELECT name, birth_date, case_no FROM persons WHERE in_register")
    return {f"{row['name']} {row['birth_date']:%Y%m%d}": row["case_no"] for row in rows}


def published(config: Config) -> dict[str, str]:
    """The pointer and every file of the snapshot in service, byte for byte."""
    files = (config.snapshots / pointer(config).decode()).iterdir()
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in (config.snapshots / "current", *files)}


@contextmanager
def stopping(room: Any, name: str, after: int = 0) -> Iterator[None]:
    """The function `name` stops the night when it has worked `after` times."""
    plain = getattr(room, name)
    done: list[str] = []

    def worked(*given: Any, **named: Any) -> Any:
        if len(done) == after:
            raise Stopped
        done.append(name)
        return plain(*given, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(room, name, worked)
        yield


INSIDE: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "read's middle": lambda: stopping(engine, "read_parquet", after=2),
    "linkage's end": lambda: stopping(engine, "drop_temporary"),
    "write's middle": lambda: stopping(engine, "write_parquet", after=9),
    "publish's name": lambda: stopping(Path, "rename"),
    "publish's pointer": lambda: stopping(engine, "write_through", after=1),
}


@pytest.mark.parametrize("last", PHASES[:-1])
def test_a_night_killed_after_a_phase(home: Config, last: str) -> None:
    before = published(home)
    told: list[str] = []

    def phase(text: str) -> None:
        told.append(text.split(maxsplit=1)[0])
        if told[-1] == last:
            raise Stopped

    with pytest.raises(Stopped):
        night(home, phase=phase)
    assert told == PHASES[: PHASES.index(last) + 1]
    assert published(home) == before
    assert not list(home.snapshots.glob(".unfinished-*"))


def test_a_ledger_that_cannot_be_kept_publishes_nothing(home: Config) -> None:
    def fails(rows: pa.Table) -> None:
        raise Stopped

    before = published(home)
    with pytest.raises(Stopped):
        night(home, keep_ledger=fails)
    assert published(home) == before


@pytest.mark.parametrize("where", INSIDE)
def test_a_night_killed_inside_a_phase(home: Config, where: str) -> None:
    before = published(home)
    with INSIDE[where](), pytest.raises(Stopped):
        night(home)
    assert published(home) == before
    assert not list(home.snapshots.glob(".unfinished-*"))


KILLED = """
import os, signal, sys
from pathlib import Path
from mimamori import engine
from mimamori.config import Config
from tests.pipeline.test_night import night

plain, done = engine.write_parquet, []
def killed(path, table, key):
    plain(path, table, key)
    done.append(path)
    if len(done) == 7:
        os.kill(os.getpid(), signal.SIGKILL)
engine.write_parquet = killed
night(Config(home=Path(sys.argv[1]), threads=1, memory_gib=1))
"""


def test_a_night_whose_process_is_killed_and_the_next(home: Config) -> None:
    before, numbers = pointer(home), in_service(home)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.home)],
        env={**os.environ, "PYTHONPATH": str(root)}, cwd=root, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    [left] = home.snapshots.glob(".unfinished-*")
    assert len(list(left.iterdir())) == 7
    assert pointer(home) == before
    assert in_service(home) == numbers
    told: list[str] = []
    result = night(home, phase=lambda text: told.append(text.split()[0]))
    assert pointer(home).decode() == result.snapshot != before.decode()
    assert in_service(home) == numbers
    assert told == PHASES == [phase.name for phase in result.phases]
    assert not left.exists()


def test_the_same_night_again_gives_the_same_numbers(home: Config) -> None:
    numbers = in_service(home)
    assert len(numbers) == len(set(numbers.values())) == len(RESIDENTS)
    before = pointer(home)
    seen: list[tuple[int, bytes]] = []
    result = night(home, as_of=None, keep_ledger=lambda new: seen.append((new.num_rows, pointer(home))))
    assert in_service(home) == numbers
    assert seen == [(0, before)]  # the ledger is safe before the snapshot is in service
    assert pointer(home).decode() == result.snapshot != before.decode()
    assert result.as_of == store.published_day(home) == DAY  # without a day it is the newest delivery's


def test_without_the_ledger_the_numbers_are_others(home: Config, tmp_path: Path) -> None:
    """The ledger, and nothing else, holds the numbers: what the test above compares could differ."""
    other = Config(home=tmp_path / "home", threads=1, memory_gib=1)
    receive(tmp_path / "in", other)
    night(other)
    assert in_service(other).keys() == in_service(home).keys()
    assert not set(in_service(other).values()) & set(in_service(home).values())


def test_two_nights_at_once(home: Config) -> None:
    before = pointer(home)
    with engine.alone(home.home / "night.lock", otherwise=Refused("", "")), pytest.raises(Refused) as refused:
        night(home)
    assert refused.value.ja.startswith("別の夜間処理が動いています")
    assert pointer(home) == before


def test_a_second_night_leaves_the_first_ones_files_alone(home: Config) -> None:
    """The second night is refused before it cleans up what it takes for remains."""
    inside: list[str] = []

    def second(rows: pa.Table) -> None:
        [unfinished] = home.snapshots.glob(".unfinished-*")
        with pytest.raises(Refused, match="Another night"):
            night(home)
        assert unfinished.exists()
        inside.append(unfinished.name)

    result = night(home, keep_ledger=second)
    assert inside == [f".unfinished-{result.snapshot}"]
    assert pointer(home).decode() == result.snapshot


@pytest.mark.parametrize("as_of", [date(2026, 10, 30), date(1999, 12, 31)])
def test_a_day_before_every_delivery_is_refused(home: Config, as_of: date) -> None:
    before, names = pointer(home), sorted(path.name for path in home.snapshots.iterdir())
    with pytest.raises(Refused) as refused:
        night(home, as_of=as_of)
    assert "住民記録がありません" in refused.value.ja
    assert (pointer(home), sorted(path.name for path in home.snapshots.iterdir())) == (before, names)


def test_a_home_without_deliveries_is_refused(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home")
    for as_of in (DAY, None):
        with pytest.raises(Refused, match="no delivery of the residents' register"):
            night(config, as_of=as_of)
    assert not (config.snapshots / "current").exists()


def test_a_delivery_that_cannot_be_read_stops_the_night(home: Config, tmp_path: Path) -> None:
    other = Config(home=tmp_path / "home", threads=1, memory_gib=1)
    receive(tmp_path / "in", other)
    path = other.deliveries / "pupil_register" / f"{DAY}.1" / "pupils.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(Refused, match=r"pupils\.parquet"):
        night(other)
    assert not (other.snapshots / "current").exists()


def test_nothing_in_a_snapshot_lies_in_plain(home: Config) -> None:
    folder = home.snapshots / pointer(home).decode()
    secrets = [word for resident in RESIDENTS for word in (*resident.name.split(), *resident.kana.split())]
    secrets += [SECRET_ADDRESS, *(resident.addressee_no for resident in RESIDENTS), *in_service(home).values()]
    coded = {word.encode(encoding) for word in secrets for encoding in ("utf-8", "cp932", "utf-16-le")}
    files = list(folder.iterdir())
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        assert not [word for word in coded if len(word) > 3 and word in content], path.name
        assert path.stat().st_mode & 0o077 == 0 or path.name == "meta.json"
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    assert {path.name for path in files} == {*(f"{name}.parquet" for name in meta["files"]), "meta.json"}
    assert folder.stat().st_mode & 0o077 == 0


def test_a_night_is_held_against_the_one_before(home: Config) -> None:
    before = pointer(home).decode()
    night(home)
    snapshot = store.open_snapshot(home, KeyRing(home.keys), pointer(home).decode())
    assert snapshot.meta["compared_with"] == before
    (child,) = {row["case_no"] for row in engine.rows_of(snapshot.cursor(), "SELECT case_no FROM persons LIMIT 1")}
    assert snapshot.finding_changes(child) == []  # the same deliveries and conditions: nothing changed


def test_a_night_runs_where_the_one_before_cannot_be_read(home: Config) -> None:
    findings = home.snapshots / pointer(home).decode() / "findings.parquet"
    findings.write_bytes(findings.read_bytes()[:-9])
    night(home)
    snapshot = store.open_snapshot(home, KeyRing(home.keys), pointer(home).decode())
    assert snapshot.meta["compared_with"] is None
    (child,) = {row["case_no"] for row in engine.rows_of(snapshot.cursor(), "SELECT case_no FROM persons LIMIT 1")}
    assert snapshot.finding_changes(child) is None  # not known is not the same as nothing
