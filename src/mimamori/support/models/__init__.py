"""Tables of what people do: one module a subject."""

from __future__ import annotations

from mimamori.support.models.conference import AgendaItem, Conference
from mimamori.support.models.desk import Draft, SavedFilter
from mimamori.support.models.effect import Effect
from mimamori.support.models.finding import Finding, History, Notice, SampleDraw
from mimamori.support.models.judgement import Assessment, Referral
from mimamori.support.models.opinion import SecondOpinion
from mimamori.support.models.plan import EarlierPlan, Plan, PlanAction, PlanChild
from mimamori.support.models.record import Attachment, EarlierNote, Note

__all__ = [
    "AgendaItem",
    "Assessment",
    "Attachment",
    "Conference",
    "Draft",
    "EarlierNote",
    "EarlierPlan",
    "Effect",
    "Finding",
    "History",
    "Note",
    "Notice",
    "Plan",
    "PlanAction",
    "PlanChild",
    "Referral",
    "SampleDraw",
    "SavedFilter",
    "SecondOpinion",
]
