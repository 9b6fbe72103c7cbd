"""Which terminal the present request comes from; empty on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_terminal: ContextVar[str] = ContextVar("terminal", default="")


@contextmanager
def at_terminal(address: str) -> Iterator[None]:
    token = _terminal.set(address)
    try:
        yield
    finally:
        _terminal.reset(token)


def terminal() -> str:
    return _terminal.get()
