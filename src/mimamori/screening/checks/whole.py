"""What a set as a whole leaves out: tiers that nobody can reach, ages of which no condition speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mimamori.screening.checks.reach import most_points
from mimamori.screening.checks.shapes import Finding
from mimamori.screening.checks.years import years_known, years_of
from mimamori.screening.conditions.schema import Condition, ConditionSet, plain
from mimamori.screening.indicators import Indicator
from mimamori.sources.item import Label


def tiers(of: ConditionSet, possible: tuple[Condition, ...], held: Mapping[str, Indicator]) -> Iterator[Finding]:
    most = most_points(of, possible, held)
    for number, tier in enumerate(of.tiers, start=1):
        if tier > most + 1e-9:
            yield Finding(
                "tier_unreachable",
                Label(
                    ja=f"段階{number}の{plain(tier)}点に届く児童は出ません。"
                    f"すべて当たっても{plain(round(most, 1))}点です。",
                    en=f"No child can reach tier {number} at {plain(tier)} points: all conditions together give "
                    f"{plain(round(most, 1))}.",
                ),
            )


def ages(of: ConditionSet, possible: tuple[Condition, ...], held: Mapping[str, Indicator]) -> Iterator[Finding]:
    """Years of the set of which no condition speaks."""
    spoken: set[int] = set()
    for condition in possible:
        (low, high), known = years_of(condition, of.ages), years_known(held[condition.indicator])
        spoken |= set(range(max(low, known[0]), min(high, known[1]) + 1))
    missing = [year for year in range(of.ages[0], of.ages[1] + 1) if year not in spoken]
    for first, last in _runs(missing):
        ja = f"{first}〜{last}歳" if first != last else f"{first}歳"
        en = f"aged {first} to {last}" if first != last else f"aged {first}"
        yield Finding(
            "ages_uncovered",
            Label(ja=f"{ja}の児童に当たる条件がありません。", en=f"No condition speaks of children {en}."),
        )


def _runs(years: list[int]) -> Iterator[tuple[int, int]]:
    for place, year in enumerate(years):
        if place == 0 or years[place - 1] != year - 1:
            last = year
            while last + 1 in years:
                last += 1
            yield year, last
