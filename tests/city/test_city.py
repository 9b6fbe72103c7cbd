"""A built city: reproducible, whole, with the shares it is said to have and a risk that can be found."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import mimamori.city
from mimamori.city import build, rates
from mimamori.city.days import age, number, parts
from mimamori.city.lives import Lives, live
from mimamori.city.names import load_names
from mimamori.city.people import CHILD, City
from mimamori.city.population import make_city
from mimamori.city.register import Register
from mimamori.city.settings import Settings
from mimamori.city.stays import BETWEEN, IN, INSIDE
from mimamori.city.streams import Streams
from mimamori.refusal import Refused
from mimamori.sources import Registry, load_registry


@pytest.fixture(scope="module")
def town() -> tuple[City, Lives]:
    """A city of 60,000, large enough for shares."""
    settings = Settings(residents=60_000, seed=5)
    streams = Streams(settings.seed)
    city = make_city(settings, load_names(streams), streams)
    return city, live(city)


def _built(out: Path, *, seed: int = 1, noise: float = 1.0, deliveries: int = 2) -> Path:
    build(residents=1200, seed=seed, deliveries=deliveries, noise=noise, out=out, registry=load_registry())
    return out


def _digests(folder: Path) -> dict[str, str]:
    """Content of every file by its path; of the workbooks, which carry a time, only that they are there."""
    return {
        str(path.relative_to(folder)): "" if ".xlsx" in path.name else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_makes_the_same_city_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = (_built(tmp_path / name, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert _digests(first) == _digests(again)
    assert _digests(first) != _digests(other)


def test_every_table_of_every_layout_is_delivered_with_rows(tmp_path: Path) -> None:
    build(residents=6000, seed=1, deliveries=1, noise=0.0, out=tmp_path / "city", registry=load_registry())
    empty = []
    for layout, table in load_registry().tables():
        (manifest,) = (tmp_path / "city").rglob(f"{layout.name}.{table.name}.*.manifest.json")
        if '"rows": 0' in manifest.read_text(encoding="utf-8"):
            empty.append(f"{layout.name}.{table.name}")
    assert empty == []


def test_the_truth_knows_every_number_that_a_department_gave(tmp_path: Path) -> None:
    city = _built(tmp_path / "city", noise=0.0)
    known = set(pq.read_table(city / "truth" / "records.parquet")["ref"].to_pylist())
    registry: Registry = load_registry()
    given = set()
    for layout, table in registry.tables():
        if table.format.kind not in {"csv", "tsv"}:
            continue
        for path in (city / "extracts").rglob(f"{layout.name}.{table.name}.*.{table.format.kind}"):
            text = path.read_bytes().decode(table.format.encoding)
            rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if table.format.kind == "tsv" else ",")
            wanted = [(table.item(p.key).label.ja, p.key_kind) for p in table.persons]
            wanted += [(table.item(a.key).label.ja, a.kind) for p in table.persons for a in p.also]
            for row in rows:
                for label, kind in wanted:
                    space = f"own_no:{layout.name}" if kind == "own_no" else kind
                    bare = row[label].lstrip("0") if kind == "addressee_no" else row[label]
                    given.add(f"{space}:{bare}" if bare else "")
    assert len(given) > 1200
    assert given - known == {""}


def test_without_noise_no_row_is_bad_and_with_it_some_are(tmp_path: Path) -> None:
    def bad(noise: float) -> int:
        city = _built(tmp_path / f"noise{noise}", noise=noise, deliveries=1)
        texts = [path.read_bytes() for path in (city / "extracts").rglob("*.csv")]
        return sum(len(re.findall(rb"[,\t]\?[,\t\r]|20269945", text)) for text in texts)

    assert bad(0.0) == 0
    assert bad(20.0) > 20


@pytest.mark.parametrize(("residents", "deliveries", "noise"), [(199, 1, 1.0), (1000, 0, 1.0), (1000, 1, -0.1)])
def test_what_cannot_be_built_is_refused_and_leaves_nothing(
    tmp_path: Path, residents: int, deliveries: int, noise: float
) -> None:
    with pytest.raises(Refused):
        build(
            residents=residents,
            seed=1,
            deliveries=deliveries,
            noise=noise,
            out=tmp_path / "city",
            registry=load_registry(),
        )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(Refused):
        _built(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_shares_are_those_of_the_table_of_rates(town: tuple[City, Lives]) -> None:
    city, lives = town
    people, homes, settings = city.people, city.homes, city.settings
    everybody = np.arange(len(people))
    here, kids = city.here(everybody, city.today), city.children
    young = kids[age(people.birth[kids], city.today) < 18]
    pupils = kids[lives.school.pupil[kids]]
    alone = homes.single[people.household[kids]]
    recent = lives.guidance.on > city.today - 365
    measured = {
        "residents": (here.sum() / settings.residents, 1.0, 0.02),
        "children": (len(young) / here.sum(), rates.CHILDREN_SHARE, 0.015),
        "poor, one parent": (homes.poor[people.household[kids]][alone].mean(), rates.POVERTY_ONE_ADULT, 0.12),
        "poor, two parents": (homes.poor[people.household[kids]][~alone].mean(), rates.POVERTY_TWO_ADULTS, 0.03),
        "low weight": ((lives.health.weight[kids] < 2500).mean(), rates.LOW_BIRTH_WEIGHT, 0.02),
        "EPDS": ((lives.health.epds[kids] >= 9).mean(), rates.EPDS_HIGH, 0.015),
        "twins": (people.twin[kids].mean(), rates.MULTIPLE_CHILDREN, 0.008),
        "expense aid": (lives.school.aid[pupils].mean(), settings.expense_aid, 0.02),
        "special classes": (np.isin(lives.school.special[pupils], ("1", "2", "3")).mean(), rates.SPECIAL_CLASS, 0.01),
        "non-attendance": (lives.school.non_attending[-1][pupils].mean(), 0.0362, 0.008),
        "assistance": (lives.assistance[people.household[kids]].mean(), settings.assistance_children, 0.01),
        "consultations": (recent.sum() / len(kids), rates.ABUSE_CONSULTATIONS, 0.003),
        "council": ((lives.guidance.council_until > city.today).sum() / len(kids), rates.COUNCIL_SHARE, 0.005),
        "handbooks": (
            (lives.health.handbook[kids] > 0).mean(),
            settings.handbook_intellectual + settings.handbook_physical + settings.handbook_mental,
            0.006,
        ),
    }
    assert {name: value for name, value in measured.items() if abs(value[0] - value[1]) > value[2]} == {}


def test_households_move_as_often_as_the_register_says_and_most_in_spring(town: tuple[City, Lives]) -> None:
    city, _ = town
    stays = city.stays
    recent = stays.start > city.today - 730
    yearly = {kind: (recent & (stays.kind == kind)).sum() / 2 / len(city.homes.ward) for kind in (IN, BETWEEN, INSIDE)}
    assert yearly[IN] == pytest.approx(rates.IN_RATE, rel=0.35)
    assert yearly[BETWEEN] == pytest.approx(rates.BETWEEN_WARDS_RATE, rel=0.35)
    assert yearly[INSIDE] == pytest.approx(rates.INSIDE_WARD_RATE, rel=0.35)
    months = parts(stays.start[recent])[1]
    assert np.isin(months, (3, 4)).mean() == pytest.approx(rates.SPRING_SHARE, abs=0.05)


def test_the_register_tells_moves_names_ends_and_births(town: tuple[City, Lives]) -> None:
    city, _ = town
    held = Register(city).residents(city.today, 0)
    count = {code: held["move_code"].count(code) for code in ("11", "13", "21", "22", "23", "31", "33")}
    assert {code for code, times in count.items() if times < 20} == set()
    assert {"1", "2", "3"} == set(held["status"])
    last = dict(zip(held["addressee_no"], held["status"], strict=True))
    assert sum(status == "3" for status in last.values()) / 60_000 == pytest.approx(0.0085, rel=0.3)


def test_the_register_of_a_day_knows_nothing_that_was_told_later(town: tuple[City, Lives]) -> None:
    city, _ = town
    register = Register(city)
    protection = ("protection", "protection_role", "protection_from", "protection_to", "protection_city")

    def rows(day: int) -> set[tuple[str, ...]]:
        held = register.residents(day, 0)
        told = [field for field in held if field not in {*protection, "perpetrator_no"}]
        return set(zip(*(held[field] for field in told), strict=True))

    earlier, later = rows(number(date(2026, 6, 30))), rows(number(date(2026, 10, 31)))
    assert earlier < later
    assert len(later - earlier) > 500


def test_the_hidden_risk_tells_who_is_consulted_about_later(town: tuple[City, Lives]) -> None:
    city, lives = town
    kids = city.children
    later = np.isin(kids, lives.guidance.later)
    hazard = lives.hazard[kids]
    order = np.argsort(np.argsort(hazard))
    auc = (order[later].mean() - (later.sum() - 1) / 2) / (~later).sum()
    assert auc > 0.7


def test_every_child_has_a_household_with_an_adult(town: tuple[City, Lives]) -> None:
    city, _ = town
    grown = np.flatnonzero((city.people.role != CHILD) & city.here(np.arange(len(city.people)), city.today))
    kids = city.children
    assert np.isin(city.people.household[kids], city.people.household[grown]).mean() > 0.99


def test_every_figure_of_the_settings_and_rates_is_used() -> None:
    folder = Path(mimamori.city.__file__).parent
    text = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    named = {"settings.py": [one.name for one in fields(Settings)]}
    named["rates.py"] = [name for name in vars(rates) if name.isupper()]
    unused = [
        name
        for file, names in named.items()
        for name in names
        if not re.search(rf"\b{name}\b", "".join(body for other, body in text.items() if other != file))
    ]
    assert unused == []


@pytest.fixture(scope="module")
def quarterly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Cities of five quarterly deliveries: as they are, by lot, and one where a ward's records hold a tenth."""
    made = {}
    for name, changed in {"plain": {}, "lot": {"pure_chance": True}, "ward": {"recorded": {"40131": 0.1}}}.items():
        made[name] = tmp_path_factory.mktemp("quarterly") / name
        build(
            residents=12_000, seed=3, deliveries=5, apart=3, noise=0.0, out=made[name], registry=load_registry(),
            **changed,  # type: ignore[arg-type]
        )  # fmt: skip
    return made


