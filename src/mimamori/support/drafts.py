"""下書き: what is being typed is kept by account and form, also after the session has ended; nobody else sees it.

A form carries a ticket: signed, it says whose it is, which form, and which opening of it. The ticket alone lets its
holder add to this one draft, and nothing is ever read back with it; so what is typed past the end of a session, or sent
with it, is kept as well.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core import signing
from django.db import transaction

from mimamori import audit
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support.models import Draft

SALT = "mimamori.draft"
VALID = 7 * 24 * 3600  # seconds: a form that stays open over holidays
MOST_CHARACTERS = 120_000
MOST_FIELDS = 100
MOST_OTHERS = 4  # other openings whose text stands beside


@dataclass(frozen=True)
class Ticket:
    """Whose form, which, and which opening of it; `base` is the draft's version that the opening began with."""

    account: int
    form: str
    page: str
    opening: str
    base: int
    case_no: str = ""


@dataclass(frozen=True)
class Opened:
    """A form as it is opened: its ticket, and what was typed before."""

    ticket: str
    values: Mapping[str, list[str]]
    at: datetime | None
    others: tuple[Mapping[str, Any], ...]  # opening, values, at (ISO): typed in other openings of the form


class Kept(StrEnum):
    KEPT = "kept"
    BESIDE = "beside"  # another opening had typed something else: both are kept
    LATE = "late"  # the opening was recorded already


def key(kind: str, *parts: object) -> str:
    """The name of one form: key("assess", 12) is assess:12."""
    return ":".join([kind, *map(str, parts)])


def opened(account: Account, form: str, *, page: str, case_no: str = "") -> Opened:
    """Open one form."""
    return opened_all(account, {form: page}, case_no=case_no)[form]


def opened_all(account: Account, forms: Mapping[str, str], *, case_no: str = "") -> dict[str, Opened]:
    """Open several forms (form → page) at once."""
    kept = {draft.form: draft for draft in Draft.objects.filter(account=account, form__in=forms)}
    return {form: _opened(account, form, page, case_no, kept.get(form)) for form, page in forms.items()}


def drafted(account: Account, forms: Iterable[str]) -> dict[str, Draft]:
    """The account's drafts among these forms that hold something."""
    found = Draft.objects.filter(account=account, form__in=list(forms)).exclude(values={})
    return {draft.form: draft for draft in found}


def read_ticket(text: str) -> Ticket | None:
    """What a ticket says; None for one that is not ours or too old."""
    try:
        return Ticket(**signing.loads(text, salt=SALT, max_age=VALID))
    except (signing.BadSignature, TypeError):
        return None


@transaction.atomic
def keep(ticket: Ticket, values: Mapping[str, list[str]]) -> Kept:
    """Keep what an opening has typed so far; raises `Refused` where it is too long or the account is stopped."""
    typed = {name: list(told) for name, told in values.items() if any(told)}
    if len(typed) > MOST_FIELDS or sum(len(text) for told in typed.values() for text in told) > MOST_CHARACTERS:
        raise Refused("長すぎるため、下書きを保存できません。", "Too long to be kept as a draft.")
    account = Account.objects.filter(pk=ticket.account, is_active=True).first()
    if account is None:
        raise Refused("このアカウントは停止されています。", "This account is stopped.")
    draft, made = Draft.objects.select_for_update().get_or_create(
        account=account, form=ticket.form, defaults={"page": ticket.page, "opening": ticket.opening, "values": typed}
    )
    if made:
        detail = {"form": ticket.form.partition(":")[0]}
        audit.record("draft.keep", by=account, case_no=ticket.case_no or None, detail=detail)
        return Kept.KEPT
    if draft.sent == ticket.opening:
        return Kept.LATE
    goes_on = draft.opening in {ticket.opening, ""} or draft.version == ticket.base or draft.values == typed
    others = [other for other in draft.others if other["opening"] != ticket.opening]
    if not goes_on and draft.values:
        told = {"opening": draft.opening, "values": draft.values, "at": draft.changed_at.isoformat()}
        others = [told, *others][:MOST_OTHERS]
    draft.values, draft.others, draft.opening, draft.page = typed, others, ticket.opening, ticket.page
    draft.version += 1
    draft.save()
    return Kept.BESIDE if others else Kept.KEPT


@transaction.atomic
def recorded(account: Account, form: str, *, ticket: Ticket | None) -> None:
    """The form was recorded: its draft ends. What another opening typed stays, as that opening's."""
    draft = Draft.objects.select_for_update().filter(account=account, form=form).first()
    if draft is None:
        draft = Draft(account=account, form=form, page=ticket.page if ticket else "")
    opening = ticket.opening if ticket else draft.opening
    others = [other for other in draft.others if other["opening"] != opening]
    ended = ticket is None or draft.opening == opening or draft.version == ticket.base
    if not ended and draft.values:
        draft.sent = opening
        draft.others = others
    else:
        draft.values = dict(others[0]["values"]) if others else {}
        draft.opening = str(others[0]["opening"]) if others else ""
        draft.others = others[1:]
        draft.sent = opening
    draft.version += 1
    draft.save()


@transaction.atomic
def discard(account: Account, form: str) -> None:
    """Throw away what was typed, in every opening of the form."""
    draft = Draft.objects.select_for_update().filter(account=account, form=form).first()
    if draft is not None:
        draft.values, draft.others, draft.opening = {}, [], ""
        draft.version += 1
        draft.save()


def _opened(account: Account, form: str, page: str, case_no: str, draft: Draft | None) -> Opened:
    ticket = Ticket(account.pk, form, page, secrets.token_hex(8), draft.version if draft else 0, case_no)
    signed = signing.dumps(asdict(ticket), salt=SALT)
    if draft is None:
        return Opened(signed, {}, None, ())
    return Opened(signed, draft.values, draft.changed_at if draft.values else None, tuple(draft.others))
