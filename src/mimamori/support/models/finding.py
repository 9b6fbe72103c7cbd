"""What people do about a finding. What the data say stays in the snapshots; the two meet on `case_no` and `as_of`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mimamori.support.states import Outcome, ReferralState, State


def choices(states: type[State] | type[Outcome] | type[ReferralState]) -> list[tuple[str, str]]:
    return [(state.value, state.value) for state in states]


class SampleDraw(models.Model):
    """Children of one ward drawn at random among those whom a night did not extract, to estimate what is missed."""

    snapshot = models.CharField(max_length=64)
    as_of = models.DateField()
    ward = models.CharField(max_length=5)
    seed = models.BigIntegerField()
    asked = models.PositiveIntegerField()
    frame = models.PositiveIntegerField()  # children it was drawn from: not extracted, and nobody looks at them
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["snapshot", "ward"], name="one_draw_a_night_and_ward")
        ]


class Finding(models.Model):
    """A child that the screening put before a person. One open row per child; a reopened case is a new row."""

    case_no = models.CharField(max_length=20, db_index=True)
    ward = models.CharField(max_length=5, blank=True)  # follows the child
    state = models.CharField(max_length=20, choices=choices(State), default=State.PROPOSED)
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
    waiting = models.BooleanField(default=False)  # below the cut: more was extracted than the ward can work
    tied = models.BooleanField(default=False)  # waits at the edge: those of its rank do not all fit
    came_in_on = models.DateField(null=True)  # the day from which it stands on the ward's list; counts for its month
    draw = models.ForeignKey(SampleDraw, on_delete=models.PROTECT, null=True, related_name="findings")  # not extracted
    supported_from = models.DateField(null=True)  # the day on which support was first found to be needed
    effect_due_on = models.DateField(null=True)  # when what came of it is to be recorded next (`effects`)
    by_model = models.PositiveIntegerField(null=True)  # the model that put it on the list; conditions had not
    outcome = models.CharField(max_length=20, choices=choices(Outcome), blank=True)
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
            ),
            models.CheckConstraint(
                condition=Q(waiting=False) | Q(state=State.PROPOSED, must=False, owner=None, due_on=None, draw=None),
                name="must_look_never_waits",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ward", "state", "due_on"], name="finding_worklist"),
            models.Index(fields=["owner", "due_on"], name="finding_by_owner"),
            models.Index(fields=["ward", "came_in_on"], name="finding_came_in"),
        ]


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
    mailed_at = models.DateTimeField(null=True)  # when a mail said that notices wait

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["to", "read_at"], name="notices_unread")]
