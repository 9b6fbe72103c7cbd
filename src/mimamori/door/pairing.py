"""Two keys side by side for the person who decides whether they are one: what each source's records say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.people import header_of, is_protected
from mimamori.door.relatives import relative_of
from mimamori.door.shapes import Header, Relative
from mimamori.door.snapshots import current
from mimamori.door.told import as_told
from mimamori.engine import rows_of
from mimamori.karte.store import Snapshot


@dataclass(frozen=True)
class PairRelative:
    """Somebody around one side. `who` is the same number on both sides for the same person; `other_side`: it is the
    pair's other side, so that the two are relatives of one another as the records stand."""

    who: int
    relative: Relative
    other_side: bool


@dataclass(frozen=True)
class PairSide:
    """One key of a pair. `header` is None where the snapshot no longer knows the key."""

    ref: str
    kind: str  # addressee_no | pupil_no | own_no
    source: str  # of an own_no; empty for the others
    header: Header | None
    as_of: date
    family: tuple[PairRelative, ...] = ()


def sensitive_refs(snapshot: Snapshot, refs: Iterable[str]) -> set[str]:
    """Which of these keys stand for somebody protected, or known to the council or the child guidance centre: a pair
    with one of them is decided by two people."""
    rows = rows_of(
        snapshot.cursor(),
        "SELECT l.ref, l.case_no, p.protection, k.case_no IS NOT NULL AS known"
        " FROM links l JOIN persons p USING (case_no)"
        " LEFT JOIN (SELECT DISTINCT case_no FROM known_cases) k USING (case_no)"
        " WHERE l.ref IN (SELECT unnest($refs::VARCHAR[]))",
        {"refs": sorted(set(refs))},
    )
    return {row["ref"] for row in rows if row["known"] or is_protected(row) or row["case_no"] in snapshot.shielded}


def open_pair(account: Account, left_ref: str, right_ref: str, *, language: str = "ja") -> tuple[PairSide, PairSide]:
    """Both sides of a pair; logged with both case numbers."""
    check_may(account, Permission.SEE_PAIRS)
    snapshot = current()
    people = _sides(snapshot, left_ref, right_ref)
    numbers: dict[str, int] = {}
    sides = []
    for ref, person, other in zip((left_ref, right_ref), people, reversed(people), strict=True):
        kind, _, rest = ref.partition(":")
        source = rest.partition(":")[0] if kind == "own_no" else ""
        header = header_of(snapshot, person, language) if person else None
        family = _family(account, snapshot, person, other, numbers=numbers, language=language) if person else ()
        sides.append(PairSide(ref, kind, source, header, snapshot.as_of, family))
    audit.record(
        "pair.open",
        by=account,
        purpose="linkage_check",
        detail={"snapshot": snapshot.name, "cases": [side.header.case_no for side in sides if side.header]},
    )
    return sides[0], sides[1]


def _sides(snapshot: Snapshot, left_ref: str, right_ref: str) -> list[Mapping[str, Any] | None]:
    """The persons of both keys. Keys that were linked already (a sample) have one person: each as its key tells."""
    left, right = _person(snapshot, left_ref), _person(snapshot, right_ref)
    if left is None or right is None or left["case_no"] != right["case_no"]:
        return [left, right]
    return [as_told(snapshot, left_ref, left), as_told(snapshot, right_ref, right)]


def _person(snapshot: Snapshot, ref: str) -> Mapping[str, Any] | None:
    case_no = snapshot.case_of(ref)
    return snapshot.person(case_no) if case_no else None


def _family(
    account: Account,
    snapshot: Snapshot,
    person: Mapping[str, Any],
    other: Mapping[str, Any] | None,
    *,
    numbers: dict[str, int],
    language: str,
) -> tuple[PairRelative, ...]:
    """The family around one side; nobody on the other side of an address that is kept secret."""
    found = []
    for row in snapshot.family(person["case_no"]):
        relative = relative_of(account, person, row, language)
        if relative.place_withheld:
            continue
        who = numbers.setdefault(row["case_no"], len(numbers))
        found.append(PairRelative(who, relative, other is not None and row["case_no"] == other["case_no"]))
    return tuple(found)
