"""From linked state to the tables of a karte."""

from __future__ import annotations

from datetime import date

from mimamori.engine import Connection
from mimamori.karte.known import make_known, make_known_cases
from mimamori.karte.rows import build_rows
from mimamori.karte.search import place_key
from mimamori.linkage.folding import fold_shapes
from mimamori.sources import Registry


def build(con: Connection, registry: Registry, as_of: date, *, keep_state: bool = True) -> None:
    """Make the row tables, `contents`, `known` and `known_cases` from the state tables, `links` and `persons`.

    Without `keep_state` each state table is dropped when its rows stand under the case number: half the memory.
    """
    build_rows(con, registry, keep_state=keep_state)
    _sort_persons(con)
    make_known(con, registry, as_of)
    make_known_cases(con, as_of)


def _sort_persons(con: Connection) -> None:
    """Sort what is read by case number, and give `persons` the name of the school beside its code, and children the
    `place_key` that they are searched by."""
    fold_shapes(con, "SELECT address FROM persons WHERE is_child", "places", place=place_key)
    con.execute(
        "CREATE OR REPLACE TABLE persons AS SELECT p.*, s.school_name, CASE WHEN p.is_child THEN a.place END"
        " AS place_key FROM persons p LEFT JOIN places a ON a.raw = p.address LEFT JOIN"
        " (SELECT school_code, max(school_name) AS school_name FROM row_pupil_register__pupils GROUP BY school_code) s"
        " USING (school_code) ORDER BY p.case_no"
    )
    for table in ("places", "shaped", "shape_forms"):
        con.execute(f"DROP TABLE {table}")
    con.execute("CREATE OR REPLACE TABLE family AS SELECT * FROM family ORDER BY case_no, relative_no, kind")
