"""What an account keeps for itself or by a name: drafts, filters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """What an account has typed into a form and not recorded yet; nobody else sees it. One row an account and form.

    A form may be open twice: what the other opening typed stays beside (`others`), so that neither is lost.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=80)  # assess:12, note:12 …
    page = models.CharField(max_length=200)  # where the writer goes on
    values: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(default=dict)
    opening = models.CharField(max_length=32, blank=True)  # of the form that typed it last
    sent = models.CharField(max_length=32, blank=True)  # the opening that was recorded: what is late of it is dropped
    others: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)  # rises with every keeping
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-changed_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "form"], name="one_draft_a_form")
        ]

    @property
    def text(self) -> str:
        """What was typed as the main text."""
        return self.values.get("text", [""])[0]


class SavedFilter(models.Model):
    """A filter over all children, kept under a name. A new one under the same name is a new row."""

    name = models.CharField(max_length=60)
    content = models.JSONField()  # `screening.filters.dumped`
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("name", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], condition=Q(withdrawn_at=None), name="one_filter_a_name")
        ]
