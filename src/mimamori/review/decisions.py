"""What people say about a pair, and taking it back. The next night follows what holds (`standing`)."""

from __future__ import annotations

from itertools import groupby

import pyarrow as pa
from django.db import transaction

from mimamori import audit, door
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.review.models import Decision, Pair
from mimamori.review.standing import Kind, Said, Standing, State, standing

SCHEMA = pa.schema([("left_ref", pa.string()), ("right_ref", pa.string()), ("same", pa.bool_())])
HOLDS = frozenset({State.HELD, State.UNDOING})


@transaction.atomic
def decide(pair: Pair | int, *, same: bool, by: Account, reason: str = "") -> Decision:
    """Say that two keys are one person, or two: the first word, the second where two are needed, or the third that
    settles. Whoever speaks again on a decision that somebody wants to take back keeps it, and must say the same."""
    found = _locked(pair)
    now = standing_of(found)
    check_may(by, Permission.SETTLE_PAIR if now.state is State.DISPUTED else Permission.DECIDE_PAIR)
    _check_turn(found, now, same=same, by=by)
    row = _say(found, now, Kind.WORD, same=same, by=by, reason=reason)
    action = {State.OPEN: "pair.decide", State.SECOND: "pair.confirm", State.DISPUTED: "pair.settle"}
    _follow(found, action.get(now.state, "pair.confirm"), row, by=by)
    return row


@transaction.atomic
def undo(pair: Pair | int, *, by: Account, reason: str = "") -> Decision:
    """Take back what was said: one's own word while it waits, and what holds. The pair returns to the queue; where the
    decision took two people, it holds until another person takes it back as well."""
    found = _locked(pair)
    now = standing_of(found)
    own = now.of(by.pk)
    check_may(by, Permission.DECIDE_PAIR if own is None else Permission.SEE_PAIRS)
    if not now.words:
        raise Refused("取り消す判断がありません。", "There is nothing to take back.")
    if now.state not in HOLDS and own is None:
        raise Refused(
            "ほかの人の判断は取り消せません。あなたの判断を記録してください。",
            "You cannot take back another person's word: give your own.",
        )
    if now.undoing is not None and now.undoing.by == by.pk:
        raise Refused("取り消しには、もう1人の同意が必要です。", "Another person must agree to taking it back.")
    taken = now.same if now.same is not None else own is not None and own.same
    row = _say(found, now, Kind.UNDO, same=bool(taken), by=by, reason=reason)
    _follow(found, "pair.undo", row, by=by)
    return row


def decisions_table() -> pa.Table:
    """What holds of every pair (columns of `SCHEMA`); what waits for a second or third person is not among it."""
    rows = [
        {"left_ref": left, "right_ref": right, "same": held}
        for (left, right), held in ((key, now.same) for key, now in standings().items())
        if held is not None
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def standings() -> dict[tuple[str, str], Standing]:
    """Where each pair stands of which anything was ever said, by its keys."""
    rows = Decision.objects.select_related("by").order_by("left_ref", "right_ref", "pk")
    by_pair = groupby(rows, key=lambda row: (row.left_ref, row.right_ref))
    return {key: standing(map(_said, rows)) for key, rows in by_pair}


def standing_of(pair: Pair) -> Standing:
    """Where one pair stands."""
    rows = Decision.objects.filter(left_ref=pair.left_ref, right_ref=pair.right_ref)
    return standing(map(_said, rows.select_related("by").order_by("pk")))


def _said(row: Decision) -> Said:
    return Said(row.by.pk, row.same, Kind(row.kind), row.needs_second, row.by.display_name, row.reason, row.at)


def _locked(pair: Pair | int) -> Pair:
    pk = pair if isinstance(pair, int) else pair.pk
    found = Pair.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("この組は見つかりません。", "There is no such pair.")
    return found


def _check_turn(pair: Pair, now: Standing, *, same: bool, by: Account) -> None:
    if now.state is State.UNDOING:
        if now.undoing is not None and now.undoing.by == by.pk:
            raise Refused("取り消しには、もう1人の同意が必要です。", "Another person must agree to taking it back.")
        if same is not now.same:
            raise Refused(
                "いまの判断を変えるには、先に取り消してください。", "To change the decision, take it back first."
            )
        return
    if now.state is State.HELD or not pair.open:
        raise Refused("この組は、もう判断されています。", "This pair is decided already.")
    if now.of(by.pk) is not None:
        raise Refused(
            "あなたはもう判断しています。ほかの人の判断を待っています。",
            "You have decided already: another person's word is awaited.",
        )


def _say(pair: Pair, now: Standing, kind: Kind, *, same: bool, by: Account, reason: str) -> Decision:
    """Write the row; raises `Refused` where a reason is needed and none is given."""
    second = pair.needs_second or now.takes > 1
    needed = second if kind is Kind.WORD else now.takes > 1 and now.state in HOLDS
    if needed and not reason.strip():
        raise Refused(
            "2人で確かめる組です。ほかの人が読めるように、理由を書いてください。",
            "Two people check this pair: write the reason, for the other to read.",
        )
    return Decision.objects.create(
        left_ref=pair.left_ref,
        right_ref=pair.right_ref,
        kind=kind,
        same=same,
        needs_second=second,
        reason=reason.strip(),
        by=by,
    )


def renew_shields() -> None:
    """Whoever is taken for one with a protected person is protected from now on, not from the next night."""
    door.shield(key for key, now in standings().items() if now.same)


def _follow(pair: Pair, action: str, row: Decision, *, by: Account) -> None:
    """The queue, protection and the trail follow what was said."""
    pair.state = standing_of(pair).state
    pair.open = pair.state not in HOLDS
    pair.save()
    renew_shields()
    audit.record(action, by=by, detail={"pair": pair.pk, "same": row.same, "state": pair.state})
