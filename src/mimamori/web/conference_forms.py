"""The forms of a 判定会議. They show what was typed again; what counts is checked by `support.conferences`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from mimamori.support.agencies import words
from mimamori.support.conferences import DECISIONS
from mimamori.web.forms import PlainForm
from mimamori.web.frame import language

Choices = Iterable[tuple[str, str]]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "inp"})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CallForm(PlainForm):
    """A new conference: its name, day and ward."""

    title = forms.CharField(label=gettext_lazy("会議の名前"), max_length=100)
    held_on = forms.DateField(label=gettext_lazy("会議の日"), widget=_day())
    ward = forms.ChoiceField(label=gettext_lazy("区"), required=False)

    def __init__(self, *args: Any, wards: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(wards)


class PutOnForm(PlainForm):
    """A case for the agenda: of which conference, and what it is asked."""

    conference = forms.ChoiceField(label=gettext_lazy("会議"), widget=forms.RadioSelect)
    why = forms.CharField(label=gettext_lazy("会議で決めてほしいこと"), widget=_area(4), max_length=5000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, conferences: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["conference"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(conferences)


class DecisionForm(PlainForm):
    """What was decided of one case, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("決定"), widget=forms.RadioSelect, choices=lambda: words(DECISIONS, language())
    )
    watch_until = forms.DateField(
        label=gettext_lazy("いつまで見守るか"),
        widget=_day(),
        required=False,
        help_text=gettext_lazy("「日を決めて見守る」のとき。この日までにもう一度確かめます。"),
    )
    reason = forms.CharField(label=gettext_lazy("決定の理由"), widget=_area(3), max_length=5000)
    version = forms.IntegerField(widget=forms.HiddenInput)


class TakeOffForm(PlainForm):
    """Why a case is taken off the agenda."""

    reason = forms.CharField(label=gettext_lazy("はずす理由"), max_length=1000)
    version = forms.IntegerField(widget=forms.HiddenInput)


class MinutesForm(PlainForm):
    """Who was there, and what was said of the whole."""

    participants = forms.CharField(
        label=gettext_lazy("出席した人"),
        widget=_area(4),
        max_length=5000,
        required=False,
        help_text=gettext_lazy("1行に1人、所属と名前。"),
    )
    minutes = forms.CharField(label=gettext_lazy("会議の記録"), widget=_area(5), max_length=20000, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
