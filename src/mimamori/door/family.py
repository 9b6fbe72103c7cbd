"""The family around a child: who they are to each other, and the own flags of its children whom the reader may open.

Everything is read from `family`, which holds no path past a protected person, and from rows that stand on this karte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.door.looks import News
from mimamori.door.masking import Reader
from mimamori.door.people import REGISTER
from mimamori.door.reasons import finding_of
from mimamori.door.relatives import relative_of
from mimamori.door.shapes import Couple, Relative
from mimamori.door.snapshots import registry
from mimamori.karte.snapshot import Snapshot
from mimamori.karte.timeline import SourceRows

CHILD = -1  # the place of the child itself
OVERDUE = timedelta(days=21)  # a birth is notified and delivered some weeks late
WOMAN = "2"
ADOPTIVE, FOSTER = {"3", "4"}, "3"  # of `family_register.parent_kind`, `child_allowance.recipient_kind`
DIVORCED, UNMARRIED = "1", "8"  # of `child_allowance.single_parent_cause`

Edges = Mapping[str, Mapping[str, str]]  # case_no → relative_no → what the relative is to the case


@dataclass(frozen=True)
class Family:
    relatives: tuple[Relative, ...]
    couples: tuple[Couple, ...]
    expected: tuple[date, ...]

    @property
    def flagged(self) -> list[Relative]:
        """The children of whom this reader sees own flags."""
        return [one for one in self.relatives if one.case_no and one.is_child]


def family_of(
    account: Account,
    snapshot: Snapshot,
    child: Mapping[str, Any],
    kin: Sequence[Mapping[str, Any]],
    *,
    parts: Sequence[SourceRows],
    news: News | None,
    reader: Reader,
) -> Family:
    """The relatives in the order of `kin` (rows of `Snapshot.around`), the couples among them, the children expected.

    `news`: what differs since the reader last looked, None where nobody compares.
    """
    relatives = [relative_of(account, child, row, reader.language) for row in kin]
    if not relatives:
        return Family((), (), ())
    numbers = [row["case_no"] for row in kin]
    edges = _edges(snapshot, [child["case_no"], *numbers])
    place = {number: at for at, number in enumerate(numbers)}
    raised = _raised(parts, reader, snapshot.as_of)
    own = _own_flags(account, snapshot, [one.case_no for one in relatives if one.case_no and one.is_child], reader)
    found = []
    for row, one in zip(kin, relatives, strict=True):
        parents = _parents(edges, row["case_no"])
        found.append(
            replace(
                one,
                parents=tuple(sorted(place[number] for number in parents if number in place)),
                raised=raised.get(row["case_no"], ""),
                twins=_twins(row, child, kin, edges) if one.kind == "sibling" else (),
                half=one.kind == "sibling" and _half(parents, _parents(edges, child["case_no"])),
                mark=news.mark(row) if news else "",
                **own.get(one.case_no, {}),
            )
        )
    couples = _couples(child, kin, edges, parts=parts, reader=reader, as_of=snapshot.as_of)
    return Family(tuple(found), tuple(couples), _expected(snapshot, kin, reader))


def _edges(snapshot: Snapshot, numbers: Sequence[str]) -> Edges:
    found: dict[str, dict[str, str]] = {}
    for row in snapshot.kin_of(numbers):
        found.setdefault(row["case_no"], {})[row["relative_no"]] = row["kind"]
    return found


def _parents(edges: Edges, number: str) -> set[str]:
    return {other for other, kind in edges.get(number, {}).items() if kind == "parent"}


def _twins(
    row: Mapping[str, Any], child: Mapping[str, Any], kin: Sequence[Mapping[str, Any]], edges: Edges
) -> tuple[int, ...]:
    """The places of the siblings born with this one: on the same day, and of a parent in common where one is known."""
    born, mine = row["birth_date"], _parents(edges, row["case_no"])
    others = [(CHILD, child), *((at, one) for at, one in enumerate(kin) if one["kind"] == "sibling" and one is not row)]
    return tuple(
        at
        for at, one in others
        if born
        and one["birth_date"] == born
        and one["birth_date_status"] == "exact"
        and (not mine or not (theirs := _parents(edges, one["case_no"])) or mine & theirs)
    )


def _half(theirs: set[str], ours: set[str]) -> bool:
    """Whether one parent is the same and the other is known to be another."""
    return len(theirs & ours) == 1 and len(theirs) > 1 and len(ours) > 1


def _own_flags(
    account: Account, snapshot: Snapshot, numbers: Sequence[str], reader: Reader
) -> dict[str, dict[str, Any]]:
    known = snapshot.known_cases_of(numbers)
    rows = snapshot.findings_of(numbers) if may(account, Permission.SEE_SCREENING) else {}
    found = {}
    for number in numbers:
        findings = [finding_of(row, reader) for row in rows.get(number, [])]
        found[number] = {
            "known": tuple(known[number]),
            "difficulties": tuple(finding.difficulty for finding in findings),
            "must": any(finding.must for finding in findings),
        }
    return found


def _rows(parts: Iterable[SourceRows], kind: str, reader: Reader, *fields: str) -> Iterator[Mapping[str, Any]]:
    """The child's own rows of a record kind, where the reader may see these items of it."""
    source, _, table = kind.partition(".")
    layout = registry().get(source)
    if not all(reader.may_see(layout, layout.table(table).item(name)) for name in fields):
        return
    for part in parts:
        if (part.source, part.table, part.role) == (source, table, None):
            yield from part.rows


