"""Run condition sets over the whole population: one statement per set, thresholds bound, names from the closed list.

in:  `indicators` (with `ward`, `age_months`) and `source_status` on the connection
out: `findings(case_no, difficulty, must, points, points_most, tier, reasons)`, only children who are listed

Points of a child and domain: 100 × points met ÷ the most points reachable among the conditions that cover the child,
but never less than half of the domain's full points, so that one small condition cannot fill a domain. A domain that
covers the child nowhere is left out of the average. `points_most` is what the points would be if every unknown
condition were met: unknown never counts as fine. So a child whose age is not known is screened, too; conditions that
are narrowed to ages do not cover it. Tier 0 is a finding by must-look alone.
`reasons` is a JSON list of {condition, indicator, domain, label, points, must, state, value, unit, source, day, why}.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mimamori.engine import Connection, identifier, rows_of
from mimamori.screening.conditions.check import check, reachable
from mimamori.screening.conditions.schema import Condition, ConditionSet
from mimamori.screening.indicators import Indicator, Indicators, load_indicators

FINDINGS = """
CREATE OR REPLACE TABLE findings (
    case_no VARCHAR, difficulty VARCHAR, must BOOLEAN, points DOUBLE, points_most DOUBLE, tier INTEGER, reasons VARCHAR
)
"""
SHARE_OF_A_DOMAIN = 0.5  # the least share of a domain's points that a child's points are divided by
NO_AGE = -1  # a child whose age is not known: covered by the conditions that are not narrowed to ages


@dataclass
class Bound:
    """Values bound to a statement; each use gets its own name."""

    values: dict[str, Any] = field(default_factory=dict)

    def __call__(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def run(con: Connection, sets: Iterable[ConditionSet], as_of: date) -> None:
    """Make the table `findings` on `con`; raises `Refused` where a set names what does not exist."""
    del as_of  # the indicators on the connection are those of the day
    indicators = load_indicators()
    stale = {row["source"] for row in rows_of(con, "SELECT source FROM source_status WHERE state = 'stale'")}
    con.execute(FINDINGS)
    for condition_set in sets:
        check(condition_set, indicators)
        bound = Bound()
        statement = listed(condition_set, indicators, stale, bound)
        con.execute(f"INSERT INTO findings {statement}", bound.values)


def evaluated(condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound) -> str:
    """SQL: one row per child of the set's ages with the state and reason of every condition, points and points_most."""
    columns = ["case_no", "ward", "age_months"]
    for number, condition in enumerate(condition_set.conditions):
        columns += _condition(number, condition, indicators, stale, bound)
    low, high = condition_set.ages
    tested = (
        f"SELECT {', '.join(columns)} FROM indicators "
        f"WHERE coalesce(age_months BETWEEN {bound(low * 12)} AND {bound(high * 12 + 11)}, true)"
    )
    musts = [f"s{n} = 'met'" for n, condition in enumerate(condition_set.conditions) if condition.must]
    certain, most = (_average(condition_set, indicators, states, bound) for states in (("met",), ("met", "unknown")))
    return (
        f"SELECT *, {' OR '.join(musts) or 'false'} AS must, {certain} AS points, {most} AS points_most FROM ({tested})"
    )


def listed(condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound) -> str:
    """SQL: the rows of `findings` for one set."""
    inner = evaluated(condition_set, indicators, stale, bound)
    tier = " ".join(f"WHEN points >= {bound(at)} THEN {n}" for n, at in enumerate(condition_set.tiers, start=1))
    reasons = ", ".join(
        _reason(number, condition, indicators, bound)
        for number, condition in sorted(enumerate(condition_set.conditions), key=lambda pair: not pair[1].must)
    )
    return (
        f"SELECT case_no, {bound(condition_set.difficulty)}, must, round(points, 1), round(points_most, 1), "
        f"CASE {tier} ELSE 0 END, CAST(to_json([{reasons}]) AS VARCHAR) "
        f"FROM ({inner}) WHERE must OR points >= {bound(condition_set.tiers[-1])} ORDER BY case_no"
    )


def _condition(
    number: int, condition: Condition, indicators: Indicators, stale: set[str], bound: Bound
) -> tuple[str, str, str, str]:
    """State, reason, value and day of one condition, as columns s<n>, w<n>, x<n>, d<n>."""
    indicator = indicators.get(condition.indicator)
    value = identifier(indicator.id)
    why, day = identifier(indicator.id + "__why"), identifier(indicator.id + "__day")
    negative_is_unknown = bool(stale & set(indicator.sources))
    outside = "false"
    if condition.ages is not None:
        low, high = condition.ages
        outside = f"coalesce(age_months NOT BETWEEN {bound(low * 12)} AND {bound(high * 12 + 11)}, true)"
    test = _test(condition, value, bound)
    negative = bound(negative_is_unknown)
    return (
        f"CASE WHEN {outside} THEN 'unknown' WHEN {value} IS NULL THEN 'unknown' WHEN {test} THEN 'met' "
        f"WHEN {negative} THEN 'unknown' ELSE 'failed' END AS s{number}",
        f"CASE WHEN {outside} THEN 'not_covered' WHEN {value} IS NULL THEN {why} WHEN {test} THEN NULL "
        f"WHEN {negative} THEN 'stale' END AS w{number}",
        f"{value} AS x{number}",
        f"{day} AS d{number}",
    )


