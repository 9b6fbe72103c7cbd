"""The ledger of case numbers, the pairs a person must look at, and what people decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mimamori.review.standing import Kind, State


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
    """Two keys that may be one person, put before a person by a night; or that a night took for one, drawn as a
    sample."""

    class Kind(models.TextChoices):
        NIGHT = "night"
        SAMPLE = "sample"

    kind = models.CharField(max_length=8, default=Kind.NIGHT, choices=Kind.choices)
    left_ref = models.CharField(max_length=200)
    right_ref = models.CharField(max_length=200)
    weight = models.FloatField(null=True)
    why = models.CharField(max_length=200)
    first_seen = models.DateField()
    last_seen = models.DateField()
    open = models.BooleanField(default=True)  # false once decided, or once no night proposes it any more
    needs_second = models.BooleanField(default=False)  # somebody of it is protected, or known to council or guidance
    state = models.CharField(max_length=12, default=State.OPEN)  # of what was said so far: `standing`

    class Meta:
        ordering = ("-open", "-weight", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["left_ref", "right_ref"], name="one_row_per_pair"),
            models.CheckConstraint(condition=~Q(left_ref=F("right_ref")), name="two_keys"),
        ]


class Decision(models.Model):
    """What a person said about two keys, or that they take it back. None is ever changed: `standing` tells what the
    rows of a pair come to."""

    left_ref = models.CharField(max_length=200)
    right_ref = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, default=Kind.WORD)  # word | undo
    same = models.BooleanField()  # of an undo: what it takes back
    needs_second = models.BooleanField(default=False)  # as it was when this was said
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["left_ref", "right_ref"], name="decision_of_pair"),
            models.Index(fields=["at"], name="decision_by_day"),
        ]


class CaseChange(models.Model):
    """Keys that a night took from one case number to another: the ledger's lines, read as what happened to a person.

    `kind` is empty until the night that wrote it is in service and case work has followed.
    """

    class Kind(models.TextChoices):
        MERGED = "merged"  # nobody bears the old number any more
        SPLIT = "split"  # the new number had no keys before
        MOVED = "moved"  # both numbers stand for somebody, before and after

    old_no = models.CharField(max_length=20, db_index=True)
    new_no = models.CharField(max_length=20, db_index=True)
    keys = models.PositiveIntegerField()  # how many moved
    began = models.BooleanField()  # the new number had no keys before
    why = models.CharField(max_length=64)
    as_of = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=8, blank=True, choices=Kind.choices)

    class Meta:
        ordering = ("pk",)


class Sample(models.Model):
    """A random sample of the links that one night made without a person. The seed draws the same again."""

    seed = models.BigIntegerField()
    asked = models.PositiveIntegerField()
    snapshot = models.CharField(max_length=40)
    as_of = models.DateField()
    strata = models.JSONField()  # [{name, low, links, drawn}]: see linkage.sample.Stratum
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)


class SampledLink(models.Model):
    """One link of a sample, judged as its pair."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="links")
    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=64)
    weight = models.FloatField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sample", "pair"], name="drawn_once"),
        ]
