"""A night that stops half-way leaves the snapshot of the night before in service."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import DAY

from mimamori import pipeline
from mimamori.config import Config
from mimamori.karte import store
from mimamori.karte.store import Snapshot
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.screening import first_sets
from mimamori.sources import load_registry

BEFORE_PUBLISHING = ["read", "linkage", "karte", "indicators", "conditions", "write", "ledger"]


class Stopped(Exception):
    """What stops the night in these tests."""


def night(config: Config, **more: Any) -> pipeline.NightResult:
    ours: dict[str, Any] = {"keep_ledger": lambda rows: None, "phase": None} | more
    return pipeline.night(
        config=config,
        keyring=KeyRing(config.keys),
        registry=load_registry(),
        as_of=DAY,
        ledger=LEDGER.empty_table(),
        decisions=DECISIONS.empty_table(),
        condition_sets=first_sets(),
        **ours,
    )


@pytest.mark.parametrize("last", BEFORE_PUBLISHING)
def test_a_night_that_stops_leaves_the_snapshot_before(cast_home: Config, snapshot: Snapshot, last: str) -> None:
    pointer = (cast_home.snapshots / "current").read_bytes()
    told: list[str] = []

    def phase(text: str) -> None:
        told.append(text.split(maxsplit=1)[0])
        if told[-1] == last:
            raise Stopped

    with pytest.raises(Stopped):
        night(cast_home, phase=phase)
    assert told == BEFORE_PUBLISHING[: BEFORE_PUBLISHING.index(last) + 1]
    assert (cast_home.snapshots / "current").read_bytes() == pointer
    assert store.current(cast_home, KeyRing(cast_home.keys)).name == snapshot.name


def test_a_ledger_that_cannot_be_kept_publishes_nothing(cast_home: Config, snapshot: Snapshot) -> None:
    def fails(rows: Any) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        night(cast_home, keep_ledger=fails)
    assert store.current(cast_home, KeyRing(cast_home.keys)).name == snapshot.name
