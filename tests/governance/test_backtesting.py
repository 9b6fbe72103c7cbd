"""A version before the past, from deliveries to the proof: a small city of three months, a home of its own."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mimamori import backtesting, governance, intake, pipeline
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.city import build
from mimamori.cli.entry import run
from mimamori.config import Config
from mimamori.engine import rows_of
from mimamori.governance.models import ConditionVersion
from mimamori.karte import store
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import first_sets
from mimamori.screening import run as screen
from mimamori.screening.outcomes import load_outcomes
from mimamori.sources import load_registry

FIRST, LAST = date(2026, 8, 31), date(2026, 10, 31)


def receive(folders: list[Path], settings: Config) -> None:
    for folder in folders:
        intake.receive([folder], config=settings, keyring=KeyRing(settings.keys), registry=load_registry())


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city")
    build(residents=2_000, seed=7, deliveries=3, noise=1.0, out=out, registry=load_registry(), last_day=LAST)
    return out


@pytest.fixture(scope="module")
def lived(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Three months received, the last one in service."""
    settings = Config(home=tmp_path_factory.mktemp("home"))
    receive(sorted((extracts / "extracts").iterdir()), settings)
    pipeline.night(
        config=settings,
        keyring=KeyRing(settings.keys),
        registry=load_registry(),
        as_of=LAST,
        ledger=LEDGER.empty_table(),
        decisions=DECISIONS.empty_table(),
        condition_sets=first_sets(),
        keep_ledger=lambda rows: None,
    )
    return settings


@pytest.fixture
def home(lived: Config, tmp_path: Path) -> Config:
    """A copy of it, so that no test sees what another made."""
    shutil.copytree(lived.home, tmp_path / "home")
    return Config(home=tmp_path / "home")