def _truth(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(pq.read_table(folder / "truth" / f"{name}.parquet").to_pylist())


def test_deliveries_may_be_quarters_apart(quarterly: dict[str, Path]) -> None:
    days = sorted(path.name for path in (quarterly["plain"] / "extracts").iterdir())
    assert days == ["2025-10-31", "2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31"]
    # a source that is a month late lacks the last quarter, not the last month of a monthly city
    lunch = sorted(
        path.parent.name for path in (quarterly["plain"] / "extracts").rglob("school_lunch_fees.fees.*.json")
    )
    assert lunch[-1] == "2026-07-31"


@pytest.mark.parametrize("city", ["plain", "lot", "ward"])
def test_the_hazard_of_a_day_is_what_comes_in_the_year_after(quarterly: dict[str, Path], city: str) -> None:
    """As many are expected as come, and of whom they come, more was expected than of others (but in a city by lot)."""
    first = date(2025, 10, 31)
    hazard = {row["person_id"]: row["hazard"] for row in _truth(quarterly[city], "hazards") if row["day"] == first}
    after = [row["person_id"] for row in _truth(quarterly[city], "history") if first < row["day"] <= date(2026, 10, 31)]
    assert 0.7 < len(after) / sum(hazard.values()) < 1.3
    came = np.array([hazard[who] for who in set(after) & set(hazard)])
    others = np.array([hazard[who] for who in set(hazard) - set(after)])
    better = np.mean(came[:, None] > others) + np.mean(came[:, None] == others) / 2  # AUC
    if city == "lot":
        assert better == 0.5
        assert len(set(hazard.values())) <= 2  # the same for all, but for who was drawn in the year already
    else:
        assert better > 0.7


def test_what_a_ward_does_not_record_happened_all_the_same(quarterly: dict[str, Path]) -> None:
    events = _truth(quarterly["ward"], "history")
    plain = _truth(quarterly["plain"], "history")
    key = [(row["person_id"], row["day"]) for row in plain]
    missed = [row for row in events if not row["recorded"]]
    assert sorted(key) == sorted((row["person_id"], row["day"]) for row in events)
    assert all(row["recorded"] for row in plain) and len(missed) > 8
    cases = dict.fromkeys(("plain", "ward"), 0)
    for name in cases:
        [path] = (quarterly[name] / "extracts" / "2026-10-31").glob("child_guidance.cases.*.manifest.json")
        cases[name] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    assert 0 < cases["plain"] - cases["ward"] <= len(missed)
