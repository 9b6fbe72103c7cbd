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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Protocol

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


class Tested(Protocol):
    """What holds a value against thresholds: a condition, or a clause of a filter."""

    @property
    def comparison(self) -> str: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def values(self) -> tuple[float, ...]: ...


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
    stale = stale_sources(con)
    con.execute(FINDINGS)
    for condition_set in sets:
        check(condition_set, indicators)
        bound = Bound()
        statement = listed(condition_set, indicators, stale, bound)
        con.execute(f"INSERT INTO findings {statement}", bound.values)


def stale_sources(con: Connection) -> set[str]:
    """Systems whose last delivery is too old for a "no" to be believed."""
    return {row["source"] for row in rows_of(con, "SELECT source FROM source_status WHERE state = 'stale'")}


def evaluated(
    condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound, *, of: str = "indicators"
) -> str:
    """SQL: one row per child of the set's ages: `t<n>` whether condition n is met (NULL: unknown), `c<n>` whether it
    covers the child, must, points and points_most. `of`: the table of indicators."""
    certain, most = (_average(condition_set, indicators, might, bound) for might in (False, True))
    covered = _covered(condition_set, tested(condition_set, indicators, stale, bound, of=of), bound)
    return f"SELECT *, {_must(condition_set)} AS must, {certain} AS points, {most} AS points_most FROM ({covered})"


def judged(condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound, *, of: str) -> str:
    """SQL: of every child of the set's ages in the table `of`: case_no, whether it is listed, must, tier, and its
    reasons as a list of structs, each in the place that its condition has in every child's list."""
    return (
        f"SELECT case_no, must OR points >= {bound(condition_set.tiers[-1])} AS listed, must, "
        f"{tier_sql(condition_set, bound)} AS tier, {_reasons(condition_set, indicators, bound)} AS reasons "
        f"FROM ({evaluated(condition_set, indicators, stale, bound, of=of)}) "
        f"JOIN (SELECT * EXCLUDE (ward, age_months) FROM {identifier(of)}) USING (case_no)"
    )


def tested(
    condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound, *, of: str = "indicators"
) -> str:
    """SQL: case_no, ward, age_months and t<n> of `evaluated`, and the columns of reasons that `_covered` reads."""
    truths = [
        f"{_truth(condition, indicators, stale, bound)} AS t{number}"
        for number, condition in enumerate(condition_set.conditions)
    ]
    low, high = condition_set.ages
    return (
        f"SELECT case_no, ward, age_months, {', '.join([*truths, *_whys(condition_set)])} FROM {identifier(of)} "
        f"WHERE coalesce(age_months BETWEEN {bound(low * 12)} AND {bound(high * 12 + 11)}, true)"
    )


def reached(condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound) -> str:
    """SQL: `evaluated` without points_most, of the children alone who are listed.

    Nobody is listed of whom no condition is met, so only the others' points are worked out, and those once: without
    MATERIALIZED the filter on the points works them out a second time.
    """
    met = " OR ".join(f"t{number}" for number in range(len(condition_set.conditions)))
    certain = _average(condition_set, indicators, False, bound)
    some = f"SELECT * FROM ({tested(condition_set, indicators, stale, bound)}) WHERE {met}"
    return (
        f"WITH pointed AS MATERIALIZED (SELECT *, {_must(condition_set)} AS must, {certain} AS points "
        f"FROM ({_covered(condition_set, some, bound)})) "
        f"SELECT * FROM pointed WHERE must OR points >= {bound(condition_set.tiers[-1])}"
    )


def tier_sql(condition_set: ConditionSet, bound: Bound) -> str:
    """SQL: the tier that `points` reach; 0 by must-look alone."""
    tier = " ".join(f"WHEN points >= {bound(at)} THEN {n}" for n, at in enumerate(condition_set.tiers, start=1))
    return f"CASE {tier} ELSE 0 END"


def listed(condition_set: ConditionSet, indicators: Indicators, stale: set[str], bound: Bound) -> str:
    """SQL: the rows of `findings` for one set."""
    most = _average(condition_set, indicators, True, bound)
    return (
        f"SELECT case_no, {bound(condition_set.difficulty)}, must, round(points, 1), round({most}, 1), "
        f"{tier_sql(condition_set, bound)}, CAST(to_json({_reasons(condition_set, indicators, bound)}) AS VARCHAR) "
        f"FROM ({reached(condition_set, indicators, stale, bound)}) "
        "JOIN (SELECT * EXCLUDE (ward, age_months) FROM indicators) USING (case_no) ORDER BY case_no"
    )


def _must(condition_set: ConditionSet) -> str:
    musts = [f"t{number}" for number, condition in enumerate(condition_set.conditions) if condition.must]
    return f"coalesce({' OR '.join(musts) or 'false'}, false)"


def _truth(condition: Condition, indicators: Indicators, stale: set[str], bound: Bound) -> str:
    """SQL for whether a condition is met; NULL where that is not known."""
    indicator = indicators.get(condition.indicator)
    test = test_sql(condition, identifier(indicator.id), bound)
    known = f"CASE WHEN {test} THEN true END" if stale & set(indicator.sources) else test
    return known if condition.ages is None else f"CASE WHEN {_within(condition.ages, bound)} THEN {known} END"


def _covered(condition_set: ConditionSet, tests: str, bound: Bound) -> str:
    """SQL: rows of `tested` with c<n> in place of the columns of reasons."""
    covers = []
    for number, condition in enumerate(condition_set.conditions):
        why = identifier(condition.indicator + "__why")
        within = "" if condition.ages is None else f"{_within(condition.ages, bound)} AND "
        covers.append(f"{within}coalesce({why} NOT IN ('not_covered', 'not_due'), true) AS c{number}")
    return f"SELECT * EXCLUDE ({', '.join(_whys(condition_set))}), {', '.join(covers)} FROM ({tests})"


