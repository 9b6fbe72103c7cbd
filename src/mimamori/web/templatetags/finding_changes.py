"""What changed in a finding since the run before, in sentences."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.door import FindingChange
from mimamori.door.shapes import Cause
from mimamori.web import days, words

register = template.Library()

CAUSES: dict[str, Promise] = {
    "value": gettext_lazy("データが変わった"),
    "delivery": gettext_lazy("データの受領による"),
    "cover": gettext_lazy("条件の対象が変わった"),
    "first": gettext_lazy("前回は求めていない値"),
}


@register.filter
def moved(change: FindingChange) -> str:
    """How the child stands beside the run before."""
    before, now = _stood(change.must_before, change.tier_before), _stood(change.must, change.tier)
    day = days.short_day(change.since)
    told = {
        "new": gettext("前回(%(day)s)は載っていませんでした。"),
        "gone": gettext("前回(%(day)s)は%(before)s。今回は載っていません。"),
        "higher": gettext("前回(%(day)s)より上がりました: %(before)s → %(now)s"),
        "lower": gettext("前回(%(day)s)より下がりました: %(before)s → %(now)s"),
        "reasons": gettext("前回(%(day)s)と同じ段階ですが、理由が変わりました。"),
        "same": gettext("前回(%(day)s)と変わりません。"),
    }
    return told[change.kind] % {"day": day, "before": before, "now": now}


@register.filter
def because(change: FindingChange) -> list[str]:
    """What changed it, but for the conditions one by one."""
    told = []
    if change.arrived:
        told.append(gettext("前回は、この児童のデータがありませんでした。"))
    if change.by_age:
        told.append(gettext("年齢が、この類型の対象に入ったか、対象から外れたためです。"))
    if change.by_set:
        told.append(gettext("児童のデータではなく、条件の版が変わったためです。"))
    return told


@register.filter
def step_of(cause: Cause) -> str:
    """The answer then and now, with the value where it has a unit: 非該当 3日 → 該当 14日."""
    then, now = (str(words.ANSWERS[state][2]) for state in (cause.state_before, cause.state))
    return f"{_said(then, cause.value_before, cause.unit)} → {_said(now, cause.value, cause.unit)}"


@register.filter
def cause_word(cause: Cause) -> Promise:
    return CAUSES[cause.cause]


def _said(answer: str, value: str, unit: str) -> str:
    if not value or not unit:
        return answer
    return f"{answer} {value}{' ' if days.english() else ''}{unit}"


def _stood(must: bool, tier: int | None) -> str:
    if must:
        return gettext("必ず見る")
    return gettext("段階%(n)d") % {"n": tier} if tier else gettext("載っていない")
