"""The karte of tiny state tables: linked, built and opened as a snapshot, without a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.linkage.tiny import DAY, Row, resident, state

from mimamori import engine, karte
from mimamori.karte.snapshot import Snapshot
from mimamori.linkage import DECISIONS, LEDGER, link

LONG_AGO = date(2025, 1, 31)


def snapshot_of(*, missing: Iterable[str] = (), stale: Iterable[str] = (), **tables: list[Row]) -> Snapshot:
    """The snapshot of `DAY` of these rows; sources are fresh but for those named."""
    con, registry = state(**tables)
    con.execute("CREATE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    for layout in registry:
        told = "missing" if layout.name in missing else "stale" if layout.name in stale else "fresh"
        day = {"missing": None, "stale": LONG_AGO, "fresh": DAY}[told]
        con.execute("INSERT INTO source_status VALUES (?, ?, ?, ?)", [layout.name, day, day, told])
    link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=DAY)
    engine.drop_temporary(con)  # as the night does between its rooms
    karte.build(con, registry, DAY)
    return Snapshot("small", DAY, {}, con, registry)


def case(snapshot: Snapshot, key: str) -> str:
    """The case number of an addressee number, or of a whole ref."""
    found = snapshot.case_of(key if ":" in key else f"addressee_no:{key}")
    assert found, key
    return found


def child(addressee_no: str, born: date, **more: Any) -> Row:
    """A child of its own household, with a name nobody else has."""
    serial = "零一二三四五六七八九"
    name = "".join(serial[int(digit)] for digit in addressee_no)
    kana = "".join("レイヒフミヨイムナヤコ"[int(digit)] for digit in addressee_no)
    return resident(addressee_no, f"試 {name}", f"タメシ {kana}", born, relation="子", **more)
