"""How good the linkage is, without a truth: what a published night tells of itself. Small groups are closed.

The model's probability of a pair is 2^w / (1 + 2^w) of its match weight w (Splink's documentation, "Match weights").
It is not calibrated: it takes the comparisons for independent, which those within a family are not. So no link is made
by weight alone (`residue` wants the lead over the next candidate and the given name), and samples that people judge
measure what it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mimamori.engine import Connection, rows_of
from mimamori.linkage.agreement_report import STEP
from mimamori.linkage.intervals import wilson
from mimamori.linkage.model import load_weights
from mimamori.linkage.passes import MEASURED
from mimamori.privacy.small_cells import SMALL, Cell, close_line

DIMENSIONS = ("all", "source", "ward", "resident", "age", "school")
PARTS = ("name", "kana", "birth")


@dataclass(frozen=True)
class Way:
    """Refs of one key space that were linked in one way."""

    space: str
    how: str
    refs: int


@dataclass(frozen=True)
class Expected:
    """Wrong links expected among those made in one way. `basis`: model (not calibrated) | bound (at most, from what was
    measured on synthetic cities)."""

    way: str
    basis: str
    links: int
    wrong: float

    @property
    def share(self) -> float | None:
        return self.wrong / self.links if self.links else None


@dataclass(frozen=True)
class Bin:
    """Scored pairs whose match weight lies from `low` to `low + STEP`: linked, put before a person, left apart."""

    low: int
    same: int
    unsure: int
    apart: int


@dataclass(frozen=True)
class Agreement:
    """Of the rows in which this part could be compared: the shares that agree exactly, nearly, or contradict."""

    rows: int
    exact: float
    nearly: float
    contradicts: float


@dataclass(frozen=True)
class Group:
    """Rows that carry a city number, of one group; `rows` is None where the group is too small to be shown, and a part
    is None where too few rows could be compared. `held`: the share whose key was not believed."""

    dimension: str
    code: str
    rows: Cell
    held: float | None
    parts: dict[str, Agreement | None]


@dataclass(frozen=True)
class Report:
    """`pairs_waiting`: the grey zone and contradictions. `bins` and `groups` are empty in a night before they were."""

    ways: tuple[Way, ...]
    pairs_waiting: int
    expected: tuple[Expected, ...]
    accept: float
    review: float
    step: int
    bins: tuple[Bin, ...]
    groups: tuple[Group, ...]

    def of(self, dimension: str) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.dimension == dimension)


def report(con: Connection) -> Report:
    """The report of a snapshot's tables."""
    weights = load_weights()
    (waiting,) = rows_of(con, "SELECT count(*) AS n FROM pairs")
    return Report(
        ways=tuple(Way(**row) for row in rows_of(con, _WAYS)),
        pairs_waiting=waiting["n"],
        expected=_expected(con),
        accept=weights.accept,
        review=weights.review,
        step=STEP,
        bins=_bins(con),
        groups=_groups(con),
    )


_WAYS = "SELECT regexp_extract(ref, '^(.*):', 1) AS space, how, count(*) AS refs FROM links GROUP BY ALL ORDER BY ALL"


def _expected(con: Connection) -> tuple[Expected, ...]:
    (row,) = rows_of(
        con,
        "SELECT count(*) FILTER (how = 'splink') AS splink, count(*) FILTER (starts_with(how, 'pass:')) AS passes,"
        " coalesce(sum(1 / (1 + pow(2, weight))) FILTER (how = 'splink'), 0) AS wrong FROM links",
    )
    bound = max(found.high for links, wrong in MEASURED if (found := wilson(wrong, links)))
    return (
        Expected("splink", "model", row["splink"], row["wrong"]),
        Expected("passes", "bound", row["passes"], row["passes"] * bound),
    )


def _bins(con: Connection) -> tuple[Bin, ...]:
    if not _has(con, "linkage_weights"):
        return ()
    rows = rows_of(
        con,
        "SELECT low, coalesce(sum(pairs) FILTER (verdict = 'same'), 0)::BIGINT AS same,"
        " coalesce(sum(pairs) FILTER (verdict = 'unsure'), 0)::BIGINT AS unsure,"
        " coalesce(sum(pairs) FILTER (verdict = 'apart'), 0)::BIGINT AS apart"
        " FROM linkage_weights GROUP BY low ORDER BY low",
    )
    return tuple(Bin(**row) for row in rows)


def _groups(con: Connection) -> tuple[Group, ...]:
    if not _has(con, "linkage_agreement"):
        return ()
    counts: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for row in rows_of(con, "SELECT * FROM linkage_agreement ORDER BY dimension, try_cast(code AS INTEGER), code"):
        counts.setdefault((row["dimension"], row["code"]), {})[row["part"], row["verdict"]] = row["rows"]
    found: list[Group] = []
    for dimension in DIMENSIONS:
        groups = {code: told for (of, code), told in counts.items() if of == dimension}
        # Every row has one verdict on its key, so these add up to the rows.
        sizes = [_sum(told, "key", ("kept", "held")) for told in groups.values()]
        for (code, told), rows in zip(groups.items(), close_line(sizes)[: len(sizes)], strict=True):
            found.append(_group(dimension, code, rows, told))
    return tuple(found)


def _group(dimension: str, code: str, rows: Cell, told: dict[tuple[str, str], int]) -> Group:
    if rows is None:
        return Group(dimension, code, None, None, dict.fromkeys(PARTS))
    held = told.get(("key", "held"), 0) / rows if rows else None
    return Group(dimension, code, rows, held, {part: _agreement(told, part) for part in PARTS})


def _agreement(told: dict[tuple[str, str], int], part: str) -> Agreement | None:
    rows = _sum(told, part, ("exact", "nearly", "contradicts"))
    if rows <= SMALL:
        return None
    return Agreement(rows, *(told.get((part, verdict), 0) / rows for verdict in ("exact", "nearly", "contradicts")))


def _sum(told: dict[tuple[str, str], int], part: str, verdicts: Iterable[str]) -> int:
    return sum(told.get((part, verdict), 0) for verdict in verdicts)


def _has(con: Connection, table: str) -> bool:
    return bool(rows_of(con, "SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]))


def as_document(found: Report) -> dict[str, Any]:
    """The report as JSON; a closed cell is null."""
    by_source: dict[str, dict[str, int]] = {}
    for way in found.ways:
        by_source.setdefault(way.space, {})[way.how] = way.refs
    return {
        "linkage": {"refs": sum(way.refs for way in found.ways), "pairs_waiting": found.pairs_waiting},
        "by_source": by_source,
        "expected_errors": {
            one.way: {"basis": one.basis, "links": one.links, "wrong": round(one.wrong, 4), "share": one.share}
            for one in found.expected
        },
        "weights": {
            "accept": found.accept,
            "review": found.review,
            "step": found.step,
            "bins": [vars(one) for one in found.bins],
        },
        "agreement": {
            dimension: {
                group.code: {
                    "rows": group.rows,
                    "held": group.held,
                    **{part: vars(value) if value else None for part, value in group.parts.items()},
                }
                for group in found.of(dimension)
            }
            for dimension in DIMENSIONS
        },
    }
