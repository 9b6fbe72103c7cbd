"""What a worker judged, and to whom they handed over."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mimamori.support.models.finding import Finding, choices
from mimamori.support.states import Outcome, ReferralState


class Assessment(models.Model):
    """A worker's own judgement (所見), never changed once it is recorded. Until then it is a `Draft`."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="assessments")
    case_no = models.CharField(max_length=20, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checklist = models.JSONField(default=dict)  # question → yes | worry | unknown
    text = models.TextField(blank=True)
    checked = models.TextField(blank=True)  # what was checked, from whom it was heard
    outcome = models.CharField(max_length=20, choices=choices(Outcome), blank=True)
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
    form = models.JSONField(default=dict)  # answers to the agency's own form (`referral_forms.FORMS`)
    state = models.CharField(max_length=12, choices=choices(ReferralState), default=ReferralState.SENT)
    sent_on = models.DateField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-sent_on", "-pk")
