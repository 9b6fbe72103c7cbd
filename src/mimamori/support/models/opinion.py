"""第二の意見: that a statistical model put a child on the list, or would have, and by which of its columns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mimamori.support.models.finding import Finding


class SecondOpinion(models.Model):
    """One model's opinion of a finding's child. Names of columns alone: what they hold stays in the snapshot, and no
    score is kept."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="opinions")
    difficulty = models.CharField(max_length=16)
    model = models.PositiveIntegerField()  # key of `governance.ModelVersion`
    adds = models.BooleanField()  # the child stands on the list because of it
    reasons = models.JSONField(default=list)  # columns, the strongest first
    unknown = models.JSONField(default=list)  # columns of which nothing was known
    first_as_of = models.DateField()
    as_of = models.DateField()  # of the last night that said so

    class Meta:
        ordering = ("difficulty", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["finding", "model"], name="one_opinion_a_model_and_finding")
        ]
