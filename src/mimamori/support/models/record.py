"""What is written down and filed around a case."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mimamori.support.models.finding import Finding


class Withdrawable(models.Model):
    """What can be taken back with a reason: its content is shown to nobody any more, that it was there stays."""

    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        abstract = True


class Note(Withdrawable):
    """One entry of the chronology (児童記録・経過記録): what happened, when, with whom. It goes with its finding."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    kind = models.CharField(max_length=12)  # `notes.KINDS`
    result = models.CharField(max_length=12, blank=True)  # `notes.RESULTS`; of a contact
    with_whom = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)  # rises with every correction
    written_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-happened_on", "-pk")


class EarlierNote(models.Model):
    """A note as it read before it was corrected."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="earlier")
    version = models.PositiveIntegerField()
    happened_on = models.DateField()
    kind = models.CharField(max_length=12)
    result = models.CharField(max_length=12, blank=True)
    with_whom = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["note", "version"], name="one_wording_a_version")
        ]


class Attachment(Withdrawable):
    """A file of the case. Its content lies sealed in `attachments/` of the home, under `token`."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="attachments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)  # `content.Kind`, told by the content
    size = models.PositiveIntegerField()  # bytes, before sealing
    about = models.CharField(max_length=200)  # what it shows
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
