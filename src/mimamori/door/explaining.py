"""Why records stand under one case number: each key, how it was linked, and the pairs that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori import audit
from mimamori.access import Permission, check_may, may_see_ward
from mimamori.access.models import Account
from mimamori.door.scope import NotFound
from mimamori.door.snapshots import current
from mimamori.engine import rows_of
from mimamori.linkage import mask
from mimamori.linkage.waterfall import Waterfall, waterfall


@dataclass(frozen=True)
class LinkedKey:
    """One key of the case, masked. `how` and `evidence` as linkage writes them (`links`); `waterfall` where the link
    was made by the weight of the evidence."""

    ref: str
    how: str
    weight: float | None
    evidence: str
    waterfall: Waterfall | None


@dataclass(frozen=True)
class WaitingPair:
    """A pair of masked keys, one of them of this case, that a person must decide."""

    left_ref: str
    right_ref: str
    weight: float | None
    why: str
    waterfall: Waterfall | None


@dataclass(frozen=True)
class Explanation:
    case_no: str
    as_of: date
    keys: tuple[LinkedKey, ...]
    pairs: tuple[WaitingPair, ...]


def explain(account: Account, case_no: str) -> Explanation:
    """The links of one person, child or grown-up; logged as `linkage.explain`.

    Raises `Denied` by role, and `NotFound` where there is no such person for this account.
    """
    check_may(account, Permission.SEE_PAIRS)
    snapshot = current()
    person = snapshot.person(case_no)
    if person is None or not may_see_ward(account, person["ward"]):
        raise NotFound(case_no[:20])
    con = snapshot.cursor()
    links = rows_of(con, "SELECT * FROM links WHERE case_no = ? ORDER BY ref", [case_no])
    refs = [row["ref"] for row in links]
    pairs = rows_of(
        con,
        "SELECT * FROM pairs WHERE list_contains($refs, left_ref) OR list_contains($refs, right_ref)",
        {"refs": refs},
    )
    audit.record(
        "linkage.explain", by=account, case_no=case_no, purpose="linkage_check", detail={"snapshot": snapshot.name}
    )
    return Explanation(
        case_no,
        snapshot.as_of,
        tuple(_linked(row) for row in links),
        tuple(
            WaitingPair(
                mask(row["left_ref"]),
                mask(row["right_ref"]),
                row["weight"],
                row["why"],
                waterfall(row["why"], row["weight"]),
            )
            for row in pairs
        ),
    )


def _linked(row: Mapping[str, Any]) -> LinkedKey:
    evidence = row["evidence"] or ""
    return LinkedKey(mask(row["ref"]), row["how"], row["weight"], evidence, waterfall(evidence, row["weight"]))
