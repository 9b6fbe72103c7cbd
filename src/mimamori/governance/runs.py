"""The nights that ran."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mimamori.governance.models import ConditionVersion, Run
from mimamori.governance.standing import sets_of
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet


def last_run() -> Run | None:
    """The newest night whose snapshot is in service."""
    return Run.objects.filter(state__in=[Run.State.PUBLISHED, Run.State.DONE]).first()


def recent_runs(limit: int = 20) -> list[Run]:
    """The newest nights, whatever became of them."""
    return list(Run.objects.select_related("by")[:limit])


def run_numbered(pk: int) -> Run:
    """A night that was published, by its number; raises `Refused` where there is none, or it noted no versions."""
    run = Run.objects.filter(pk=pk, state__in=[Run.State.PUBLISHED, Run.State.DONE]).first()
    if run is None:
        raise Refused(f"公開された夜間処理 {pk} はありません。", f"There is no published night {pk}.")
    if not run.versions:
        raise Refused(
            f"夜間処理 {pk} には、使った版の記録がありません。", f"The night {pk} noted no versions to repeat it with."
        )
    return run


def versions_of(run: Run) -> list[ConditionVersion]:
    """The versions that a night ran with."""
    found = [
        ConditionVersion.objects.filter(difficulty=difficulty, number=number).first()
        for difficulty, number in run.versions.items()
    ]
    assert all(found), "versions are never removed"
    return [version for version in found if version is not None]


def sets_by_day(days: Iterable[date]) -> dict[date, dict[str, ConditionSet]]:
    """The condition sets that the last published night of each of these days ran with, by difficulty; in two queries.
    A day without a night, and a night that noted no versions, have none."""
    runs = Run.objects.filter(as_of__in=set(days), state__in=[Run.State.PUBLISHED, Run.State.DONE]).order_by("pk")
    noted = {run.as_of: run.versions for run in runs if run.as_of}
    named = {named for versions in noted.values() for named in versions.items()}
    if not named:
        return {}
    asked = ConditionVersion.objects.filter(
        difficulty__in={difficulty for difficulty, _ in named}, number__in={number for _, number in named}
    )
    versions = [version for version in asked if (version.difficulty, version.number) in named]
    held = {(one.difficulty, one.number): content for one, content in zip(versions, sets_of(versions), strict=True)}
    return {
        day: {difficulty: held[difficulty, number] for difficulty, number in versions.items()}
        for day, versions in noted.items()
    }
