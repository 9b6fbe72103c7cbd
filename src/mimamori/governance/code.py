"""Which code it was: the version of package and database engine, and a hash over the files that work on data."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable

READ = (".py", ".toml", ".json")  # code, and what it reads as data
SHOWS = ("/web", "/cli")  # what only shows and asks: no finding depends on it
HASHED = 16  # hex digits that are kept: enough to tell any two states of the files apart


@cache
def code_version() -> str:
    """`0.1.0+<hash> duckdb 1.4.1`: equal exactly where the same data path runs on the same engine. It names no path.

    Asked once a process, which goes on running the files that it began with.
    """
    whole = hashlib.sha256()
    for name, file in sorted(_files(resources.files("mimamori"), "")):
        whole.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return f"{version('mimamori')}+{whole.hexdigest()[:HASHED]} duckdb {version('duckdb')}"


def _files(folder: Traversable, below: str) -> list[tuple[str, Traversable]]:
    found = []
    for entry in folder.iterdir():
        name = f"{below}/{entry.name}"
        if entry.is_dir() and name not in SHOWS:
            found += _files(entry, name)
        elif entry.is_file() and entry.name.endswith(READ):
            found.append((name, entry))
    return found
