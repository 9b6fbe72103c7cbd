"""The benchmark on public sets: how it counts, and its way into the project's linkage on a handful of people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from benchmarks.public_data import PERSONS, PublicSet, born_at_age, day_of_census
from benchmarks.public_sets import Figures, best_cut, one_to_one

from benchmarks import public_ours

WORDS = ("Adams", "Baker", "Clarke", "Dixon", "Ellis", "Foster", "Grant", "Hughes", "Irwin", "Jarvis")
GIVEN = ("Anna", "Brian", "Carol", "David", "Emma")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12/25/2010", "20101225"),
        ("25/12/2010", "20101225"),  # a day where the month stands
        ("01/99/1997", "19970199"),
        ("1x/02/1990", "1x/02/1990"),
    ],
)
def test_days_of_the_census(written: str, read: str) -> None:
    assert day_of_census(written) == read


def test_an_age_is_a_year_of_births() -> None:
    assert born_at_age("0") == (date(2019, 4, 2), date(2020, 4, 1))
    assert born_at_age("5O") == born_at_age(None) == (None, None)


def test_counted_one_to_one_and_cut_between_unequal_weights() -> None:
    pairs = pa.table(
        {"left": ["a", "a", "b", "c", "d"], "right": ["1", "2", "1", "3", "4"], "weight": [9.0, 8.0, 7.0, 5.0, 5.0]}
    )
    weighed = one_to_one(pairs)
    assert weighed == [(("a", "1"), 9.0), (("c", "3"), 5.0), (("d", "4"), 5.0)]
    truth = {("a", "1"), ("b", "2"), ("d", "4")}
    assert best_cut(weighed, truth) == Figures(linked=3, right=2, true=3)
    assert Figures(linked=3, right=2, true=3).f1 == pytest.approx(2 / 3)


def person(record: str, family: str | None, given: str | None, birth: date | None, **more: Any) -> dict[str, Any]:
    return {
        "record": record, "family": family, "given": given, "birth_first": birth, "birth_last": birth, "sex": "1",
        "addresses": [{"address": None, "town": None}], **more,
    }  # fmt: skip


def small_set() -> PublicSet:
    """50 known people; of 40 seekers three are written otherwise: turned, with a slip, without a family name."""
    names = [(word, given) for word in WORDS for given in GIVEN]
    births = [date(1950 + number, 1 + number % 12, 1 + (5 * number) % 28) for number in range(len(names))]
    right = [person(f"k{number}", *name, births[number]) for number, name in enumerate(names)]
    left = [person(f"s{number}", *name, births[number]) for number, name in enumerate(names[:40])]
    left[7] = person("s7", names[7][1], names[7][0], births[7])
    left[8] = person("s8", names[8][0], names[8][1], births[8].replace(day=births[8].day + 1))
    left[9] = person("s9", None, names[9][1], births[9])
    left.append(person("stranger", "Zeller", "Yvonne", date(1931, 8, 9)))
    truth = pa.table({"left": [f"s{number}" for number in range(40)], "right": [f"k{number}" for number in range(40)]})
    known = pa.Table.from_pylist(right, PERSONS)
    return PublicSet("small", pa.Table.from_pylist(left, PERSONS), known, truth, turned_names=True)


def test_the_projects_linkage_takes_people_in_letters() -> None:
    one = small_set()
    linked = public_ours.link(one, number=False)
    rows = linked.pairs.to_pylist()
    truth = set(zip(one.truth["left"].to_pylist(), one.truth["right"].to_pylist(), strict=True))
    likely = [row for row in rows if row["mutual"] and row["weight"] >= linked.weights.review]
    assert {(row["left"], row["right"]) for row in likely} == truth
    assert sum(row["verdict"] == "pass" for row in rows) >= 37
