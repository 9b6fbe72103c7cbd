"""支援の結果: on one scale 3, 6 and 12 months after support was found to be needed, and at closing, which needs it.

The months run from the day on which support was first found to be needed, whether the case is closed by then or not:
what help was worth shows later than it ends.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.screening.fates import months_after
from mimamori.support.agencies import Words
from mimamori.support.models import Effect, Finding
from mimamori.support.states import State
from mimamori.support.steps import locked, need

CLOSING = "closing"
MONTHS: dict[str, int] = {"3": 3, "6": 6, "12": 12}
TIMES: Words = {
    "3": ("3か月後", "After 3 months"),
    "6": ("6か月後", "After 6 months"),
    "12": ("12か月後", "After 12 months"),
    CLOSING: ("終結のとき", "At closing"),
}
SCALE: Words = {
    "much_better": ("大きくよくなった", "Much better"),
    "better": ("よくなった", "Better"),
    "same": ("変わらない", "The same"),
    "worse": ("悪くなった", "Worse"),
    "untold": ("わからない(会えない・転出など)", "Cannot be told (not met, moved away …)"),
}


@transaction.atomic
def record(
    finding: Finding | int, *, by: Account, time: str, scale: str, text: str, version: int | None = None
) -> Effect:
    """Record how it is at a time (`TIMES`). Raises `Refused` before that time, where no support was found to be
    needed, and without by what it is told."""
    check_may(by, Permission.RECORD)
    found = locked(finding, by=by, version=version, yours=text)
    if found.supported_from is None:
        raise Refused(
            "支援が必要と判断したケースにだけ記録できます。", "It is recorded where support was found to be needed."
        )
    if time not in TIMES or scale not in SCALE:
        raise Refused("いつの結果か、どうなったかをえらんでください。", "Choose the time and how it is.")
    if time == CLOSING and found.state == State.CLOSED:
        raise Refused("もう終結しています。", "The case is closed already.")
    if time in MONTHS and timezone.localdate() < months_after(found.supported_from, MONTHS[time]):
        raise Refused("まだその時期ではありません。", "It is too early for this time.")
    effect = Effect.objects.create(
        finding=found,
        by=by,
        time=time,
        scale=scale,
        text=need(text, "何で確かめたかを書いてください。", "Write by what you can tell."),
    )
    found.effect_due_on = next_due(found)
    found.save()
    detail = {"finding": found.pk, "time": time, "scale": scale}
    audit.record("finding.effect", by=by, case_no=found.case_no, detail=detail)
    return effect


def next_due(finding: Finding) -> date | None:
    """The first of the months of which nothing is recorded; None after all of them, or without support."""
    if finding.supported_from is None:
        return None
    told = set(finding.effects.values_list("time", flat=True)) if finding.pk else set()
    start = finding.supported_from
    return next((months_after(start, months) for time, months in MONTHS.items() if time not in told), None)


def open_times(finding: Finding) -> list[str]:
    """The times that may be recorded now, the first that is missing first."""
    if finding.supported_from is None:
        return []
    today, told = timezone.localdate(), set(finding.effects.values_list("time", flat=True))
    due = [time for time, months in MONTHS.items() if months_after(finding.supported_from, months) <= today]
    times = due + ([] if finding.state == State.CLOSED else [CLOSING])
    return sorted(times, key=lambda time: time in told)


def check_closing(finding: Finding) -> None:
    """Raise `Refused` where support was given and nobody said what came of it. Where none was needed, the assessment's
    own outcome is what came of the case."""
    if finding.state == State.SUPPORT_DONE and not finding.effects.filter(time=CLOSING).exists():
        raise Refused(
            "終結の前に、支援の結果(終結のとき)を記録してください。",
            "Record what came of the support (at closing) before the case is closed.",
        )
