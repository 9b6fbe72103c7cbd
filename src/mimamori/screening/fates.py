"""What became of the children of an earlier day: who each is in a later record, and whether the event came.

A child for whom the event goes on already, by either record, is known. Who left the city, grew out of the ages or is
not found again without an event is counted apart, and is no "nothing happened".

in: `indicators`, `persons`, `links` and the rows of the events on the connection of the earlier day
"""

from __future__ import annotations

import calendar
from datetime import date

from mimamori.engine import Connection
from mimamori.screening.later import RISK, Record
from mimamori.screening.outcomes import Outcome, spans_of

AGE_BANDS = ("0-2", "3-5", "6-11", "12-14", "15-18")


def find_again(con: Connection, record: Record) -> None:
    """Make `followed` on the connection: each child of the earlier day, and who it is in the record. Once for all sets
    of one day and record."""
    con.register("later_links", record.links)
    con.register("later_people", record.people)
    con.register("later_risk", RISK.empty_table() if record.risk is None else record.risk)
    con.execute(f"CREATE OR REPLACE TEMP TABLE followed AS {_FOLLOWED}")
    for name in ("later_links", "later_people", "later_risk"):
        con.unregister(name)


# Of several later numbers that which has most of the child's refs: a number may have been split since. Between equals
# the first ref decides (the register's, if there is one), for numbers are random.
_FOLLOWED = """
    WITH met AS (
        SELECT l.case_no, r.case_no AS later_no, count(*) AS shared, min(ref) AS first_ref
        FROM links l JOIN later_links r USING (ref)
        WHERE l.case_no IN (SELECT case_no FROM indicators) GROUP BY ALL
    ), again AS (
        SELECT case_no, later_no FROM met
        QUALIFY row_number() OVER (PARTITION BY case_no ORDER BY shared DESC, first_ref) = 1
    )
    SELECT i.case_no, coalesce(i.ward, '') AS ward, i.age_months,
        CASE WHEN i.age_months < 36 THEN '0-2' WHEN i.age_months < 72 THEN '3-5' WHEN i.age_months < 144 THEN '6-11'
            WHEN i.age_months < 180 THEN '12-14' WHEN i.age_months IS NOT NULL THEN '15-18' ELSE '' END AS age,
        CASE WHEN p.sex IN ('1', '2') THEN p.sex ELSE '' END AS sex, coalesce(p.resident_type, '') AS nationality,
        a.later_no, coalesce(q.here, true) AS here, q.left_on, coalesce(q.is_child, true) AS is_child, r.risk
    FROM indicators i LEFT JOIN persons p USING (case_no) LEFT JOIN again a USING (case_no)
    LEFT JOIN later_people q ON q.case_no = a.later_no LEFT JOIN later_risk r ON r.case_no = a.later_no
"""


def make_fates(
    con: Connection, outcome: Outcome, record: Record, *, ages: tuple[int, int], start: date, until: date
) -> None:
    """Make `fated`, after `find_again`: each child of these ages (completed years) of the day `start`, and its `fate`
    by `until`: known, event, lost, left, grown or quiet."""
    con.register("spans_then", spans_of(con, outcome))
    con.register("spans_later", record.spans[outcome.difficulty])
    bounds = {
        "low": ages[0] * 12, "high": ages[1] * 12 + 11, "start": start, "until": until, "recorded": record.as_of,
    }  # fmt: skip
    con.execute(f"CREATE OR REPLACE TEMP TABLE fated AS {_FATED}", bounds)
    for name in ("spans_then", "spans_later"):
        con.unregister(name)


# A record that reaches past `until` tells of its own day who is a child no more: of `until` the age tells it, by the
# last birthday that it allows (a child is one until the 31 March after the day before the 18th birthday).
_FATED = """
    WITH screened AS (SELECT * FROM followed WHERE coalesce(age_months BETWEEN $low AND $high, true)),
    known AS (
        SELECT case_no FROM spans_then WHERE day <= $start AND ends > $start
        UNION SELECT s.case_no FROM screened s JOIN spans_later l ON l.case_no = s.later_no
        WHERE day <= $start AND ends > $start
    ), happened AS (
        SELECT DISTINCT s.case_no FROM screened s JOIN spans_later l ON l.case_no = s.later_no
        WHERE day > $start AND day <= $until
    )
    SELECT s.* EXCLUDE (of_age), CASE
        WHEN s.case_no IN (FROM known) THEN 'known'
        WHEN s.case_no IN (FROM happened) THEN 'event'
        WHEN later_no IS NULL THEN 'lost'
        WHEN NOT here AND coalesce(left_on <= $until, true) THEN 'left'
        WHEN here AND NOT is_child AND
            ($until >= $recorded OR coalesce($until > make_date(year(of_age) + (month(of_age) > 3)::INT, 3, 31), true))
            THEN 'grown'
        WHEN age_months + datesub('month', $start, $until) > $high THEN 'grown'
        ELSE 'quiet' END AS fate
    FROM (SELECT *, CAST($start + to_months(216 - age_months::INT) AS DATE) - 1 AS of_age FROM screened) s
"""


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
