"""判定会議: a day on which several people look at cases together, and what they decide of each."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mimamori.support.models.finding import Finding


class Conference(models.Model):
    """One conference of a ward (or, without one, of the city). After it is closed nothing of it is changed."""

    ward = models.CharField(max_length=5, blank=True)
    title = models.CharField(max_length=100)
    held_on = models.DateField()
    participants = models.TextField(blank=True)  # who was there, one a line
    minutes = models.TextField(blank=True)  # what was said of the whole, beside the decisions
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)  # rises with every change of what is written here
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-held_on", "-pk")


class AgendaItem(models.Model):
    """A finding on a conference's agenda, and what was decided. One taken off, or decided, stays readable."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="items")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="agenda")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()  # what the conference is asked
    asked_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=16, blank=True)  # `conferences.DECISIONS`, or taken_off
    reason = models.TextField(blank=True)
    watch_until = models.DateField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["finding"], condition=models.Q(decision=""), name="on_one_agenda_at_a_time")
        ]
