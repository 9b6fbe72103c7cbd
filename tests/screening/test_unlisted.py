"""Who is drawn of those whom a night did not extract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mimamori import engine
from mimamori.engine import Connection
from mimamori.screening.unlisted import Drawn, draw_unlisted


@pytest.fixture
def con() -> Iterator[Connection]:
    """100 children in ward a, 3 in b, one without a ward; A-0 … A-9 are extracted."""
    con = engine.connect()
    con.execute("CREATE TABLE indicators (case_no VARCHAR, ward VARCHAR)")
    con.execute("CREATE TABLE findings (case_no VARCHAR)")
    children = [(f"A-{n}", "a") for n in range(100)] + [(f"B-{n}", "b") for n in range(3)] + [("C-0", None)]
    con.executemany("INSERT INTO indicators VALUES (?, ?)", children)
    con.executemany("INSERT INTO findings VALUES (?)", [(f"A-{n}",) for n in range(10)])
    yield con
    con.close()


def test_so_many_of_each_ward_and_nobody_who_was_extracted(con: Connection) -> None:
    a, b = draw_unlisted(con, {"a": 5, "b": 5, "c": 5, "d": 0}, seed=1, without={"B-1"})
    assert (a.ward, a.frame, len(a.cases), len(set(a.cases))) == ("a", 90, 5, 5)
    assert not set(a.cases) & {f"A-{n}" for n in range(10)}
    assert (b.frame, set(b.cases)) == (2, {"B-0", "B-2"})


def test_a_seed_draws_the_same_again_whatever_the_order_of_the_rows(con: Connection) -> None:
    first = draw_unlisted(con, {"a": 5}, seed=1, without=())
    con.execute("CREATE OR REPLACE TABLE indicators AS SELECT * FROM indicators ORDER BY case_no DESC")
    assert draw_unlisted(con, {"a": 5}, seed=1, without=()) == first
    assert draw_unlisted(con, {"a": 5}, seed=2, without=()) != first
    assert draw_unlisted(con, {"a": 8}, seed=1, without=())[0].cases[:5] == first[0].cases


def test_everybody_has_the_same_chance(con: Connection) -> None:
    counts = dict.fromkeys((f"A-{n}" for n in range(10, 100)), 0)
    for seed in range(300):
        for case_no in draw_unlisted(con, {"a": 9}, seed=seed, without=())[0].cases:
            counts[case_no] += 1
    assert sum(counts.values()) == 2700
    # 30 expected of each, standard deviation √(300 × 0.1 × 0.9) = 5.2: five of them either side
    assert min(counts.values()) >= 4 and max(counts.values()) <= 56


@pytest.mark.parametrize("sizes", [{}, {"a": 0}, {"z": 3}])
def test_nobody_asked_for_is_nobody_drawn(con: Connection, sizes: dict[str, int]) -> None:
    assert draw_unlisted(con, sizes, seed=1, without=()) == ()


def test_a_case_number_is_bound_and_no_sql(con: Connection) -> None:
    drawn: tuple[Drawn, ...] = draw_unlisted(con, {"a'); DROP TABLE findings; --": 3}, seed=1, without={"x') --"})
    assert drawn == ()
