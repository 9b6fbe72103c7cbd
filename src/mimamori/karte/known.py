"""What is known of a child and what is not: one state per source system. Unknown never looks like fine."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection, identifier
from mimamori.karte.rows import row_table
from mimamori.sources import Layout, Registry, Table

RECENT_DAYS = 365  # an event counts as 利用中 for a year; then it is history


def make_known(con: Connection, registry: Registry, as_of: date) -> None:
    """Make `known(case_no, source, state, as_of)` for every child.

    state: not_covered (outside the source's coverage and no row), missing (never delivered), stale (delivered, past its
    freshness), in_use, past, none (delivered, covered, no row).
    """
    con.execute(
        "CREATE OR REPLACE TABLE known (case_no VARCHAR, source VARCHAR, state VARCHAR, as_of DATE);"
        "CREATE OR REPLACE TEMP TABLE held_rows (case_no VARCHAR, open BOOLEAN)"
    )
    for layout in registry:
        con.execute("DELETE FROM held_rows")
        for table in layout.tables:
            _hold(con, layout, table, as_of)
        con.execute(
            "INSERT INTO known SELECT p.case_no, $source, CASE"
            f" WHEN h.case_no IS NULL AND NOT ({_covered(layout)}) THEN 'not_covered'"
            " WHEN s.state = 'missing' THEN 'missing' WHEN s.state = 'stale' THEN 'stale'"
            " WHEN h.open THEN 'in_use' WHEN h.case_no IS NOT NULL THEN 'past' ELSE 'none' END, s.as_of"
            " FROM persons p JOIN source_status s ON s.source = $source"
            " LEFT JOIN (SELECT case_no, bool_or(open) AS open FROM held_rows GROUP BY case_no) h USING (case_no)"
            " WHERE p.is_child",
            {"source": layout.name, "youngest": layout.coverage.ages[0], "oldest": layout.coverage.ages[1]},
        )
    con.execute("CREATE OR REPLACE TABLE known AS SELECT * FROM known ORDER BY case_no; DROP TABLE held_rows")


def _covered(layout: Layout) -> str:
    who = {"all": "true", "residents": "p.in_register", "city_pupils": "coalesce(p.city_pupil, false)"}
    return f"{who[layout.coverage.who]} AND coalesce(p.age BETWEEN $youngest AND $oldest, true)"


def _hold(con: Connection, layout: Layout, table: Table, as_of: date) -> None:
    """Which children have a row, and whether it is open: a state without an end, or an event of the last year."""
    day = table.day and identifier(table.day)
    if table.active:
        end = table.active.end and identifier(table.active.end)
        is_open, params = (f"coalesce({end} > ?, true)", [as_of]) if end else ("true", [])
    elif day:
        is_open, params = f"coalesce(date_diff('day', {day}, ?::DATE) <= {RECENT_DAYS}, true)", [as_of]
    else:
        is_open, params = "true", []
    con.execute(
        f"INSERT INTO held_rows SELECT case_no, bool_or({is_open}) FROM {identifier(row_table(layout, table))}"
        " WHERE case_no IS NOT NULL GROUP BY case_no",
        params,
    )


def make_known_cases(con: Connection, as_of: date) -> None:
    """Make `known_cases(case_no, where_known)`: an open registration of the council, an open case of child guidance."""
    con.execute(
        "CREATE OR REPLACE TABLE known_cases AS SELECT DISTINCT case_no, where_known FROM ("
        " SELECT case_no, 'council' AS where_known FROM row_child_guidance__council"
        "  WHERE registered_on <= $as_of AND coalesce(ended_on > $as_of, true)"
        " UNION ALL SELECT case_no, 'guidance' FROM row_child_guidance__cases"
        "  WHERE received_on <= $as_of AND coalesce(closed_on > $as_of, true))"
        " WHERE case_no IS NOT NULL ORDER BY case_no, where_known",
        {"as_of": as_of},
    )
