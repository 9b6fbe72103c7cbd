"""What makes a file or a folder whole on the disk, and a lock that goes with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mimamori.refusal import Refused


def write_through(path: Path, data: bytes) -> None:
    """Write `data` and wait until it is on the disk. A cut leaves a part: who needs all or nothing renames after."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(path: Path, *, otherwise: Refused) -> Iterator[None]:
    """Hold the lock file at `path`; raises `otherwise` where another process, or this one, holds it already.

    The lock is the kernel's: it goes with the process, however that ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise otherwise from None
        yield
