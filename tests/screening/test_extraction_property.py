"""The set-based extraction says of every child what a plain reading of the rules says, unknown for unknown.

The reading below is three-valued (Kleene: True, False, None) and exact (fractions); it shares no code with the package
but the models that the conditions are written in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimamori import engine, screening
from mimamori.screening.conditions.schema import Condition, ConditionSet
from mimamori.screening.extraction import Bound, evaluated
from mimamori.screening.indicators import Indicator, load_indicators

DAY = date(2026, 10, 31)
WORDS = {"ja": "試し", "en": "a try"}
# Counts with and without an upper bound, one that falls below zero, choices, and one that reads two systems.
USED = (
    "lunch_arrears_months", "lunch_arrears_yen", "absence_sudden", "home_visit", "council_now", "no_medical_subsidy",
)  # fmt: skip
WHYS = ("not_covered", "not_due", "not_delivered", "no_record", "stale")
NEVER_FILLS = ("not_covered", "not_due")  # such a condition is no part of what the child could reach

SOURCES = sorted({source for name in USED for source in load_indicators().get(name).sources})

Child = dict[str, Any]  # case_no, age_months, and by indicator (value, why)


def indicators() -> dict[str, Indicator]:
    return {name: load_indicators().get(name) for name in USED}


# --- the plain reading ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one condition and one child."""

    truth: bool | None
    why: str | None


HOLDS: dict[str, Callable[[Condition, float], bool]] = {
    ">=": lambda condition, value: not value < (condition.low or 0),
    "<=": lambda condition, value: not value > (condition.high or 0),
    "between": lambda condition, value: (condition.low or 0) <= value <= (condition.high or 0),
    "=": lambda condition, value: value == condition.values[0],
    "in": lambda condition, value: any(value == listed for listed in condition.values),
}


def judge(condition: Condition, child: Child, stale: set[str]) -> Verdict:
    if not of_age(condition, child["age_months"]):
        return Verdict(None, "not_covered")
    value, why = child[condition.indicator]
    if value is None:
        return Verdict(None, why)
    if HOLDS[condition.comparison](condition, value):
        return Verdict(True, None)
    if stale & set(indicators()[condition.indicator].sources):
        return Verdict(None, "stale")
    return Verdict(False, None)


