"""Filters that are kept under a name, for everybody who sees a worklist: who kept them and when; none is lost."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.screening.filters import Node, dumped, read
from mimamori.support.models import SavedFilter

MOST_LETTERS = 60


@transaction.atomic
def save(name: str, node: Node, *, by: Account) -> SavedFilter:
    """Keep a filter; one's own of the same name is replaced, and what it said stays in the store."""
    check_may(by, Permission.SEE_WORKLIST)
    called = " ".join(name.split())
    if not called or len(called) > MOST_LETTERS or not called.isprintable():
        raise Refused(
            f"名前は{MOST_LETTERS}文字までで書いてください。", f"Give it a name of at most {MOST_LETTERS} letters."
        )
    before = SavedFilter.objects.select_for_update().filter(name=called, withdrawn_at=None).first()
    if before is not None and before.by_id != by.pk:
        raise Refused(
            "ほかの人が同じ名前で保存しています。別の名前にしてください。",
            "Somebody else saved one under this name: choose another.",
        )
    if before is not None:
        _withdraw(before, by)
    made = SavedFilter.objects.create(name=called, content=dumped(node), by=by)
    audit.record("filter.save", by=by, detail={"saved": made.pk, "instead_of": before.pk if before else None})
    return made


@transaction.atomic
def withdraw(pk: int, *, by: Account) -> SavedFilter:
    """Take one's own filter off the list; its row stays."""
    check_may(by, Permission.SEE_WORKLIST)
    found = SavedFilter.objects.select_for_update().filter(pk=pk, withdrawn_at=None).first()
    if found is None or found.by_id != by.pk:
        raise Refused("消せるのは、自分で保存したものだけです。", "Only one's own can be taken off the list.")
    _withdraw(found, by)
    audit.record("filter.withdraw", by=by, detail={"saved": found.pk})
    return found


def saved() -> list[SavedFilter]:
    """What stands on the list, by name."""
    return list(SavedFilter.objects.select_related("by").filter(withdrawn_at=None))


def saved_filter(pk: int) -> SavedFilter:
    """One of the list; raises `Refused` where it is not there any more."""
    found = SavedFilter.objects.filter(pk=pk, withdrawn_at=None).first()
    if found is None:
        raise Refused("この保存したしぼりこみは、もうありません。", "This saved filter is gone.")
    return found


def named(name: str) -> Node | None:
    """The filter kept under a name; raises `Refused` where it names what is no more, None where there is none."""
    found = SavedFilter.objects.filter(name=" ".join(name.split()), withdrawn_at=None).first()
    return read(found.content, found.name) if found else None


def _withdraw(found: SavedFilter, by: Account) -> None:
    found.withdrawn_at, found.withdrawn_by = timezone.now(), by
    found.save()
