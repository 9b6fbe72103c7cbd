"""Why a karte is opened: nobody reads without a purpose; inside the own ward's findings it is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mimamori.access.rights import Denied, role_of
from mimamori.access.roles import Purpose, load_roles
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.access.models import Account

__all__ = ["Purpose", "PurposeNeeded", "check_purpose", "purposes_of"]


class PurposeNeeded(Refused):
    """The person must choose a purpose first: the web shows the form, with `choices` (purpose, label)."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        super().__init__("閲覧の目的をえらんでください。", "Choose the purpose of opening this karte.")
        self.choices = choices


def purposes_of(account: Account, language: str = "ja") -> list[tuple[str, str]]:
    """The purposes this account may choose from, as (name, label)."""
    role = role_of(account)
    names = role.purposes if role else ()
    return [(name, load_roles().purposes[name].label.text(language)) for name in names]


def check_purpose(account: Account, purpose: str, *, own: bool, language: str = "ja") -> str:
    """The purpose to record. `own`: the child has an open finding in the account's own ward.

    Raises `PurposeNeeded` where none was given and none goes without saying, `Denied` for a purpose of another role.
    """
    role = role_of(account)
    if role is None or not role.purposes:
        raise Denied("あなたの役割では、個人カルテを開けません。", "Your role opens no karte.", permission="open_karte")
    if not purpose and own and role.default_purpose:
        return role.default_purpose
    if not purpose:
        raise PurposeNeeded(purposes_of(account, language))
    if purpose not in role.purposes:
        raise Denied(
            "この目的は、あなたの役割ではえらべません。", "Your role may not choose this purpose.", permission="purpose"
        )
    return purpose
