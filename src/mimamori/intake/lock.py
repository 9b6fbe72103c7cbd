"""One at a time: a lock of the kernel's, which goes with the process however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mimamori.refusal import Refused


@contextmanager
def alone(path: Path, *, otherwise: Refused) -> Iterator[None]:
    """Hold the lock file at `path`; raises `otherwise` where another process, or this one, holds it already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise otherwise from None
        yield
