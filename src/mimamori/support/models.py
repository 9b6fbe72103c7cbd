"""What people do about a finding. What the data say stays in the snapshots; the two meet on `case_no` and `as_of`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mimamori.support.states import Outcome, ReferralState, State


def _choices(states: type[State] | type[Outcome] | type[ReferralState]) -> list[tuple[str, str]]:
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
    waiting = models.BooleanField(default=False)  # below the cut: more was extracted than the ward can work
    tied = models.BooleanField(default=False)  # waits at the edge: those of its rank do not all fit
    came_in_on = models.DateField(null=True)  # the day from which it stands on the ward's list; counts for its month
    draw = models.ForeignKey(SampleDraw, on_delete=models.PROTECT, null=True, related_name="findings")  # not extracted
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


class Assessment(models.Model):
    """A worker's own judgement (所見), never changed once it is recorded. Until then it is a `Draft`."""

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
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-recorded_at", "-pk")


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
