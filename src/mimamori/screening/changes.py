"""What changed in a child's finding since the run before, and what changed it.

The conditions of this night are run once more on the values of the run before. What differs between that and this
night's list is the data's doing, condition by condition; what differs between that and the list of the run before is
the doing of the conditions, for they alone had changed.

in:  `findings`, `indicators` and `source_status` of the night on the connection; the run before as `Before`
out: `finding_changes`, one row per child and difficulty that is or was listed and whose finding is not the same
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from mimamori.engine import Connection, identifier
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.extraction import Bound, judged, stale_sources
from mimamori.screening.indicators import load_indicators

# `kind`: new, gone, higher, lower (must-look stands above tier 1), or reasons: listed as before for other reasons.
# `must_before`, `tier_before`: null where the child was not listed then. `by_set`: the conditions changed, and that
# alone moved the child. `arrived`: the run before did not know the child. `by_age`: it was outside the set's ages then,
# or is now. `causes`: JSON list of {condition, label, must, source, unit, cause, state_before, value_before, state,
# value, day} of the conditions whose state changed with the data; `cause`: value, delivery (it was or is not known, for
# nothing was delivered or it is too old), cover (the condition begins or ceases to speak of the child), or first (the
# run before did not work the value out).
FINDING_CHANGES = """
CREATE OR REPLACE TABLE finding_changes (
    case_no VARCHAR, difficulty VARCHAR, since DATE, kind VARCHAR, must_before BOOLEAN, tier_before INTEGER,
    must BOOLEAN, tier INTEGER, by_set BOOLEAN, arrived BOOLEAN, by_age BOOLEAN, causes VARCHAR
)
"""


@dataclass(frozen=True)
class Before:
    """The run before. `findings`: case_no, difficulty, must, tier; `stale`: the systems that were too old then;
    `columns` of its indicators, and how to read some of them."""

    as_of: date
    findings: pa.Table
    stale: frozenset[str]
    columns: frozenset[str]
    indicators: Callable[[Sequence[str]], pa.Table]


def compare_runs(con: Connection, sets: Iterable[ConditionSet], before: Before | None) -> None:
    """Make `finding_changes` on the connection; empty without a run before."""
    con.execute(FINDING_CHANGES)
    if before is None:
        return
    con.register("listed_then", before.findings.select(["case_no", "difficulty", "must", "tier"]))
    con.execute("CREATE OR REPLACE TEMP TABLE listed_before AS SELECT * FROM listed_then")
    con.unregister("listed_then")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE to_compare AS"
        " SELECT case_no, difficulty FROM findings UNION SELECT case_no, difficulty FROM listed_before"
    )
    for condition_set in sets:
        _compare(con, condition_set, before)
    for table in ("listed_before", "to_compare", "values_before", "values_now"):
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _compare(con: Connection, condition_set: ConditionSet, before: Before) -> None:
    indicators = load_indicators()
    names = dict.fromkeys(condition.indicator for condition in condition_set.conditions)
    columns = [f"{name}{suffix}" for name in names for suffix in ("", "__why", "__day")]
    there = [column for column in columns if column in before.columns]
    con.register("read", before.indicators(["case_no", "ward", "age_months", *there]))
    missing = "".join(
        f", NULL::{'DOUBLE' if column in names else 'DATE' if column.endswith('__day') else 'VARCHAR'}"
        f" AS {identifier(column)}"
        for column in columns
        if column not in before.columns
    )
    only = "WHERE case_no IN (SELECT case_no FROM to_compare WHERE difficulty = $difficulty)"
    told = {"difficulty": condition_set.difficulty}
    con.execute(f"CREATE OR REPLACE TEMP TABLE values_before AS SELECT *{missing} FROM read {only}", told)
    con.unregister("read")
    wanted = ", ".join(identifier(column) for column in columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE values_now AS SELECT case_no, ward, age_months, {wanted} FROM indicators {only}",
        told,
    )
    bound = Bound()
    statement = _CHANGED.format(
        then=judged(condition_set, indicators, set(before.stale), bound, of="values_before"),
        now=judged(condition_set, indicators, stale_sources(con), bound, of="values_now"),
        difficulty=bound(condition_set.difficulty),
        since=bound(before.as_of),
    )
    con.execute(statement, bound.values)


# `then`: this night's conditions on the values of the run before. Both lists of reasons hold the conditions in the same
# places, so they are laid side by side. A rank of NULL is a child that is not listed.
_CHANGED = """
    INSERT INTO finding_changes BY NAME
    WITH was AS (
        SELECT case_no, must, tier, CASE WHEN must THEN 0 ELSE tier END AS place
        FROM listed_before WHERE difficulty = {difficulty}
    ), before AS (
        SELECT case_no, CASE WHEN NOT listed THEN NULL WHEN must THEN 0 ELSE tier END AS place, reasons FROM ({then})
    ), now AS (
        SELECT case_no, listed, must, tier, CASE WHEN NOT listed THEN NULL WHEN must THEN 0 ELSE tier END AS place,
            reasons
        FROM ({now})
    ), laid AS (
        SELECT case_no, w.must AS must_before, w.tier AS tier_before, w.place AS was_at, b.place AS before_at,
            n.place AS now_at, CASE WHEN n.listed THEN n.must END AS must, CASE WHEN n.listed THEN n.tier END AS tier,
            v.case_no IS NULL AS arrived,
            v.case_no IS NOT NULL AND (b.case_no IS NULL) <> (n.case_no IS NULL) AS by_age,
            list_filter(
                list_zip(n.reasons, b.reasons),
                lambda pair: pair[1].state <> pair[2].state AND 'met' IN (pair[1].state, pair[2].state)
            ) AS pairs
        FROM (SELECT case_no FROM to_compare WHERE difficulty = {difficulty}) c
        LEFT JOIN was w USING (case_no) LEFT JOIN before b USING (case_no) LEFT JOIN now n USING (case_no)
        LEFT JOIN (SELECT case_no FROM values_before) v USING (case_no)
    ), kinds AS (
        SELECT *, CASE
            WHEN was_at IS NULL AND now_at IS NULL THEN NULL
            WHEN was_at IS NULL THEN 'new'
            WHEN now_at IS NULL THEN 'gone'
            WHEN now_at < was_at THEN 'higher'
            WHEN now_at > was_at THEN 'lower'
            WHEN len(pairs) > 0 THEN 'reasons' END AS kind
        FROM laid
    )
    SELECT case_no, {difficulty} AS difficulty, {since} AS since, kind, must_before, tier_before, must, tier,
        NOT arrived AND NOT by_age AND before_at IS DISTINCT FROM was_at AS by_set, arrived, by_age,
        CASE WHEN arrived OR by_age THEN '[]' ELSE CAST(to_json(list_transform(pairs, lambda pair: {{
            'condition': pair[1].condition, 'label': pair[1].label, 'must': pair[1].must, 'source': pair[1].source,
            'unit': pair[1].unit,
            'cause': CASE
                WHEN coalesce(pair[1].why IN ('not_covered', 'not_due'), false)
                    OR coalesce(pair[2].why IN ('not_covered', 'not_due'), false) THEN 'cover'
                WHEN coalesce(pair[1].why IN ('not_delivered', 'stale'), false)
                    OR coalesce(pair[2].why IN ('not_delivered', 'stale'), false) THEN 'delivery'
                WHEN pair[2].value IS NULL AND pair[2].why IS NULL THEN 'first'
                ELSE 'value' END,
            'state_before': pair[2].state, 'value_before': pair[2].value,
            'state': pair[1].state, 'value': pair[1].value, 'day': pair[1].day
        }})) AS VARCHAR) END AS causes
    FROM kinds WHERE kind IS NOT NULL ORDER BY case_no
"""
