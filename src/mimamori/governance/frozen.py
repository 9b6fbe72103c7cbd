"""Triggers by which the database itself refuses to change what a version holds: of a condition set once it has left the
draft, of a statistical model from the first."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

CONDITIONS, MODELS = "governance_conditionversion", "governance_modelversion"
FROZEN: dict[str, tuple[str, ...]] = {
    CONDITIONS: ("difficulty", "number", "content", "proposed_by_id"),
    MODELS: ("difficulty", "number", "content", "digest", "evaluation", "offered", "made_by_id"),
}
SINCE = {CONDITIONS: "OLD.state <> 'draft'", MODELS: "OLD.state <> ''"}
MESSAGE = "the content of a version is fixed"


def freeze(connection: BaseDatabaseWrapper, table: str = CONDITIONS) -> None:
    """Lay the trigger. A migration that makes the table anew on SQLite has to lay it again."""
    frozen, since = FROZEN[table], SINCE[table]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in frozen)
            cursor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {since} AND ({changed}) "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            return
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in frozen)
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({since} AND ({changed})) EXECUTE FUNCTION {table}_frozen()"
        )


def thaw(connection: BaseDatabaseWrapper, table: str = CONDITIONS) -> None:
    """The migration's way back."""
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f" ON {table}"
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen{on}")
