"""過去のデータによる検証: a condition set run on an earlier day's snapshot, held against what came to be known later.

The list is made from that day's snapshot alone; the later record decides only who of it was found again with an event.
Children of whom the event goes on already, by either record, are known: they are counted, and are on no list here. Who
left the city, grew out of the ages or is not found again without an event is counted apart, and is no "nothing
happened". Counts are exact here: `backtest_closed` closes them for a page.

in: `indicators`, `source_status`, `persons`, `links` and the rows of the events on the connection of the earlier day
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from mimamori.engine import Connection, rows_of, table_of
from mimamori.screening.backtest_shapes import Backtest, Count, Ties
from mimamori.screening.conditions.check import check
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.extraction import Bound, reached, stale_sources
from mimamori.screening.indicators import load_indicators
from mimamori.screening.later import RISK, TRUTH, Record
from mimamori.screening.outcomes import Outcome, spans_of

SHARE_LISTED = 0.01  # of a ward's children, where nobody said how many the wards can work
BANDS = ("0-2", "3-5", "6-11", "12-14", "15-18")
DIMENSIONS = {0b0111: "ward", 0b1011: "age", 0b1101: "sex", 0b1110: "nationality"}  # by grouping_id of the four


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


def measure(
    con: Connection,
    condition_set: ConditionSet,
    outcome: Outcome,
    record: Record,
    *,
    start: date,
    snapshot: str,
    rooms: Mapping[str, int],
) -> Backtest:
    """Hold one set's list of `start` against the record, after `find_again`.

    `rooms`: by ward code, how many children it works in a month; a ward that is missing has no limit, and without any
    the list of each ward is as long as `SHARE_LISTED` of its children. Raises `Refused` where the set names an
    indicator that does not exist.
    """
    check(condition_set)
    wished = months_after(start, outcome.window_months)
    until = min(wished, record.as_of)
    _stand(con, condition_set, outcome, record, start=start, until=until, rooms=rooms)
    rows = rows_of(con, _COUNTED)
    whole = next((row for row in rows if row["grouped"] == 0b1111), dict.fromkeys(Count.COUNTED, 0))
    told = outcome.events if record.name != TRUTH else record.spans[outcome.difficulty].num_rows
    return Backtest(
        difficulty=condition_set.difficulty,
        snapshot=snapshot,
        record=record.name,
        start=start,
        until=until,
        window_months=outcome.window_months,
        full=until == wished,
        told=bool(told),
        by_capacity=bool(rooms),
        whole=_count("whole", "", whole),
        groups=tuple(
            _count(name, row[name], row)
            for grouped, name in DIMENSIONS.items()
            for row in sorted((row for row in rows if row["grouped"] == grouped), key=lambda row: _order(row[name]))
        ),
        ties=Ties(**rows_of(con, _TIED)[0]),
        oracle=None if record.risk is None else int(rows_of(con, _ORACLE)[0]["hits"]),
    )


def list_of(con: Connection) -> pa.Table:
    """`case_no, must, points, taken` of the set that was measured last: the day's whole list, and who was in at the
    wards' length."""
    return table_of(con, "SELECT case_no, must, points, taken FROM standing WHERE listed ORDER BY case_no")


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _stand(
    con: Connection,
    condition_set: ConditionSet,
    outcome: Outcome,
    record: Record,
    *,
    start: date,
    until: date,
    rooms: Mapping[str, int],
) -> None:
    """Make `standing`: each screened child's fate, whether it is listed, taken at the ward's length, or tied there."""
    con.register("spans_then", spans_of(con, outcome))
    con.register("spans_later", record.spans[outcome.difficulty])
    con.register(
        "rooms", pa.table({"ward": pa.array(rooms, pa.string()), "room": pa.array(rooms.values(), pa.int64())})
    )
    bound = Bound()
    listed = reached(condition_set, load_indicators(), stale_sources(con), bound)
    low, high = condition_set.ages
    con.execute(
        _STANDING.format(
            listed=listed,
            low=bound(low * 12),
            high=bound(high * 12 + 11),
            start=bound(start),
            until=bound(until),
            limited=bound(bool(rooms)),
            share=bound(SHARE_LISTED),
        ),
        bound.values,
    )
    for name in ("spans_then", "spans_later", "rooms"):
        con.unregister(name)


