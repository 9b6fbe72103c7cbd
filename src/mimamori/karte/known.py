"""What is known of a child and what is not: one state per source system. Unknown never looks like fine."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection, identifier, rows_of
from mimamori.karte.rows import role_columns, row_table
from mimamori.sources import Layout, Registry, Table

REGISTER = "resident_register"
SCHOOLS = "pupil_register"
CHILDREN = {"child", "carer"}  # the roles in which a child beside the subject uses a system
RECENT_DAYS = 365  # an event (a check-up, a month of school) counts as 利用中 for a year; then it is history


def make_known(con: Connection, registry: Registry, as_of: date) -> None:
    """Make `known(case_no, source, state, held, as_of)` for every child.

    `held` is what the rows say: in_use, past, none. `state` is what may be said: not_covered (outside the source's
    coverage, and no row), missing (never delivered, or nobody can tell whether the child is covered), stale (past its
    freshness), else `held`. An optional source that was never delivered has no line.
    """
    con.execute(
        "CREATE OR REPLACE TABLE known (case_no VARCHAR, source VARCHAR, state VARCHAR, held VARCHAR, as_of DATE)"
    )
    missing = {row["source"] for row in rows_of(con, "SELECT source FROM source_status WHERE state = 'missing'")}
    for layout in registry:
        if layout.optional and layout.name in missing:
            continue
        con.execute("CREATE OR REPLACE TEMP TABLE held_rows (case_no VARCHAR, is_state BOOLEAN, is_open BOOLEAN)")
        for table in layout.tables:
            _hold(con, layout, table, as_of)
        if layout.name == REGISTER:
            _hold_residents(con)
        con.execute(
            _KNOWN_SQL.format(covered=_covered(layout), unclear=_unclear(layout, missing)),
            {"source": layout.name, "youngest": layout.coverage.ages[0], "oldest": layout.coverage.ages[1]},
        )
    con.execute("CREATE OR REPLACE TABLE known AS SELECT * FROM known ORDER BY case_no")
    con.execute("DROP TABLE IF EXISTS held_rows")


# States decide before events: a closed registration is past, whatever was noted last month. `is_open` NULL: an event
# without a day, which is as good as the child's being covered today.
_KNOWN_SQL = """
    INSERT INTO known
    WITH held AS (
        SELECT case_no, bool_or(is_state) AS has_state,
            coalesce(bool_or(is_open) FILTER (is_state), false) AS open_state,
            bool_or(is_open) FILTER (NOT is_state) AS open_event
        FROM held_rows GROUP BY case_no
    ), told AS (
        SELECT p.case_no, s.state AS delivered, s.as_of, {covered} AS covered, {unclear} AS unclear,
            CASE WHEN h.case_no IS NULL THEN 'none'
                WHEN CASE WHEN has_state THEN open_state ELSE coalesce(open_event, {covered}) END THEN 'in_use'
                ELSE 'past' END AS held
        FROM persons p JOIN source_status s ON s.source = $source LEFT JOIN held h USING (case_no) WHERE p.is_child
    )
    SELECT case_no, $source, CASE
        WHEN held = 'none' AND unclear THEN 'missing'
        WHEN held = 'none' AND NOT covered THEN 'not_covered'
        WHEN delivered = 'missing' THEN 'missing'
        WHEN delivered = 'stale' THEN 'stale'
        ELSE held END, held, as_of
    FROM told
"""


def _covered(layout: Layout) -> str:
    """SQL: whether a child of `persons p` should have a row, or could have one. An unknown age is within any ages."""
    who = {"all": "true", "residents": "p.in_register", "city_pupils": "coalesce(p.city_pupil, false)"}
    return f"({who[layout.coverage.who]} AND {_OF_AGE})"


def _unclear(layout: Layout, missing: set[str]) -> str:
    """SQL: whether nobody can tell if the child is covered: without the schools' register, who is a city pupil?"""
    return _OF_AGE if layout.coverage.who == "city_pupils" and SCHOOLS in missing else "false"


_OF_AGE = "coalesce(p.age BETWEEN $youngest AND $oldest, true)"


def _hold(con: Connection, layout: Layout, table: Table, as_of: date) -> None:
    """Add the children's rows of this record kind to `held_rows`, as subject or as the child in another's row."""
    name = identifier(row_table(layout, table))
    columns = ["case_no", *(column for person, column in role_columns(table) if person.role in CHILDREN)]
    is_open, counts, params = _open(table)
    for column in map(identifier, columns):
        con.execute(
            f"INSERT INTO held_rows SELECT {column}, {table.active is not None}, bool_or({is_open}) FROM {name},"
            f" (SELECT $as_of::DATE AS today) WHERE {column} IS NOT NULL AND {counts} GROUP BY {column}",
            {"as_of": as_of, **params},
        )


def _open(table: Table) -> tuple[str, str, dict[str, list[str]]]:
    """SQL of 'open today' and of 'counts as a use by now', and the codes they compare with.

    A state is open from its start to the day before its end; an end of which only the year is known has come.
    """
    if table.active is None:
        if table.day is None:
            return "NULL::BOOLEAN", "true", {}
        day = identifier(table.day)
        return f"date_diff('day', {day}, today) <= {RECENT_DAYS}", f"coalesce({day} <= today, true)", {}
    is_open, counts = "true", ["true"]
    codes = {}
    if end := table.active.end:
        ended = f"{identifier(end)} <= today"
        if table.item(end).uncertain:
            ended += f" OR ({identifier(end)} IS NULL AND coalesce({identifier(f'{end}_raw')}, '') <> '')"
        is_open = f"NOT coalesce({ended}, false)"
    if start := table.active.start:
        counts.append(f"coalesce({identifier(start)} <= today, true)")
    for number, (field, only) in enumerate(table.active.only.items()):
        counts.append(f"list_contains($only_{number}, {identifier(field)})")
        codes[f"only_{number}"] = list(only)
    return is_open, " AND ".join(counts), codes


def _hold_residents(con: Connection) -> None:
    """The register keeps every past entry: whether somebody lives here is said by the newest, which `persons` has."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE held_rows AS"
        " SELECT case_no, true AS is_state, status = '1' AS is_open FROM persons WHERE in_register"
    )


def make_known_cases(con: Connection, as_of: date) -> None:
    """Make `known_cases(case_no, where_known)`: an open registration of the council, an open case of child guidance."""
    con.execute(
        "CREATE OR REPLACE TABLE known_cases AS SELECT DISTINCT case_no, where_known FROM ("
        " SELECT case_no, 'council' AS where_known FROM row_child_guidance__council"
        "  WHERE coalesce(registered_on <= $as_of, true) AND coalesce(ended_on > $as_of, true)"
        " UNION ALL SELECT case_no, 'guidance' FROM row_child_guidance__cases"
        "  WHERE coalesce(received_on <= $as_of, true) AND coalesce(closed_on > $as_of, true))"
        " WHERE case_no IS NOT NULL ORDER BY case_no, where_known",
        {"as_of": as_of},
    )
