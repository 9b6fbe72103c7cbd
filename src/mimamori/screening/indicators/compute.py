"""The wide table of indicators: one row per child, per indicator a value or the reason why there is none.

in:  `persons`, `family`, `row_<source>__<table>`, `source_status` on the connection
out: `indicators(case_no, ward, age_months, <id> DOUBLE, <id>__why VARCHAR, <id>__day DATE, …)`, sorted by case number

The reasons, in the order they are tested: `not_covered`, `not_due`, `not_delivered`, `no_record`. A source that is
stale keeps its values here; that a negative from it is not known is decided where a condition is tested.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mimamori.engine import Connection, identifier, rows_of
from mimamori.refusal import Refused
from mimamori.screening.indicators.load import Indicators, load_indicators
from mimamori.screening.indicators.schema import Applies, Indicator
from mimamori.sources.registry import Registry

COHORT = """
CREATE OR REPLACE TEMP TABLE cohort AS
SELECT row_number() OVER (ORDER BY case_no)::INTEGER AS place, case_no, ward, age, age_months, grade,
       coalesce(city_pupil, false) AS city_pupil, coalesce(in_register, false) AS resident
FROM persons WHERE is_child ORDER BY case_no
"""

# UNION ALL BY NAME gives the column `why` to SQL that does not yield one. `day <= $as_of`: only knowledge of the day.
ONE = """
CREATE OR REPLACE TEMP TABLE {table} AS
WITH found AS (
    SELECT case_no, CAST(value AS DOUBLE) AS value, CAST(day AS DATE) AS day, why
    FROM (({sql}) UNION ALL BY NAME (SELECT NULL::VARCHAR AS why WHERE false))
    WHERE day IS NULL OR day <= $as_of
), told AS (
    SELECT cohort.place, found.value, found.day,
        CASE WHEN NOT ({covered}) THEN 'not_covered'
             WHEN found.value IS NOT NULL THEN NULL
             WHEN {too_young} THEN 'not_due'
             WHEN NOT $delivered THEN 'not_delivered'
             WHEN found.why IS NOT NULL THEN found.why
             WHEN $silence THEN NULL
             ELSE 'no_record' END AS why
    FROM cohort LEFT JOIN found USING (case_no)
)
SELECT place, CASE WHEN why IS NULL THEN coalesce(value, 0) END AS value, why,
    CASE WHEN why IS NULL THEN coalesce(day, $source_day) ELSE day END AS day
FROM told ORDER BY place
"""


def compute(con: Connection, registry: Registry, as_of: date, indicators: Indicators | None = None) -> None:
    """Make the table `indicators` on `con`; raises `Refused` where an indicator's SQL yields a child twice."""
    del registry  # the indicators were checked against the layouts when they were loaded
    chosen = load_indicators() if indicators is None else indicators
    con.execute(COHORT)
    states = {row["source"]: row for row in rows_of(con, "SELECT source, as_of, state FROM source_status")}
    for indicator in chosen:
        _one(con, indicator, as_of, states)
    columns = ["cohort.case_no", "cohort.ward", "cohort.age_months"]
    for number, indicator in enumerate(chosen):
        name = identifier(indicator.id)
        columns += [
            f"i{number}.value AS {name}",
            f"i{number}.why AS {identifier(indicator.id + '__why')}",
            f"i{number}.day AS {identifier(indicator.id + '__day')}",
        ]
    # Row beside row: all lie in the order of their places. A hundred joins by key would take the memory of a hundred
    # tables again.
    beside = " ".join(f"POSITIONAL JOIN {_table(indicator)} i{number}" for number, indicator in enumerate(chosen))
    con.execute(f"CREATE OR REPLACE TABLE indicators AS SELECT {', '.join(columns)} FROM cohort {beside}")
    for indicator in chosen:
        con.execute(f"DROP TABLE {_table(indicator)}")
    con.execute("DROP TABLE cohort")


def _table(indicator: Indicator) -> str:
    return identifier("one_" + indicator.id)


def _one(con: Connection, indicator: Indicator, as_of: date, states: dict[str, dict[str, Any]]) -> None:
    found = [states.get(source) for source in indicator.sources]
    delivered = all(row is not None and row["state"] != "missing" for row in found)
    days = [row["as_of"] for row in found if row is not None and row["as_of"] is not None]
    covered, too_young, bounds = _coverage(indicator.applies)
    statement = ONE.format(table=_table(indicator), sql=indicator.sql, covered=covered, too_young=too_young)
    parameters = {
        **bounds,
        "as_of": as_of,
        "delivered": delivered,
        "silence": indicator.silence == "zero",
        "source_day": min(days) if days else None,
    }
    con.execute(statement, parameters)
    # every place once, in its order: what `compute` puts row beside row
    misplaced = rows_of(con, f"SELECT count(*) AS n FROM {_table(indicator)} WHERE place <> rowid + 1")
    if misplaced[0]["n"]:
        raise Refused(
            f"指標 {indicator.id} の SQL が同じ児童を2回以上返しました。",
            f"The SQL of the indicator {indicator.id} yields a child more than once.",
        )


def _coverage(applies: Applies) -> tuple[str, str, dict[str, int]]:
    """SQL for 'covered' and for 'too young', with the bounds to bind."""
    clauses = {"all": "true", "residents": "resident", "city_pupils": "city_pupil"}[applies.who]
    bounds: dict[str, int] = {}
    for column, limits in (("age", applies.ages), ("age_months", applies.months), ("grade", applies.grades)):
        if limits is not None:
            clauses += f" AND coalesce({column} BETWEEN $least_{column} AND $most_{column}, false)"
            bounds |= {f"least_{column}": limits[0], f"most_{column}": limits[1]}
    if applies.due_months is None:
        return clauses, "false", bounds
    return clauses, "coalesce(age_months < $due_months, true)", {**bounds, "due_months": applies.due_months}
