"""Which process works on an upload, told so that another one with the same number is not taken for it."""

from __future__ import annotations

import os
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def this_process() -> str:
    """The mark of this process: the machine's start, its number, and when it began."""
    return f"{_boot()}:{os.getpid()}:{_began(os.getpid())}"


def lives(mark: str) -> bool:
    """Whether the process of this mark still runs; a dead one that nobody has collected does not."""
    boot, _, rest = mark.partition(":")
    number, _, began = rest.partition(":")
    return boot == _boot() and number.isdecimal() and bool(began) and _began(int(number)) == began


def _boot() -> str:
    return _BOOT.read_text(encoding="ascii").strip()


def _began(number: int) -> str:
    """Ticks since the machine's start when the process began; empty where there is none, or only its remains."""
    try:
        told = Path("/proc", str(number), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *fields = told.rpartition(")")[2].split()
    return "" if state in {"Z", "X"} else fields[18]