def _whys(condition_set: ConditionSet) -> list[str]:
    return [identifier(name + "__why") for name in dict.fromkeys(c.indicator for c in condition_set.conditions)]


def _within(ages: tuple[int, int], bound: Bound) -> str:
    return f"coalesce(age_months BETWEEN {bound(ages[0] * 12)} AND {bound(ages[1] * 12 + 11)}, false)"


def test_sql(condition: Tested, value: str, bound: Bound) -> str:
    """SQL for whether the SQL `value` meets the thresholds; NULL where the value is."""
    if condition.comparison in {"=", "in"}:
        return "(" + " OR ".join(f"{value} = {bound(one)}" for one in condition.values) + ")"
    parts = []
    if condition.low is not None:
        parts.append(f"{value} >= {bound(condition.low)}")
    if condition.high is not None:
        parts.append(f"{value} <= {bound(condition.high)}")
    return " AND ".join(parts)


def _average(condition_set: ConditionSet, indicators: Indicators, might: bool, bound: Bound) -> str:
    """SQL for the weighted average of the domains; 0 where no domain covers. Counts the conditions that are met, or,
    with `might`, also those that are unknown."""
    numbered = {condition.id: number for number, condition in enumerate(condition_set.conditions)}
    sums, weights = [], []
    for domain in condition_set.domains:
        scored = condition_set.scored(domain)
        gained, coverable, full = [], [], 0.0
        for name in dict.fromkeys(condition.indicator for condition in scored):
            members = tuple(condition for condition in scored if condition.indicator == name)
            points = []
            for condition in members:
                number = numbered[condition.id]
                counted = f"coalesce(t{number}, c{number})" if might else f"t{number}"
                points.append(f"CASE WHEN {counted} THEN {bound(condition.points)}::DOUBLE ELSE 0 END")
            most, highest = _most(members, condition_set.ages, indicators.get(name), numbered, bound)
            # rows on one indicator that exclude each other cannot all be met, not even when unknown
            gained.append(points[0] if len(points) == 1 else f"least({' + '.join(points)}, {most})")
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


def _most(
    members: tuple[Condition, ...], ages: tuple[int, int], indicator: Indicator, numbered: dict[str, int], bound: Bound
) -> tuple[str, float]:
    """SQL for the most points that these conditions on one indicator can give a child together, and the highest."""
    if all(condition.ages is None for condition in members):
        most = reachable(members, indicator)
        return f"CASE WHEN c{numbered[members[0].id]} THEN {bound(most)}::DOUBLE ELSE 0 END", most
    whens, highest = [], 0.0
    for (low, high), covering in _by_age(members, ages):
        most = reachable(covering, indicator)
        highest = max(highest, most)
        whens.append(
            f"WHEN coalesce(age_months, {NO_AGE}) BETWEEN {bound(low)} AND {bound(high)} "
            f"AND c{numbered[covering[0].id]} THEN {bound(most)}::DOUBLE"
        )
    return f"CASE {' '.join(whens)} ELSE 0 END", highest


def _by_age(
    members: tuple[Condition, ...], ages: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], tuple[Condition, ...]]]:
    """Spans of age in completed months, and which of the conditions cover a child in them; none where none does."""
    years = (NO_AGE, *range(ages[0], ages[1] + 1))
    for covering, span in groupby(years, key=lambda year: tuple(c for c in members if c.covers(year))):
        found = list(span)
        if covering:
            yield (found[0] * 12 if found[0] != NO_AGE else NO_AGE, found[-1] * 12 + 11), covering


def _reasons(condition_set: ConditionSet, indicators: Indicators, bound: Bound) -> str:
    """SQL: the list of reasons, must-look first."""
    ordered = sorted(enumerate(condition_set.conditions), key=lambda pair: not pair[1].must)
    return f"[{', '.join(_reason(number, condition, indicators, bound) for number, condition in ordered)}]"


def _reason(number: int, condition: Condition, indicators: Indicators, bound: Bound) -> str:
    indicator = indicators.get(condition.indicator)
    sentence = condition.sentence()
    value, why, day = (identifier(indicator.id + suffix) for suffix in ("", "__why", "__day"))
    outside = "false" if condition.ages is None else f"NOT {_within(condition.ages, bound)}"
    return (
        f"{{'condition': {bound(condition.id)}, 'indicator': {bound(indicator.id)}, "
        f"'domain': {bound(condition.domain)}, "
        f"'label': {{'ja': {bound(sentence.ja)}, 'en': {bound(sentence.en)}}}, 'points': {bound(condition.points)}, "
        f"'must': {bound(condition.must)}, "
        f"'state': CASE WHEN t{number} THEN 'met' WHEN t{number} IS NULL THEN 'unknown' ELSE 'failed' END, "
        f"'value': {value}, 'unit': {_unit(indicator, bound)}, 'source': {bound(indicator.source)}, 'day': {day}, "
        f"'why': CASE WHEN {outside} THEN 'not_covered' WHEN {value} IS NULL THEN {why} "
        f"WHEN t{number} IS NULL THEN 'stale' END}}"
    )


def _unit(indicator: Indicator, bound: Bound) -> str:
    unit = indicator.unit
    return "NULL" if unit is None else f"{{'ja': {bound(unit.ja)}, 'en': {bound(unit.en)}}}"