@pytest.fixture(scope="module")
def remade(lived: Config, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The same with the first day made again. The home that it was copied from stays without."""
    settings = Config(home=tmp_path_factory.mktemp("remade") / "home")
    shutil.copytree(lived.home, settings.home)
    name = pipeline.look_back(
        config=settings,
        keyring=KeyRing(settings.keys),
        registry=load_registry(),
        as_of=FIRST,
        row_tables={table for outcome in load_outcomes().values() for table in outcome.tables},
        extra={},
    )
    assert store.kept(settings)[-1] == (name, FIRST)
    return settings


@pytest.fixture
def ready(remade: Config, tmp_path: Path) -> Config:
    """A copy of that."""
    shutil.copytree(remade.home, tmp_path / "ready")
    return Config(home=tmp_path / "ready")


def in_test(workers: dict[str, Account]) -> ConditionVersion:
    version = governance.propose(first_sets()[0], by=workers["coordinator"])
    return governance.send_to_test(version, by=workers["coordinator"])


def listed(settings: Config, name: str) -> set[tuple[str, str, str]]:
    """Whom the first sets list on a kept day, by the departments' numbers, with the whole of the reasons."""
    snapshot = store.open_snapshot(settings, KeyRing(settings.keys), name)
    screen(snapshot.connection, first_sets(), snapshot.as_of)
    rows = rows_of(snapshot.cursor(), "SELECT ref, difficulty, reasons FROM findings JOIN links USING (case_no)")
    return {(row["ref"], row["difficulty"], row["reasons"]) for row in rows}


def test_what_was_delivered_after_the_day_changes_nothing_in_its_list(
    db: Any, home: Config, extracts: Path, tmp_path: Path
) -> None:
    then = Config(home=tmp_path / "then")
    receive([extracts / "extracts" / FIRST.isoformat()], then)
    as_it_was = listed(then, backtesting.make_again(then, FIRST))
    assert len(as_it_was) > 20
    assert listed(home, backtesting.make_again(home, FIRST)) == as_it_was
    last = store.current(home, KeyRing(home.keys)).name
    assert listed(home, last) != as_it_was, "two months later the list is another"


def test_a_day_is_made_again_only_where_that_is_allowed_and_then_kept(db: Any, home: Config) -> None:
    with pytest.raises(Refused, match="screen backtest --from 2026-08-31"):
        backtesting.backtest(home, first_sets())
    in_service = store.current(home, KeyRing(home.keys)).name
    made = backtesting.backtest(home, first_sets(), make=True)
    assert [one.difficulty for one in made] == [one.difficulty for one in first_sets()]
    assert {(one.start, one.until, one.full) for one in made} == {(FIRST, LAST, False)}
    assert made[0].snapshot != in_service == made[0].record
    assert store.published_day(home) == LAST, "what is in service stays"
    assert [one.summary() for one in backtesting.backtest(home, first_sets())] == [one.summary() for one in made]
    kept = store.open_snapshot(home, KeyRing(home.keys), made[0].snapshot)
    assert "name" not in {column[0] for column in kept.cursor().sql("DESCRIBE persons").fetchall()}


@pytest.mark.parametrize("day", [date(2026, 8, 30), LAST, date(2027, 1, 1)])
def test_a_day_without_deliveries_before_the_one_in_service_is_refused(db: Any, home: Config, day: date) -> None:
    with pytest.raises(Refused, match="day in service"):
        backtesting.backtest(home, first_sets(), start=day, make=True)


def test_a_kept_day_of_other_indicators_is_made_again(db: Any, ready: Config) -> None:
    home, first = ready, store.kept(ready)[-1][0]
    (home.snapshots / first / "indicators.parquet").unlink()
    meta = home.snapshots / first / "meta.json"
    told = json.loads(meta.read_text(encoding="utf-8"))
    del told["files"]["indicators"]
    meta.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(Refused, match="has not been made"):
        backtesting.backtest(home, first_sets())
    assert backtesting.backtest(home, first_sets()[:1], make=True)[0].snapshot != first


def test_the_truth_of_a_city_knows_what_comes_after_the_day_in_service(db: Any, home: Config, extracts: Path) -> None:
    found = {one.difficulty: one for one in backtesting.backtest(home, first_sets(), truth=extracts / "truth")}
    abuse = found["abuse"]
    assert (abuse.start, abuse.until, abuse.record) == (LAST, date(2027, 10, 31), "truth")
    assert abuse.whole.events > 0 and abuse.oracle is not None
    assert not found["poverty"].told
    with pytest.raises(Refused, match="without --from"):
        backtesting.backtest(home, first_sets(), truth=extracts / "truth", start=FIRST)
    with pytest.raises(Refused, match="no truth"):
        backtesting.backtest(home, first_sets(), truth=extracts)


def test_how_a_version_stood_is_kept_with_day_snapshots_and_code(ready: Config, workers: dict[str, Account]) -> None:
    version = in_test(workers)
    (found,) = backtesting.try_backtest(ready, [version], by=workers["coordinator"])
    proof = governance.proofs_of(version)["backtest"]
    assert (proof.snapshot, proof.passed, proof.by) == (found.snapshot, found.passed, workers["coordinator"])
    assert proof.code == governance.code_version()
    assert json.loads(json.dumps(found.summary())) == proof.summary
    with pytest.raises(Denied):
        backtesting.try_backtest(ready, [version], by=workers["worker"])
    with pytest.raises(Refused, match="fixed"):
        backtesting.try_backtest(ready, [governance.copy(version, by=workers["coordinator"])], by=None)


def test_the_command_tells_and_keeps(
    ready: Config, workers: dict[str, Account], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIMAMORI_HOME", str(ready.home))
    version = in_test(workers)
    asked = ["screen", "backtest", "--version", str(version.pk), "--from", FIRST.isoformat(), "--by"]
    assert run([*asked, "worker"]) == 2
    assert run([*asked, "coordinator", "--json"]) in {0, 1}
    told = capsys.readouterr()
    (summary,) = json.loads(told.out)
    assert (summary["start"], summary["until"]) == (FIRST.isoformat(), LAST.isoformat())
    assert governance.proofs_of(version)["backtest"].summary == summary
    assert "判定不能" in told.err or "%" in told.err
    assert run(["screen", "backtest", "--version", "999999"]) == 2
    assert run(["screen", "backtest", "--from", LAST.isoformat()]) == 2
