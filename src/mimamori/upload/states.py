"""Where an upload stands: what is written down, and whether its process still lives."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.utils import timezone

from mimamori.upload.models import Upload
from mimamori.upload.process import lives

PATIENCE = timedelta(seconds=60)  # within which a process that was asked for has begun


class State(StrEnum):
    """What a person sees."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"  # its process is gone: start it again, or withdraw it
    TO_CONFIRM = "to_confirm"
    HELD = "held"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


UNDER_WAY = frozenset({State.WAITING, State.RUNNING})
MAY_START_AGAIN = frozenset({State.STOPPED, State.HELD})
ENDED = frozenset({State.DONE, State.REFUSED, State.WITHDRAWN})


def state_of(upload: Upload) -> State:
    phase = Upload.Phase(upload.phase)
    if phase is Upload.Phase.RUNNING and not lives(upload.process):
        return State.STOPPED
    if phase is Upload.Phase.WAITING and timezone.now() - upload.asked_at > PATIENCE:
        return State.STOPPED
    return State(phase.value)


def recent(limit: int = 20) -> list[Upload]:
    """The newest uploads, and before them those that a person must still decide on."""
    open_ones = Upload.objects.select_related("by", "confirmed_by").exclude(phase__in=[state.value for state in ENDED])
    ended = Upload.objects.select_related("by", "confirmed_by").filter(phase__in=[state.value for state in ENDED])
    return [*open_ones, *ended[:limit]]
