"""What a condition set would list on a night's snapshot, beside the set in force: counts only, never who.

`measure` reads `indicators` whole for one set; `compare` sets two measures side by side. The measure of the set in
force can be kept while somebody types the other. Counts from 1 to `privacy.small_cells.SMALL` are closed, and with
them what they would follow from.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mimamori.engine import Connection, rows_of, table_of
from mimamori.privacy.small_cells import CLOSED, SMALL, Cell, close_line
from mimamori.screening.conditions.check import check
from mimamori.screening.conditions.schema import Condition, ConditionSet
from mimamori.screening.extraction import Bound, reached, stale_sources, tested
from mimamori.screening.indicators import load_indicators

NEAR = 2.5  # points on either side of the floor within which a child stands at the edge
# By what is tested: of how many children it is met, and of how many it is not known.
Counted = MutableMapping[Hashable, tuple[int, int]]
NOBODY = pa.schema([("case_no", pa.string()), ("must", pa.bool_()), ("points", pa.float64())])


@dataclass(frozen=True)
class Measure:
    """One set on one snapshot. `near`: case_no, must, points of all listed and of those just below the floor.
    `clauses`: by condition, of how many children it is met, and of how many it is not known."""

    difficulty: str
    floor: float
    near: pa.Table
    clauses: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Counts:
    """Children of one group: listed by both sets, by the new one alone, by the one in force alone; all that the new one
    lists; and all that any difficulty lists with it. `CLOSED` where a count is small."""

    group: str
    unchanged: Cell
    added: Cell
    removed: Cell
    listed: Cell
    any_difficulty: Cell

    @property
    def before(self) -> Cell:
        """All that the set in force lists."""
        return _both(self.unchanged, self.removed)


@dataclass(frozen=True)
class Clause:
    """One condition: of how many children it is met, of how many it is not known, and met as it stands in force, where
    `was_there` it stood there."""

    condition: str
    met: Cell
    unknown: Cell
    before: Cell
    was_there: bool


@dataclass(frozen=True)
class WhatIf:
    """`whole` over the city; `wards` by ward code (empty: not known); `ages` by completed years (`?`: not known).
    `edge`: children whose points are less than `NEAR` above the floor, and below it."""

    whole: Counts
    wards: tuple[Counts, ...]
    ages: tuple[Counts, ...]
    clauses: tuple[Clause, ...]
    edge: tuple[Cell, Cell]


def measure(con: Connection, condition_set: ConditionSet, *, counted: Counted | None = None) -> Measure:
    """Try a set on the snapshot's `indicators`; raises `Refused` where it names what does not exist.

    `counted`: tests that were counted on this very snapshot before; they are not counted again, and new ones are added.
    Somebody who types changes one condition of many.
    """
    check(condition_set)
    stale = stale_sources(con)
    floor = condition_set.tiers[-1]
    lower = condition_set.model_copy(update={"tiers": (*condition_set.tiers[:-1], max(floor - NEAR, 0.01))})
    bound = Bound()
    near = table_of(
        con, f"SELECT case_no, must, points FROM ({reached(lower, load_indicators(), stale, bound)})", bound.values
    )
    clauses = _clauses(con, condition_set, stale, {} if counted is None else counted)
    return Measure(condition_set.difficulty, floor, near.cast(NOBODY), clauses)


def compare(con: Connection, new: Measure, in_force: Measure | None) -> WhatIf:
    """Two measures of one snapshot side by side; its `findings` tell what other difficulties list."""
    before = in_force or Measure(new.difficulty, 0.0, NOBODY.empty_table(), {})
    con.register("near_new", new.near)
    con.register("near_old", before.near)
    rows = rows_of(con, _TOLD, {"new": new.floor, "old": before.floor, "difficulty": new.difficulty})
    (edge,) = rows_of(con, _EDGE, {"floor": new.floor, "near": NEAR})
    con.unregister("near_new")
    con.unregister("near_old")
    return WhatIf(
        whole=_groups([{**row, "city": "city"} for row in rows], "city")[0] if rows else Counts("city", 0, 0, 0, 0, 0),
        wards=_groups(rows, "ward"),
        ages=_groups(rows, "age"),
        clauses=tuple(
            Clause(name, _shut(met), _shut(unknown), _shut(before.clauses.get(name, (0, 0))[0]), name in before.clauses)
            for name, (met, unknown) in new.clauses.items()
        ),
        edge=(_shut(edge["above"]), _shut(edge["below"])),
    )


def waiting(added: Cell, free: int | None) -> Cell:
    """How many of those who are added would wait where so many places are free (None: no limit). Closed where who is
    added is closed, and could be more than the places."""
    if free is None:
        return 0
    if added is CLOSED:
        return CLOSED if free < SMALL else 0
    return max(added - free, 0)


_TOLD = """
    WITH told AS (
        SELECT case_no, true AS new, false AS old, false AS other FROM near_new WHERE must OR points >= $new
        UNION ALL SELECT case_no, false, true, false FROM near_old WHERE must OR points >= $old
        UNION ALL SELECT case_no, false, false, true FROM findings WHERE difficulty <> $difficulty
    ), by_child AS (
        SELECT case_no, bool_or(new) AS new, bool_or(old) AS old, bool_or(other) AS other FROM told GROUP BY case_no
    )
    SELECT coalesce(ward, '') AS ward, coalesce((age_months // 12)::VARCHAR, '?') AS age,
        count(*) FILTER (new AND old) AS unchanged, count(*) FILTER (new AND NOT old) AS added,
        count(*) FILTER (old AND NOT new) AS removed, count(*) FILTER (new OR other) AS any_difficulty
    FROM by_child JOIN indicators USING (case_no) GROUP BY ALL
"""

_EDGE = """
    SELECT count(*) FILTER (points >= $floor AND points < $floor + $near) AS above,
        count(*) FILTER (points < $floor AND NOT must) AS below
    FROM near_new
"""


def _clauses(
    con: Connection, condition_set: ConditionSet, stale: set[str], counted: Counted
) -> dict[str, tuple[int, int]]:
    tested_of = {condition.id: _tests(condition, condition_set) for condition in condition_set.conditions}
    found = {test: told for test in tested_of.values() if (told := counted.get(test))}
    missing = tuple(condition for condition in condition_set.conditions if tested_of[condition.id] not in found)
    if missing:
        bound = Bound()
        some = condition_set.model_copy(update={"conditions": missing})
        tests = tested(some, load_indicators(), stale, bound)
        counts = ", ".join(
            f"count(*) FILTER (t{n}) AS m{n}, count(*) - count(t{n}) AS u{n}" for n in range(len(missing))
        )
        (row,) = rows_of(con, f"SELECT {counts} FROM ({tests})", bound.values)
        anew = {tested_of[c.id]: (row[f"m{n}"], row[f"u{n}"]) for n, c in enumerate(missing)}
        counted.update(anew)
        found |= anew
    return {name: found[test] for name, test in tested_of.items()}


def _tests(condition: Condition, of: ConditionSet) -> Hashable:
    """All that decides of whom a condition is met: neither its points nor its words."""
    thresholds = condition.low, condition.high, condition.values
    return condition.indicator, condition.comparison, thresholds, condition.ages, of.ages


def _groups(rows: Sequence[Mapping[str, Any]], column: str) -> tuple[Counts, ...]:
    """Counts by one column, in its order. No closed count follows from those of the other groups and the city's. A
    listed child stayed or came, so what is listed is told where both are: who came counts for more than the sum."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        counted = sums.setdefault(row[column], [0, 0, 0, 0])
        for place, kind in enumerate(("unchanged", "added", "removed", "any_difficulty")):
            counted[place] += row[kind]
    names = sorted(sums, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name))
    if not names:
        return ()
    unchanged, added, removed, every = (close_line([sums[name][place] for name in names]) for place in range(4))
    return tuple(
        Counts(name, stayed, came, went, listed := _both(stayed, came), _beyond(any_of_them, listed))
        for name, stayed, came, went, any_of_them in zip(names, unchanged, added, removed, every, strict=False)
    )


def _both(some: Cell, others: Cell) -> Cell:
    return CLOSED if some is CLOSED or others is CLOSED else some + others


def _beyond(every: Cell, listed: Cell) -> Cell:
    """What any difficulty lists; closed where it would tell how few the others list beyond this one."""
    return CLOSED if every is CLOSED or (listed is not CLOSED and 1 <= every - listed <= SMALL) else every


def _shut(count: int) -> Cell:
    return CLOSED if 1 <= count <= SMALL else count
