"""お知らせ: what happened to the cases an account holds, until it says that it has read them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support.models import Notice

MOST = 20


def unread(account: Account) -> list[Notice]:
    """The account's unread notices, the newest first."""
    return list(Notice.objects.filter(to=account, read_at=None).select_related("finding")[:MOST])


@transaction.atomic
def mark_read(pk: int, *, by: Account) -> Notice:
    """Say that a notice was read; raises `Refused` for another's, as for one that does not exist."""
    found = Notice.objects.select_for_update().filter(pk=pk, to=by).first()
    if found is None:
        raise Refused("このお知らせは見つかりません。", "There is no such notice.")
    if found.read_at is None:
        found.read_at = timezone.now()
        found.save()
    return found
