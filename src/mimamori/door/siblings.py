"""The other children of a child's family whom an account may meet: by number alone, for what is done together."""

from __future__ import annotations

from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.door.scope import child_in_scope, in_scope
from mimamori.door.snapshots import current


def siblings(account: Account, case_no: str) -> list[str]:
    """Case numbers, the eldest first. `family` holds no path past a protected person, so neither does this. Who is
    shown by name is logged where the name is (`headlines`)."""
    snapshot = current()
    child_in_scope(account, snapshot, case_no, Permission.SEE_WORKLIST)
    return [row["case_no"] for row in snapshot.family(case_no) if row["kind"] == "sibling" and in_scope(account, row)]
