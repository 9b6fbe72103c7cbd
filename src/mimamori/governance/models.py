"""Versions of what is run, and the runs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ConditionVersion(models.Model):
    """One version of one difficulty's condition set. Its content never changes; a new thought is a new version."""

    difficulty = models.CharField(max_length=16)
    number = models.PositiveIntegerField()  # 1, 2, 3 … by difficulty
    content = models.JSONField()  # `screening.ConditionSet`
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("difficulty", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["difficulty", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="approver_is_not_proposer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.difficulty} {self.number}"


class Run(models.Model):
    """One night: what it was asked, with which versions, and how it ended."""

    class State(models.TextChoices):
        RUNNING = "running"
        PUBLISHED = "published"  # the snapshot is in service; findings may still have to be taken in
        DONE = "done"
        FAILED = "failed"

    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    asked_as_of = models.DateField(null=True)
    as_of = models.DateField(null=True)
    snapshot = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    phases = models.JSONField(default=list)  # [{name, seconds, rows}]
    findings = models.JSONField(default=dict)  # by difficulty
    versions = models.JSONField(default=dict)  # difficulty → number of the condition version
    peak_mib = models.IntegerField(null=True)
    fault = models.CharField(max_length=200, blank=True)  # the kind of fault, never data

    class Meta:
        ordering = ("-pk",)
