"""Children who were not extracted, drawn at random and looked at like any finding: from what people find of them it is
estimated what the conditions miss. The list says how they came there, so that nobody takes them for suspicious."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.screening.unlisted import Drawn
from mimamori.support.deadlines import first_look
from mimamori.support.models import Assessment, Finding, History, SampleDraw
from mimamori.support.states import Outcome, State

TIER = 3  # nothing was extracted, so nothing hurries
FOUND = frozenset({Outcome.SUPPORT_NEEDED})
JUDGED = frozenset(Outcome) - {Outcome.DATA_WRONG}  # of wrong data nothing follows


@dataclass(frozen=True)
class SampleResult:
    """What came of one ward's draw: of `frame` children `drawn` were, of whom `judged` have an assessment that says
    something of the child, and `missed` of those need support."""

    ward: str
    as_of: date
    frame: int
    drawn: int
    judged: int
    missed: int


def looked_at() -> frozenset[str]:
    """The case numbers of which a finding is open: nobody is drawn among them."""
    return frozenset(Finding.objects.exclude(state=State.CLOSED).values_list("case_no", flat=True))


@transaction.atomic
def take_sample(
    draws: Iterable[Drawn],
    *,
    sizes: Mapping[str, int],
    snapshot: str,
    as_of: date,
    seed: int,
    by: Account | None = None,
) -> int:
    """Put drawn children on the list of their ward; returns how many. `sizes` is what was asked for by ward code. A
    night's draw is taken once."""
    today = timezone.localdate()
    due = first_look(today, must=False, tier=TIER)
    taken = 0
    for drawn in draws:
        if SampleDraw.objects.filter(snapshot=snapshot, ward=drawn.ward).exists():
            continue
        draw = SampleDraw.objects.create(
            snapshot=snapshot, as_of=as_of, ward=drawn.ward, seed=seed, asked=sizes[drawn.ward], frame=drawn.frame
        )
        for case_no in drawn.cases:
            finding = Finding.objects.create(
                case_no=case_no, ward=drawn.ward, tier=TIER, extracted=False, first_as_of=as_of, as_of=as_of,
                due_on=due, came_in_on=today, draw=draw,
            )  # fmt: skip
            History.objects.create(finding=finding, event="sampled", to_state=State.PROPOSED)
            taken += 1
        detail = {"draw": draw.pk, "snapshot": snapshot, "ward": drawn.ward, "seed": seed, "drawn": len(drawn.cases)}
        audit.record("finding.sample", by=by, detail={**detail, "frame": drawn.frame})
    return taken


def sample_results(account: Account, *, since: date | None = None) -> list[SampleResult]:
    """What came of the draws of nights from `since` on (None: of all), by night and ward. For statistics: of the whole
    city whatever the account's scope; no case number leaves here."""
    check_may(account, Permission.SEE_STATISTICS)
    draws = SampleDraw.objects.filter(as_of__gte=since) if since else SampleDraw.objects.all()
    first: dict[int, str] = {}  # finding → the outcome of its first assessment: what was found when the child was drawn
    recorded = Assessment.objects.filter(finding__draw__in=draws).order_by("recorded_at", "pk")
    for finding, outcome in recorded.values_list("finding", "outcome"):
        first.setdefault(finding, outcome)
    by_draw: dict[int, list[str | None]] = {}
    for finding, draw in Finding.objects.filter(draw__in=draws).values_list("pk", "draw"):
        by_draw.setdefault(draw, []).append(first.get(finding))
    return [
        SampleResult(
            ward=draw.ward,
            as_of=draw.as_of,
            frame=draw.frame,
            drawn=len(outcomes),
            judged=sum(outcome in JUDGED for outcome in outcomes),
            missed=sum(outcome in FOUND for outcome in outcomes),
        )
        for draw in draws.order_by("as_of", "ward")
        for outcomes in [by_draw.get(draw.pk, [])]
    ]
