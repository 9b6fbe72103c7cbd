"""該当・非該当・不明: a condition on one child, and what a list of reasons keeps of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mimamori import engine, screening
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.extraction import Bound, evaluated
from mimamori.screening.indicators import load_indicators

DAY = date(2026, 10, 31)
WORDS = {"ja": "試し", "en": "a try"}
SOURCE = "school_lunch_fees"
EVERYBODY = {
    "id": "all", "indicator": "council_now", "comparison": "=", "values": [1], "must": True,
    "label": WORDS, "basis": WORDS,
}  # fmt: skip


def a_set(label: str = "試し", *, surely: bool = False, **test: Any) -> ConditionSet:
    """One condition; `surely`: beside one that every child meets, so that each is listed."""
    condition = {
        "id": "one",
        "indicator": "lunch_arrears_months",
        "domain": "fees",
        "points": 60,
        "label": {"ja": label, "en": label},
        "basis": WORDS,
        **(test or {"comparison": ">=", "low": 3}),
    }
    return ConditionSet.model_validate(
        {
            "difficulty": "poverty",
            "note": WORDS,
            "ages": [0, 18],
            "tiers": [60, 45, 35],
            "domains": [{"id": "fees", "label": WORDS, "weight": 1}],
            "conditions": [EVERYBODY, condition] if surely else [condition],
        }
    )


def children(*values: tuple[float | None, str | None]) -> engine.Connection:
    """One child of ten years a value (or the reason why there is none)."""
    con = engine.connect()
    con.execute(
        "CREATE TABLE indicators (case_no VARCHAR, ward VARCHAR, age_months BIGINT, lunch_arrears_months DOUBLE, "
        "lunch_arrears_months__why VARCHAR, lunch_arrears_months__day DATE, "
        "council_now DOUBLE, council_now__why VARCHAR, council_now__day DATE)"
    )
    for place, (value, why) in enumerate(values):
        con.execute(
            "INSERT INTO indicators VALUES (?, '40134', 120, ?, ?, ?, 1, NULL, ?)",
            [f"K-{place}", value, why, DAY, DAY],
        )
    con.execute("CREATE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    return con


@pytest.mark.parametrize(
    ("value", "why", "stale", "expected"),
    [
        (3, None, False, ("met", None)),
        (2, None, False, ("failed", None)),
        (None, "not_covered", False, ("unknown", "not_covered")),
        (None, "not_due", False, ("unknown", "not_due")),
        (None, "not_delivered", False, ("unknown", "not_delivered")),
        (2, None, True, ("unknown", "stale")),  # what has not been seen lately is no "no"
        (4, None, True, ("met", None)),  # what was seen stays seen, with its day
    ],
)
def test_a_condition_has_three_values(
    value: float | None, why: str | None, stale: bool, expected: tuple[str, str | None]
) -> None:
    con = children((value, why))
    if stale:
        con.execute("INSERT INTO source_status VALUES (?, ?, ?, 'stale')", [SOURCE, DAY, DAY])
    screening.run(con, [a_set(surely=True)], DAY)
    (finding,) = engine.rows_of(con, "SELECT reasons FROM findings")
    _, reason = json.loads(finding["reasons"])
    assert (reason["state"], reason["why"]) == expected


@pytest.mark.parametrize(
    ("test", "met"),
    [
        ({"comparison": ">=", "low": 2}, [2, 3, 4]),
        ({"comparison": "<=", "high": 2}, [0, 1, 2]),
        ({"comparison": "between", "low": 1, "high": 3}, [1, 2, 3]),
        ({"comparison": "=", "values": [2]}, [2]),
        ({"comparison": "in", "values": [0, 4]}, [0, 4]),
    ],
)
def test_comparisons_hold_their_edges(test: dict[str, Any], met: list[int]) -> None:
    bound = Bound()
    con = children(*((float(value), None) for value in range(5)))
    sql = evaluated(a_set(**test), load_indicators(), set(), bound)
    found = con.execute(f"SELECT case_no FROM ({sql}) WHERE t0 ORDER BY case_no", bound.values).fetchall()
    assert found == [(f"K-{value}",) for value in met]


def test_a_finding_keeps_source_value_and_day_and_a_label_is_only_text() -> None:
    label = '\'); DROP TABLE indicators; -- "{low}"'
    con = children((5, None), (1, None), (None, "not_delivered"))
    screening.run(con, [a_set(label)], DAY)
    (finding,) = engine.rows_of(con, "SELECT case_no, points, tier, reasons FROM findings")
    assert (finding["case_no"], finding["points"], finding["tier"]) == ("K-0", 100.0, 1)
    (reason,) = json.loads(finding["reasons"])
    assert (reason["state"], reason["value"], reason["source"], reason["day"]) == ("met", 5, SOURCE, "2026-10-31")
    assert reason["label"]["ja"] == label.format(low=3)
    assert con.execute("SELECT count(*) FROM indicators").fetchone() == (3,)
