"""From linked state to the tables of a karte."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection
from mimamori.karte.known import make_known, make_known_cases
from mimamori.karte.rows import build_rows
from mimamori.karte.timeline import make_timeline
from mimamori.sources import Registry


def build(con: Connection, registry: Registry, as_of: date) -> None:
    """Make the row tables, `known`, `known_cases` and `timeline` from the state tables, `links` and `persons`."""
    build_rows(con, registry)
    _name_schools(con)
    make_known(con, registry, as_of)
    make_known_cases(con, as_of)
    make_timeline(con, registry, as_of)


def _name_schools(con: Connection) -> None:
    """Give `persons` the name of the school beside its code, and sort it as every table of a snapshot is."""
    con.execute(
        "CREATE OR REPLACE TABLE persons AS SELECT p.*, s.school_name FROM persons p LEFT JOIN"
        " (SELECT school_code, max(school_name) AS school_name FROM pupil_register__pupils GROUP BY school_code) s"
        " USING (school_code) ORDER BY p.case_no"
    )
