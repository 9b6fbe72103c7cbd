"""What people say about a pair. The next night follows it; a later word on the same pair replaces an earlier one."""

from __future__ import annotations

import pyarrow as pa
from django.db import transaction

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.review.models import Decision, Pair

SCHEMA = pa.schema([("left_ref", pa.string()), ("right_ref", pa.string()), ("same", pa.bool_())])


@transaction.atomic
def decide(pair: Pair | int, *, same: bool, by: Account, reason: str = "") -> Decision:
    """Say that two keys are one person, or two."""
    check_may(by, Permission.DECIDE_PAIR)
    pk = pair if isinstance(pair, int) else pair.pk
    found = Pair.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("この組は見つかりません。", "There is no such pair.")
    if not found.open:
        raise Refused("この組は、もう判断されています。", "This pair is decided already.")
    decision = Decision.objects.create(
        left_ref=found.left_ref, right_ref=found.right_ref, same=same, reason=reason.strip(), by=by
    )
    found.open = False
    found.save()
    audit.record("pair.decide", by=by, detail={"pair": found.pk, "same": same})
    return decision


def decisions_table() -> pa.Table:
    """The last word on every pair (columns of `SCHEMA`)."""
    last = {(d.left_ref, d.right_ref): d.same for d in Decision.objects.order_by("pk")}
    rows = [{"left_ref": left, "right_ref": right, "same": same} for (left, right), same in last.items()]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
