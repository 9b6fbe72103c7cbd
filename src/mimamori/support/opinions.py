"""第二の意見 of statistical models: children whom they add to a list, never one whom they take off; by whom it is seen,
and what people answered.

What a model adds takes no place of a child whom the conditions list: it has places of its own, a month and ward. Nobody
who looks into a case sees what a model says of it before having written down a view of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may, may
from mimamori.access.models import Account
from mimamori.support.deadlines import first_look
from mimamori.support.models import Assessment, Finding, History, SecondOpinion
from mimamori.support.states import Outcome, State

TIER = 3  # an opinion hurries nobody


@dataclass(frozen=True)
class Addition:
    """A child whom a model orders high and the conditions of its difficulty do not list. `model`: the key of its
    version; `reasons`: columns that put it there, the strongest first; `unknown`: columns of which nothing is known."""

    case_no: str
    ward: str
    known: str
    difficulty: str
    model: int
    reasons: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """What people found of the children whom one model added: `added`, of whom `judged` have an assessment; `by` its
    first outcome."""

    added: int
    judged: int
    by: Mapping[Outcome, int]

    @property
    def agreed(self) -> int:
        """Judged to need support, or to be watched."""
        return self.by.get(Outcome.SUPPORT_NEEDED, 0) + self.by.get(Outcome.WATCH, 0)


@transaction.atomic
def take_opinions(
    additions: Iterable[Addition],
    *,
    as_of: date,
    places: Mapping[tuple[int, str], int],
    by: Account | None = None,
) -> Mapping[str, int]:
    """Put down what the models say, in the given order; returns by difficulty how many children came onto a list.

    `places`: by model and ward, how many it may add in this month; a pair that is missing, none. A child with an open
    finding gets the opinion beside it. One whose case was closed comes back only for a difficulty that was not among
    its reasons then. Run twice with the same additions it changes nothing the second time.
    """
    today = timezone.localdate()
    left = dict(places)
    month = Finding.objects.exclude(by_model=None).filter(came_in_on__gte=today.replace(day=1))
    for model, ward in month.values_list("by_model", "ward"):
        if model is not None:
            left[model, ward] = left.get((model, ward), 0) - 1
    counted: Counter[str] = Counter()
    for one in additions:
        finding = Finding.objects.select_for_update().filter(case_no=one.case_no).exclude(state=State.CLOSED).first()
        if finding is None:
            last = Finding.objects.filter(case_no=one.case_no, joins=None).order_by("-pk").first()
            if left.get((one.model, one.ward), 0) <= 0 or (last is not None and _answered(last, one.difficulty)):
                continue
            finding = _open(one, last, as_of=as_of, today=today)
            left[one.model, one.ward] -= 1
            counted[one.difficulty] += 1
        _note(finding, one, as_of)
    if counted:
        audit.record("finding.add", by=by, detail={"as_of": as_of, "added": dict(counted)})
    return counted


def _answered(last: Finding, difficulty: str) -> bool:
    """Whether people have closed a case of this child in which the difficulty was among the reasons."""
    return difficulty in last.difficulties or last.opinions.filter(difficulty=difficulty).exists()


def _open(one: Addition, last: Finding | None, *, as_of: date, today: date) -> Finding:
    finding = Finding.objects.create(
        case_no=one.case_no, ward=one.ward, known=one.known, tier=TIER, extracted=False, first_as_of=as_of, as_of=as_of,
        due_on=first_look(today, must=False, tier=TIER), came_in_on=today, by_model=one.model, reopens=last,
    )  # fmt: skip
    before = State.CLOSED.value if last else ""
    History.objects.create(finding=finding, event="added", from_state=before, to_state=State.PROPOSED)
    return finding


def _note(finding: Finding, one: Addition, as_of: date) -> None:
    said = SecondOpinion.objects.filter(finding=finding, model=one.model).first()
    if said is None:
        said = SecondOpinion(finding=finding, model=one.model, difficulty=one.difficulty, first_as_of=as_of)
        said.adds = finding.by_model == one.model
    said.reasons, said.unknown, said.as_of = list(one.reasons), list(one.unknown), as_of
    said.save()


def added_before(model: int) -> dict[str, int]:
    """By ward code, how many children the model has added up to now."""
    return dict(Counter(Finding.objects.filter(by_model=model).values_list("ward", flat=True)))


def opinions_of(account: Account, finding: Finding, *, on: Collection[int]) -> list[SecondOpinion]:
    """What the models of these keys say of a finding, for this account: nothing before it has written down a view of
    its own, unless it supervises those who look."""
    check_may(account, Permission.SEE_SCREENING)
    if not (may(account, Permission.CLOSE) or finding.assessments.filter(by=account).exists()):
        return []
    return list(finding.opinions.filter(model__in=on))


def answers_to(model: int) -> Answers:
    """What people found of the children whom this model added, by the first assessment of each. Counts alone."""
    added = Finding.objects.filter(by_model=model)
    first: dict[int, str] = {}
    recorded = Assessment.objects.filter(finding__in=added).order_by("recorded_at", "pk")
    for finding, outcome in recorded.values_list("finding", "outcome"):
        first.setdefault(finding, outcome)
    counted = Counter(Outcome(outcome) for outcome in first.values())
    return Answers(added=added.count(), judged=len(first), by=counted)