# `upto`: how many of the ward stand at a child's rank or before it; `place`: its first place. Where a rank does not fit
# whole into the room, nobody of it comes in (as on the worklist): those are tied. Must-look never waits.
_STANDING = """
    CREATE OR REPLACE TEMP TABLE standing AS
    WITH screened AS (SELECT * FROM followed WHERE coalesce(age_months BETWEEN {low} AND {high}, true)),
    known AS (
        SELECT case_no FROM spans_then WHERE day <= {start} AND ends > {start}
        UNION SELECT s.case_no FROM screened s JOIN spans_later l ON l.case_no = s.later_no
        WHERE day <= {start} AND ends > {start}
    ), happened AS (
        SELECT DISTINCT s.case_no FROM screened s JOIN spans_later l ON l.case_no = s.later_no
        WHERE day > {start} AND day <= {until}
    ), fated AS (
        SELECT s.*, CASE
            WHEN s.case_no IN (FROM known) THEN 'known'
            WHEN s.case_no IN (FROM happened) THEN 'event'
            WHEN later_no IS NULL THEN 'lost'
            WHEN NOT here AND coalesce(left_on <= {until}, true) THEN 'left'
            WHEN (here AND NOT is_child) OR age_months + datesub('month', {start}, {until}) > {high} THEN 'grown'
            ELSE 'quiet' END AS fate
        FROM screened s
    ), unknown_yet AS (
        SELECT *, count(*) OVER (PARTITION BY ward) AS in_ward FROM fated WHERE fate <> 'known'
    ), listed AS (SELECT case_no, must, round(points, 1) AS points FROM ({listed})),
    ranked AS (
        SELECT case_no, must, points, rank() OVER best AS place,
            count(*) OVER (best RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto,
            CASE WHEN {limited} THEN room ELSE greatest(1, ceil({share} * in_ward)) END AS room
        FROM unknown_yet JOIN listed USING (case_no) LEFT JOIN rooms USING (ward)
        WINDOW best AS (PARTITION BY ward ORDER BY must DESC, points DESC)
    ), cut AS (SELECT *, must OR coalesce(upto <= room, true) AS taken FROM ranked)
    SELECT f.*, c.must, c.points, c.place, c.room, c.case_no IS NOT NULL AS listed, coalesce(c.taken, false) AS taken,
        coalesce(NOT c.taken AND c.place <= c.room AND c.upto > c.place, false) AS tied,
        fate IN ('event', 'quiet') AS seen
    FROM fated f LEFT JOIN cut c USING (case_no)
"""

_COUNTED = """
    SELECT grouping_id(ward, age, sex, nationality) AS grouped, ward, age, sex, nationality,
        count(*) FILTER (fate = 'known') AS known, count(*) FILTER (fate = 'left') AS gone,
        count(*) FILTER (fate = 'grown') AS grown, count(*) FILTER (fate = 'lost') AS lost,
        count(*) FILTER (seen) AS followed, count(*) FILTER (fate = 'event') AS events,
        count(*) FILTER (listed AND seen) AS listed, count(*) FILTER (listed AND fate = 'event') AS listed_hits,
        count(*) FILTER (taken AND seen) AS taken, count(*) FILTER (taken AND fate = 'event') AS hits,
        count(*) FILTER (taken AND NOT seen) AS taken_unseen
    FROM standing GROUP BY GROUPING SETS ((), (ward), (age), (sex), (nationality))
"""

# The places that a tie leaves free, given to those with an event first, or last.
_TIED = """
    WITH by_ward AS (
        SELECT count(*) AS children, count(*) FILTER (fate = 'event') AS events,
            least(any_value(room - place + 1)::BIGINT, count(*)) AS free
        FROM standing WHERE tied AND seen GROUP BY ward
    )
    SELECT coalesce(sum(children), 0)::BIGINT AS children, coalesce(sum(free), 0)::BIGINT AS free,
        coalesce(sum(least(free, events)), 0)::BIGINT AS best,
        coalesce(sum(greatest(0, free - (children - events))), 0)::BIGINT AS worst
    FROM by_ward
"""

# As many children of each ward, by the hidden risk: what no list could do better but by luck.
_ORACLE = """
    WITH ordered AS (
        SELECT fate, row_number() OVER (PARTITION BY ward ORDER BY risk DESC NULLS LAST, case_no) AS place,
            count(*) FILTER (taken) OVER (PARTITION BY ward) AS length
        FROM standing WHERE seen
    )
    SELECT count(*) FILTER (fate = 'event') AS hits FROM ordered WHERE place <= length
"""


def _count(dimension: str, value: str, row: Mapping[str, Any]) -> Count:
    return Count(dimension=dimension, value=value, **{name: int(row[name]) for name in Count.COUNTED})


def _order(value: str) -> tuple[bool, int, str]:
    """Bands in their order, codes by their number, and what is not known last."""
    return value == "", BANDS.index(value) if value in BANDS else 0, value
