"""過去のデータによる検証: a condition set run on an earlier day's snapshot, held against what came to be known later.

The list is made from that day's snapshot alone; the later record decides only who of it was found again with an event.
Children of whom the event goes on already (`fates`) are counted, and are on no list here. Counts are exact:
`backtest_closed` closes them for a page.

in: `indicators`, `source_status`, `persons`, `links` and the rows of the events on the connection of the earlier day
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from mimamori.engine import Connection, rows_of, table_of
from mimamori.screening.backtest_shapes import Backtest, Count, Ties
from mimamori.screening.conditions.check import check
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.extraction import Bound, reached, stale_sources
from mimamori.screening.fates import AGE_BANDS, make_fates, months_after
from mimamori.screening.indicators import load_indicators
from mimamori.screening.later import TRUTH, Record
from mimamori.screening.outcomes import Outcome

SHARE_LISTED = 0.01  # of a ward's children, where nobody said how many the wards can work
DIMENSIONS = {0b0111: "ward", 0b1011: "age", 0b1101: "sex", 0b1110: "nationality"}  # by grouping_id of the four


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
    make_fates(con, outcome, record, ages=condition_set.ages, start=start, until=until)
    con.register(
        "rooms", pa.table({"ward": pa.array(rooms, pa.string()), "room": pa.array(rooms.values(), pa.int64())})
    )
    bound = Bound()
    listed = reached(condition_set, load_indicators(), stale_sources(con), bound)
    con.execute(
        _STANDING.format(listed=listed, limited=bound(bool(rooms)), share=bound(SHARE_LISTED)),
        bound.values,
    )
    con.unregister("rooms")


# `upto`: how many of the ward stand at a child's rank or before it; `place`: its first place. Where a rank does not fit
# whole into the room, nobody of it comes in (as on the worklist): those are tied. Must-look never waits.
_STANDING = """
    CREATE OR REPLACE TEMP TABLE standing AS
    WITH unknown_yet AS (
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
    return value == "", AGE_BANDS.index(value) if value in AGE_BANDS else 0, value
