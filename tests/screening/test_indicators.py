"""Every indicator has examples, run through the real framework; and what holds for all of them, tried on every one."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import Any

import pytest

from mimamori.engine import connect, rows_of
from mimamori.refusal import Refused
from mimamori.screening.indicators import compute, shipped_indicators
from mimamori.screening.indicators.examples import Outcome, all_examples, furnish, outcomes
from mimamori.screening.indicators.load import Indicators, check
from mimamori.screening.indicators.schema import Example, Expected, Indicator
from mimamori.sources import Label, load_registry, shipped_registry

EXAMPLES = list(all_examples())
NAMES = [f"{indicator.id}-{number}" for indicator, number, _ in EXAMPLES]
AREA = Label(ja="例", en="Example")
FAMILY = re.compile(r"\bfamily\b")


def changed(example: Example, **more: Any) -> Example:
    """The example with other rows, family or expectations; the rows are the copy's own."""
    return example.model_copy(update={"rows": copy.deepcopy(example.rows), **more})


@pytest.mark.parametrize(("indicator", "number", "example"), EXAMPLES, ids=NAMES)
def test_example(indicator: Indicator, number: int, example: Example) -> None:
    wrong = [outcome for outcome in outcomes(indicator, example, load_registry()) if not outcome.ok]
    assert not wrong


def test_there_are_at_least_eighty_over_all_fourteen_systems() -> None:
    fourteen = {layout.name for layout in shipped_registry() if not layout.optional}
    assert len(fourteen) == 14
    shown = {indicator.source for indicator in shipped_indicators()}
    assert len(shipped_indicators()) >= 80
    assert fourteen <= shown


@pytest.mark.parametrize("indicator", shipped_indicators(), ids=lambda indicator: indicator.id)
def test_an_indicator_says_what_it_is_for_and_shows_a_value_and_a_reason_why_there_is_none(
    indicator: Indicator,
) -> None:
    expected = [one for example in indicator.example for one in example.expect.values()]
    assert any(one.value is not None for one in expected)
    assert any(one.why is not None for one in expected)
    assert indicator.purpose
    assert bool(indicator.difficulties) != indicator.context, "for a difficulty, or to be read beside the reasons"


@pytest.mark.parametrize(("indicator", "number", "example"), EXAMPLES, ids=NAMES)
def test_what_happens_after_the_day_changes_nothing(indicator: Indicator, number: int, example: Example) -> None:
    """Each row again as of the months after the day: what begins, is seen or decided then is not known on the day."""
    later = copy.deepcopy(example.rows)
    for name, rows in later.items():
        later[name] = (*rows, *(row for one in rows if (row := _shifted(one, example.as_of)) is not None))
    wrong = [one for one in outcomes(indicator, changed(example, rows=later), load_registry()) if not one.ok]
    assert not wrong


def _shifted(row: dict[str, Any], as_of: date) -> dict[str, Any] | None:
    """The row with every day moved behind the day; None where no day tells when it came to be."""
    days = {field: value for field, value in row.items() if isinstance(value, date) and field != "_as_of"}
    if not days and "school_year" not in row:
        return None
    on = timedelta(days=(as_of - min(days.values())).days + 40) if days else timedelta()
    moved = {field: _month_of(field, value + on) for field, value in days.items()}
    year = {"school_year": row["school_year"] + 5} if "school_year" in row else {}
    return row | moved | year


def _month_of(field: str, day: date) -> date:
    return day.replace(day=1) if field == "month" else day


@pytest.mark.parametrize(
    ("indicator", "number", "example"),
    [case for case in EXAMPLES if FAMILY.search(case[0].sql)],
    ids=[name for name, case in zip(NAMES, EXAMPLES, strict=True) if FAMILY.search(case[0].sql)],
)
def test_nothing_of_relatives_is_seen_past_a_cut_family(indicator: Indicator, number: int, example: Example) -> None:
    """Protection cuts `family`; a value must then be what the child's own rows alone give."""
    for child in example.expect:
        alone = {name: tuple(row for row in rows if row.get("case_no") == child) for name, rows in example.rows.items()}
        only = {child: Expected(why="no_record")}  # asked for, not expected
        cut = _found(indicator, changed(example, family=(), expect=only))
        own = _found(indicator, changed(example, family=(), rows=copy.deepcopy(alone), expect=only))
        assert cut == own


def test_a_relatives_rows_are_reached_through_the_family_alone() -> None:
    """Two persons met by household or by anything else than `family` would cross what protection has cut."""
    for indicator in shipped_indicators():
        persons = len(re.findall(r"\b(?:FROM|JOIN) persons\b", indicator.sql))
        own_mother = "mother_case_no" in indicator.sql  # the child's own row of birth names her
        assert persons < 2 or own_mother or FAMILY.search(indicator.sql), indicator.id


def test_an_indicator_of_the_family_shows_somebody_in_another_household() -> None:
    """The test above is not idle: with the family as it is, relatives are seen."""
    sisters = [case for case in EXAMPLES if case[0].id == "sibling_council_now"]
    indicator, _, example = sisters[0]
    assert _found(indicator, example)[0][1:] == (1.0, date(2026, 2, 1), None)


def _found(indicator: Indicator, example: Example) -> list[tuple[str, float | None, date | None, str | None]]:
    found: list[Outcome] = list(outcomes(indicator, example, load_registry()))
    return [(one.case_no, one.value, one.day, one.why) for one in found]


def test_all_indicators_stand_beside_each_other_in_one_table() -> None:
    """All at once, on a karte without rows: a value or a reason for each child and indicator, never neither."""
    con = connect(threads=1, memory_gib=1)
    furnish(con, load_registry(), EXAMPLES[0][2].model_copy(update={"rows": {}}))
    shipped = shipped_indicators()
    compute(con, load_registry(), date(2026, 10, 31), shipped)
    rows = rows_of(con, "SELECT * FROM indicators")
    assert [row["case_no"] for row in rows] == ["A", "B", "C", "P"]
    for row in rows:
        for indicator in shipped:
            assert (row[indicator.id] is None) != (row[indicator.id + "__why"] is None), indicator.id


def test_what_the_sql_reads_and_the_items_do_not_name_is_refused() -> None:
    indicator = shipped_indicators().get("custody_ended_12m")
    unnamed = indicator.model_copy(update={"items": indicator.items[:-1]})
    with pytest.raises(Refused, match=r"reads child_guidance\.cases\.measure"):
        check(Indicators(((AREA, (unnamed,)),)), shipped_registry())


def test_a_child_twice_is_refused() -> None:
    indicator = shipped_indicators().get("council_past")
    twice = indicator.model_copy(update={"sql": "SELECT case_no, 1 AS value, NULL::DATE AS day FROM family"})
    con = connect(threads=1, memory_gib=1)
    furnish(con, load_registry(), EXAMPLES[0][2].model_copy(update={"rows": {}}))
    with pytest.raises(Refused, match="more than once"):
        compute(con, load_registry(), date(2026, 10, 31), Indicators(((AREA, (twice,)),)))
