"""Serve the pages: one process with threads, so that a snapshot is opened once."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from mimamori.config import Config


def serve(config: Config, *, port: int | None = None) -> NoReturn:
    """Serve until stopped. The database must be ready (`database.prepare`).

    gunicorn takes this process's place and forks its worker from a clean start: DuckDB and Arrow, which a night or a
    repair has used here, do not survive a fork.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    command = [
        *(sys.executable, "-m", "gunicorn", "mimamori.web.wsgi:application"),
        *("--bind", f"{config.bind}:{port or config.port}"),
        *("--workers", "1", "--worker-class", "gthread", "--threads", str(max(4, config.threads))),
        *("--timeout", "120", "--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"),
    ]
    os.execv(sys.executable, command)  # noqa: S606 - the command is made of settings alone
