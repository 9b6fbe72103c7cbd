"""The pairs that a night puts before a person, their queue, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from django.db import transaction
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from mimamori.access import Permission, check_may, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.review.decisions import standing_of, standings
from mimamori.review.models import Decision, Pair
from mimamori.review.standing import Kind, State

DAYS = 7  # days before today that the progress tells of

# What others wait for comes first, then the clearest evidence, and samples last.
_FIRST = Case(
    When(state=State.DISPUTED, then=Value(0)),
    When(state=State.UNDOING, then=Value(1)),
    When(state=State.SECOND, then=Value(2)),
    When(kind=Pair.Kind.SAMPLE, then=Value(4)),
    default=Value(3),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Progress:
    """Words given today by everybody and by the asker, pairs left, and the days before (newest first)."""

    today: int
    mine: int
    left: int
    days: tuple[tuple[date, int], ...]

    @property
    def stock(self) -> int:
        """Of today: what was done and what is left."""
        return self.today + self.left


@transaction.atomic
def keep_pairs(rows: pa.Table, *, as_of: date, sensitive: Collection[str] = ()) -> int:
    """Take in a night's pairs (left_ref, right_ref, weight, why); the same pair twice stays one row. Pairs that the
    night no longer proposes leave the queue, samples do not; decided pairs do not come back while the decision holds.

    A pair with a key of `sensitive` (protected, or known to council or guidance) needs two people. Returns how many
    are open.
    """
    marked = frozenset(sensitive)
    held = {key for key, now in standings().items() if now.same is not None}
    kept = {(pair.left_ref, pair.right_ref): pair for pair in Pair.objects.all()}
    seen, new, changed = set(), [], []
    for row in rows.to_pylist():
        key = ordered(row["left_ref"], row["right_ref"])
        if key in seen or key in held:
            continue
        seen.add(key)
        pair = kept.get(key)
        facts = _facts(row)
        second = not marked.isdisjoint(key)
        if pair is None:
            new.append(
                Pair(left_ref=key[0], right_ref=key[1], first_seen=as_of, last_seen=as_of, needs_second=second, **facts)
            )
            continue
        pair.weight, pair.why, pair.last_seen, pair.open = row["weight"], str(facts["why"]), as_of, True
        pair.needs_second, pair.kind = second, Pair.Kind.NIGHT
        changed.append(pair)
    for key, pair in kept.items():
        if key not in seen and pair.open and pair.kind == Pair.Kind.NIGHT:
            pair.open = False
            changed.append(pair)
    Pair.objects.bulk_create(new, batch_size=500)
    Pair.objects.bulk_update(changed, ["weight", "why", "last_seen", "open", "needs_second", "kind"], batch_size=200)
    return len(seen)


def open_pairs(account: Account, limit: int = 50) -> list[Pair]:
    """The account's queue: what it may say something on now. Who only settles sees the disputed alone."""
    return [pair for pair in _listed(account) if not _spoke(account, pair)][:limit]


def waiting_pairs(account: Account) -> list[Pair]:
    """Pairs on which this account has spoken and another person must."""
    return [pair for pair in _listed(account).exclude(state=State.OPEN) if _spoke(account, pair)]


def pair_of(account: Account, pk: int) -> Pair:
    """One pair; raises `Refused` where there is none for this account."""
    found = _seen_by(account).filter(pk=pk).first()
    if found is None:
        raise Refused("この組は見つかりません。", "There is no such pair.")
    return found


def last_said(account: Account) -> Pair | None:
    """The pair of the account's newest word of today, where it still counts: what an undo takes back."""
    row = Decision.objects.filter(by=account, at__date=timezone.localdate()).order_by("-pk").first()
    if row is None or row.kind != Kind.WORD:
        return None
    pair = Pair.objects.filter(left_ref=row.left_ref, right_ref=row.right_ref).first()
    return pair if pair is not None and standing_of(pair).of(account.pk) is not None else None


def progress(account: Account) -> Progress:
    """How far the queue has come, day by day."""
    check_may(account, Permission.SEE_PAIRS)
    today = timezone.localdate()
    words = Decision.objects.filter(kind=Kind.WORD).annotate(day=TruncDate("at"))
    by_day = words.values("day").annotate(n=Count("pk"), mine=Count("pk", filter=Q(by=account))).order_by("-day")
    counts = list(by_day[: DAYS + 1])
    now = next((row for row in counts if row["day"] == today), {"n": 0, "mine": 0})
    before = tuple((row["day"], int(row["n"])) for row in counts if row["day"] != today)
    return Progress(int(now["n"]), int(now["mine"]), _listed(account).count(), before[:DAYS])


def ordered(left: str, right: str) -> tuple[str, str]:
    """Two keys in the order in which a pair is kept."""
    return (left, right) if left <= right else (right, left)


def _seen_by(account: Account) -> QuerySet[Pair]:
    check_may(account, Permission.SEE_PAIRS)
    found = Pair.objects.all()
    if may(account, Permission.DECIDE_PAIR):
        return found
    said = Decision.objects.filter(by=account).values_list("left_ref", "right_ref")
    own = Q(pk__in=[])
    for left, right in said:
        own |= Q(left_ref=left, right_ref=right)
    return found.filter(Q(state=State.DISPUTED) | own)


def _listed(account: Account) -> QuerySet[Pair]:
    waits = Q(open=True) | Q(state=State.UNDOING)
    return _seen_by(account).filter(waits).order_by(_FIRST, "-weight", "pk")


def _spoke(account: Account, pair: Pair) -> bool:
    """Whether the next word is another person's."""
    if pair.state == State.OPEN:
        return False
    now = standing_of(pair)
    if now.state is State.UNDOING:
        return now.undoing is not None and now.undoing.by == account.pk
    return now.of(account.pk) is not None


def _facts(row: dict[str, object]) -> dict[str, object]:
    return {"weight": row["weight"], "why": str(row["why"] or "")[:200]}
