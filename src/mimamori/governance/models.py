"""Versions of what is run with the record of their lives, and the runs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mimamori.governance.life import State
from mimamori.governance.model_life import ModelState

MOST_FINDINGS = 9_999  # a month and ward: more is a slip of the keyboard
MOST_SAMPLED = 99


def _account(**options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class ConditionVersion(models.Model):
    """One version of one difficulty's condition set. From test on its content never changes: the database refuses."""

    difficulty = models.CharField(max_length=16)
    number = models.PositiveIntegerField()  # 1, 2, 3 … by difficulty
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State], default="draft")
    content = models.JSONField()  # `screening.ConditionSet`
    revision = models.PositiveIntegerField(default=1)  # rises with every edit of the draft
    note = models.TextField(blank=True)  # why it was written
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = _account()
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = _account(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("difficulty", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["difficulty", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="approver_is_not_proposer",
            ),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="version_has_a_state"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                & ~Q(state__in=[State.APPROVED.value, State.RETIRED.value])
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & Q(state__in=[State.APPROVED.value, State.RETIRED.value]),
                name="approved_is_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.difficulty} {self.number}"


class Step(models.Model):
    """One line of a version's record: who did what, when and why. Append-only."""

    version = models.ForeignKey(ConditionVersion, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(auto_now_add=True)
    by = _account()
    act = models.CharField(max_length=12)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)


class Enforcement(models.Model):
    """From a day on a version is in force, or no longer. Append-only: what was in force on a past day stays told."""

    class Kind(models.TextChoices):
        APPROVED = "approved"
        ROLLED_BACK = "rolled_back"
        RETIRED = "retired"

    version = models.ForeignKey(ConditionVersion, on_delete=models.PROTECT, related_name="enforcements")
    kind = models.CharField(max_length=12, choices=Kind)
    in_force_from = models.DateField()
    recorded_on = models.DateField()
    by = _account()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("in_force_from", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(in_force_from__gte=F("recorded_on")), name="in_force_is_not_backdated"),
            models.CheckConstraint(condition=Q(kind="approved") | ~Q(reason=""), name="going_back_has_a_reason"),
        ]


class Proof(models.Model):
    """What a version was put to and how it stood; of each kind the last counts. Append-only."""

    class Kind(models.TextChoices):
        PERSONA = "persona"
        BACKTEST = "backtest"

    version = models.ForeignKey(ConditionVersion, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=12, choices=Kind)
    passed = models.BooleanField(null=True)  # None: 判定不能, it cannot be told
    summary: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()  # see `proofs.record_proof`
    at = models.DateTimeField(auto_now_add=True)
    by = _account(null=True)  # None: the command line or the clock
    code = models.CharField(max_length=64)  # `code.code_version`
    snapshot = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=["persona", "backtest"]), name="proof_is_of_a_kind"),
        ]


class Remark(models.Model):
    """What an expert said of a version. Experts have no account: somebody typed it in. Append-only."""

    version = models.ForeignKey(ConditionVersion, on_delete=models.PROTECT, related_name="remarks")
    said_by = models.CharField(max_length=100)  # name and office, in words
    said_on = models.DateField()
    text = models.TextField()
    by = _account()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-said_on", "-pk")


class Run(models.Model):
    """One night: what it was asked, with which versions and which code, and how it ended."""

    class State(models.TextChoices):
        RUNNING = "running"
        PUBLISHED = "published"  # the snapshot is in service; findings may still have to be taken in
        DONE = "done"
        FAILED = "failed"

    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    asked_as_of = models.DateField(null=True)
    as_of = models.DateField(null=True)
    snapshot = models.CharField(max_length=64, blank=True)
    by = _account(null=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    phases = models.JSONField(default=list)  # [{name, seconds, rows}]
    findings = models.JSONField(default=dict)  # by difficulty
    versions = models.JSONField(default=dict)  # difficulty → number of the condition version
    opinions = models.JSONField(default=dict)  # what the statistical models said: `scoring.Opinions.told`
    code = models.CharField(max_length=64, blank=True)  # `code.code_version`
    digest = models.CharField(max_length=64, blank=True)  # `screening.findings_digest` of what it found
    peak_mib = models.IntegerField(null=True)
    fault = models.CharField(max_length=200, blank=True)  # the kind of fault, never data

    class Meta:
        ordering = ("-pk",)


class Capacity(models.Model):
    """How many new findings a ward can work in a month, and how many children not extracted it looks at besides.

    It holds from its month on until another month is set. Append-only: of one month the last line counts.
    """

    ward = models.CharField(max_length=5)
    month = models.DateField()  # its first day
    findings = models.PositiveIntegerField(null=True)  # None: no limit
    sample = models.PositiveIntegerField(default=0)  # children not extracted, a night
    note = models.CharField(max_length=200, blank=True)
    by = _account()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("ward", "month", "pk")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["ward", "month"], name="capacity_of_a_month")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(findings__isnull=True) | Q(findings__lte=MOST_FINDINGS), name="capacity_is_workable"
            ),
            models.CheckConstraint(condition=Q(sample__lte=MOST_SAMPLED), name="sample_is_workable"),
        ]


class ModelVersion(models.Model):
    """One statistical model of one difficulty with what it was proved with. Its content never changes: the database
    refuses. `content`: the bytes of `screening.models.Model`, and their SHA-256 in hex."""

    difficulty = models.CharField(max_length=16)
    number = models.PositiveIntegerField()  # 1, 2, 3 … by difficulty
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in ModelState], default="measured"
    )
    candidate = models.CharField(max_length=16)  # `screening.models.candidates.Name`
    content = models.TextField()
    digest = models.CharField(max_length=64)
    evaluation: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    offered = models.BooleanField()  # what the stop rule said
    project = models.CharField(max_length=48)  # of the analysis zone
    key_version = models.PositiveIntegerField()
    code = models.CharField(max_length=64)  # `code.code_version`
    made_by = _account(null=True)  # None: the command line
    made_at = models.DateTimeField(auto_now_add=True)
    approved_by = _account(null=True)
    approved_at = models.DateTimeField(null=True)
    adds = models.PositiveIntegerField(null=True)  # children it may add, in a hundred of a ward's capacity

    class Meta:
        ordering = ("difficulty", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["difficulty", "number"], name="one_model_per_number"),
            models.UniqueConstraint(
                fields=["difficulty"], condition=Q(state=ModelState.ON.value), name="one_model_on_a_difficulty"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(made_by__isnull=True) | ~Q(approved_by=F("made_by")),
                name="model_approver_is_not_maker",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ModelState]), name="model_has_a_state"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=False, approved_at__isnull=False, adds__gte=1, offered=True)
                | ~Q(state__in=[ModelState.ON.value, ModelState.OFF.value]),
                name="model_on_is_approved_and_proved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.difficulty} {self.number}"


class ModelStep(models.Model):
    """One line of a model's record: who did what, when and why. Append-only."""

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(auto_now_add=True)
    by = _account(null=True)  # None: the command line
    act = models.CharField(max_length=12)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)
