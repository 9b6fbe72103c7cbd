"""A small city over five quarters: a day that is made again from its deliveries, its events, and the whole zone scanned
for whatever the city's truth knows of its people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks.models_oracle import links_of, risk_of

from mimamori import intake, modelling, pipeline
from mimamori.city import build
from mimamori.config import Config
from mimamori.engine import read_parquet
from mimamori.karte import store
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.privacy.pseudonyms import Pseudonyms
from mimamori.screening import first_sets
from mimamori.sources import load_registry

FIRST, LAST = date(2025, 10, 31), date(2026, 10, 31)
SETS = {one.difficulty: one for one in first_sets()}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("town") / "city"
    build(residents=1500, seed=4, deliveries=2, apart=12, noise=0.0, out=out, registry=load_registry())
    return out


@pytest.fixture(scope="module")
def home(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    with pytest.MonkeyPatch.context() as patched:
        settings = Config(home=tmp_path_factory.mktemp("home"), threads=1, memory_gib=1)
        patched.setenv("MIMAMORI_HOME", str(settings.home))
        registry, keyring = load_registry(), KeyRing(settings.keys)
        for day in sorted((city / "extracts").iterdir()):
            intake.receive([day], config=settings, keyring=keyring, registry=registry)
        pipeline.night(
            config=settings, keyring=keyring, registry=registry, as_of=LAST, ledger=LEDGER.empty_table(),
            decisions=DECISIONS.empty_table(), condition_sets=[SETS["abuse"]], keep_ledger=lambda rows: None,
        )  # fmt: skip
        yield settings


@pytest.fixture
def told(db: None, home: Config) -> list[str]:
    """Both days in the zone once a module; what was told on the way."""
    lines: list[str] = []
    if not (home.zone / "abuse").exists():
        with pytest.raises(Exception, match="No state of"):
            modelling.gather(home, {"abuse": SETS["abuse"]}, by=None)
        before = store.kept(home)
        modelling.gather(
            home, {"abuse": SETS["abuse"], "poverty": SETS["poverty"]}, by=None, days=[FIRST, LAST], make=True,
            phase=lines.append,
        )  # fmt: skip
        assert store.kept(home) == before  # nothing of the day is kept but under tokens
        assert lines[0] == f"{FIRST} (1/2)" and f"{LAST} (2/2)" in lines
    return lines


def test_the_day_is_found_by_itself_and_told_by_what_came_since(told: list[str], home: Config, city: Path) -> None:
    assert modelling.days_to_learn_from(home, LAST, 12) == [FIRST]
    manifest = {project: modelling.panel(home, project, by=None) for project in ("abuse", "poverty")}
    abuse = manifest["abuse"]
    assert abuse.days == (FIRST, LAST)
    events = {row["token"] for row in abuse.table.to_pylist() if row["event"]}
    assert events
    assert {row["event"] for row in abuse.table.to_pylist() if row["day"] == LAST} == {None}
    # every event is one of the truth: of a person who had one within the year
    truth = {
        row["person_id"]
        for row in pq.read_table(city / "truth" / "history.parquet").to_pylist()
        if FIRST < row["day"] <= LAST
    }
    person_of = dict(zip(*pq.read_table(city / "truth" / "records.parquet").to_pydict().values(), strict=True))
    keyring = KeyRing(home.keys)
    pseudonyms = Pseudonyms(keyring, "abuse", 1)
    with store.current(home, keyring).cursor() as con:
        refs = con.execute("SELECT case_no, ref FROM links").fetchall()
    whose = {pseudonyms.child(case_no): person_of[ref] for case_no, ref in refs if ref in person_of}
    assert len(events & set(whose)) == len(events)
    assert {whose[token] for token in events} <= truth
    assert len(truth) - len(events) <= len(truth) / 2


def test_a_child_has_the_same_token_on_both_days(told: list[str], home: Config) -> None:
    """The day that was made again has case numbers of its own; the token goes by the number of now."""
    table = modelling.panel(home, "abuse", by=None).table
    days: dict[date, set[str]] = {FIRST: set(), LAST: set()}
    for row in table.to_pylist():
        days[row["day"]].add(row["token"])
    assert len(days[FIRST] & days[LAST]) > 0.8 * len(days[FIRST])


def test_nothing_that_the_truth_knows_of_people_is_in_the_zone(told: list[str], home: Config, city: Path) -> None:
    people = pq.read_table(city / "truth" / "people.parquet").to_pylist()
    refs = pq.read_table(city / "truth" / "records.parquet")["ref"].to_pylist()
    names = {row[field] for row in people for field in ("name", "kana")}
    names |= {word for name in names for word in name.split(" ")}
    names |= {ref.split(":")[-1] for ref in refs} | {str(row["birth_date"]) for row in people}
    with store.current(home, KeyRing(home.keys)).cursor() as con:
        for column in ("case_no", "household_no", "address", "postal"):
            names |= {row[0] for row in con.execute(f"SELECT DISTINCT {column} FROM persons").fetchall() if row[0]}
    allowed = {str(FIRST), str(LAST)}
    for project in ("abuse", "poverty"):
        for path in (home.zone / project).iterdir():
            if path.suffix != ".parquet":
                text = path.read_text(encoding="utf-8")
                assert not [name for name in names - allowed if len(name) > 4 and f'"{name}"' in text]
                continue
            table = read_parquet(path, KeyRing(home.keys).zone_key(project))
            for name in table.column_names:
                values = {str(value) for value in table[name].to_pylist()}
                assert not values & (names - allowed), name


def test_the_hidden_risk_of_a_day_is_found_for_its_children(told: list[str], home: Config, city: Path) -> None:
    """The oracle of the benchmarks: the truth's hazard of the very day, by row of the panel."""
    panel = modelling.panel(home, "abuse", by=None)
    with store.current(home, KeyRing(home.keys)).cursor() as con:
        links = links_of(con)
    risk = risk_of(panel, city / "truth", links, Pseudonyms(KeyRing(home.keys), "abuse", 1))
    assert len(risk) == panel.table.num_rows
    day = panel.table["day"].to_pylist()
    hazards = pq.read_table(city / "truth" / "hazards.parquet").to_pylist()
    for one in (FIRST, LAST):
        of_day = [value for value, when in zip(risk, day, strict=True) if when == one]
        known = [row["hazard"] for row in hazards if row["day"] == one]
        assert sum(of_day) == pytest.approx(sum(known), rel=0.05)
        assert set(of_day) <= {*known, 0.0}
