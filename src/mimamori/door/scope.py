"""Whom an account may meet. Outside its scope and not existing are the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mimamori.access import Denied, Permission, Scope, check_may, may_see_ward
from mimamori.access.models import Account
from mimamori.access.rights import role_of
from mimamori.karte.store import Snapshot


class NotFound(Denied):
    """No such child for this account, whether or not there is one. The trail keeps the number that was tried."""

    def __init__(self, case_no: str | None = None) -> None:
        super().__init__(
            "この児童は見つかりません。ケース番号と、あなたの担当区を確かめてください。",
            "No such child was found. Check the case number and your ward.",
            permission="scope",
            case_no=case_no,
        )


def in_scope(account: Account, person: Mapping[str, Any] | None) -> bool:
    """Whether this person is a child (a grown-up is seen as family only) whom the account may meet."""
    return bool(person and person["is_child"]) and may_see_ward(account, person["ward"] if person else None)


def child_in_scope(account: Account, snapshot: Snapshot, case_no: str, permission: Permission) -> Mapping[str, Any]:
    """The child's row of `persons`; raises `Denied` by role and `NotFound` by scope."""
    check_may(account, permission)
    person = snapshot.person(case_no)
    if person is None or not in_scope(account, person):
        raise NotFound(case_no[:20])
    return person


def max_sensitivity(account: Account) -> int:
    """Items above this are withheld; 0 for nobody's account."""
    role = role_of(account)
    return role.max_sensitivity if role and role.scope is not Scope.NONE else 0