def of_age(condition: Condition, months: int | None) -> bool:
    return condition.ages is None or (months is not None and condition.ages[0] <= months // 12 <= condition.ages[1])


def either(truths: Sequence[bool | None]) -> bool | None:
    """Kleene's OR."""
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False


def most_of(conditions: Sequence[Condition], indicator: Indicator) -> Fraction:
    """The most points that one value of the indicator gives: every choice, or every threshold, between and around."""
    if indicator.choices:
        tried = list(indicator.choices)
    else:
        edges = sorted({e for c in conditions for e in (c.low, c.high, *c.values) if e is not None})
        tried = [value for edge in edges for value in (edge - 0.125, edge, edge + 0.125)]
        most = indicator.most if indicator.most is not None else float("inf")
        tried = [value for value in [*tried, indicator.least] if indicator.least <= value <= most]
    return max(sum((Fraction(c.points) for c in conditions if HOLDS[c.comparison](c, v)), Fraction()) for v in tried)


def points_of(chosen: ConditionSet, child: Child, verdicts: dict[str, Verdict], truths: set[bool | None]) -> Fraction:
    """The average over the domains that cover the child, counting conditions of these truths."""
    shares: list[tuple[Fraction, Fraction]] = []
    for domain in chosen.domains:
        gained = possible = full = Fraction()
        scored = [condition for condition in chosen.conditions if condition.domain == domain.id]
        for name in dict.fromkeys(condition.indicator for condition in scored):
            rows = [condition for condition in scored if condition.indicator == name]
            full += max(
                most_of([row for row in rows if of_age(row, year * 12)], indicators()[name])
                for year in range(chosen.ages[0], chosen.ages[1] + 1)
            )
            covering = [row for row in rows if verdicts[row.id].why not in NEVER_FILLS]
            most = most_of(covering, indicators()[name])
            told = sum((Fraction(row.points) for row in covering if verdicts[row.id].truth in truths), Fraction())
            gained, possible = gained + min(told, most), possible + most
        if possible:
            shares.append((Fraction(domain.weight), 100 * gained / max(possible, full / 2)))
    if not shares:
        return Fraction()
    return sum((weight * share for weight, share in shares), Fraction()) / sum(weight for weight, _ in shares)


def read(chosen: ConditionSet, child: Child, stale: set[str]) -> dict[str, Any] | None:
    """The finding of one child, None where there is none."""
    months = child["age_months"]
    if months is not None and not chosen.ages[0] <= months // 12 <= chosen.ages[1]:
        return None
    verdicts = {condition.id: judge(condition, child, stale) for condition in chosen.conditions}
    must = either([verdicts[condition.id].truth for condition in chosen.conditions if condition.must]) is True
    points = points_of(chosen, child, verdicts, {True})
    reached = [tier for tier, at in enumerate(chosen.tiers, start=1) if points >= Fraction(at)]
    if not (must or reached):
        return None
    return {
        "must": must,
        "points": points,
        "points_most": points_of(chosen, child, verdicts, {True, None}),
        "tier": reached[0] if reached else 0,
        "reasons": [
            (c.id, {True: "met", False: "failed", None: "unknown"}[verdicts[c.id].truth], verdicts[c.id].why,
             child[c.indicator][0], c.must, c.domain)
            for c in sorted(chosen.conditions, key=lambda c: not c.must)
        ],
    }  # fmt: skip


# --- whatever the schema allows ---------------------------------------------------------------------------------------


def values_of(indicator: Indicator) -> st.SearchStrategy[float]:
    """A value the indicator can take; few, so that thresholds are met exactly, too."""
    if indicator.choices:
        return st.sampled_from(indicator.choices)
    most = min(indicator.least + 8, indicator.most if indicator.most is not None else indicator.least + 8)
    return st.integers(0, int((most - indicator.least) * 2)).map(lambda half: indicator.least + half / 2)


def holds_always(indicator: Indicator, given: dict[str, Any]) -> bool:
    """Such a condition tells no child from another and is refused."""
    low, high = given.get("low", float("-inf")), given.get("high", float("inf"))
    ends = (indicator.least, float("inf") if indicator.most is None else indicator.most)
    return all(v in given.get("values", [v]) and low <= v <= high for v in indicator.choices or ends)


@st.composite
def conditions(draw: st.DrawFn, number: int, ages: tuple[int, int], domains: Sequence[str]) -> dict[str, Any]:
    """One condition that some value meets: the thresholds stand around a value the indicator can take."""
    name = draw(st.sampled_from(USED))
    value = draw(values_of(indicators()[name]))
    comparison = draw(st.sampled_from(list(HOLDS)))
    wide = st.integers(0, 6).map(lambda half: half / 2)
    given: dict[str, Any] = {}
    if comparison in {">=", "between"}:
        given["low"] = value - draw(wide)
    if comparison in {"<=", "between"}:
        given["high"] = value + draw(wide)
    if comparison == "=":
        given["values"] = [value]
    if comparison == "in":
        given["values"] = [*draw(st.lists(values_of(indicators()[name]), max_size=2)), value]
    if holds_always(indicators()[name], given):
        comparison, given = "=", {"values": [value]}
    if domains and draw(st.sampled_from([True, True, True, False])):
        given |= {"domain": draw(st.sampled_from(domains)), "points": draw(st.integers(1, 60)) / 2}
    else:
        given["must"] = True
    if draw(st.booleans()):
        within = draw(st.integers(*ages))
        given["ages"] = [max(0, within - draw(st.integers(0, 8))), min(18, within + draw(st.integers(0, 8)))]
    return {"id": f"c{number}", "indicator": name, "comparison": comparison, "label": WORDS, "basis": WORDS, **given}


@st.composite
def condition_sets(draw: st.DrawFn) -> ConditionSet:
    ages = draw(st.sampled_from([(0, 18), (6, 15), (3, 5), (0, 0)]))
    names = [f"d{number}" for number in range(draw(st.integers(0, 3)))]
    found = [draw(conditions(number, ages, names)) for number in range(draw(st.integers(1, 7)))]
    used = {condition.get("domain") for condition in found}
    weight = st.sampled_from([0.5, 1, 2, 3, 10])
    tiers = draw(st.sets(st.sampled_from([5, 12.5, 20, 25, 40, 50, 60, 75, 100]), min_size=1, max_size=4))
    return ConditionSet.model_validate(
        {
            "difficulty": "poverty",
            "note": WORDS,
            "ages": ages,
            "tiers": sorted(tiers, reverse=True),
            "domains": [{"id": name, "label": WORDS, "weight": draw(weight)} for name in names if name in used],
            "conditions": found,
        }
    )


@st.composite
def populations(draw: st.DrawFn) -> list[Child]:
    """Up to eight children: of any age or of one that is not known, each indicator a value or one of the reasons."""
    found = []
    months = st.one_of(st.none(), st.integers(0, 18 * 12 + 11))
    for number in range(draw(st.integers(1, 8))):
        child: Child = {"case_no": f"K-{number}", "age_months": draw(months)}
        for name, indicator in indicators().items():
            known = values_of(indicator).map(lambda value: (value, None))
            child[name] = draw(st.one_of(known, known, st.sampled_from(WHYS).map(lambda why: (None, why))))
        found.append(child)
    return found


# --- the two against each other ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def con() -> engine.Connection:
    return engine.connect(threads=1, memory_gib=1)


def tables(con: engine.Connection, children: list[Child], stale: set[str]) -> None:
    columns = "".join(f", {name} DOUBLE, {name}__why VARCHAR, {name}__day DATE" for name in USED)
    con.execute(f"CREATE OR REPLACE TABLE indicators (case_no VARCHAR, ward VARCHAR, age_months INTEGER{columns})")
    rows = [
        [child["case_no"], "40134", child["age_months"], *(cell for name in USED for cell in (*child[name], DAY))]
        for child in children
    ]
    con.executemany(f"INSERT INTO indicators VALUES ({', '.join('?' * len(rows[0]))})", rows)
    con.execute("CREATE OR REPLACE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    con.executemany(
        "INSERT INTO source_status VALUES (?, ?, ?, ?)",
        [[source, DAY, DAY, "stale" if source in stale else "fresh"] for source in SOURCES],
    )


def extracted(
    con: engine.Connection, chosen: ConditionSet, children: list[Child], stale: set[str]
) -> dict[str, dict[str, Any]]:
    """The findings by case number."""
    tables(con, children, stale)
    screening.run(con, [chosen], DAY)
    return {row["case_no"]: row for row in engine.rows_of(con, "SELECT * FROM findings")}


def everybody(con: engine.Connection, chosen: ConditionSet, children: list[Child]) -> dict[str, dict[str, Any]]:
    """Must, points and points_most of every child, listed or not, by case number; no source is stale."""
    tables(con, children, set())
    bound = Bound()
    sql = evaluated(chosen, load_indicators(), set(), bound)
    rows = engine.rows_of(con, f"SELECT case_no, must, points, points_most FROM ({sql})", bound.values)
    return {row["case_no"]: row for row in rows}


def same(chosen: ConditionSet, finding: dict[str, Any], expected: dict[str, Any]) -> None:
    assert finding["difficulty"] == chosen.difficulty
    assert (finding["must"], finding["tier"]) == (expected["must"], expected["tier"])
    for points in ("points", "points_most"):  # shown with one decimal place
        assert abs(finding[points] - float(expected[points])) <= 0.05 + 1e-6, points
    reasons = json.loads(finding["reasons"])
    found = [(r["condition"], r["state"], r["why"], r["value"], r["must"], r["domain"]) for r in reasons]
    assert found == expected["reasons"]
    for reason in reasons:
        condition = chosen.condition(reason["condition"])
        assert reason["day"] == DAY.isoformat()
        assert (reason["indicator"], reason["points"]) == (condition.indicator, condition.points)
        assert reason["source"] == indicators()[condition.indicator].source


@settings(max_examples=60, deadline=None)
@given(chosen=condition_sets(), children=populations(), stale=st.sets(st.sampled_from(SOURCES)))
def test_the_extraction_is_the_plain_reading(
    con: engine.Connection, chosen: ConditionSet, children: list[Child], stale: set[str]
) -> None:
    findings = extracted(con, chosen, children, stale)
    expected = {child["case_no"]: read(chosen, child, stale) for child in children}
    assert set(findings) == {case_no for case_no, finding in expected.items() if finding}
    for case_no, finding in findings.items():
        same(chosen, finding, expected[case_no] or {})


@settings(max_examples=30, deadline=None)
@given(chosen=condition_sets(), children=populations(), data=st.data())
def test_what_is_unknown_can_only_add(
    con: engine.Connection, chosen: ConditionSet, children: list[Child], data: st.DataObject
) -> None:
    """However the values that are not known turn out: no point is lost, and `points_most` is not passed."""
    learnt = []
    for child in children:
        told = dict(child)
        for name, indicator in indicators().items():
            if child[name][1] not in {None, *NEVER_FILLS}:
                told[name] = (data.draw(values_of(indicator)), None)
        learnt.append(told)
    before, after = everybody(con, chosen, children), everybody(con, chosen, learnt)
    assert set(before) == set(after)
    for case_no, was in before.items():
        now = after[case_no]
        assert was["points"] <= now["points"] <= now["points_most"] <= was["points_most"]
        assert now["must"] or not was["must"]


def test_a_tier_that_is_reached_exactly_is_reached(con: engine.Connection) -> None:
    """(70/75 + 85/85 + 35/75) ÷ 3 is 80 %, and a hair less in floating point."""
    points = {"d0": (70, 5), "d1": (85, 0), "d2": (35, 40)}  # of a condition that is met, of one that is not
    common = {"comparison": ">=", "low": 1, "label": WORDS, "basis": WORDS}
    rows: list[dict[str, Any]] = []
    for name, (met, failed) in points.items():
        rows.append({"id": f"{name}_met", "indicator": "lunch_arrears_months", "domain": name, "points": met, **common})
        if failed:
            rows.append({"id": f"{name}_no", "indicator": "council_now", "domain": name, "points": failed, **common})
    domains = [{"id": name, "label": WORDS} for name in points]
    chosen = ConditionSet.model_validate(
        {"difficulty": "poverty", "note": WORDS, "tiers": [80, 20], "domains": domains, "conditions": rows}
    )
    child: Child = dict.fromkeys(USED, (0, None)) | {"lunch_arrears_months": (1, None)}
    (finding,) = extracted(con, chosen, [{"case_no": "K-0", "age_months": 120, **child}], set()).values()
    assert (finding["points"], finding["tier"]) == (80, 1)
