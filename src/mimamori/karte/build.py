"""From linked state to the tables of a karte."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection
from mimamori.karte.children import make_children
from mimamori.karte.known import make_known, make_known_cases
from mimamori.karte.rows import build_rows
from mimamori.sources import Registry


def build(con: Connection, registry: Registry, as_of: date, *, keep_state: bool = True) -> None:
    """Make the row tables, `contents`, `known`, `known_cases` and what children are searched by, from the state tables,
    `links` and `persons`.

    Without `keep_state` each state table is dropped when its rows stand under the case number: half the memory.
    """
    build_rows(con, registry, keep_state=keep_state)
    _sort_persons(con)
    make_known(con, registry, as_of)
    make_known_cases(con, as_of)
    make_children(con)


def _sort_persons(con: Connection) -> None:
    """Sort what is read by case number, and give `persons` the name of the school beside its code."""
    con.execute(
        "CREATE OR REPLACE TABLE persons AS SELECT p.*, s.school_name FROM persons p LEFT JOIN"
        " (SELECT school_code, max(school_name) AS school_name FROM row_pupil_register__pupils GROUP BY school_code) s"
        " USING (school_code) ORDER BY p.case_no"
    )
    con.execute("CREATE OR REPLACE TABLE family AS SELECT * FROM family ORDER BY case_no, relative_no, kind")
