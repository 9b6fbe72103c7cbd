"""What a person handed in, and what became of it. No content and nothing personal is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """Files handed in together. They lie in the home's `uploads/<folder>` until nothing can be done with them."""

    class Phase(models.TextChoices):
        """What is written down; whether a process still works on it is asked of the machine (`states.state_of`)."""

        WAITING = "waiting"  # for its process to begin
        RUNNING = "running"
        TO_CONFIRM = "to_confirm"  # something is doubtful: a person decides
        HELD = "held"  # could not be received just now: files are kept, it can be started again
        DONE = "done"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    phase = models.CharField(max_length=12, choices=Phase, default=Phase.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField()  # when it was last asked to begin
    ended_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=32, unique=True)
    files = models.JSONField(default=list)  # [{name, bytes}]
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirming = models.BooleanField(default=False)  # the next receive stores what a person has confirmed
    attempts = models.PositiveIntegerField(default=0)
    process = models.CharField(max_length=80, blank=True)  # `process.this_process` of the one that works on it
    step = models.CharField(max_length=300, blank=True)  # what it is at, in words
    done = models.PositiveIntegerField(default=0)  # deliveries begun, of `total`
    total = models.PositiveIntegerField(default=0)
    deliveries = models.JSONField(default=list)  # [{source, as_of, files, receipts}], `work.Group`
    strangers = models.JSONField(default=list)  # [{name, ja, en}]: files that nobody can place
    message = models.JSONField(default=dict)  # {ja, en} of a refusal of the whole
    fault = models.CharField(max_length=100, blank=True)  # the kind of an unforeseen fault, never data

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["phase"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.phase}"


def doubtful(receipts: Sequence[dict[str, Any]]) -> bool:
    """Whether a person must decide on the receipts of one source and day."""
    return any(receipt["state"] == "to_confirm" for receipt in receipts)