def _open(row: Mapping[str, Any], field: str, as_of: date) -> bool:
    return row.get(field) is None or row[field] > as_of


def _raised(parts: Sequence[SourceRows], reader: Reader, as_of: date) -> dict[str, str]:
    """By number: who adopted the child, and whose foster child it is."""
    found = {}
    for row in _rows(parts, "family_register.relations", reader, "parent_kind"):
        if row["parent_kind"] in ADOPTIVE and _open(row, "ended_on", as_of) and _open(row, "adoption_ended_on", as_of):
            found[row["parent_case_no"]] = "adoptive"
    for row in _rows(parts, "child_allowance.allowance", reader, "recipient_kind"):
        if row["recipient_kind"] == FOSTER and _open(row, "ended_on", as_of):
            found[row["recipient_case_no"]] = "foster"
    return found


def _couples(
    child: Mapping[str, Any],
    kin: Sequence[Mapping[str, Any]],
    edges: Edges,
    *,
    parts: Sequence[SourceRows],
    reader: Reader,
    as_of: date,
) -> Iterator[Couple]:
    """Spouses by the residents' register; the two parents of the child, and of anybody here, however they stand."""
    register = registry().get(REGISTER).short_label.text(reader.language)
    parents = _parents(edges, child["case_no"])
    of_one = [parents, *(_parents(edges, row["case_no"]) for row in kin)]
    for (left, one), (right, other) in combinations(enumerate(kin), 2):
        pair = {one["case_no"], other["case_no"]}
        if edges.get(one["case_no"], {}).get(other["case_no"]) == "spouse":
            unregistered = any("未届" in (row["relation"] or "") for row in (one, other))
            yield Couple(left, right, "partners" if unregistered else "married", register)
        elif pair == parents:
            apart = one["household_no"] != other["household_no"]
            yield replace(
                _of_parents(pair, apart=apart, parts=parts, reader=reader, as_of=as_of), left=left, right=right
            )
        elif pair in of_one:
            yield Couple(left, right, "unknown")


def _of_parents(pair: set[str], *, apart: bool, parts: Sequence[SourceRows], reader: Reader, as_of: date) -> Couple:
    """How the child's parents stand to each other by the family register, else by why an allowance is paid."""
    told = _rows(parts, "family_register.relations", reader, "married_on", "divorced_on", "recognised_on")
    rows = [row for row in told if row["parent_case_no"] in pair]
    label = registry().get("family_register").short_label.text(reader.language)
    divorced = [row["divorced_on"] for row in rows if not _open(row, "divorced_on", as_of)]
    married = [row["married_on"] for row in rows if row["married_on"]]
    if divorced and max(divorced) >= max(married, default=date.min):
        return Couple(0, 0, "divorced", label, max(divorced))
    if married:
        return Couple(0, 0, "apart" if apart else "married", label, max(married))
    if any(row["recognised_on"] for row in rows):
        return Couple(0, 0, "partners", label)
    for row in _rows(parts, "child_allowance.single_parent", reader, "cause"):
        if row["recipient_case_no"] in pair and row["cause"] in {DIVORCED, UNMARRIED}:
            tie = "divorced" if row["cause"] == DIVORCED else "partners"
            return Couple(0, 0, tie, registry().get("child_allowance").short_label.text(reader.language))
    return Couple(0, 0, "unknown")


def _expected(snapshot: Snapshot, kin: Iterable[Mapping[str, Any]], reader: Reader) -> tuple[date, ...]:
    """The days on which the child's mother expects children, by notices of pregnancy without a birth."""
    layout = registry().get("maternal_child_health")
    mothers = [row["case_no"] for row in kin if row["kind"] == "parent" and row["sex"] == WOMAN]
    if not mothers or not reader.may_see(layout, layout.table("pregnancy").item("due_on")):
        return ()
    return tuple(snapshot.expected(mothers, snapshot.as_of - OVERDUE))
