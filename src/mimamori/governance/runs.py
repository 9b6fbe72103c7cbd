"""The nights that ran."""

from __future__ import annotations

from mimamori.governance.models import ConditionVersion, Run
from mimamori.refusal import Refused


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
