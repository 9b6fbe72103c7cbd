"""Writing the trail and proving it whole."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from mimamori.audit.actions import ACTIONS
from mimamori.audit.chain import FIELDS, GENESIS, canonical, row_hash
from mimamori.audit.terminal import terminal


class Actor(Protocol):
    """Who did it: an account of `access`, which this room does not know."""

    username: str
    role: str
    ward: str


@dataclass(frozen=True)
class Fault:
    """One place where the chain does not hold."""

    number: int
    what: str  # altered | missing | misplaced | head


@dataclass(frozen=True)
class Verdict:
    """What `verify` found."""

    rows: int
    ok: bool
    faults: tuple[Fault, ...]


def record(
    action: str,
    *,
    by: Actor | None,
    case_no: str | None = None,
    purpose: str = "",
    detail: dict[str, Any] | None = None,
) -> int:
    """Write one row in the caller's transaction; returns its number.

    `by=None` is the system itself. `detail` is kept as JSON and must hold no name, address or search term.
    """
    from mimamori.audit.models import Event, Head  # noqa: PLC0415 - models exist once Django is set up

    if action not in ACTIONS:
        raise ValueError(f"the trail knows no action {action!r}")
    with transaction.atomic():
        head = Head.objects.select_for_update().get(pk=1)
        values: dict[str, Any] = {
            "number": head.number + 1,
            "at": datetime.now(UTC),
            "actor": by.username if by else "",
            "role": by.role if by else "",
            "ward": by.ward if by else "",
            "action": action,
            "case_no": case_no or "",
            "purpose": purpose,
            "terminal": terminal(),
            "detail": canonical(detail or {}),
        }
        chained = row_hash(head.hash, values)
        Event(**values, hash=chained).save()
        head.number, head.hash = values["number"], chained
        head.save()
    return int(head.number)


def term_hash(text: str) -> str:
    """A search term as the trail keeps it: keyed, so that equal terms are seen to be equal and none can be guessed."""
    key = hashlib.sha256(b"trail terms\n" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def verify() -> Verdict:
    """Walk the chain: finds a row that was altered, removed, added or moved, and an end that was cut off."""
    from mimamori.audit.models import Event, Head  # noqa: PLC0415

    faults: list[Fault] = []
    previous, expected, rows = GENESIS, 1, 0
    for event in Event.objects.order_by("number").iterator(chunk_size=5000):
        rows += 1
        if event.number != expected:
            faults.append(Fault(expected, "missing"))
        if event.hash != row_hash(previous, {name: getattr(event, name) for name in FIELDS}):
            faults.append(Fault(event.number, "altered" if event.number == expected else "misplaced"))
        previous, expected = event.hash, event.number + 1
    head = Head.objects.get(pk=1)
    if (head.number, head.hash) != (expected - 1, previous):
        faults.append(Fault(head.number, "head"))
    return Verdict(rows, not faults, tuple(faults))
