"""Serve the pages: one process with threads, so that a snapshot is opened once."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from gunicorn.app.base import BaseApplication

from mimamori.config import Config


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn inside this process, set by `Config` alone."""

    def __init__(self, application: WSGIHandler, options: dict[str, Any]) -> None:
        self.application = application
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        return self.application


def serve(config: Config, *, port: int | None = None) -> None:
    """Serve until stopped. The database must be ready (`database.prepare`)."""
    from mimamori.web.wsgi import application  # noqa: PLC0415 - sets Django up

    Server(
        application,
        {
            "bind": f"{config.bind}:{port or config.port}",
            "workers": 1,
            "threads": max(4, config.threads),
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "control_socket_disable": True,
            "loglevel": "warning",
        },
    ).run()
