"""What is found in a set before it is tried: each kind by a small example, what holds of every set by generation."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mimamori import engine
from mimamori.refusal import Refused
from mimamori.screening import first_sets
from mimamori.screening.checks import KIND_LABELS, Finding, look_through
from mimamori.screening.checks.reach import most_points
from mimamori.screening.checks.values import is_whole, values_of
from mimamori.screening.conditions.check import can_be_met
from mimamori.screening.conditions.schema import Condition, ConditionSet
from mimamori.screening.indicators import load_indicators
from mimamori.screening.indicators.fill import fill

WORDS = {"ja": "試し", "en": "a try"}


def a_row(name: str, indicator: str, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"id": name, "indicator": indicator, "comparison": ">=", "label": WORDS, "basis": WORDS}
    if not more.get("must"):
        told |= {"domain": "one", "points": 50}
    if "high" in more:
        told["comparison"] = "between" if "low" in more else "<="
    if "values" in more:
        told["comparison"] = "in"
    return told | more


def a_set(*rows: dict[str, Any], **more: Any) -> ConditionSet:
    domains = [{"id": name, "label": WORDS} for name in dict.fromkeys(row.get("domain") for row in rows) if name]
    told = {"difficulty": "absence", "note": WORDS, "tiers": [30], "domains": domains, "conditions": rows} | more
    return ConditionSet.model_validate(told)


def found(*rows: dict[str, Any], **more: Any) -> list[Finding]:
    """Findings but for the ages, which every small set leaves out."""
    return [one for one in look_through(a_set(*rows, **more)) if one.kind != "ages_uncovered"]


def test_the_first_sets_have_nothing_to_look_at() -> None:
    assert {one.difficulty: look_through(one) for one in first_sets() if look_through(one)} == {}


DAYS, LATE, GRAMS, RATE = "absence_days_12m", "late_early_month", "birth_weight_g", "absence_rate_3m"


def test_a_gap_between_two_rows_is_told_with_its_values_and_mended() -> None:
    (gap,) = found(a_row("some", LATE, low=4, high=7), a_row("many", LATE, low=10))
    assert (gap.kind, set(gap.conditions)) == ("gap", {"some", "many"})
    assert "8回から9回" in gap.said.ja
    assert gap.repair is not None
    assert (gap.repair.condition, gap.repair.bound, gap.repair.value) == ("many", "low", 8)
    assert "8回以上" in gap.repair.said.ja
    assert found(a_row("some", LATE, low=4, high=7), a_row("many", LATE, low=8)) == []


def test_a_gap_is_looked_for_where_the_indicator_speaks() -> None:
    (above,) = found(a_row("some", LATE, low=4, high=7))
    assert above.kind == "gap" and "8回から46回" in above.said.ja
    (below,) = found(a_row("light", GRAMS, low=1000, high=2499))
    assert below.kind == "gap" and "200gから999g" in below.said.ja
    (fraction,) = found(a_row("some", RATE, low=10, high=19), a_row("many", RATE, low=20))
    assert "19%と20%のあいだ" in fraction.said.ja
    assert found(a_row("some", LATE, low=4, high=7), a_row("must", LATE, low=8, must=True)) == []


def test_fewer_points_for_a_severer_value_are_told() -> None:
    (falls,) = found(a_row("some", LATE, low=4, high=7, points=60), a_row("many", LATE, low=8, points=30))
    assert (falls.kind, falls.repair) == ("falls", None)
    assert "8回から46回" in falls.said.ja


def test_an_overlap_is_told_with_its_values_and_mended() -> None:
    (over,) = found(a_row("some", LATE, low=4, high=8), a_row("many", LATE, low=8))
    assert (over.kind, over.conditions) == ("overlap", ("some", "many"))
    assert "8回の児童" in over.said.ja and "100点" in over.said.ja
    assert over.repair is not None and (over.repair.condition, over.repair.bound, over.repair.value) == (
        "some",
        "high",
        7,
    )
    apart = found(a_row("some", LATE, low=4, high=8, ages=[6, 9]), a_row("many", LATE, low=4, ages=[10, 15]))
    assert "overlap" not in {one.kind for one in apart}


def test_what_is_contained_and_what_is_the_same_is_told() -> None:
    (inner,) = found(a_row("some", LATE, low=4), a_row("many", LATE, low=8))
    assert (inner.kind, inner.conditions) == ("contained", ("many", "some"))
    (listed,) = found(a_row("must", LATE, low=4, must=True), a_row("many", LATE, low=8))
    assert (listed.kind, listed.conditions) == ("contained", ("many", "must"))
    assert "この行がなくても" in listed.said.ja
    assert found(a_row("must", LATE, low=8, must=True), a_row("some", LATE, low=4)) == []
    (twice,) = found(a_row("one", LATE, low=4), a_row("two", LATE, low=3.5))
    assert twice.kind == "twice"
    (chosen,) = found(a_row("one", "income_band", values=[1]), a_row("two", "income_band", values=[1, 2]))
    assert chosen.kind == "contained"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (a_row("far", LATE, low=60), "当たる児童は出ません"),
        (a_row("between", LATE, low=4.2, high=4.8), "当たる児童は出ません"),
        (a_row("young", LATE, low=4, ages=[0, 3]), "年齢の児童には"),
        (a_row("outside", LATE, low=4, ages=[18, 18]), "年齢の児童には"),
    ],
)
def test_what_can_never_be_met_stops(row: dict[str, Any], told: str) -> None:
    (never,) = (one for one in found(row, a_row("other", DAYS, low=30), ages=[0, 17]) if one.kind == "never_met")
    assert never.stops and never.conditions == (row["id"],)
    assert told in never.said.ja


def test_what_everybody_meets_and_what_is_no_value_stops() -> None:
    (always,) = found(a_row("all", LATE, low=0))
    (strange,) = found(a_row("some", LATE, values=[5, 99]), a_row("rest", LATE, low=6))
    assert (always.kind, always.stops, strange.kind, strange.stops) == ("always_met", True, "not_taken", True)


def test_a_tier_above_all_that_can_be_reached_is_told() -> None:
    rows = (
        a_row("big", LATE, low=4, points=90, ages=[6, 9]), a_row("small", DAYS, low=30, points=10, ages=[10, 15]),
    )  # fmt: skip
    assert found(*rows, tiers=[100]) == []
    tiers = [one for one in found(*rows, ages=[10, 15], tiers=[100, 30]) if one.kind == "tier_unreachable"]
    assert tiers == []  # in such a set the row of the younger is no part of the full points
    never = a_row("never", LATE, low=60, points=90)
    (must,) = (one for one in found(never, a_row("must", DAYS, low=7, must=True)) if one.kind == "tier_unreachable")
    assert "0点" in must.said.ja


def test_ages_without_a_condition_are_told_as_spans() -> None:
    rows = (a_row("young", "checkups_missed", low=2, ages=[1, 3]), a_row("pupil", LATE, low=4, ages=[7, 12]))
    told = [one.said.ja for one in look_through(a_set(*rows, ages=[0, 14])) if one.kind == "ages_uncovered"]
    assert [text.split("の")[0] for text in told] == ["0歳", "4〜6歳", "13〜14歳"]


def test_an_indicator_is_empty_from_the_cut_on_and_says_why() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute("CREATE TABLE indicators (age_months BIGINT, late_early_month DOUBLE, late_early_month__why VARCHAR)")
    con.execute("INSERT INTO indicators SELECT 120, NULL, 'not_delivered' FROM range(80)")
    con.execute("INSERT INTO indicators SELECT 120, NULL, 'no_record' FROM range(10)")
    con.execute("INSERT INTO indicators SELECT 120, 5, NULL FROM range(10)")
    con.execute("INSERT INTO indicators SELECT 24, 5, NULL FROM range(900)")
    con.execute("INSERT INTO indicators SELECT NULL, 5, NULL FROM range(900)")
    fills = {LATE: fill(con, load_indicators().get(LATE))}
    of = a_set(a_row("some", LATE, low=4), ages=[6, 15])
    (empty,) = look_through(of, fills=fills)
    assert empty.kind == "empty" and not empty.stops
    assert "9割以上" in empty.said.ja and "(未受領、記録がなく、わからない)" in empty.said.ja
    con.execute("INSERT INTO indicators VALUES (130, 5, NULL)")
    assert look_through(of, fills={LATE: fill(con, load_indicators().get(LATE))}) == ()
    assert look_through(of) == ()


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(Refused):
        look_through(a_set(a_row("some", "no_such_thing", low=4)))


def test_every_kind_is_named() -> None:
    assert all(label.ja and label.en for label in KIND_LABELS.values())


NAMES = [indicator.id for indicator in load_indicators() if not indicator.choices]
NUMBER = st.one_of(st.integers(-5, 70), st.floats(-5, 70).map(lambda value: round(value, 1)))


@st.composite
def rows_of_one(draw: st.DrawFn, name: str) -> list[dict[str, Any]]:
    """Two to four rows on one indicator."""
    made = []
    for number in range(draw(st.integers(2, 4))):
        kind = draw(st.sampled_from(["low", "high", "both", "values"]))
        low, high = sorted([draw(NUMBER), draw(NUMBER)])
        both: dict[str, Any] = {"low": low, "high": high}
        every: dict[str, dict[str, Any]] = {"low": {"low": low}, "high": {"high": high}, "both": both}
        bounds = every.get(kind, {"values": [low]})
        first, last = sorted([draw(st.integers(0, 18)), draw(st.integers(0, 18))])
        ages: dict[str, Any] = draw(st.sampled_from([{}, {"ages": [first, last]}]))
        must: dict[str, Any] = draw(st.sampled_from([{}, {"must": True}]))
        made.append(a_row(f"row_{number}", name, **bounds, **ages, **must))
    return made


@st.composite
def sets(draw: st.DrawFn) -> ConditionSet:
    return a_set(*draw(rows_of_one(draw(st.sampled_from(NAMES)))))


def some_values(name: str) -> list[float]:
    indicator = load_indicators().get(name)
    most = 80 if indicator.most is None else indicator.most
    step = 1 if is_whole(indicator) else 0.1
    count = int(min(most - indicator.least, 100) / step)
    return [*(round(indicator.least + step * n, 1) for n in range(count + 1)), float(most)]


@given(sets())
def test_what_is_never_met_is_met_by_no_value_at_no_age(of: ConditionSet) -> None:
    indicator = load_indicators().get(of.conditions[0].indicator)
    never = {name for one in look_through(of) if one.kind == "never_met" for name in one.conditions}
    for row in of.conditions:
        by_value = any(row.holds(value) for value in some_values(row.indicator))
        ages = indicator.applies.ages or (0, 18)
        by_age = any(row.covers(year) and of.ages[0] <= year <= of.ages[1] for year in range(ages[0], ages[1] + 1))
        if row.id in never:
            assert not (by_value and by_age) or indicator.applies.grades or indicator.applies.who == "city_pupils" \
                or indicator.applies.months  # fmt: skip
        if not can_be_met(row, indicator):
            assert row.id in never


@given(sets())
def test_what_is_contained_is_never_met_without_its_container(of: ConditionSet) -> None:
    by_name = {row.id: row for row in of.conditions}
    for one in look_through(of):
        if one.kind in {"contained", "twice"}:
            inner, outer = (by_name[name] for name in one.conditions)
            for value in some_values(inner.indicator):
                for year in range(19):
                    if inner.covers(year) and inner.holds(value):
                        assert outer.covers(year) and outer.holds(value), (one, value, year)


@given(sets())
def test_a_gap_holds_values_that_no_row_is_met_by(of: ConditionSet) -> None:
    gaps = [one for one in look_through(of) if one.kind == "gap"]
    rows = [row for row in of.conditions if not values_of(row, load_indicators().get(row.indicator)).is_empty]
    assume(gaps)
    assert any(
        not any(row.covers(year) and row.holds(value) for row in rows)
        for value in some_values(of.conditions[0].indicator)
        for year in range(19)
    )


@given(st.data())
def test_no_child_reaches_more_than_the_most_points(data: st.DataObject) -> None:
    """Against the sums worked out child by child, whatever covers it."""
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    rows = []
    for place, name in enumerate(names):
        for row in data.draw(rows_of_one(name)):
            if not row.get("must"):
                domain, points = data.draw(st.sampled_from(["one", "two"])), data.draw(st.integers(1, 100))
                rows.append(row | {"id": f"{row['id']}_{place}", "domain": domain, "points": points})
    assume(rows)
    of = a_set(*rows)
    held = {name: load_indicators().get(name) for name in names}
    possible = tuple(row for row in of.conditions if can_be_met(row, held[row.indicator]))
    most = most_points(of, possible, held)
    assert 0 <= most <= 100 + 1e-9
    year = data.draw(st.integers(0, 18))
    values = {name: data.draw(st.sampled_from(some_values(name))) for name in names}
    covered = {name for name in names if all(_may_know(held[name], year) for _ in (1,))}
    left = data.draw(st.sets(st.sampled_from(names)))
    covered -= {name for name in left if held[name].applies.who != "all" or held[name].applies.ages}
    assert _average(of, held, year, values, covered) <= most + 1e-6


def _may_know(indicator: Any, year: int) -> bool:
    ages = indicator.applies.ages or (0, 18)
    months = indicator.applies.months or (0, 18 * 12 + 11)
    pupil = indicator.applies.who == "city_pupils" or indicator.applies.grades
    return ages[0] <= year <= ages[1] and months[0] // 12 <= year <= months[1] // 12 and (not pupil or 6 <= year <= 15)


def _average(of: ConditionSet, held: Any, year: int, values: dict[str, float], covered: set[str]) -> float:
    from mimamori.screening.conditions.check import reachable

    total = weights = 0.0
    for domain in of.domains:
        gained = possible = full = 0.0
        for name in dict.fromkeys(row.indicator for row in of.scored(domain)):
            rows = tuple(row for row in of.scored(domain) if row.indicator == name)
            by_year = [tuple(row for row in rows if row.covers(one)) for one in range(-1, 19)]
            full += max((reachable(some, held[name]) for some in by_year if some), default=0)
            here: tuple[Condition, ...] = tuple(row for row in rows if row.covers(year))
            if here and name in covered:
                possible += reachable(here, held[name])
                gained += sum(row.points for row in here if row.holds(values[name]))
        if possible > 0:
            total += domain.weight * 100 * gained / max(possible, full / 2)
            weights += domain.weight
    found = total / weights if weights else 0
    assert math.isfinite(found)
    return found
