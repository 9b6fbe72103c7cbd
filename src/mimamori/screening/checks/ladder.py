"""Points along the values of one indicator: gaps where a severer value gets none, and falls where it gets fewer."""

from __future__ import annotations

from collections.abc import Iterator

from mimamori.screening.checks.shapes import Finding, Repair
from mimamori.screening.checks.values import Segment, Values, segments, values_of
from mimamori.screening.checks.words import measured, told
from mimamori.screening.conditions.schema import Condition, plain
from mimamori.screening.indicators import Indicator
from mimamori.sources.item import Label

MUST = float("inf")  # what a must-look condition is worth beside points


def uneven(rows: tuple[Condition, ...], indicator: Indicator, ages: tuple[int, int]) -> Iterator[Finding]:
    """Values that are worth less than milder ones beside them; each told once, whatever the ages."""
    seen: set[tuple[Segment, ...]] = set()
    for year in range(ages[0], ages[1] + 1):
        covering = tuple(row for row in rows if row.covers(year))
        for below, found in _drops(covering, indicator):
            if found in seen:
                continue
            seen.add(found)
            yield _drop(below, found, covering, indicator)


def _drops(rows: tuple[Condition, ...], indicator: Indicator) -> Iterator[tuple[float, tuple[Segment, ...]]]:
    """Runs of values worth less than a milder one: what the milder one is worth, and the run from low to high."""
    ladder = segments(rows, indicator)
    if indicator.direction == "lower":
        ladder = ladder[::-1]
    worths = [_worth(rows, segment) for segment in ladder]
    best, run, before = 0.0, list[Segment](), 0.0
    for place, (segment, worth) in enumerate(zip(ladder, worths, strict=True)):
        missing = worth < best
        if indicator.direction == "neither":
            missing = worth == 0 < best and any(worths[place:])
        if run and (not missing or (worth == 0) != (before == 0)):
            yield best, tuple(sorted(run))
            run = []
        if missing:
            run.append(segment)
        best, before = max(best, worth), worth
    if run:
        yield best, tuple(sorted(run))


def _worth(rows: tuple[Condition, ...], segment: Segment) -> float:
    met = [row for row in rows if row.holds(segment.at)]
    return MUST if any(row.must for row in met) else sum(row.points for row in met)


def _drop(milder: float, run: tuple[Segment, ...], rows: tuple[Condition, ...], indicator: Indicator) -> Finding:
    where = told(Values.of(run), indicator)
    nothing = _worth(rows, run[0]) == 0
    near = sorted(rows, key=lambda row: _distance(values_of(row, indicator), run))
    label = indicator.label
    better = Label(ja="必ず見る", en="must-look") if milder == MUST else Label(
        ja=f"{plain(milder)}点", en=f"{plain(milder)} points")  # fmt: skip
    if nothing:
        said = Label(
            ja=f"{label.ja}が{where.ja}の児童は、どの行にも当たりません。もっと軽い値の児童は{better.ja}です。",
            en=f"Children whose {label.en} is {where.en} meet no row, while a milder value gives {better.en}.",
        )
    else:
        said = Label(
            ja=f"{label.ja}が{where.ja}の児童の点が、もっと軽い値の児童({better.ja})より低くなっています。",
            en=f"Children whose {label.en} is {where.en} get less than a milder value ({better.en}).",
        )
    return Finding(
        "gap" if nothing else "falls", said, tuple(row.id for row in near[:2]), _closing(run, rows, indicator, nothing)
    )


def _closing(run: tuple[Segment, ...], rows: tuple[Condition, ...], indicator: Indicator, gap: bool) -> Repair | None:
    """A gap is closed by the row beyond it: it begins where the gap does."""
    begins, ends = run[0], run[-1]
    if not gap:
        return None
    if indicator.direction == "lower":
        beyond = [row for row in rows if row.high is not None and row.high < begins.low]
        if ends.high is None or not beyond:
            return None
        row = max(beyond, key=lambda one: one.high or 0)
        upto = measured(ends.high, indicator)
        return Repair(
            row.id, "high", ends.high, Label(ja=f"「{upto.ja}以下」に直す", en=f"Change it to “{upto.en} or less”")
        )
    beyond = [row for row in rows if row.low is not None and ends.high is not None and row.low > ends.high]
    if not beyond:
        return None
    row = min(beyond, key=lambda one: one.low or 0)
    since = measured(begins.low, indicator)
    if row.high is None:
        words = Label(ja=f"「{since.ja}以上」に直す", en=f"Change it to “{since.en} or more”")
    else:
        words = Label(ja=f"「{since.ja}から」に直す", en=f"Change it to “from {since.en}”")
    return Repair(row.id, "low", begins.low, words)


def _distance(values: Values, run: tuple[Segment, ...]) -> float:
    high = run[-1].high
    return min(abs(values.least - (run[0].low if high is None else high)), abs(values.most - run[0].low))