def _test(condition: Condition, value: str, bound: Bound) -> str:
    if condition.comparison in {"=", "in"}:
        return f"list_contains({bound(list(condition.values))}::DOUBLE[], {value})"
    parts = []
    if condition.low is not None:
        parts.append(f"{value} >= {bound(condition.low)}")
    if condition.high is not None:
        parts.append(f"{value} <= {bound(condition.high)}")
    return " AND ".join(parts)


def _average(condition_set: ConditionSet, indicators: Indicators, states: tuple[str, ...], bound: Bound) -> str:
    """SQL for the weighted average of the domains, counting conditions in one of `states`; 0 where no domain covers."""
    numbered = {condition.id: number for number, condition in enumerate(condition_set.conditions)}
    counted = ", ".join(f"'{state}'" for state in states)
    sums, weights = [], []
    for domain in condition_set.domains:
        scored = condition_set.scored(domain)
        gained, coverable, full = [], [], 0.0
        for name in dict.fromkeys(condition.indicator for condition in scored):
            members = tuple(condition for condition in scored if condition.indicator == name)
            points = []
            for condition in members:
                number = numbered[condition.id]
                met = f"s{number} IN ({counted}) AND {_covers(number)}"
                points.append(f"CASE WHEN {met} THEN {bound(condition.points)}::DOUBLE ELSE 0 END")
            most, highest = _most(members, condition_set.ages, indicators.get(name), numbered, bound)
            # rows on one indicator that exclude each other cannot all be met, not even when unknown
            gained.append(f"least({' + '.join(points)}, {most})")
            coverable.append(most)
            full += highest
        possible = f"({' + '.join(coverable)})"
        weight = bound(domain.weight)
        share = f"greatest({possible}, {bound(full * SHARE_OF_A_DOMAIN)})"
        sums.append(f"{weight}::DOUBLE * 100 * ({' + '.join(gained)}) / {share}")
        weights.append(f"CASE WHEN {possible} > 0 THEN {weight}::DOUBLE ELSE 0 END")
    if not sums:
        return "0::DOUBLE"
    # rounded: the error of the divisions must not put a child a hair below a tier
    return f"coalesce(round(({' + '.join(sums)}) / nullif({' + '.join(weights)}, 0), 9), 0)"


def _covers(number: int) -> str:
    return f"coalesce(w{number}, '') NOT IN ('not_covered', 'not_due')"


def _most(
    members: tuple[Condition, ...], ages: tuple[int, int], indicator: Indicator, numbered: dict[str, int], bound: Bound
) -> tuple[str, float]:
    """SQL for the most points that these conditions on one indicator can give a child together, and the highest."""
    years: dict[tuple[Condition, ...], list[int]] = {}
    for year in (NO_AGE, *range(ages[0], ages[1] + 1)):
        years.setdefault(tuple(c for c in members if c.covers(year)), []).append(year)
    reached = {covering: reachable(covering, indicator) for covering in years if covering}
    whens = [
        f"WHEN list_contains({bound(years[covering])}::INTEGER[], coalesce(age_months // 12, {NO_AGE})::INTEGER) "
        f"AND {_covers(numbered[covering[0].id])} THEN {bound(most)}::DOUBLE"
        for covering, most in reached.items()
    ]
    return f"CASE {' '.join(whens)} ELSE 0 END", max(reached.values())


def _reason(number: int, condition: Condition, indicators: Indicators, bound: Bound) -> str:
    indicator = indicators.get(condition.indicator)
    sentence = condition.sentence()
    return (
        f"{{'condition': {bound(condition.id)}, 'indicator': {bound(indicator.id)}, "
        f"'domain': {bound(condition.domain)}, "
        f"'label': {{'ja': {bound(sentence.ja)}, 'en': {bound(sentence.en)}}}, 'points': {bound(condition.points)}, "
        f"'must': {bound(condition.must)}, 'state': s{number}, 'value': x{number}, "
        f"'unit': {_unit(indicator, bound)}, "
        f"'source': {bound(indicator.source)}, 'day': d{number}, 'why': w{number}}}"
    )


def _unit(indicator: Indicator, bound: Bound) -> str:
    unit = indicator.unit
    return "NULL" if unit is None else f"{{'ja': {bound(unit.ja)}, 'en': {bound(unit.en)}}}"
