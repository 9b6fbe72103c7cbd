"""The pairs that a night puts before a person, and their queue."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from django.db import transaction

from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.review.models import Decision, Pair


@transaction.atomic
def keep_pairs(rows: pa.Table, *, as_of: date) -> int:
    """Take in a night's pairs (left_ref, right_ref, weight, why); the same pair twice stays one row. Pairs that the
    night no longer proposes leave the queue, decided pairs never come back. Returns how many are open."""
    decided = set(Decision.objects.values_list("left_ref", "right_ref"))
    kept = {(pair.left_ref, pair.right_ref): pair for pair in Pair.objects.all()}
    seen, new, changed = set(), [], []
    for row in rows.to_pylist():
        key = ordered(row["left_ref"], row["right_ref"])
        if key in seen or key in decided:
            continue
        seen.add(key)
        pair = kept.get(key)
        if pair is None:
            new.append(Pair(left_ref=key[0], right_ref=key[1], first_seen=as_of, last_seen=as_of, **_facts(row)))
            continue
        pair.weight, pair.why, pair.last_seen, pair.open = row["weight"], row["why"], as_of, True
        changed.append(pair)
    for key, pair in kept.items():
        if key not in seen and pair.open:
            pair.open = False
            changed.append(pair)
    Pair.objects.bulk_create(new, batch_size=500)
    Pair.objects.bulk_update(changed, ["weight", "why", "last_seen", "open"], batch_size=200)
    return len(seen)


def open_pairs(account: Account, limit: int = 50) -> list[Pair]:
    """The queue, the clearest evidence first."""
    check_may(account, Permission.SEE_PAIRS)
    return list(Pair.objects.filter(open=True)[:limit])


def pair_of(account: Account, pk: int) -> Pair:
    """One pair; raises `Refused` where there is none."""
    check_may(account, Permission.SEE_PAIRS)
    found = Pair.objects.filter(pk=pk).first()
    if found is None:
        raise Refused("この組は見つかりません。", "There is no such pair.")
    return found


def ordered(left: str, right: str) -> tuple[str, str]:
    """Two keys in the order in which a pair is kept."""
    return (left, right) if left <= right else (right, left)


def _facts(row: dict[str, object]) -> dict[str, object]:
    return {"weight": row["weight"], "why": str(row["why"] or "")[:200]}
