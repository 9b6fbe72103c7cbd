"""The ledger of case numbers, the pairs a person must look at, and what people decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LedgerEntry(models.Model):
    """From this night on, this key stands (`link`) or no longer stands (`unlink`) for this case number. Append-only."""

    case_no = models.CharField(max_length=20, db_index=True)
    ref = models.CharField(max_length=200)
    action = models.CharField(max_length=8)  # link | unlink
    as_of = models.DateField()
    why = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)


class Pair(models.Model):
    """Two keys that may be one person, put before a person by a night."""

    left_ref = models.CharField(max_length=200)
    right_ref = models.CharField(max_length=200)
    weight = models.FloatField(null=True)
    why = models.CharField(max_length=200)
    first_seen = models.DateField()
    last_seen = models.DateField()
    open = models.BooleanField(default=True)  # false once decided, or once no night proposes it any more

    class Meta:
        ordering = ("-open", "-weight", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["left_ref", "right_ref"], name="one_row_per_pair"),
            models.CheckConstraint(condition=~Q(left_ref=F("right_ref")), name="two_keys"),
        ]


class Decision(models.Model):
    """What a person said about two keys. The last one of a pair holds; none is ever changed."""

    left_ref = models.CharField(max_length=200)
    right_ref = models.CharField(max_length=200)
    same = models.BooleanField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
