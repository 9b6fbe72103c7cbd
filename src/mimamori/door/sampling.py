"""Links drawn at random for people to judge, and how sure the share is that they found right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.pairing import sensitive_refs
from mimamori.door.snapshots import current
from mimamori.engine import rows_of
from mimamori.karte.store import Snapshot
from mimamori.linkage.intervals import Counted, Interval, weighted, wilson
from mimamori.linkage.sample import DrawnLink, Stratum, draw
from mimamori.refusal import Refused

__all__ = ["Counted", "DrawnLink", "DrawnLinks", "Interval", "Stratum", "draw_links", "weighted", "wilson"]


@dataclass(frozen=True)
class DrawnLinks:
    """A draw from the night in service. `sensitive`: keys of people for whom two must decide."""

    snapshot: str
    as_of: date
    strata: tuple[Stratum, ...]
    links: tuple[DrawnLink, ...]
    sensitive: frozenset[str]


def draw_links(account: Account, size: int, *, seed: int) -> DrawnLinks:
    """Links that the night in service made without a person; raises `Denied` by role, `Refused` where there are none.

    The caller writes the trail: nothing of a person is read yet.
    """
    check_may(account, Permission.DECIDE_PAIR)
    snapshot = current()
    if not _told(snapshot):
        raise Refused(
            "この版には、標本を確かめるための記録がありません。夜間処理をもう一度動かしてください。",
            "This night holds nothing to check a sample against: run the night again.",
        )
    found = draw(snapshot.cursor(), size, seed)
    if not found.links:
        raise Refused("自動でつないだ組がありません。", "No link was made without a person.")
    refs = [ref for link in found.links for ref in (link.left_ref, link.right_ref)]
    marked = frozenset(sensitive_refs(snapshot, refs))
    return DrawnLinks(snapshot.name, snapshot.as_of, found.strata, found.links, marked)


def _told(snapshot: Snapshot) -> bool:
    return bool(rows_of(snapshot.cursor(), "SELECT 1 FROM duckdb_tables() WHERE table_name = 'particulars'"))
