"""A session keeps to itself: loopback, no page, nothing readable on the disk; and says what is missing."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mimamori.engine import spark as engine
from mimamori.refusal import Refused

NAME = "見守花子"


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="Spark is installed")
def test_without_the_extra_it_says_so() -> None:
    with pytest.raises(Refused, match="extra"), engine.session():
        pass


@pytest.mark.spark
def test_tables_come_back_as_they_went(spark: Any) -> None:
    table = pa.table(
        {
            "name": pa.array([NAME, None, "𠮷田"], pa.string()),
            "day": pa.array([date(2020, 2, 29), date(1868, 1, 25), None], pa.date32()),
            "others": pa.array([["ハハ", "チチ"], [], None], pa.list_(pa.string())),
        }
    )
    engine.load(spark, "there_and_back", table)
    assert engine.table_of(spark, "SELECT * FROM there_and_back").cast(table.schema).to_pylist() == table.to_pylist()


@pytest.mark.spark
def test_nothing_readable_is_written(spark: Any) -> None:
    """A shuffle and what is kept on the disk are files; the name is in none of them, nor anything where we stand."""
    before = set(Path.cwd().iterdir())
    folder = Path(spark.conf.get("spark.local.dir"))
    engine.load(spark, "secret", pa.table({"name": [NAME] * 5000, "number": list(range(5000))}))
    from pyspark import StorageLevel

    kept = spark.sql("SELECT name, number % 7 AS part, count(*) FROM secret GROUP BY ALL").persist(
        StorageLevel.DISK_ONLY
    )
    try:
        assert kept.count() == 7
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert [path for path in files if path.suffix == ".data"]
        assert [path for path in files if NAME.encode() in path.read_bytes()] == []
    finally:
        kept.unpersist()
    assert folder.stat().st_mode & 0o077 == 0
    assert set(Path.cwd().iterdir()) == before


@pytest.mark.spark
def test_only_loopback_is_bound(spark: Any) -> None:
    assert spark.sparkContext.uiWebUrl is None
    assert spark.conf.get("spark.driver.host") == "127.0.0.1"
    listening = _listening(spark.sparkContext._gateway.proc.pid)
    assert listening
    assert {address for address, _ in listening} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def _listening(process: int) -> set[tuple[str, int]]:
    """(address, port) that a process listens at, from the kernel's tables."""
    import ipaddress
    import socket
    import struct

    mine = {str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir() if file.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] != "0A" or f"socket:[{fields[9]}]" not in mine:
                continue
            raw, port = fields[1].split(":")
            words = struct.pack(f"={len(raw) // 8}I", *(int(raw[at : at + 8], 16) for at in range(0, len(raw), 8)))
            address = (
                socket.inet_ntoa(words) if table == "tcp" else str(ipaddress.IPv6Address(words).ipv4_mapped or "")
            ) or str(ipaddress.IPv6Address(words))
            found.add((address, int(port, 16)))
    return found


@pytest.mark.spark
def test_one_session_at_a_time(spark: Any) -> None:
    with pytest.raises(Refused, match="in use"), engine.session():
        pass
