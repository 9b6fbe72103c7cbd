"""A form that loses nothing: what was typed before, the ticket under which it is kept, and what ends its draft.

`drafts.js` keeps while typing; without script the form's own sending keeps, also where the session has ended meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import drafts
from mimamori.support.drafts import Kept, Ticket

TICKET = "draft"
NOT_KEPT = {TICKET, "csrfmiddlewaretoken"}
# Fields of free text.
FREE = (
    "text", "checked", "reason", "agency_name", "basis_text", "with_whom", "about", "note", "said_by", "display_name",
    "name", "goals", "strengths", "avoid", "consent_text", "why",
    "participants", "minutes", "title",
)  # fmt: skip


@dataclass(frozen=True)
class Other:
    """What was typed in another opening of the form: its free texts."""

    at: datetime
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Drafting:
    """One form's draft, for its view and its template (`pieces/draft.html`)."""

    account: Account
    form: str
    ticket: str
    values: Mapping[str, list[str]]
    at: datetime | None
    others: tuple[Other, ...]

    def initial(self, *, several: Collection[str] = ()) -> dict[str, Any]:
        """What was typed, as a form's initial values; fields of `several` take a list."""
        return {name: told if name in several else told[0] for name, told in self.values.items() if told}

    def hold(self, typed: QueryDict) -> None:
        """The form was sent and not recorded: what it held stays a draft."""
        ticket = drafts.read_ticket(self.ticket)
        if ticket is not None:
            drafts.keep(ticket, values_of(typed))

    def done(self) -> None:
        """The form was recorded: its draft ends."""
        drafts.recorded(self.account, self.form, ticket=drafts.read_ticket(self.ticket))


def begin(
    request: HttpRequest,
    account: Account,
    kind: str,
    *parts: object,
    page: str = "",
    case_no: str = "",
    anew: bool = False,
) -> Drafting:
    """The draft of the form kind:parts; a form that comes back goes on under the ticket it was opened with, unless it
    is opened `anew`."""
    form = drafts.key(kind, *parts)
    opened = drafts.opened(account, form, page=page or request.path, case_no=case_no)
    return _shown(request, account, form, opened, anew=anew)


def begin_all(
    request: HttpRequest, account: Account, forms: Mapping[str, str], *, case_no: str = ""
) -> dict[str, Drafting]:
    """The drafts of several forms of one page (form → page)."""
    found = drafts.opened_all(account, forms, case_no=case_no)
    return {form: _shown(request, account, form, one) for form, one in found.items()}


def sent(request: HttpRequest, account: Account) -> Drafting | None:
    """The draft of the form that was sent, whatever page answers it."""
    ticket = ticket_of(request)
    if ticket is None or ticket.account != account.pk:
        return None
    return Drafting(account, ticket.form, request.POST[TICKET], {}, None, ())


def values_of(typed: QueryDict) -> dict[str, list[str]]:
    """The fields of a form that was sent, without what is the frame's."""
    return {name: [str(one) for one in told] for name, told in typed.lists() if name not in NOT_KEPT}


def ticket_of(request: HttpRequest) -> Ticket | None:
    """The ticket that was sent with a form."""
    return drafts.read_ticket(request.POST.get(TICKET, ""))


def rescue(request: HttpRequest) -> Ticket | None:
    """Keep a form that cannot be recorded: its session ended, or somebody else signed in. None where that failed."""
    ticket = ticket_of(request)
    if ticket is None:
        return None
    try:
        kept = drafts.keep(ticket, values_of(request.POST))
    except Refused:
        return None
    return None if kept is Kept.LATE else ticket


def _shown(request: HttpRequest, account: Account, form: str, opened: drafts.Opened, *, anew: bool = False) -> Drafting:
    came = ticket_of(request) if request.method == "POST" and not anew else None
    goes_on = came is not None and (came.account, came.form) == (account.pk, form)
    others = tuple(
        Other(datetime.fromisoformat(other["at"]), _texts(other["values"]))
        for other in opened.others
        if other["values"]
    )
    ticket = request.POST[TICKET] if goes_on else opened.ticket
    return Drafting(account, form, ticket, opened.values, opened.at, others)


def _texts(values: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(text for name in FREE for text in values.get(name, []) if text)
