"""How good the linkage is, in counts: for those who see pairs, and those who see statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mimamori.access import Permission, check_may, may
from mimamori.access.models import Account
from mimamori.door.snapshots import current, published
from mimamori.engine import rows_of
from mimamori.linkage.agreement_report import AGE_BANDS
from mimamori.linkage.quality_report import Agreement, Bin, Expected, Group, Report, report

__all__ = [
    "AGE_BANDS",
    "Agreement",
    "Bin",
    "Expected",
    "Group",
    "LinkageQuality",
    "Report",
    "check_may_see_quality",
    "linkage_quality",
]


@dataclass(frozen=True)
class LinkageQuality:
    """The report of the night in service, with the schools' names by code."""

    snapshot: str
    as_of: date
    report: Report
    schools: dict[str, str]


def check_may_see_quality(account: Account) -> None:
    """Raise `Denied` where the role sees neither pairs nor statistics."""
    if not may(account, Permission.SEE_PAIRS):
        check_may(account, Permission.SEE_STATISTICS)


def linkage_quality(account: Account) -> LinkageQuality | None:
    """The whole city's, whatever the account's scope; None before the first night."""
    check_may_see_quality(account)
    if published() is None:
        return None
    snapshot = current()
    con = snapshot.cursor()
    rows = rows_of(
        con,
        "SELECT school_code, max(school_name) AS name FROM persons WHERE school_code IS NOT NULL GROUP BY school_code",
    )
    schools = {row["school_code"]: row["name"] or row["school_code"] for row in rows}
    return LinkageQuality(snapshot.name, snapshot.as_of, report(con), schools)
