"""Samples of automatic links: drawn at random, judged in the queue like any pair, and what the judgements come to."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.linkage_quality import check_may_see_quality
from mimamori.door.sampling import Counted, Interval, draw_links, weighted, wilson
from mimamori.refusal import Refused
from mimamori.review.decisions import HOLDS, standings
from mimamori.review.models import Pair, Sample, SampledLink
from mimamori.review.pairs import ordered

WHY = "sample"  # the reason of a sampled pair: who judges is not told how the night came to its link
MOST = 5000  # links of one sample: more than people judge in a year


@dataclass(frozen=True)
class StratumFound:
    """One way of linking: how many links it has, how many were drawn, judged and right, and the share that is right."""

    name: str
    low: float | None
    links: int
    drawn: int
    judged: int
    right: int
    precision: Interval | None


@dataclass(frozen=True)
class SampleFound:
    """What a sample shows so far. `overall` weighs each stratum by its links; `covers`: the share of all links whose
    stratum has a judgement."""

    as_of: date
    at: datetime
    seed: int
    drawn: int
    judged: int
    strata: tuple[StratumFound, ...]
    overall: Interval | None
    covers: float


@transaction.atomic
def draw(size: int, *, by: Account, seed: int | None = None) -> Sample:
    """Draw a sample from the night in service and put it in the queue. What was not judged of the sample before leaves
    the queue; what was judged already, of whatever pair, counts at once.

    Raises `Denied` by role, and `Refused` for a size outside 1 to `MOST` or where nothing can be drawn.
    """
    check_may(by, Permission.DECIDE_PAIR)
    if not 1 <= size <= MOST:
        raise Refused(f"標本は 1 件から {MOST:,} 件までです。", f"A sample has 1 to {MOST:,} links.")
    chosen = secrets.randbits(31) if seed is None else seed
    drawn = draw_links(by, size, seed=chosen)
    Pair.objects.filter(kind=Pair.Kind.SAMPLE, open=True).update(open=False)
    sample = Sample.objects.create(
        seed=chosen,
        asked=size,
        snapshot=drawn.snapshot,
        as_of=drawn.as_of,
        strata=[asdict(stratum) for stratum in drawn.strata],
        by=by,
    )
    kept = {(pair.left_ref, pair.right_ref): pair for pair in Pair.objects.all()}
    links = []
    for link in drawn.links:
        key = ordered(link.left_ref, link.right_ref)
        pair = _queued(kept.get(key), key, as_of=drawn.as_of, second=not drawn.sensitive.isdisjoint(key))
        links.append(SampledLink(sample=sample, pair=pair, stratum=link.stratum, weight=link.weight))
    SampledLink.objects.bulk_create(links, batch_size=500)
    audit.record(
        "sample.draw",
        by=by,
        purpose="linkage_check",
        detail={"snapshot": drawn.snapshot, "sample": sample.pk, "seed": chosen, "links": len(links)},
    )
    return sample


def newest(account: Account) -> SampleFound | None:
    """What the newest sample shows; None where none was drawn."""
    check_may_see_quality(account)
    return newest_found()


def newest_found() -> SampleFound | None:
    """The same for the command line, which holds the keys of the data itself."""
    sample = Sample.objects.order_by("-pk").first()
    if sample is None:
        return None
    said = {key: now.same for key, now in standings().items() if now.same is not None}
    verdicts: dict[str, list[bool]] = {}
    drawn = 0
    for link in sample.links.select_related("pair"):
        drawn += 1
        same = said.get((link.pair.left_ref, link.pair.right_ref))
        if same is not None:
            verdicts.setdefault(link.stratum, []).append(same)
    strata = tuple(_stratum(told, verdicts.get(told["name"], [])) for told in sample.strata)
    whole = sum(one.links for one in strata)
    return SampleFound(
        as_of=sample.as_of,
        at=sample.at,
        seed=sample.seed,
        drawn=drawn,
        judged=sum(one.judged for one in strata),
        strata=strata,
        overall=weighted([Counted(one.links, one.judged, one.right) for one in strata]),
        covers=sum(one.links for one in strata if one.judged) / whole if whole else 0.0,
    )


def _queued(pair: Pair | None, key: tuple[str, str], *, as_of: date, second: bool) -> Pair:
    """The pair, in the queue where nothing is decided of it; an open pair of the night stays as it is."""
    if pair is None:
        return Pair.objects.create(
            left_ref=key[0],
            right_ref=key[1],
            kind=Pair.Kind.SAMPLE,
            why=WHY,
            first_seen=as_of,
            last_seen=as_of,
            needs_second=second,
        )
    if pair.state not in HOLDS and not pair.open:
        pair.kind, pair.why, pair.weight, pair.open = Pair.Kind.SAMPLE, WHY, None, True
        pair.last_seen, pair.needs_second = as_of, second
        pair.save()
    return pair


def _stratum(told: dict[str, object], verdicts: list[bool]) -> StratumFound:
    right = sum(verdicts)
    return StratumFound(**told, judged=len(verdicts), right=right, precision=wilson(right, len(verdicts)))  # type: ignore[arg-type]  # as `draw` wrote it
