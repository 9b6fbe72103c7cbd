"""20,000 people linked on both engines: the same pairs with the same weights."""

from __future__ import annotations

import sys
import time
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from mimamori import city, engine, intake
from mimamori.config import Config
from mimamori.linkage import cities, sides
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.mentions import collect
from mimamori.linkage.names import fold_names
from mimamori.linkage.residue import make_residue
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Registry, load_registry

RESIDENTS = 20_000
DAY = date(2026, 10, 31)


def everybody(registry: Registry) -> Registry:
    """The registry in which nobody's rows are left out for their age."""
    layouts = tuple(
        layout.model_copy(update={"tables": tuple(t.model_copy(update={"scope": "all"}) for t in layout.tables)})
        for layout in registry
    )
    return Registry(layouts, registry.municipality)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, pa.Table]:
    """Whoever is told of by a city's systems and all of its residents, and the residents again, by all their names."""
    folder = tmp_path_factory.mktemp("city")
    registry, config = everybody(load_registry()), Config(home=folder / "home")
    keyring = KeyRing(config.keys)
    city.build(residents=RESIDENTS, seed=20261031, deliveries=1, noise=1, out=folder / "made", registry=registry)
    intake.receive([*(folder / "made" / "extracts").iterdir()], config=config, keyring=keyring, registry=registry)
    con = engine.connect()
    intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=DAY)
    make_macros(con)
    collect(con, registry)
    fold_names(con)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sides, "OLDEST_PUPIL", 150)
        sides.make_sides(con, DAY)
    con.execute("CREATE TEMP TABLE edges (left_ref VARCHAR)")  # nothing is certain yet: everybody is residue
    make_residue(con, everybody=True)
    columns = ", ".join(cities.PERSONS.names)
    seekers, known = (
        engine.table_of(con, f"SELECT {columns} FROM residue_{side} ORDER BY ALL").cast(cities.PERSONS)
        for side in ("seekers", "known")
    )
    return pa.concat_tables([seekers, known]), known


def by_pair(scored: pa.Table) -> dict[tuple[str, str], float]:
    return {(row["left_ref"], row["right_ref"]): row["weight"] for row in scored.to_pylist()}


@pytest.mark.spark
def test_every_pair_and_weight(
    spark: Any, people: tuple[pa.Table, pa.Table], capsys: pytest.CaptureFixture[str]
) -> None:
    left, right = people
    assert len(set(right["ref"].to_pylist())) >= RESIDENTS * 0.99
    took = [time.perf_counter()]
    expected = by_pair(cities.score(left, right))
    took.append(time.perf_counter())
    told = by_pair(cities.score(left, right, on=spark))
    took.append(time.perf_counter())
    assert len(expected) > 50_000
    assert told.keys() == expected.keys()
    apart = max(abs(told[pair] - weight) for pair, weight in expected.items())
    assert apart <= 1e-9
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(set(left['ref'].to_pylist())):,} and {len(set(right['ref'].to_pylist())):,} people,"
            f" {len(expected):,} pairs, weights at most {apart:.1e} apart:"
            f" DuckDB {took[1] - took[0]:.1f} s, Spark {took[2] - took[1]:.1f} s\n"
        )


@pytest.mark.spark
def test_a_cut_is_the_same_on_both(spark: Any, people: tuple[pa.Table, pa.Table]) -> None:
    few = people[0].slice(0, 200)
    expected = by_pair(cities.score(few, people[1], at_least=5.0))
    assert expected
    assert min(expected.values()) >= 5.0
    assert by_pair(cities.score(few, people[1], at_least=5.0, on=spark)) == pytest.approx(expected, abs=1e-9)
