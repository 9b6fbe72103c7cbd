"""支援の結果 on the page of a case: what was recorded, and the form for the time that has come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from mimamori.support import effects
from mimamori.support.agencies import words
from mimamori.support.effects import SCALE, TIMES
from mimamori.support.models import Finding
from mimamori.web.forms import PlainForm
from mimamori.web.frame import language


class EffectForm(PlainForm):
    """How it is at a time, and by what that is told."""

    time = forms.ChoiceField(label=gettext_lazy("いつの結果か"), widget=forms.RadioSelect)
    scale = forms.ChoiceField(
        label=gettext_lazy("支援のはじめとくらべて"),
        widget=forms.RadioSelect,
        choices=lambda: words(SCALE, language()),
    )
    text = forms.CharField(
        label=gettext_lazy("何で確かめたか"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "inp"}),
        max_length=5000,
    )

    def __init__(self, *args: Any, times: list[str], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="effect_%s", **kwargs)
        field = self.fields["time"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(time, word) for time, word in words(TIMES, language()) if time in times]


def recorded(found: Finding) -> list[dict[str, Any]]:
    """What was recorded, the newest first."""
    at = 1 if language() == "en" else 0
    return [
        {"one": one, "time": TIMES[one.time][at], "scale": SCALE[one.scale][at]}
        for one in found.effects.select_related("by")
    ]


def fresh(found: Finding, kept: dict[str, Any]) -> EffectForm | None:
    """The form with the time that is missing first; None where no time has come."""
    times = effects.open_times(found)
    return EffectForm(times=times, initial={"time": times[0]} | kept) if times else None
