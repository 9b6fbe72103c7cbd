"""What became of case numbers: merges, splits and moves of keys, as the history of a case tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Q

from mimamori.review.models import CaseChange, LedgerEntry

MERGED, SPLIT, MOVED = CaseChange.Kind.MERGED, CaseChange.Kind.SPLIT, CaseChange.Kind.MOVED


def changes_in(rows: pa.Table) -> list[CaseChange]:
    """The changes that these lines of the ledger are (not saved): keys that leave one number and stand for another.

    Called before the lines are appended: whether a number begins with them is asked of the ledger.
    """
    unlinked = rows.filter(pc.equal(rows.column("action"), "unlink"))
    left = dict(zip(unlinked.column("ref").to_pylist(), unlinked.column("case_no").to_pylist(), strict=True))
    moved: dict[tuple[str, str], list[dict[str, Any]]] = {}
    if left:  # a first night has millions of lines and none of these
        linked = rows.filter(pc.equal(rows.column("action"), "link"))
        again = linked.filter(pc.is_in(linked.column("ref"), unlinked.column("ref").combine_chunks()))
        for line in again.select(["ref", "case_no", "as_of", "why"]).to_pylist():
            moved.setdefault((left[line["ref"]], line["case_no"]), []).append(line)
    standing = _standing({new for _old, new in moved})
    return [
        CaseChange(
            old_no=old,
            new_no=new,
            keys=len(keys),
            began=new not in standing,
            why=_why(keys),
            as_of=keys[0]["as_of"],
        )
        for (old, new), keys in moved.items()
    ]


def to_follow(lives: Callable[[Iterable[str]], set[str]]) -> list[CaseChange]:
    """The changes that case work has not followed, the first written first, now with their kind.

    `lives` tells which of these numbers stand for somebody in the published night.
    """
    waiting = list(CaseChange.objects.select_for_update().filter(kind="").order_by("pk"))
    living = lives({change.old_no for change in waiting})
    for change in waiting:
        change.kind = MERGED if change.old_no not in living else SPLIT if change.began else MOVED
    CaseChange.objects.bulk_update(waiting, ["kind"], batch_size=200)
    return waiting


def changes_of(case_no: str) -> list[CaseChange]:
    """What happened to this number, the newest first."""
    return list(CaseChange.objects.filter(Q(old_no=case_no) | Q(new_no=case_no)).exclude(kind="").order_by("-pk"))


def called_now(case_no: str) -> str | None:
    """The number that a merged one's person bears now; None for a number that was not merged away."""
    found = case_no
    for _step in range(20):  # longer chains of merges are nobody's history
        last = (
            CaseChange.objects.filter(Q(old_no=found, kind=MERGED) | Q(new_no=found)).order_by("-pk", "-keys").first()
        )
        if last is None or last.new_no == found:
            break
        found = last.new_no
    return found if found != case_no else None


def _why(keys: list[dict[str, Any]]) -> str:
    """A person's decision is told before all that followed from it."""
    reasons = [str(line["why"]) for line in keys]
    return "decision" if "decision" in reasons else min(reasons)


def _standing(case_nos: set[str]) -> set[str]:
    """Which of these numbers have keys now."""
    rows = (
        LedgerEntry.objects.filter(case_no__in=case_nos)
        .values("case_no")
        .annotate(n=Count("pk", filter=Q(action="link")) - Count("pk", filter=Q(action="unlink")))
    )
    return {row["case_no"] for row in rows if row["n"] > 0}
