"""Taking in what a night extracted: one open finding per child, nothing that people did is lost, nothing is deleted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access.models import Account
from mimamori.support.cut import cut
from mimamori.support.deadlines import first_look
from mimamori.support.models import Finding, History
from mimamori.support.states import State

# Fields a night may change in an open finding.
CHANGED = (
    "ward", "must", "tier", "known", "difficulties", "reasons", "new_reasons", "extracted", "as_of", "due_on",
    "waiting", "tied", "came_in_on",
)  # fmt: skip
PORTION = 500


@dataclass
class Extracted:
    """One child as a night extracted it, over all difficulties."""

    case_no: str
    ward: str = ""
    known: str = ""
    must: bool = False
    tier: int = 9
    points: float = 0  # the highest of any difficulty; it orders the waiting and is kept nowhere
    reasons: dict[str, list[str]] = field(default_factory=dict)
    musts: set[str] = field(default_factory=set)  # ids of the must-look conditions met

    def add(self, row: Mapping[str, Any]) -> None:
        reasons = row["reasons"]
        reasons = json.loads(reasons) if isinstance(reasons, str) else (reasons or [])
        met = [reason for reason in reasons if reason["state"] == "met"]
        self.reasons[row["difficulty"]] = [reason["condition"] for reason in met]
        self.musts |= {f"{row['difficulty']}.{reason['condition']}" for reason in met if reason.get("must")}
        self.must = self.must or bool(row["must"])
        self.tier = min(self.tier, int(row["tier"]) or 9)
        self.points = max(self.points, float(row["points"]))
        self.ward, self.known = row.get("ward") or "", row.get("known") or ""

    def conditions(self) -> set[str]:
        return {f"{difficulty}.{name}" for difficulty, names in self.reasons.items() for name in names}


@dataclass(frozen=True)
class Taken:
    """What a night changed: counts of children."""

    new: int
    reopened: int
    changed: int
    moved: int
    dropped: int
    came_in: int = 0  # had waited, and there is a place now
    waiting: int = 0  # below the cut of their ward after this night


@transaction.atomic
def take_findings(
    rows: Iterable[Mapping[str, Any]],
    *,
    as_of: date,
    rooms: Mapping[str, int] | None = None,
    by: Account | None = None,
) -> Taken:
    """Bring the worklist up to a night's findings (case_no, difficulty, must, points, tier, reasons, ward, known).

    `rooms`: by ward code, how many new findings it works this month; a ward that is missing has no limit. What does
    not fit waits (`cut`), must-look never does.

    Run twice with the same rows it changes nothing the second time. A child that is no longer extracted keeps its
    finding, marked so. A closed finding comes back only for a new must-look reason or a new difficulty.
    """
    children: dict[str, Extracted] = {}
    for row in rows:
        children.setdefault(row["case_no"], Extracted(row["case_no"])).add(row)
    taking = _Taking(as_of, timezone.localdate())
    opened = {f.case_no: f for f in Finding.objects.select_for_update().exclude(state=State.CLOSED)}
    closed = {f.case_no: f for f in Finding.objects.filter(state=State.CLOSED, joins=None).order_by("pk")}
    for child in children.values():
        finding = opened.get(child.case_no)
        if finding is not None:
            taking.update(finding, child)
        elif (last := closed.get(child.case_no)) is None:
            taking.open(child, None)
        elif taking.comes_back(last, child):
            taking.open(child, last)
    for finding in opened.values():
        if finding.case_no not in children:
            taking.drop(finding)
    taking.settle(rooms or {}, children)
    return taking.finish(by)


class _Taking:
    """The rows to write, gathered and written in portions."""

    def __init__(self, as_of: date, today: date) -> None:
        self.as_of = as_of
        self.today = today
        self.new: list[Finding] = []
        self.touched: dict[int, Finding] = {}
        self.moves: list[tuple[Finding, str]] = []
        self.dropped = 0
        self.came_in: list[Finding] = []
        self.waiting = 0
        self.candidates: list[Finding] = []  # who may have to wait: new ones, and those who wait already

    def open(self, child: Extracted, reopens: Finding | None) -> None:
        finding = Finding(case_no=child.case_no, first_as_of=self.as_of, as_of=self.as_of, reopens=reopens)
        _fill(finding, child)
        finding.due_on = first_look(self.today, must=child.must, tier=child.tier)
        finding.came_in_on = self.today
        finding.new_reasons = sorted(child.conditions())
        self.new.append(finding)
        if not child.must:
            self.candidates.append(finding)

    def update(self, finding: Finding, child: Extracted) -> None:
        before = _facts(finding)
        known_reasons = {f"{difficulty}.{name}" for difficulty, names in finding.reasons.items() for name in names}
        if child.ward and child.ward != finding.ward:
            self.moves.append((finding, finding.ward))
        newly_must = child.must and not finding.must
        ward = finding.ward
        if child.must and finding.waiting:
            self._bring_in(finding, child.tier, must=True)
        _fill(finding, child)
        finding.ward = child.ward or ward
        if self.as_of > finding.as_of:
            finding.new_reasons = sorted(child.conditions() - known_reasons)
        finding.extracted, finding.as_of = True, self.as_of
        if newly_must:  # a must-look reason does not wait for an older, longer deadline
            soon = first_look(self.today, must=True, tier=child.tier)
            finding.due_on = min(finding.due_on, soon) if finding.due_on else soon
        if finding.waiting:
            self.candidates.append(finding)
        if _facts(finding) != before:
            self.touched[finding.pk] = finding

    def drop(self, finding: Finding) -> None:
        if finding.extracted:
            finding.extracted, finding.new_reasons, finding.tied = False, [], False
            self.touched[finding.pk] = finding
            self.dropped += 1

    def comes_back(self, last: Finding, child: Extracted) -> bool:
        """Whether a closed finding comes back: for a must-look reason or a difficulty that is new since then."""
        reasons_then = {f"{difficulty}.{name}" for difficulty, names in last.reasons.items() for name in names}
        return bool(set(child.reasons) - set(last.difficulties)) or bool(child.musts - reasons_then)

    def settle(self, rooms: Mapping[str, int], children: Mapping[str, Extracted]) -> None:
        """Cut the list of each ward at what it can still work this month."""
        by_ward: dict[str, list[Finding]] = {}
        for finding in self.candidates:
            by_ward.setdefault(finding.ward, []).append(finding)
        for ward, findings in by_ward.items():
            ranks = [(f.tier, -children[f.case_no].points, f.first_as_of) for f in findings]
            found = cut(ranks, self._left(ward, rooms))
            for place in found.in_:
                if findings[place].waiting:
                    self._bring_in(findings[place], findings[place].tier, must=False)
                    self.touched[findings[place].pk] = findings[place]
            for place in (*found.tied, *found.below):
                self._let_wait(findings[place], tied=place in found.tied)

    def _left(self, ward: str, rooms: Mapping[str, int]) -> int | None:
        """How many places the ward has left this month; what came in as must-look has taken some, none those that were
        sampled or that a model added."""
        if ward not in rooms:
            return None
        this_month = {"came_in_on__gte": self.today.replace(day=1), "draw": None, "by_model": None}
        before = Finding.objects.filter(ward=ward, **this_month).exclude(pk__in=[f.pk for f in self.came_in]).count()
        now = sum(f.ward == ward and f.must for f in self.new) + sum(f.ward == ward for f in self.came_in)
        return rooms[ward] - before - now

    def _bring_in(self, finding: Finding, tier: int, *, must: bool) -> None:
        finding.waiting, finding.tied, finding.came_in_on = False, False, self.today
        finding.due_on = first_look(self.today, must=must, tier=tier)
        self.came_in.append(finding)

    def _let_wait(self, finding: Finding, *, tied: bool) -> None:
        before = _facts(finding)
        finding.waiting, finding.tied, finding.came_in_on, finding.due_on = True, tied, None, None
        self.waiting += 1
        if finding.pk and _facts(finding) != before:
            self.touched[finding.pk] = finding

    def finish(self, by: Account | None) -> Taken:
        Finding.objects.bulk_create(self.new, batch_size=PORTION)
        History.objects.bulk_create(
            [
                History(
                    finding=finding,
                    by=None,
                    event="reopened" if finding.reopens_id else "proposed",
                    from_state=State.CLOSED if finding.reopens_id else "",
                    to_state=State.PROPOSED,
                    detail={"as_of": self.as_of.isoformat(), **({"waiting": True} if finding.waiting else {})},
                )
                for finding in self.new
            ],
            batch_size=PORTION,
        )
        Finding.objects.bulk_update(list(self.touched.values()), list(CHANGED), batch_size=100)
        for finding, ward in self.moves:
            History.objects.create(
                finding=finding, event="moved", from_state=finding.state, to_state=finding.state,
                detail={"from": ward, "to": finding.ward},
            )  # fmt: skip
            audit.record("finding.move", by=by, case_no=finding.case_no, detail={"from": ward, "to": finding.ward})
        History.objects.bulk_create(
            [
                History(
                    finding=finding, event="came_in", from_state=finding.state, to_state=finding.state,
                    detail={"as_of": self.as_of.isoformat()},
                )
                for finding in self.came_in
            ],
            batch_size=PORTION,
        )  # fmt: skip
        reopened = [finding for finding in self.new if finding.reopens_id]
        for finding in reopened:
            audit.record("finding.reopen", by=by, case_no=finding.case_no, detail={"as_of": self.as_of})
        taken = Taken(
            new=len(self.new) - len(reopened),
            reopened=len(reopened),
            changed=len(self.touched) - self.dropped,
            moved=len(self.moves),
            dropped=self.dropped,
            came_in=len(self.came_in),
            waiting=self.waiting,
        )
        audit.record("finding.take", by=by, detail={"as_of": self.as_of, **vars(taken)})
        return taken


def _fill(finding: Finding, child: Extracted) -> None:
    finding.ward, finding.known, finding.must = child.ward, child.known, child.must
    finding.tier = child.tier
    finding.difficulties = sorted(child.reasons)
    finding.reasons = {difficulty: child.reasons[difficulty] for difficulty in sorted(child.reasons)}


def _facts(finding: Finding) -> tuple[Any, ...]:
    return tuple(json.dumps(getattr(finding, name), sort_keys=True, default=str) for name in CHANGED)
