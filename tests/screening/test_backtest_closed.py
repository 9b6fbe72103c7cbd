"""What a page may show of a back-test: no count from 1 to 9, told or worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mimamori.privacy.small_cells import SMALL
from mimamori.screening.backtest_closed import Shown, shown, small
from mimamori.screening.backtest_shapes import Count


def count(value: str, followed: int, events: int, taken: int, hits: int, *, dimension: str = "ward") -> Count:
    apart = {"known": 0, "gone": 0, "grown": 0, "lost": 0, "listed": taken, "listed_hits": hits, "taken_unseen": 0}
    return Count(dimension, value, followed=followed, events=events, taken=taken, hits=hits, **apart)


def whole_of(groups: list[Count]) -> Count:
    followed, events, taken, hits = (
        sum(getattr(group, name) for group in groups) for name in ("followed", "events", "taken", "hits")
    )
    return count("", followed, events, taken, hits, dimension="whole")


def test_large_counts_are_told_with_their_shares() -> None:
    groups = [count("a", 900, 40, 60, 20), count("b", 800, 50, 40, 20)]
    whole, (first, second) = shown(whole_of(groups), groups)
    assert (first.followed, first.events, first.taken) == (900, 40, 60)
    assert (first.precision.kind, first.precision.share, first.recall.share) == ("open", 20 / 60, 0.5)
    assert second.precision.share == 0.5
    assert whole.recall.share == 40 / 90


def test_a_share_that_would_tell_a_small_count_is_an_interval_of_whole_tenths() -> None:
    (alone, _) = shown(count("", 900, 25, 40, 5, dimension="whole"), [])
    # Wilson: 5 of 40 is 5.5 to 26.1 %, 5 of 25 is 8.9 to 39.1 %
    assert (alone.precision.kind, alone.precision.share) == ("coarse", None)
    assert (alone.precision.low, alone.precision.high) == (0.0, 0.3)
    assert (alone.recall.low, alone.recall.high) == (0.0, 0.4)
    assert (alone.events, alone.taken) == (25, 40)


def test_a_group_of_which_nothing_can_be_told_says_so_and_its_counts_are_closed() -> None:
    groups = [count("a", 900, 40, 60, 20), count("b", 300, 4, 30, 2), count("c", 500, 12, 20, 0)]
    _, (first, second, third) = shown(whole_of(groups), groups)
    assert (second.events, second.precision.kind, second.recall.kind) == (None, "undecided", "undecided")
    assert third.events is None, "else the four would follow from the total"
    assert third.recall.kind == "coarse"
    assert first.recall.kind == "coarse", "else the two hits of the second would follow from the whole's"


def test_nobody_is_not_closed() -> None:
    assert (small(0), small(1), small(SMALL), small(SMALL + 1)) == (0, None, None, SMALL + 1)
    (alone, _) = shown(count("", 900, 20, 40, 0, dimension="whole"), [])
    assert (alone.recall.kind, alone.recall.share) == ("open", 0.0)


FIGURES = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 400))


@given(st.lists(FIGURES, min_size=1, max_size=6))
def test_nothing_small_is_told_or_follows_from_the_total(figures: list[tuple[int, int, int, int]]) -> None:
    """Figures: hits, other events, others taken, the rest; each column of counts adds up to the whole's."""
    groups = [
        count(str(n), hits + events + others + rest, hits + events, hits + others, hits)
        for n, (hits, events, others, rest) in enumerate(figures)
    ]
    all_of = whole_of(groups)
    whole, lines = shown(all_of, groups)
    for line, group in zip((whole, *lines), (all_of, *groups), strict=True):
        for cell in (line.followed, line.events, line.taken):
            assert cell is None or cell == 0 or cell > SMALL
        if told_exactly(line):
            for number in (group.hits, group.events - group.hits, group.taken - group.hits):
                assert number == 0 or number > SMALL
            assert None not in {line.events, line.taken}
    for name in ("followed", "events", "taken"):
        closed = [line for line in lines if getattr(line, name) is None]
        assert getattr(whole, name) is None or len(closed) != 1
    if told_exactly(whole):
        untold = [group.hits for line, group in zip(lines, groups, strict=True) if not told_exactly(line)]
        assert len(untold) != 1 or not 0 < untold[0] <= SMALL


def told_exactly(line: Shown) -> bool:
    return "open" in {line.precision.kind, line.recall.kind}
