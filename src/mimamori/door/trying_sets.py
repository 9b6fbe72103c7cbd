"""Condition sets tried on the published snapshot: counts alone, small ones closed, nothing of any child.

What does not change while somebody types is kept: the measure of the set in force, and what is known of each indicator.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TypeVar

from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.snapshots import current
from mimamori.engine import rows_of
from mimamori.karte.snapshot import Snapshot
from mimamori.privacy.small_cells import CLOSED, SMALL, Cell
from mimamori.screening import ConditionSet, load_indicators
from mimamori.screening.indicators.fill import Fill, fill
from mimamori.screening.what_if import Counted, WhatIf, compare, measure

KEPT = 400  # measures and fills at hand: those of every indicator and difficulty, twice
MOST_COUNTED = 5_000  # tests whose counts are at hand: thresholds that somebody moved over
Made = TypeVar("Made")

_held: OrderedDict[Hashable, object] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Tried:
    """`counts`: the set beside the one in force. `others`: children whom the night listed for the other difficulties.
    `as_of`: the day of the data."""

    as_of: date
    counts: WhatIf
    others: Mapping[str, Cell]


def try_set(account: Account | None, condition_set: ConditionSet, in_force: ConditionSet | None) -> Tried:
    """What the set would list on the published snapshot, beside the one in force; None is the command line.

    Raises `Denied` by role, `Refused` before the first night and where the set cannot be tried (`conditions.check`).
    """
    if account is not None:
        check_may(account, Permission.WRITE_CONDITIONS)
    snapshot = current()
    counted: Counted = _at_hand((snapshot.name, "counted"), dict)
    if len(counted) > MOST_COUNTED:
        counted.clear()
    new = measure(snapshot.cursor(), condition_set, counted=counted)
    before = _at_hand(
        (snapshot.name, in_force.model_dump_json()), lambda: measure(snapshot.cursor(), in_force)
    ) if in_force else None  # fmt: skip
    listed = _at_hand((snapshot.name, "listed"), lambda: _listed(snapshot))
    others = {name: _shut(count) for name, count in listed.items() if name != condition_set.difficulty}
    return Tried(snapshot.as_of, compare(snapshot.cursor(), new, before), others)


def fills_of(account: Account | None, condition_set: ConditionSet) -> dict[str, Fill]:
    """By indicator of the set, of how many children it has a value. Raises as `try_set` does."""
    if account is not None:
        check_may(account, Permission.WRITE_CONDITIONS)
    snapshot, known = current(), load_indicators()
    return {
        name: _at_hand((snapshot.name, "fill", name), lambda one=name: fill(snapshot.cursor(), known.get(one)))  # type: ignore[misc]
        for name in dict.fromkeys(condition.indicator for condition in condition_set.conditions)
    }


def _listed(snapshot: Snapshot) -> Counter[str]:
    rows = rows_of(snapshot.cursor(), "SELECT difficulty, count(*) AS children FROM findings GROUP BY ALL")
    return Counter({row["difficulty"]: row["children"] for row in rows})


def _at_hand(key: Hashable, make: Callable[[], Made]) -> Made:
    """What was made under this key before; two who ask at once may both make it, and it is the same."""
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return _held[key]  # type: ignore[return-value]
    made = make()
    with _lock:
        _held[key] = made
        while len(_held) > KEPT:
            _held.popitem(last=False)
    return made


def _shut(count: int) -> Cell:
    return CLOSED if 1 <= count <= SMALL else count
