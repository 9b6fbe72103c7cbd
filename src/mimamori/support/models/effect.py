"""支援の結果: how a child is some months after support was found to be needed, and when the case is closed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mimamori.support.models.finding import Finding


class Effect(models.Model):
    """How it is at one time. Append-only: of one time the last counts, what was said before stays."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="effects")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    time = models.CharField(max_length=8)  # `effects.TIMES`
    scale = models.CharField(max_length=12)  # `effects.SCALE`
    text = models.TextField()  # by what it is told
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(time__in=["3", "6", "12", "closing"]), name="effect_is_at_a_time")
        ]
