"""`may` answers, `check_may` refuses with a reason. What a state allows is another question (`support.states`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mimamori.access.permissions import Permission
from mimamori.access.roles import Role, Scope, load_roles
from mimamori.refusal import Refused

if TYPE_CHECKING:  # models exist only once Django is set up; this room's package is imported before
    from mimamori.access.models import Account


class Denied(Refused):
    """The person may not do this. The refusal goes into the trail (`access.middleware.DenialTrail`)."""

    def __init__(self, ja: str, en: str, *, permission: str = "", case_no: str | None = None) -> None:
        super().__init__(ja, en)
        self.permission = permission
        self.case_no = case_no


def role_of(account: Account | Any) -> Role | None:
    """The role of a signed-in, active account; None for anyone else."""
    if not getattr(account, "is_active", False):
        return None
    return load_roles().roles.get(getattr(account, "role", ""))


def may(account: Account | Any, permission: Permission) -> bool:
    role = role_of(account)
    return role is not None and permission in role.permissions


def check_may(account: Account | Any, permission: Permission) -> None:
    """Raise `Denied` where the account's role does not hold the permission."""
    if not may(account, permission):
        raise Denied(
            "この操作は、あなたの役割ではできません。必要なときは係長に相談してください。",
            "Your role may not do this. Ask your supervisor where you need it.",
            permission=permission,
        )


def may_see_ward(account: Account | Any, ward: str | None) -> bool:
    """Whether children of this ward lie in the account's scope. A child without a known ward belongs to the city's."""
    role = role_of(account)
    if role is None or role.scope is Scope.NONE:
        return False
    if role.scope is Scope.WARD:
        return bool(ward) and ward == account.ward
    return True


def ward_limit(account: Account) -> str | None:
    """The one ward a query is limited to, or None for the whole city; raises `Denied` for a role without a scope."""
    role = role_of(account)
    if role is None or role.scope is Scope.NONE:
        raise Denied("あなたの役割では、児童の情報を見られません。", "Your role sees no child.", permission="scope")
    return account.ward if role.scope is Scope.WARD else None
