"""The trigger by which the database itself refuses to change what a version holds once it has left the draft."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "governance_conditionversion"
FROZEN = ("difficulty", "number", "content", "proposed_by_id")
MESSAGE = "the content of a version is fixed"


def freeze(connection: BaseDatabaseWrapper) -> None:
    """Lay the trigger. A migration that makes the table anew on SQLite has to lay it again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN OLD.state <> 'draft' AND ({changed}) "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            return
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN)
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {TABLE}_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN (OLD.state <> 'draft' AND ({changed})) EXECUTE FUNCTION {TABLE}_frozen()"
        )


def thaw(connection: BaseDatabaseWrapper) -> None:
    """The migration's way back."""
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
        cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_frozen{on}")
