"""The project's linkage beside recordlinkage and Splink on two public data sets, in one run (wants the extra `peers`).

    python -m benchmarks.public_sets [febrl4|pseudopeople]

A row is a way: seconds from rows in memory to pairs, training included; F1, precision and recall of the pairs it links
at its own cut, which never saw the truth; and, marked as such, the F1 that the truth itself would have cut for. FEBRL4
is run without its social security number and with it: for nobody a key, for everybody a column to compare.

Ours has three rows. Without a person: exact passes and what the verdict calls the same. With its questions: besides,
what it would put before a person, as though each were answered yes. By weight: whatever is better than even, one to
one, without the verdict's guards against brothers and sisters, whom these sets do not have to fear; the row to compare.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

import pyarrow as pa
from benchmarks.public_data import PublicSet, febrl4, pseudopeople
from benchmarks.public_peers import Scored, recordlinkage_ways, splink_ways

from benchmarks import public_ours

SETS: dict[str, tuple[Callable[[], PublicSet], tuple[bool, ...]]] = {  # with its number or without
    "febrl4": (febrl4, (False, True)),
    "pseudopeople": (pseudopeople, (False,)),
}


@dataclass(frozen=True)
class Figures:
    """How many pairs were linked, how many of them rightly, and how many there are to link."""

    linked: int
    right: int
    true: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.linked + self.true)

    def line(self) -> str:
        precision = self.right / self.linked if self.linked else 0.0
        return (
            f"{self.f1:>9.5f}{precision:>10.5f}{self.right / self.true:>9.5f}{self.linked - self.right:>7}"
            f"{self.true - self.right:>8}"
        )


Pair = tuple[str, str]
Weighed = list[tuple[Pair, float]]  # the strongest first


def one_to_one(pairs: pa.Table) -> Weighed:
    """The pairs that are the best of both their sides; equals by record."""
    rows = sorted(zip(*(pairs[name].to_pylist() for name in ("left", "right", "weight")), strict=True), key=_order)
    best_of_left: dict[str, str] = {}
    best_of_right: dict[str, str] = {}
    for left, right, _ in rows:
        best_of_left.setdefault(left, right)
        best_of_right.setdefault(right, left)
    return [
        ((left, right), weight)
        for left, right, weight in rows
        if best_of_left[left] == right and best_of_right[right] == left
    ]


def _order(row: tuple[str, str, float]) -> tuple[float, str, str]:
    return -row[2], row[0], row[1]


def figures(linked: list[Pair], truth: set[Pair]) -> Figures:
    return Figures(len(linked), len(truth.intersection(linked)), len(truth))


def best_cut(weighed: Weighed, truth: set[Pair]) -> Figures:
    """The figures of the cut that serves the truth best: no one could know it."""
    best = Figures(0, 0, len(truth))
    right = 0
    for number, (pair, weight) in enumerate(weighed, start=1):
        right += pair in truth
        whole = number == len(weighed) or weighed[number][1] < weight  # a cut does not part equals
        if whole and (now := Figures(number, right, len(truth))).f1 > best.f1:
            best = now
    return best


def ours(one: PublicSet, truth: set[Pair], *, number: bool) -> Iterator[str]:
    start = perf_counter()
    linked = public_ours.link(one, number=number)
    seconds = perf_counter() - start
    rows = linked.pairs.to_pylist()
    sure, asked = {"pass", "same"}, {"pass", "same", "unsure"}
    for way, verdicts in (("ours, without a person", sure), ("ours, with its questions", asked)):
        told = [(row["left"], row["right"]) for row in rows if row["verdict"] in verdicts]
        yield _line(way, seconds, figures(told, truth), None)
    weighed = one_to_one(linked.pairs.filter(linked.pairs["mutual"]))
    told = [pair for pair, weight in weighed if weight >= linked.weights.review]
    yield _line("ours, by weight", seconds, figures(told, truth), best_cut(weighed, truth))
    yield f"of ours {linked.learning:.1f} s are learning, which a night does not do\n"


def theirs(scored: Scored, truth: set[Pair]) -> str:
    weighed = one_to_one(scored.pairs)
    linked = [pair for pair, weight in weighed if weight >= scored.cut]
    return _line(scored.way, scored.seconds, figures(linked, truth), best_cut(weighed, truth))


def _line(way: str, seconds: float, told: Figures, best: Figures | None) -> str:
    return f"{way:<40}{seconds:>7.1f}{told.line()}{f'{best.f1:.5f}' if best else '':>12}\n"


def compare(one: PublicSet, *, number: bool) -> None:
    truth = set(zip(one.truth["left"].to_pylist(), one.truth["right"].to_pylist(), strict=True))
    put(f"\n{one.name}{', with its number' if number else ''}: {one.left.num_rows:,} records beside ")
    put(f"{one.right.num_rows:,}, {len(truth):,} true pairs\n{'':<40}{'s':>7}{'F1':>9}{'precision':>10}{'recall':>9}")
    put(f"{'wrong':>7}{'missed':>8}{'by truth *':>12}\n")
    for scored in (*recordlinkage_ways(one, number=number), *splink_ways(one, number=number)):
        put(theirs(scored, truth))
    for line in ours(one, truth, number=number):
        put(line)


def put(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> None:
    logging.disable(logging.INFO)
    for name in sys.argv[1:] or SETS:
        make, numbers = SETS[name]
        one = make()
        for number in numbers:
            compare(one, number=number)
    put("\n* F1 at the cut that the truth itself would choose: a ceiling, not a result\n")


if __name__ == "__main__":
    main()
