"""How a case is guarded, for what people keep about it outside the snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from mimamori.access.models import Account
from mimamori.door.people import header_of
from mimamori.door.scope import in_scope
from mimamori.door.snapshots import current


@dataclass(frozen=True)
class Guard:
    """`known`: the present snapshot has this child. `protected`: its address is withheld, or nobody can tell."""

    known: bool
    in_scope: bool
    protected: bool


def guard_of(account: Account, case_no: str) -> Guard:
    """How this case is guarded against this account; raises `Refused` before the first night."""
    snapshot = current()
    person = snapshot.person(case_no)
    if person is None:
        return Guard(known=False, in_scope=False, protected=True)
    withheld = header_of(snapshot, person, "ja").address_withheld
    return Guard(known=True, in_scope=in_scope(account, person), protected=withheld)
