"""Case work follows the case numbers: what a merge or a split of records does to findings, and who is told.

A finding goes with its number's person. When two numbers become one and both have an open finding, the one that has
come further goes on and the other is closed into it; nothing is lost, and when the merge is taken back both stand where
they stood. Notes belong to their finding, so they go home with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from mimamori import audit
from mimamori.access.models import Account
from mimamori.support.models import Finding, History, Notice
from mimamori.support.states import State

MERGED, JOINED, SPLIT, PARTED, MOVED = "merged", "joined", "split", "parted", "moved_keys"

# How far a finding has come; of two the further one goes on.
_FAR = {
    State.PROPOSED: 0,
    State.ASSIGNED: 1,
    State.LOOKING: 2,
    State.VISITED: 3,
    State.NO_NEED: 4,
    State.ALREADY_KNOWN: 4,
    State.DATA_WRONG: 4,
    State.WATCHING: 5,
    State.CONFERENCE: 6,
    State.SUPPORT_NEEDED: 7,
    State.SUPPORT_DONE: 8,
    State.PLANNED: 9,
    State.REFERRED: 10,
    State.IN_SUPPORT: 11,
}


@dataclass(frozen=True)
class Renumbered:
    """Keys went from one case number to another. merged: nobody bears `old_no` any more; split: `new_no` begins, or is
    borne again; moved: both stand for somebody before and after."""

    kind: str
    old_no: str
    new_no: str
    keys: int = 1


@transaction.atomic
def follow(changes: Sequence[Renumbered], *, by: Account | None = None) -> int:
    """Bring findings to the numbers that their children bear now. Returns how many findings were touched."""
    touched: set[int] = set()
    for change in changes:
        match change.kind:
            case "merged":
                if change == _main(change.old_no, changes):  # of several numbers, where most of its keys went
                    touched |= _merge(change, by)
            case "split":
                touched |= _split(change, by)
            case "moved":
                touched |= _tell_moved(change)
    return len(touched)


def _main(old_no: str, changes: Iterable[Renumbered]) -> Renumbered:
    return max((one for one in changes if one.old_no == old_no and one.kind == "merged"), key=lambda one: one.keys)


def _merge(change: Renumbered, by: Account | None) -> set[int]:
    coming = list(Finding.objects.select_for_update().filter(case_no=change.old_no).order_by("pk"))
    here = _open_of(change.new_no)
    touched = set()
    for finding in coming:
        event = MERGED
        if finding.state != State.CLOSED and here is not None:
            stays, ends = (finding, here) if _rank(finding) > _rank(here) else (here, finding)
            _join(ends, stays, change, by)
            touched |= {stays.pk, ends.pk}
            event = JOINED
        _renumber(finding, change, event, by)
        touched.add(finding.pk)
    if not coming and here is not None:  # records joined a child that somebody looks after
        _tell(here, MERGED, change)
        touched.add(here.pk)
    return touched


def _split(change: Renumbered, by: Account | None) -> set[int]:
    """Findings that came from the number that is back go home; the others stay with their number's person."""
    here = list(Finding.objects.select_for_update().filter(case_no=change.old_no).order_by("pk"))
    taken = _open_of(change.new_no) is not None
    touched = set()
    for finding in here:
        if change.new_no in finding.numbers and not (taken and finding.state != State.CLOSED):
            finding.numbers = finding.numbers[: finding.numbers.index(change.new_no)]
            _renumber(finding, change, SPLIT, by, keep=False)
        elif finding.state != State.CLOSED:
            _tell(finding, SPLIT, change)
        else:
            continue
        touched.add(finding.pk)
    for finding in Finding.objects.select_for_update().filter(joins__isnull=False).select_related("joins"):
        apart = finding.joins is not None and finding.case_no != finding.joins.case_no
        if apart and _open_of(finding.case_no) is None:
            _part(finding, change, by)
            touched.add(finding.pk)
    return touched


def _tell_moved(change: Renumbered) -> set[int]:
    touched = set()
    for case_no in (change.old_no, change.new_no):
        finding = _open_of(case_no)
        if finding is not None:
            _tell(finding, MOVED, change)
            touched.add(finding.pk)
    return touched


def _open_of(case_no: str) -> Finding | None:
    found = Finding.objects.select_for_update().filter(case_no=case_no)
    return found.exclude(state=State.CLOSED).first()


def _rank(finding: Finding) -> tuple[bool, int]:
    return finding.owner_id is not None, _FAR[State(finding.state)]


def _renumber(finding: Finding, change: Renumbered, event: str, by: Account | None, *, keep: bool = True) -> None:
    if keep:  # the way home
        finding.numbers = [*finding.numbers, change.old_no]
    finding.case_no = change.new_no
    finding.save()
    if finding.joins is None:  # of one that is closed into another, that is told
        _tell(finding, event, change)
    detail = {"finding": finding.pk, "event": event, "from": change.old_no, "to": change.new_no}
    audit.record("finding.follow", by=by, case_no=change.new_no, detail=detail)


def _join(ends: Finding, stays: Finding, change: Renumbered, by: Account | None) -> None:
    """Close a finding into the one that goes on, which keeps the nearer deadline."""
    before, ends.state, ends.joins = ends.state, State.CLOSED.value, stays
    if stays.waiting and not ends.waiting:  # the child had its place on the list
        stays.waiting, stays.tied, stays.came_in_on = False, False, ends.came_in_on
    ends.waiting = ends.tied = False
    ends.save()
    if stays.due_on is None or (ends.due_on is not None and ends.due_on < stays.due_on):
        stays.due_on = ends.due_on
    stays.must = stays.must or ends.must
    stays.save()
    _tell(ends, JOINED, change, before=before, into=stays.pk)
    if stays.case_no == change.new_no:  # else its new number tells of it
        _tell(stays, JOINED, change)
    detail = {"finding": ends.pk, "event": JOINED, "into": stays.pk, "from": change.old_no, "to": change.new_no}
    audit.record("finding.follow", by=by, case_no=change.new_no, detail=detail)


def _part(finding: Finding, change: Renumbered, by: Account | None) -> None:
    """Stand again where it stood before it was closed into another."""
    last = finding.history.filter(event=JOINED, to_state=State.CLOSED).first()
    finding.state, finding.joins = last.from_state if last else State.PROPOSED.value, None
    finding.waiting = finding.state == State.PROPOSED and finding.due_on is None  # it had no place before
    finding.save()
    _tell(finding, PARTED, change, before=State.CLOSED.value)
    detail = {"finding": finding.pk, "event": PARTED, "from": change.old_no, "to": change.new_no}
    audit.record("finding.follow", by=by, case_no=finding.case_no, detail=detail)


def _tell(finding: Finding, event: str, change: Renumbered, *, before: str = "", **more: int) -> None:
    """A line in the finding's history, and a notice to whoever holds it: nobody holds a case that was closed before."""
    detail = {"from": change.old_no, "to": change.new_no, **more}
    History.objects.create(
        finding=finding, event=event, from_state=before or finding.state, to_state=finding.state, detail=detail
    )
    held = finding.state != State.CLOSED or before not in {"", State.CLOSED}
    if finding.owner is not None and held:
        Notice.objects.create(to=finding.owner, finding=finding, event=event, detail=detail)
