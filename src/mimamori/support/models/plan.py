"""支援計画: what is to become better, and who does what by when, for one child or several of a family."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from mimamori.support.models.finding import Finding


class Plan(models.Model):
    """A plan as it stands; what it said before a change is an `EarlierPlan`. One that ended is not changed any more."""

    goals = models.TextField()
    strengths = models.TextField()  # what the child and the family do well, and who is there for them
    avoid = models.TextField(blank=True)  # how not to approach them
    consent = models.CharField(max_length=12)  # `plans.CONSENTS`
    consent_text = models.CharField(max_length=200)  # who said so when, or why it was not asked
    review_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)  # rises with every change
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-pk",)


class PlanChild(models.Model):
    """A child of a plan, by its finding."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="children")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="planned")

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "finding"], name="once_in_a_plan")
        ]


class PlanAction(models.Model):
    """One thing that somebody does by a day."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    who = models.CharField(max_length=100)
    due_on = models.DateField()
    state = models.CharField(max_length=8)  # `plans.ACTION_STATES`
    result = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("place",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "place"], name="one_action_a_place")
        ]


class EarlierPlan(models.Model):
    """A plan as it read before it was changed: its fields and actions."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="earlier")
    version = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who had written it
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "version"], name="one_plan_a_version")
        ]
