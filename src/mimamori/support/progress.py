"""How far the findings have come, for statistics: no case number leaves here."""

from __future__ import annotations

from dataclasses import dataclass

from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.support.models import Finding
from mimamori.support.states import State


@dataclass(frozen=True)
class Progress:
    """One child that was ever extracted: where it lives, why, and how far its newest finding has come."""

    ward: str
    difficulties: tuple[str, ...]
    state: State


def progress(account: Account) -> list[Progress]:
    """One entry a child, of the whole city whatever the account's scope: two readers' tables must not be subtracted."""
    check_may(account, Permission.SEE_STATISTICS)
    reopened = Finding.objects.filter(reopens__isnull=False).values("reopens")
    rows = Finding.objects.filter(joins=None).exclude(pk__in=reopened).values_list("ward", "difficulties", "state")
    return [
        Progress(ward, tuple(difficulties), State(state))
        for ward, difficulties, state in rows.order_by()
        if difficulties  # else only drawn at random, never extracted
    ]
