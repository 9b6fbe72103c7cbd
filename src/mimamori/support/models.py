"""What people do about a finding. What the data say stays in the snapshots; the two meet on `case_no` and `as_of`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mimamori.support.states import Outcome, ReferralState, State


def _choices(states: type[State] | type[Outcome] | type[ReferralState]) -> list[tuple[str, str]]:
    return [(state.value, state.value) for state in states]


class Finding(models.Model):
    """A child that the screening put before a person. One open row per child; a reopened case is a new row."""

    case_no = models.CharField(max_length=20, db_index=True)
    ward = models.CharField(max_length=5, blank=True)  # follows the child
    state = models.CharField(max_length=20, choices=_choices(State), default=State.PROPOSED)
    must = models.BooleanField(default=False)  # a must-look condition is met
    tier = models.PositiveSmallIntegerField(default=3)  # 1 is looked at first
    known = models.CharField(max_length=20, blank=True)  # council | guidance | both | empty: new
    difficulties = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)  # difficulty → ids of the conditions met; values stay in the snapshot
    new_reasons = models.JSONField(default=list)  # ids that the last run added
    extracted = models.BooleanField(default=True)  # the last run still extracts the child
    first_as_of = models.DateField()
    as_of = models.DateField()  # of the last run that extracted the child
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="findings")
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=_choices(Outcome), blank=True)
    reopens = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    numbers = models.JSONField(default=list)  # the case numbers it had before merges, the first first: the way home
    joins = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")  # closed by a merge
    version = models.PositiveIntegerField(default=1)  # rises with every change that a person makes
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case_no"], condition=~Q(state=State.CLOSED), name="one_open_finding_per_child"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ward", "state", "due_on"], name="finding_worklist"),
            models.Index(fields=["owner", "due_on"], name="finding_by_owner"),
        ]


class Assessment(models.Model):
    """A worker's own judgement (所見). A draft until recorded; recorded ones are never changed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="assessments")
    case_no = models.CharField(max_length=20, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checklist = models.JSONField(default=dict)  # question → yes | worry | unknown
    text = models.TextField(blank=True)
    checked = models.TextField(blank=True)  # what was checked, from whom it was heard
    outcome = models.CharField(max_length=20, choices=_choices(Outcome), blank=True)
    reason = models.TextField(blank=True)
    watch_until = models.DateField(null=True)
    as_of = models.DateField()  # the snapshot the worker had before them
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["finding", "by"], condition=Q(recorded_at__isnull=True), name="one_draft_per_worker"
            )
        ]


class Referral(models.Model):
    """A hand-over to an agency (つなぎ). Agencies have no account: the worker records their answers."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="referrals")
    case_no = models.CharField(max_length=20, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency_kind = models.CharField(max_length=24)
    agency_name = models.CharField(max_length=100)
    basis = models.CharField(max_length=12)  # consent | law
    basis_text = models.CharField(max_length=200)  # who consented when, or which article
    shared = models.JSONField(default=list)  # the kinds of item that go along
    text = models.TextField()  # what is asked for
    state = models.CharField(max_length=12, choices=_choices(ReferralState), default=ReferralState.SENT)
    sent_on = models.DateField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-sent_on", "-pk")


class History(models.Model):
    """One step of a finding, as its page tells it. `by` is empty for the night."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="history")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=24)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)


class Notice(models.Model):
    """お知らせ to one account: something happened to a case it holds that it did not do itself."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="notices")
    event = models.CharField(max_length=24)  # as in its history
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["to", "read_at"], name="notices_unread")]
