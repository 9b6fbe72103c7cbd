"""Ask a filter of every child at once: one statement, values bound, names of closed lists alone; NULL is unknown.

in:  `indicators`, `persons`, `findings`, `known_cases`, `source_status` on the connection, and `WORK` as a table
out: how many children meet the filter, do not, and of how many it is not known, the same for each clause and group;
     who they are; and who stands at the edge of a clause that decides.

SQL's AND, OR and NOT over NULL are Kleene's. What makes a clause unknown: the value is not known (with the indicator's
own reason); a "no" rests on a source that is stale or missing; the night did not screen for the difficulty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from mimamori.engine import Connection, identifier, rows_of
from mimamori.screening.extraction import Bound, stale_sources, test_sql
from mimamori.screening.filters.schema import (
    WORK_FACTS,
    Ages,
    AllOf,
    AnyOf,
    Between,
    Clause,
    FactTest,
    IndicatorTest,
    Listed,
    Node,
    Not,
    Wards,
    WorkTest,
    clauses,
    nodes,
)
from mimamori.screening.indicators import Indicators, load_indicators

GUIDANCE, REGISTER, SCHOOLS = "child_guidance", "resident_register", "pupil_register"
EDGE_DAYS = 7  # on either side of a day that bounds
EDGE_SHARE = 0.05  # of a threshold, and at least one unit, on either side of it
EDGE = 20  # children at the edge that are named

# One row a child whom people have to do with; who has none is somebody nothing has been done about.
WORK = pa.schema(
    [
        ("case_no", pa.string()),
        *((name, pa.bool_()) for name in WORK_FACTS),
        ("first_listed", pa.date32()),
        ("last_assessed", pa.date32()),
    ]
)
Show = Literal["met", "failed", "unknown"]
_SHOWN: Mapping[Show, str] = {"met": "answer", "failed": "NOT answer", "unknown": "answer IS NULL"}


@dataclass(frozen=True)
class Ground:
    """What a filter is asked against beside the night's tables.

    `work`: rows of `WORK`. `screened`: the difficulties that the night ran. `shielded`: cases that count as protected
    since then. `ward`: of this ward alone; None: of the whole city.
    """

    work: pa.Table
    screened: Collection[str]
    shielded: Collection[str] = ()
    ward: str | None = None


@dataclass(frozen=True)
class Told:
    """One clause or group, by its number in `nodes`: of how many children it is met, is not, and is not known.
    `alone`: of a clause, how many children it keeps out by itself: were it otherwise, they would be taken."""

    node: Node
    met: int
    failed: int
    unknown: int
    alone: int = 0


@dataclass(frozen=True)
class Tally:
    """The whole filter, and all that it consists of in the order of `nodes` (the first is the filter itself)."""

    met: int
    failed: int
    unknown: int
    parts: tuple[Told, ...]


@dataclass(frozen=True)
class Edge:
    """A child at the edge of a clause: its value lies close to the threshold, and whether the filter takes the child
    hangs on that clause. `clause`: its place among `clauses`; `answer`: of the filter as it stands."""

    case_no: str
    clause: int
    answer: bool | None


@dataclass
class _Asked:
    """SQL of the clauses: whether each is met (`t<n>`), whether the child is near its threshold (`n<n>`)."""

    ground: Ground
    stale: set[str]
    fresh: set[str]
    indicators: Indicators
    bound: Bound = field(default_factory=Bound)

    def rows(self, node: Node) -> str:
        """SQL: case_no, age_months, t<n> and n<n> of every child of the ground."""
        columns = []
        for number, clause in enumerate(clauses(node)):
            columns += [f"{self.truth(clause)} AS t{number}", f"{self.near(clause)} AS n{number}"]
        ward = f"WHERE i.ward = {self.bound(self.ground.ward)}" if self.ground.ward is not None else ""
        return (
            f"SELECT i.case_no, i.age_months, {', '.join(columns)} FROM indicators i JOIN persons p USING (case_no) "
            f"LEFT JOIN filter_work w USING (case_no) {ward}"
        )

    def truth(self, clause: Clause) -> str:
        """SQL for whether the clause is met; NULL where that is not known."""
        match clause:
            case IndicatorTest():
                test = f"({test_sql(clause, self._value(clause), self.bound)})"
                old = self.stale & set(self.indicators.get(clause.indicator).sources)
                found = _yes_alone(test) if old else test
            case Listed():
                found = self._listed(clause)
            case FactTest():
                found = self._fact(clause.fact)
            case WorkTest():
                found = self._work(clause)
            case Ages():
                low, high = clause.ages
                found = f"(i.age_months BETWEEN {self.bound(low * 12)} AND {self.bound(high * 12 + 11)})"
            case Wards():
                found = f"list_contains({self.bound(list(clause.wards))}::VARCHAR[], i.ward)"
            case Between():
                found = self._between(clause)
        return found

    def near(self, clause: Clause) -> str:
        """Whether the value lies at a threshold, on whichever side; false where a clause has none."""
        match clause:
            case IndicatorTest() if self.indicators.get(clause.indicator).unit:
                value = self._value(clause)
                sides = [
                    f"abs({value} - {self.bound(edge)}) <= {self.bound(max(1.0, abs(edge) * EDGE_SHARE))}"
                    for edge in (clause.low, clause.high)
                    if edge is not None
                ]
            case Ages():
                low, high = clause.ages
                sides = [
                    f"i.age_months BETWEEN {self.bound(first - 1)} AND {self.bound(first)}"
                    for first in (low * 12, (high + 1) * 12)
                ]
            case Between():
                sides = [
                    f"abs(date_diff('day', {column}, {self.bound(edge)}::DATE)) <= {self.bound(EDGE_DAYS)}"
                    for edge in (clause.since, clause.until)
                    if edge is not None
                    for column in dict.fromkeys(_span(clause))
                ]
            case _:
                sides = []
        return f"coalesce({' OR '.join(sides) or 'false'}, false)"

    def _value(self, clause: IndicatorTest) -> str:
        return f"i.{identifier(self.indicators.get(clause.indicator).id)}"

    def _listed(self, clause: Listed) -> str:
        if clause.listed not in self.ground.screened:
            return "NULL::BOOLEAN"
        narrowed = " AND must" if clause.must else ""
        if clause.tier is not None:  # tier 0 is by must-look alone
            narrowed = f" AND tier > 0 AND tier <= {self.bound(clause.tier)}"
        named = f"difficulty = {self.bound(clause.listed)}{narrowed}"
        return f"(i.case_no IN (SELECT case_no FROM findings WHERE {named}))"

    def _work(self, clause: WorkTest) -> str:
        if clause.work == "conference":  # those of the council and the guidance centre are not recorded here
            return f"CASE WHEN w.conference THEN true WHEN NOT {self._fact('known')} THEN false END"
        return f"coalesce(w.{identifier(clause.work)}, false)"

    def _fact(self, fact: str) -> str:
        match fact:
            case "council" | "guidance":
                where = f"WHERE where_known = {self.bound(fact)}"
                return self._trusted(f"(i.case_no IN (SELECT case_no FROM known_cases {where}))", GUIDANCE)
            case "known":
                return self._trusted("(i.case_no IN (SELECT case_no FROM known_cases))", GUIDANCE)
            case "protected":
                shielded = f"list_contains({self.bound(sorted(self.ground.shielded))}::VARCHAR[], i.case_no)"
                return self._trusted(f"(coalesce(p.protection, '0') NOT IN ('', '0') OR {shielded})", REGISTER)
            case "in_register":
                return "p.in_register"
            case _:
                return self._trusted("p.city_pupil", SCHOOLS)

    def _trusted(self, test: str, source: str) -> str:
        """A "no" is believed only of a source that is fresh."""
        return test if source in self.fresh else _yes_alone(test)

    def _between(self, clause: Between) -> str:
        first, last = _span(clause)
        within, outside = [], []
        if clause.since is not None:
            since = self.bound(clause.since)
            within.append(f"{first} >= {since}::DATE")
            outside.append(f"{last} < {since}::DATE")
        if clause.until is not None:
            until = self.bound(clause.until)
            within.append(f"{last} <= {until}::DATE")
            outside.append(f"{first} > {until}::DATE")
        test = f"CASE WHEN {' AND '.join(within)} THEN true WHEN {' OR '.join(outside)} THEN false END"
        # a day of people's work that has not come lies in no span; a birth that is not known may
        return test if clause.day == "born" else f"coalesce({test}, false)"


def _span(clause: Between) -> tuple[str, str]:
    """The first and the last day that the day may be: a birth of which only the year is known is a span."""
    if clause.day == "born":
        return "p.birth_first", "p.birth_last"
    column = "w.first_listed" if clause.day == "first_listed" else "w.last_assessed"
    return column, column


def _yes_alone(test: str) -> str:
    return f"(CASE WHEN {test} THEN true END)"


def joined(node: Node, given: Mapping[int, str] | None = None) -> str:
    """SQL of the filter over the columns t<n>; `given` puts something else in the place of some of them."""
    numbers = iter(range(len(clauses(node))))

    def made(one: Node) -> str:
        if isinstance(one, Not):
            return f"(NOT {made(one.inner)})"
        if isinstance(one, AllOf):
            return f"({' AND '.join(made(part) for part in one.all)})"
        if isinstance(one, AnyOf):
            return f"({' OR '.join(made(part) for part in one.any)})"
        number = next(numbers)
        return (given or {}).get(number, f"t{number}")

    return made(node)


def tally(con: Connection, node: Node, ground: Ground) -> Tally:
    """How many children the filter takes, and each of its parts."""
    parts = list(nodes(node))
    columns, before = [], 0  # clauses before this part
    for place, part in enumerate(parts):
        sql = joined(part, {number: f"t{number + before}" for number in range(len(clauses(part)))})
        columns += [f"count(*) FILTER ({sql}) AS m{place}", f"count(*) FILTER (NOT {sql}) AS f{place}"]
        if not isinstance(part, AllOf | AnyOf | Not):
            turned = " OR ".join(joined(node, {before: truth}) for truth in ("true", "false"))
            columns.append(f"count(*) FILTER (NOT answer AND ({turned})) AS a{place}")
            before += 1
    with _asked(con, ground) as asked:
        sql = f"SELECT count(*) AS whole, {', '.join(columns)} FROM ({_answered(node, asked)})"
        (row,) = rows_of(con, sql, asked.bound.values)
    told = tuple(
        Told(
            part,
            row[f"m{place}"],
            row[f"f{place}"],
            row["whole"] - row[f"m{place}"] - row[f"f{place}"],
            row.get(f"a{place}", 0),
        )
        for place, part in enumerate(parts)
    )
    return Tally(told[0].met, told[0].failed, told[0].unknown, told)


def chosen(con: Connection, node: Node, ground: Ground, *, show: Show, limit: int, offset: int = 0) -> list[str]:
    """The case numbers of one answer, the youngest first; those whose age is not known last."""
    with _asked(con, ground) as asked:
        rows = _answered(node, asked)
        sql = (
            f"SELECT case_no FROM ({rows}) WHERE {_SHOWN[show]} ORDER BY age_months NULLS LAST, case_no "
            f"LIMIT {asked.bound(limit)} OFFSET {asked.bound(offset)}"
        )
        return [row["case_no"] for row in rows_of(con, sql, asked.bound.values)]


def edges(con: Connection, node: Node, ground: Ground, *, limit: int = EDGE) -> list[Edge]:
    """Children at the edge of a clause that decides about them; a child once for each such clause."""
    hangs = [
        f"SELECT case_no, {number}::INTEGER AS clause, answer FROM told WHERE n{number} AND "
        f"({joined(node, {number: 'true'})}) IS DISTINCT FROM ({joined(node, {number: 'false'})})"
        for number in range(len(clauses(node)))
    ]
    with _asked(con, ground) as asked:
        sql = (
            f"WITH told AS MATERIALIZED ({_answered(node, asked)}) SELECT * FROM ({' UNION ALL '.join(hangs)}) "
            f"ORDER BY clause, answer DESC NULLS LAST, case_no LIMIT {asked.bound(limit)}"
        )
        return [Edge(row["case_no"], row["clause"], row["answer"]) for row in rows_of(con, sql, asked.bound.values)]


def _answered(node: Node, asked: _Asked) -> str:
    return f"SELECT *, {joined(node)} AS answer FROM ({asked.rows(node)})"


@contextmanager
def _asked(con: Connection, ground: Ground) -> Iterator[_Asked]:
    """The ground on the connection for one statement."""
    states: list[dict[str, Any]] = rows_of(con, "SELECT source FROM source_status WHERE state = 'fresh'")
    con.register("filter_work", ground.work.cast(WORK))
    try:
        yield _Asked(ground, stale_sources(con), {row["source"] for row in states}, load_indicators())
    finally:
        con.unregister("filter_work")
