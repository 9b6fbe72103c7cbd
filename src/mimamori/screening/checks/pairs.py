"""Two conditions on one indicator: met together, or one never without the other."""

from __future__ import annotations

from collections.abc import Iterator

from mimamori.screening.checks.shapes import Finding, Repair
from mimamori.screening.checks.values import is_whole, values_of
from mimamori.screening.checks.words import measured, told
from mimamori.screening.checks.years import years_of
from mimamori.screening.conditions.schema import Condition, plain
from mimamori.screening.indicators import Indicator
from mimamori.sources.item import Label


def pairs(rows: tuple[Condition, ...], indicator: Indicator, ages: tuple[int, int]) -> Iterator[Finding]:
    """Conditions on one indicator that are met together, or one never without the other."""
    for place, left in enumerate(rows):
        for right in rows[place + 1 :]:
            if found := _pair(left, right, indicator, ages):
                yield found


def _pair(left: Condition, right: Condition, indicator: Indicator, ages: tuple[int, int]) -> Finding | None:
    mine, yours = values_of(left, indicator), values_of(right, indicator)
    (low, high), (from_, to) = years_of(left, ages), years_of(right, ages)
    both = mine.meets(yours)
    if both is None or max(low, from_) > min(high, to):
        return None
    left_in = mine.within(yours) and from_ <= low and high <= to
    right_in = yours.within(mine) and low <= from_ and to <= high
    if left_in and right_in and left.must == right.must:
        return Finding("twice", _twice(left, right), (right.id, left.id))
    if left_in and (right.must or not left.must):
        return Finding("contained", _contained(left, right), (left.id, right.id))
    if right_in and (left.must or not right.must):
        return Finding("contained", _contained(right, left), (right.id, left.id))
    if left.must or right.must or left.domain != right.domain or left_in or right_in:
        return None
    here = told(both, indicator)
    lower, upper = (left, right) if mine.least < yours.least else (right, left)
    return Finding(
        "overlap",
        Label(
            ja=f"{here.ja}の児童は、「{lower.sentence().ja}」と「{upper.sentence().ja}」の両方に当たり、"
            f"合わせて{plain(left.points + right.points)}点になります。",
            en=f"Children at {here.en} meet both “{lower.sentence().en}” and “{upper.sentence().en}”, "
            f"{plain(left.points + right.points)} points together.",
        ),
        (lower.id, upper.id),
        _until_before(lower, upper, indicator),
    )


def _until_before(lower: Condition, upper: Condition, indicator: Indicator) -> Repair | None:
    """The lower row ends where the upper one begins."""
    if lower.high is None or upper.low is None or not is_whole(indicator) or upper.low - 1 < (lower.low or 0):
        return None
    value = upper.low - 1
    upto = measured(value, indicator)
    return Repair(lower.id, "high", value, Label(ja=f"「{upto.ja}まで」に直す", en=f"Change it to “up to {upto.en}”"))


def _twice(left: Condition, right: Condition) -> Label:
    return Label(
        ja=f"「{left.sentence().ja}」と「{right.sentence().ja}」は同じ児童に当たります。1つにしてください。",
        en=f"“{left.sentence().en}” and “{right.sentence().en}” are met by the same children: keep one.",
    )


def _contained(inner: Condition, outer: Condition) -> Label:
    this, that = inner.sentence(), outer.sentence()
    if outer.must:
        end = Label(
            ja="必ず見る児童なので、この行がなくても載ります。", en="They must be looked at, so this row lists nobody."
        )
    else:
        points = plain(inner.points + outer.points)
        end = Label(ja=f"点は合わせて{points}点になります。", en=f"Together they give {points} points.")
    return Label(
        ja=f"「{this.ja}」に当たる児童は、かならず「{that.ja}」にも当たります。{end.ja}",
        en=f"Whoever meets “{this.en}” meets “{that.en}” as well. {end.en}",
    )
