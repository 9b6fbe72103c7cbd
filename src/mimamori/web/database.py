"""People's store: which database holds it, bringing it up to date, and telling plainly when it is not."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from mimamori.config import Config
from mimamori.refusal import Refused


def databases(config: Config) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: SQLite in the home, or the PostgreSQL that `database_url` names.

    Raises `Refused` for an address of another kind. SQLite takes its write lock at the start of a transaction, so two
    requests wait for each other instead of failing half-way.
    """
    if not config.database_url:
        config.home.mkdir(parents=True, exist_ok=True)
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(config.database),
                "TEST": {"NAME": str(config.home / "test.sqlite3")},  # a file, as in service: memory locks otherwise
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
                },
            }
        }
    address = urlsplit(config.database_url)
    if address.scheme not in {"postgresql", "postgres"} or not address.path.strip("/"):
        raise Refused(
            "DATABASE_URL は postgresql://利用者:パスワード@ホスト:ポート/データベース名 の形で指定してください。",
            "DATABASE_URL must have the form postgresql://user:password@host:port/name.",
        )
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.path.strip("/"),
            "USER": unquote(address.username or ""),
            "PASSWORD": unquote(address.password or ""),
            "HOST": unquote(address.hostname or ""),
            "PORT": str(address.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": config.threads + 4, "timeout": 10}},
        }
    }


def prepare() -> list[str]:
    """Bring the database up to date; returns the names of the migrations that ran. Needs `django.setup()` before."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by the caller

    waiting = _waiting()
    if waiting:
        call_command("migrate", verbosity=0, interactive=False)
    return waiting


def check_ready() -> None:
    """Raise `Refused` where the database cannot be reached or has migrations to come."""
    if _waiting():
        raise Refused(
            "データベースの準備ができていません。`mimamori serve --prepare` で準備してください。",
            "The database is not ready: prepare it with `mimamori serve --prepare`.",
        )


def _waiting() -> list[str]:
    from django.db import OperationalError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        raise Refused(
            "データベースに接続できません。DATABASE_URL と、データベースが動いていることを確かめてください。",
            "The database cannot be reached: check DATABASE_URL and that the database runs.",
        ) from None
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
