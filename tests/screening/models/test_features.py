"""What models read of the indicators: every one of them is an input or has a reason, and none tells of the event."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mimamori import engine
from mimamori.refusal import Refused
from mimamori.screening.extraction import Bound
from mimamori.screening.indicators import DIFFICULTIES, Difficulty, Indicator, shipped_indicators
from mimamori.screening.models.features import Column, column_sql, columns_of, unseen_sql, why_left_out
from mimamori.screening.models.inputs.load import check, shipped_inputs
from mimamori.screening.models.inputs.schema import Inputs
from mimamori.screening.outcomes import Outcome
from mimamori.screening.outcomes.load import shipped_outcomes
from mimamori.sources import shipped_registry

INDICATORS, INPUTS, OUTCOMES = shipped_indicators(), shipped_inputs(), shipped_outcomes()
DAY = date(2026, 10, 31)
EVERY = [(difficulty, indicator) for difficulty in DIFFICULTIES for indicator in INDICATORS]
# Where somebody lives, comes from, or what is told of a disability: no input of any model.
NEVER = {
    "resident_type", "nationality", "residence_status", "addr_code", "address", "building", "postal", "ward",
    "prev_address", "protection", "handbook", "handbook_no", "grade_of_handbook", "service", "special_class",
    "exemption", "name", "kana", "household_type",
}  # fmt: skip


def columns(difficulty: Difficulty) -> tuple[Column, ...]:
    return columns_of(difficulty, INDICATORS, OUTCOMES[difficulty], INPUTS)


@pytest.mark.parametrize(("difficulty", "indicator"), EVERY, ids=lambda one: getattr(one, "id", one))
def test_every_indicator_is_an_input_or_has_a_reason(difficulty: Difficulty, indicator: Indicator) -> None:
    reason = why_left_out(indicator, difficulty, OUTCOMES[difficulty], INPUTS)
    made = [column for column in columns(difficulty) if column.indicator.id == indicator.id]
    assert bool(made) == (reason is None)
    if reason is not None:
        assert reason.ja and reason.en and reason != INPUTS.unknown_reason
        return
    tables = {event.table for event in OUTCOMES[difficulty].events}
    assert not {item.rpartition(".")[0] for item in indicator.items} & tables
    assert "child_guidance" not in {table.split(".")[0] for table in tables} & set(indicator.sources)
    assert "disability_welfare" not in indicator.sources
    assert not {item.rpartition(".")[2] for item in indicator.items} & NEVER
    assert not indicator.context
    assert indicator.window_months or INPUTS.stands(indicator.id) or INPUTS.expiry(indicator.id)


def test_absence_is_told_by_no_other_count_of_the_same_absences() -> None:
    assert not [c.feature.name for c in columns("absence") if any("attendance" in item for item in c.indicator.items)
                if "attendance_reminder_on" not in str(c.indicator.items)]  # fmt: skip
    assert [c for c in columns("abuse") if c.feature.name == "absence_days_12m"]


def test_a_city_s_own_indicator_of_which_nothing_is_said_is_left_out() -> None:
    own = INDICATORS.get("loan_arrears_count").model_copy(update={"id": "own"})
    assert why_left_out(own, "abuse", OUTCOMES["abuse"], INPUTS) == INPUTS.unknown_reason
    windowed = own.model_copy(update={"window_months": 12})
    assert why_left_out(windowed, "abuse", OUTCOMES["abuse"], INPUTS) is None
    of_guidance = INDICATORS.get("guidance_abuse_24m").model_copy(update={"id": "own"})
    assert why_left_out(of_guidance, "abuse", OUTCOMES["abuse"], INPUTS) == INPUTS.whole_source[0].reason


def test_a_city_s_own_outcome_takes_its_tables_out_of_the_inputs() -> None:
    """The rule goes by the tables of the outcome in force, not by a list of names."""
    words = {"ja": "試し", "en": "a try"}
    event = {"table": "single_parent_loans.loans", "day": "decided_on", "current_months": 12}
    own = Outcome.model_validate({"difficulty": "poverty", "label": words, "note": words, "events": [event]})
    assert why_left_out(INDICATORS.get("loan_arrears_count"), "poverty", own, INPUTS) == INPUTS.label_reason
    assert why_left_out(INDICATORS.get("public_assistance_home"), "poverty", own, INPUTS) is None


def test_codes_have_a_column_each_and_speak_only_against_none() -> None:
    found = {column.feature.name: column.feature for column in columns("abuse")}
    assert [name for name in found if name.startswith("nutrition")] == [f"nutrition__{code}" for code in (1, 2, 3, 4)]
    assert found["nutrition__1"].direction == "neither"
    assert "income_band" not in found and "income_band__0" not in found
    assert found["income_band__5"].direction == "lower"  # against code 0, the poorest
    assert found["hard_to_raise__1"].direction == "neither"  # no code says "none": the order of codes is no amount
    assert found["no_medical_subsidy"].direction == "higher"
    assert found["home_visit__3"].label.ja == "乳児家庭全戸訪問: 拒否"
    assert found["untreated_teeth_school"].sources == ("school_affairs",)


def values(name: str, rows: list[tuple[float | None, date | None]], stale: set[str] | None = None) -> dict[str, Any]:
    """Every column of the indicator, for rows of (value, day), as models of poverty read it."""
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(f'CREATE TABLE indicators ("{name}" DOUBLE, "{name}__day" DATE)')
    con.executemany("INSERT INTO indicators VALUES (?, ?)", rows)
    bound = Bound()
    told = bound(DAY)
    made = [column for column in columns("poverty") if column.indicator.id == name]
    selected = ", ".join(
        f'{column_sql(column, stale or set(), bound, day=told)} AS "{column.feature.name}"' for column in made
    )
    sql = f"SELECT {selected} FROM indicators i WHERE {told} IS NOT NULL"
    return dict(engine.table_of(con, sql, bound.values).to_pydict())


def test_a_code_is_one_of_its_columns_and_what_is_not_known_is_none() -> None:
    found = values("single_parent_allowance", [(2, DAY), (0, DAY), (None, None), (7, DAY)])
    assert found == {
        "single_parent_allowance__1": [0, 0, None, None],
        "single_parent_allowance__2": [1, 0, None, None],
        "single_parent_allowance__3": [0, 0, None, None],
    }


def test_a_code_that_is_not_declared_is_counted() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute("CREATE TABLE indicators (nutrition DOUBLE)")
    con.executemany("INSERT INTO indicators VALUES (?)", [(1.0,), (None,), (9.0,), (1.5,)])
    bound = Bound()
    counted = unseen_sql(INDICATORS.get("nutrition"), bound)
    assert con.execute(f"SELECT {counted} FROM indicators i", bound.values).fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("name", "value", "day", "read"),
    [
        ("birth_weight_g", 2180, date(2021, 10, 31), 2180),  # five years to the day
        ("birth_weight_g", 2180, date(2021, 10, 30), None),
        ("council_past", 1, date(2021, 10, 30), 0),
        ("council_past", 1, date(2021, 11, 1), 1),
        ("income_band", 3, date(2015, 4, 1), 3),  # it stands as long as it is so
    ],
)
def test_what_is_of_long_ago_expires_as_it_is_written(name: str, value: float, day: date, read: float | None) -> None:
    found = values(name, [(value, day)])
    column = name if name in found else f"{name}__3"
    assert found[column] == [1 if column.endswith("__3") else read]


def test_a_none_from_a_stale_source_is_not_believed() -> None:
    rows: list[tuple[float | None, date | None]] = [(0, DAY), (3, DAY)]
    assert values("loan_arrears_count", rows)["loan_arrears_count"] == [0, 3]
    assert values("loan_arrears_count", rows, {"single_parent_loans"})["loan_arrears_count"] == [None, 3]


@pytest.mark.parametrize("key", ["left_out", "standing", "expires"])
def test_a_name_that_does_not_exist_is_refused(key: str) -> None:
    entry: dict[str, Any] = {"indicators": ["no_such"], "reason": {"ja": "試し", "en": "a try"}}
    entry |= {"months": 12, "becomes": "zero"} if key == "expires" else {}
    wrong = INPUTS.model_dump() | {key: [entry]}
    with pytest.raises(Refused, match="no_such"):
        check(Inputs.model_validate(wrong), INDICATORS, shipped_registry())


def test_how_long_something_holds_is_said_once() -> None:
    wrong = INPUTS.model_dump()
    wrong["standing"] = [*wrong["standing"], {"indicators": ["council_past"], "reason": {"ja": "試し", "en": "a try"}}]
    with pytest.raises(ValueError, match="council_past"):
        Inputs.model_validate(wrong)
