"""Triggers by which the database itself refuses to change or remove rows of a table; for SQLite and PostgreSQL.

Migrations lay them. `lift` exists for the migrations' way back and for tests that must empty their database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "append-only"
GUARDED = (  # every table that a migration laid guards on
    "audit_event", "review_ledgerentry", "review_decision",
    "governance_step", "governance_enforcement", "governance_proof", "governance_remark",
    "governance_capacity", "governance_modelstep",
)  # fmt: skip


def lay(connection: BaseDatabaseWrapper, table: str) -> None:
    """From now on `table` only grows."""
    with connection.cursor() as cursor:
        for statement in _laying(connection.vendor, _checked(table)):
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper, table: str) -> None:
    with connection.cursor() as cursor:
        for statement in _lifting(connection.vendor, _checked(table)):
            cursor.execute(statement)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """All guards away for a while: for tests that empty their database. Nothing of the product calls it."""
    for table in GUARDED:
        lift(connection, table)
    try:
        yield
    finally:
        for table in GUARDED:
            lay(connection, table)


def _checked(table: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", table):
        raise ValueError(f"not a table name: {table!r}")
    return table


def _laying(vendor: str, table: str) -> Sequence[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is {MESSAGE}'); END"
            for event in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is {MESSAGE}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _lifting(vendor: str, table: str) -> Sequence[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{event}" for event in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{event} ON {table}" for event in ("change", "truncate")]
