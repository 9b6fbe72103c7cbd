"""The children of one day under a project's tokens: what is known of each, how the conditions judge it, what came.

Everything but the event and the token is of that day's snapshot alone. A child found again in the later record has the
token of its number there, so that it has one token on every day; who is not found again has that of the first number
that an office gave it.

in: `indicators`, `persons` (with `household_no`), `links`, `source_status` and the rows of the events on the connection
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from mimamori.engine import Connection, identifier, rows_of, table_of
from mimamori.privacy.pseudonyms import Pseudonyms
from mimamori.screening.conditions.check import check
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.extraction import Bound, evaluated, stale_sources
from mimamori.screening.fates import find_again, make_fates, months_after
from mimamori.screening.indicators import load_indicators
from mimamori.screening.later import Record
from mimamori.screening.models.features import Column, column_sql, unseen_sql
from mimamori.screening.models.shapes import KEYS
from mimamori.screening.outcomes import Outcome

WELFARE = "public_assistance_home"  # the indicator that says who is on public assistance
READS = ("indicators", "persons", "links", "source_status")  # beside the rows of the events


@dataclass(frozen=True)
class Cohort:
    """One day. `table`: `KEYS`, then one float32 column a feature, ordered by token, a child once.

    `complete`: whether the record reaches over the whole window; without it no event is told. `fates`: how many
    children met which. `unseen`: of choices, how many values their indicator does not declare. `merged`: rows left out
    because the later record takes two numbers of the day for one child.
    """

    day: date
    table: pa.Table
    complete: bool
    fates: Mapping[str, int]
    unseen: Mapping[str, int]
    merged: int


def cohort_of(
    con: Connection,
    *,
    day: date,
    columns: Sequence[Column],
    condition_set: ConditionSet,
    outcome: Outcome,
    record: Record,
    pseudonyms: Pseudonyms,
) -> Cohort:
    """The cohort of the day that the connection holds; raises `Refused` where the set names an indicator that does not
    exist."""
    indicators = load_indicators()
    check(condition_set, indicators)
    find_again(con, record)
    until = months_after(day, outcome.window_months)
    complete = until <= record.as_of and bool(outcome.events)
    make_fates(con, outcome, record, ages=condition_set.ages, start=day, until=min(until, record.as_of))
    con.execute(_CHOSEN)
    _make_tokens(con, pseudonyms)
    bound = Bound()
    told = bound(day)
    stale = stale_sources(con)
    features = [
        f"CAST({column_sql(column, stale, bound, day=told)} AS FLOAT) AS {identifier(column.feature.name)}"
        for column in columns
    ]
    table = table_of(
        con,
        _COHORT.format(
            day=told,
            welfare=f"coalesce(i.{identifier(WELFARE)} = 1, false)" if WELFARE in indicators else "false",
            complete=bound(complete),
            least=bound(condition_set.tiers[-1]),
            features="".join(f", {feature}" for feature in features),
            judged=evaluated(condition_set, indicators, stale, bound),
        ),
        bound.values,
    )
    con.unregister("tokens")
    return Cohort(
        day=day,
        table=table.cast(pa.schema([*KEYS, *(pa.field(c.feature.name, pa.float32()) for c in columns)])),
        complete=complete,
        fates={row["fate"]: row["n"] for row in rows_of(con, "SELECT fate, count(*) AS n FROM fated GROUP BY 1")},
        unseen=_unseen(con, columns),
        merged=int(rows_of(con, "SELECT count(*) AS n FROM fated")[0]["n"]) - table.num_rows,
    )


# `stands_for`: the text that becomes the token. Of two numbers of the day that are one child by now, one row stays.
_CHOSEN = """
    CREATE OR REPLACE TEMP TABLE chosen AS
    WITH first_refs AS (SELECT case_no, min(ref) AS first_ref FROM links GROUP BY case_no)
    SELECT f.case_no, coalesce(f.later_no, r.first_ref, f.case_no) AS stands_for, p.household_no
    FROM fated f LEFT JOIN first_refs r USING (case_no) LEFT JOIN persons p USING (case_no)
    QUALIFY row_number() OVER (PARTITION BY stands_for ORDER BY p.household_no NULLS LAST, r.first_ref, f.case_no) = 1
"""

_COHORT = """
    SELECT t.token, t.household, CAST({day} AS DATE) AS day, f.ward, f.age AS age_band, f.sex, f.nationality,
        {welfare} AS welfare, round(coalesce(j.points, 0), 1) AS points, coalesce(j.must, false) AS must,
        coalesce(j.must OR j.points >= {least}, false) AS listed,
        CASE WHEN {complete} THEN CASE f.fate WHEN 'event' THEN true WHEN 'quiet' THEN false END END AS event{features}
    FROM tokens t JOIN fated f USING (case_no) JOIN indicators i USING (case_no)
    LEFT JOIN (SELECT case_no, must, points FROM ({judged})) j USING (case_no)
    ORDER BY t.token
"""


def _make_tokens(con: Connection, pseudonyms: Pseudonyms) -> None:
    """Register `tokens(case_no, token, household)` on the connection."""
    chosen = table_of(con, "SELECT case_no, stands_for, household_no FROM chosen")
    children, households = pseudonyms.children(chosen["stands_for"]), pseudonyms.households(chosen["household_no"])
    made = pa.table({"case_no": chosen["case_no"], "token": children, "home": households})
    con.register("made", made)
    tokens = table_of(con, "SELECT case_no, token, coalesce(home, token) AS household FROM made")
    con.unregister("made")
    con.register("tokens", tokens)


def _unseen(con: Connection, columns: Sequence[Column]) -> dict[str, int]:
    """Of each choice, how many values its indicator does not declare; without those of which there are none."""
    choices = {column.indicator.id: column.indicator for column in columns if column.code is not None}
    if not choices:
        return {}
    bound = Bound()
    counts = ", ".join(f"{unseen_sql(choices[name], bound)} AS {identifier(name)}" for name in choices)
    found = rows_of(con, f"SELECT {counts} FROM indicators i", bound.values)[0]
    return {name: count for name, count in found.items() if count}
