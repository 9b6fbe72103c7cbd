"""What ties the ledger of media to the trail, where people's store is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mimamori.cli.entry import config
from mimamori.cli.people import open_store

if TYPE_CHECKING:
    from mimamori.media.ledger import Entry, Fault


def has_trail() -> bool:
    """Whether people's store is there; a home that only receives files may have none yet.

    Asked before anything is done: raises `Refused` where the store is there and not ready.
    """
    settings = config()
    if not settings.database_url and not settings.database.exists():
        return False
    open_store()
    return True


def record(action: str, entry: Entry, *, by: str) -> None:
    """The line's number and hash into the trail: an end that is cut off the ledger is missed there."""
    from mimamori import audit
    from mimamori.access.models import Account

    account = Account.objects.filter(username=by, is_active=True).first() if by else None
    detail = {"ledger": entry.number, "hash": entry.hash, "package": entry.package, "outcome": entry.outcome}
    audit.record(action, by=account, detail=detail)


def beside_the_trail(entries: list[Entry]) -> list[Fault]:
    """Lines that the trail knows and the ledger has lost or tells otherwise."""
    if not has_trail():
        return []
    from mimamori.audit.models import Event
    from mimamori.media.ledger import Fault

    hashes = {entry.number: entry.hash for entry in entries}
    told = (
        json.loads(text) for text in Event.objects.filter(action__startswith="media.").values_list("detail", flat=True)
    )
    return [Fault(one["ledger"], "not as in the trail") for one in told if hashes.get(one["ledger"]) != one["hash"]]
