"""What changed in a child's findings since the run before, as a reader sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mimamori.door.masking import Reader, number
from mimamori.door.reasons import finding_of, layouts_by_name, reason_of
from mimamori.door.shapes import Cause, FindingChange, FindingView
from mimamori.karte.snapshot import Snapshot
from mimamori.karte.timeline import Row


def findings_of(
    snapshot: Snapshot, case_no: str, rows: Sequence[Row], reader: Reader
) -> tuple[tuple[FindingView, ...], tuple[FindingChange, ...]]:
    """The rows of `findings`, each with its change, and what the child was listed for by the run before alone."""
    changes = snapshot.finding_changes(case_no)
    if changes is None:
        return tuple(finding_of(row, reader) for row in rows), ()
    told = {change["difficulty"]: _change(change, reader) for change in changes}
    since = snapshot.compared_on
    assert since is not None, "a night that is held against another knows its day"
    views = tuple(finding_of(row, reader, change=told.get(row["difficulty"]) or _same(row, since)) for row in rows)
    return views, tuple(change for change in told.values() if change.kind == "gone")


def _same(row: Mapping[str, Any], since: date) -> FindingChange:
    must, tier = bool(row["must"]), int(row["tier"])
    return FindingChange(row["difficulty"], since, "same", must, tier, must, tier)


def _change(row: Mapping[str, Any], reader: Reader) -> FindingChange:
    return FindingChange(
        difficulty=row["difficulty"],
        since=row["since"],
        kind=row["kind"],
        must_before=bool(row["must_before"]),
        tier_before=row["tier_before"],
        must=bool(row["must"]),
        tier=row["tier"],
        by_set=bool(row["by_set"]),
        arrived=bool(row["arrived"]),
        by_age=bool(row["by_age"]),
        causes=tuple(_cause(cause, reader) for cause in json.loads(row["causes"])),
    )


def _cause(cause: Mapping[str, Any], reader: Reader) -> Cause:
    reason = reason_of(cause, reader, layouts_by_name())
    before = cause["value_before"]
    return Cause(
        label=reason.label,
        must=reason.must,
        cause=cause["cause"],
        state_before=cause["state_before"],
        state=reason.state,
        value_before="" if reason.hidden or before is None else number(before),
        value=reason.value,
        unit=reason.unit,
        source_label=reason.source_label,
        day=reason.day,
        hidden=reason.hidden,
    )
