"""The nights that ran."""

from __future__ import annotations

from mimamori.governance.models import Run


def last_run() -> Run | None:
    """The newest night whose snapshot is in service."""
    return Run.objects.filter(state__in=[Run.State.PUBLISHED, Run.State.DONE]).first()


def recent_runs(limit: int = 20) -> list[Run]:
    """The newest nights, whatever became of them."""
    return list(Run.objects.select_related("by")[:limit])
