"""A random sample of automatic links: what may be drawn, how many of which way, and the same again for a seed."""

from __future__ import annotations

import pytest

from mimamori import engine
from mimamori.engine import Connection
from mimamori.linkage.model import load_weights
from mimamori.linkage.sample import allocate, draw

ACCEPT = load_weights().accept


def night(*rows: tuple[str, str, str, float | None], silent: tuple[str, ...] = ()) -> Connection:
    """Rows of `links`: ref, case, how, weight. Of `silent` refs nothing is told."""
    con = engine.connect()
    con.execute("CREATE TABLE links (ref VARCHAR, case_no VARCHAR, how VARCHAR, weight DOUBLE)")
    con.execute("CREATE TABLE particulars (ref VARCHAR)")
    for row in rows:
        con.execute("INSERT INTO links VALUES (?, ?, ?, ?)", list(row))
        if row[0] not in silent:
            con.execute("INSERT INTO particulars VALUES (?)", [row[0]])
    return con


def pupils(count: int, how: str = "pass:name", weight: float | None = None, first: int = 0) -> list[tuple]:  # type: ignore[type-arg]
    found: list[tuple[str, str, str, float | None]] = []
    for n in range(first, first + count):
        found += [(f"addressee_no:{n}", f"K{n}", "key", None), (f"pupil_no:{n}", f"K{n}", how, weight)]
    return found


def test_only_links_made_without_a_person_are_drawn() -> None:
    con = night(
        *pupils(1),
        ("pupil_no:7", "K7", "new", None),
        ("addressee_no:8", "K8", "key", None), ("pupil_no:8", "K8", "decision", None),
        ("addressee_no:9", "K9", "key", None), ("pupil_no:9", "K9", "pass:name", None),
        silent=("pupil_no:9",),
    )  # fmt: skip
    found = draw(con, 10, 1)
    assert [(one.left_ref, one.right_ref, one.stratum) for one in found.links] == [
        ("pupil_no:0", "addressee_no:0", "pass:name")
    ]
    assert [(one.name, one.links, one.drawn) for one in found.strata] == [("pass:name", 1, 1)]


def test_weights_stand_in_bands() -> None:
    weights = (ACCEPT, ACCEPT + 4.9, ACCEPT + 5, ACCEPT + 99, ACCEPT - 1)
    con = night(*(row for n, weight in enumerate(weights) for row in pupils(1, "splink", weight, n)))
    found = draw(con, 10, 1)
    assert {(one.name, one.low, one.links) for one in found.strata} == {
        ("splink:0", ACCEPT, 3), ("splink:1", ACCEPT + 5, 1), ("splink:2", ACCEPT + 10, 1),
    }  # fmt: skip


def test_a_seed_draws_the_same_again_and_another_seed_others() -> None:
    con = night(*pupils(200))
    assert draw(con, 20, 7) == draw(con, 20, 7)
    assert set(draw(con, 20, 7).links) != set(draw(con, 20, 8).links)


def test_every_link_may_be_drawn() -> None:
    con = night(*pupils(20))
    assert {link.left_ref for seed in range(40) for link in draw(con, 5, seed).links} == {
        f"pupil_no:{n}" for n in range(20)
    }


@pytest.mark.parametrize(
    ("sizes", "size", "expected"),
    [
        ({"a": 1000, "b": 1000}, 10, {"a": 5, "b": 5}),
        ({"a": 9000, "b": 1000}, 100, {"a": 70, "b": 30}),  # half even, half by size
        ({"a": 1000, "b": 3}, 100, {"a": 97, "b": 3}),
        ({"a": 2, "b": 3}, 100, {"a": 2, "b": 3}),
        ({}, 100, {}),
    ],
)
def test_a_rare_way_is_looked_at_as_well(sizes: dict[str, int], size: int, expected: dict[str, int]) -> None:
    assert allocate(sizes, size) == expected


def test_a_sample_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw(night(), 0, 1)
    assert draw(night(), 5, 1).links == ()
