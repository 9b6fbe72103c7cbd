"""Snapshots on disk: a folder of encrypted Parquet per night, and a pointer to the one in service.

A snapshot is written beside the others, whole, then the pointer is swapped; a reader sees the old night or the new one.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa

from mimamori import engine
from mimamori.config import Config
from mimamori.engine import Connection
from mimamori.karte.reasons import as_enum
from mimamori.karte.rows import row_table
from mimamori.karte.snapshot import Snapshot
from mimamori.karte.timeline import SourceRows
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry

__all__ = [
    "Serving", "Snapshot", "SourceRows", "clean", "current", "kept", "open_snapshot", "publish", "published_day",
    "serving", "shelve", "write",
]  # fmt: skip

TABLES = (
    "persons", "family", "links", "pairs", "source_status", "known", "known_cases", "indicators", "findings",
    "finding_changes", "row_tables", "contents", "linkage_agreement", "linkage_weights", "particulars", "guarded",
    "housemates", "children", "name_words",
)  # fmt: skip
POINTER = "current"
UNFINISHED = ".unfinished-"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.[0-9a-f]{8}")
_opened: dict[Path, Snapshot] = {}  # by snapshots folder: one snapshot a process, threads share it
_opening = Lock()


def write(
    con: Connection,
    registry: Registry,
    *,
    config: Config,
    keyring: KeyRing,
    as_of: date,
    extra: Mapping[str, Any] | None = None,
    only: Collection[str] | None = None,
) -> str:
    """Write the night's tables (or `only` these of them) as a snapshot that is not in service yet; returns its name.

    `extra` goes into `meta.json`, which lies there in plain: it may hold no personal data.
    """
    name = f"{as_of.isoformat()}.{secrets.token_hex(4)}"
    folder = config.snapshots / f"{UNFINISHED}{name}"
    folder.mkdir(parents=True, mode=0o700)
    files = {}
    for table in [*TABLES, *(row_table(layout, kind) for layout, kind in registry.tables())]:
        if only is not None and table not in only:
            continue
        rows = engine.table_of(con, f"SELECT * FROM {engine.identifier(table)}")
        path = folder / f"{table}.parquet"
        engine.write_parquet(path, rows, keyring.data_key)
        files[table] = {"rows": rows.num_rows, "sha256": _digest(path)}
    meta = {**(extra or {}), "name": name, "as_of": as_of.isoformat(), "files": files}
    engine.write_through(folder / "meta.json", json.dumps(meta, indent=1, ensure_ascii=False).encode())
    engine.settle(folder)
    return name


def publish(config: Config, name: str) -> None:
    """Put a written snapshot in service: it gets its name, then the pointer is swapped, and both are on the disk."""
    shelve(config, name)
    fresh = config.snapshots / f"{UNFINISHED}pointer"
    engine.write_through(fresh, name.encode())
    fresh.replace(config.snapshots / POINTER)
    engine.settle(config.snapshots)


def shelve(config: Config, name: str) -> None:
    """Keep a written snapshot that never comes into service, to be opened by its name."""
    (config.snapshots / f"{UNFINISHED}{name}").rename(config.snapshots / name)
    engine.settle(config.snapshots)


def kept(config: Config) -> list[tuple[str, date]]:
    """Name and day of every snapshot on the disk, the newest written last."""
    if not config.snapshots.is_dir():
        return []
    whole = [path for path in config.snapshots.iterdir() if path.is_dir() and _NAME.fullmatch(path.name)]
    ordered = sorted(whole, key=lambda path: path.stat().st_mtime_ns)
    return [(path.name, date.fromisoformat(path.name.split(".", 1)[0])) for path in ordered]


def clean(config: Config) -> None:
    """Remove what a killed night left half-written, and the oldest snapshots past the number that is kept.

    The one in service always stays. Only a night that runs alone may call this.
    """
    for path in config.snapshots.glob(f"{UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    serving = _pointed(config)
    whole = [name for name, _ in kept(config)]
    others = [name for name in whole if name != serving]
    for name in others[: max(0, len(whole) - config.snapshots_kept)]:
        shutil.rmtree(config.snapshots / name)


def published_day(config: Config) -> date | None:
    """The day of the snapshot in service, None before the first."""
    name = _pointed(config)
    return date.fromisoformat(name.split(".", 1)[0]) if name else None


def current(config: Config, keyring: KeyRing) -> Snapshot:
    """The snapshot in service, opened once per process; raises `Refused` before the first night."""
    name = _pointed(config)
    if name is None:
        raise Refused("まだ公開された夜間処理がありません。", "No night has been published yet.")
    with _opening:
        held = _opened.get(config.snapshots)
        if held is None or held.name != name:
            held = _opened[config.snapshots] = open_snapshot(config, keyring, name)
        return held


@dataclass(frozen=True)
class Serving:
    """The snapshot in service as it lies on the disk: some columns of a table are read without opening the whole."""

    name: str
    as_of: date
    folder: Path
    key: bytes

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        return engine.read_parquet(self.folder / f"{table}.parquet", self.key, columns)

    def columns(self, table: str) -> frozenset[str]:
        return engine.parquet_columns(self.folder / f"{table}.parquet", self.key)


def serving(config: Config, keyring: KeyRing, *, tables: Collection[str]) -> Serving | None:
    """The snapshot in service, None before the first; raises `Damaged` where one of these `tables` is not in it as it
    was written."""
    name = _pointed(config)
    if name is None:
        return None
    folder = config.snapshots / name
    told = _told(folder)
    for table in tables:
        _checked(folder, table, told.files.get(table, ""))
    return Serving(name, told.as_of, folder, keyring.data_key)


def open_snapshot(config: Config, keyring: KeyRing, name: str, *, only: Collection[str] | None = None) -> Snapshot:
    """Open one night by name, with `only` these of its tables; raises `Refused` where there is none or a file is not
    the one that was written."""
    folder = config.snapshots / name
    if not _NAME.fullmatch(name) or not (folder / "meta.json").exists():
        raise Refused(f"スナップショット {name} はありません。", f"There is no snapshot {name}.")
    told = _told(folder)
    con = engine.connect(threads=config.threads, memory_gib=config.memory_gib)
    for table, sha256 in told.files.items():
        if only is not None and table not in only:
            continue
        read = engine.read_parquet(_checked(folder, table, sha256), keyring.data_key)
        kept = as_enum(con, read) if table == "indicators" else "*"
        con.register("read", read)
        con.execute(f"CREATE TABLE {engine.identifier(table)} AS SELECT {kept} FROM read")
        con.unregister("read")
        if table == "persons":
            con.execute("CREATE INDEX persons_by_number ON persons (case_no)")
    return Snapshot(name, told.as_of, told.meta, con)


@dataclass(frozen=True)
class _Told:
    """What `meta.json` says; `files`: by table, the digest of its file."""

    meta: dict[str, Any]
    as_of: date
    files: dict[str, str]


def _told(folder: Path) -> _Told:
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        files = {table: str(told["sha256"]) for table, told in meta["files"].items()}
        return _Told(meta, date.fromisoformat(meta["as_of"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(folder.name, "meta.json") from None


def _checked(folder: Path, table: str, sha256: str) -> Path:
    """The file of a table; raises `Damaged` where it is not the one that was written."""
    path = folder / f"{table}.parquet"
    if not path.exists() or _digest(path) != sha256:
        raise _damaged(folder.name, path.name)
    return path


def _damaged(name: str, file: str) -> engine.Damaged:
    return engine.Damaged(
        f"スナップショット {name} の {file} が壊れています。夜間処理をやり直してください。",
        f"{file} of the snapshot {name} is damaged: run the night again.",
    )


def _pointed(config: Config) -> str | None:
    try:
        return (config.snapshots / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
