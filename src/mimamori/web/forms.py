"""The forms of case work. They show what was typed again; what counts is checked by the verbs of `support`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mimamori.support.agencies import AGENCIES, BASES, SHARED, words
from mimamori.support.checklist import questions_for
from mimamori.support.notes import KINDS as NOTE_KINDS
from mimamori.support.notes import RESULTS as NOTE_RESULTS
from mimamori.support.referral_forms import FORMS
from mimamori.support.states import OUTCOME_LABELS, REFERRAL_LABELS, Outcome, ReferralState
from mimamori.web.frame import language
from mimamori.web.words import CHECK_ANSWERS

CHECK = "check_"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "inp"})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def outcome_choices() -> list[tuple[str, str]]:
    place = 1 if language() == "en" else 0
    return [(outcome.value, OUTCOME_LABELS[outcome][place]) for outcome in Outcome]


class PlainForm(forms.Form):
    """A form whose missing answers are asked for in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self.ask(field)

    @staticmethod
    def ask(field: forms.Field) -> None:
        choice = isinstance(field, forms.ChoiceField)
        field.error_messages["required"] = gettext("えらんでください。") if choice else gettext("書いてください。")


class AssessmentForm(PlainForm):
    """所見: the checklist for the child's difficulties, the own words, what was checked, the outcome and its reason."""

    text = forms.CharField(
        label=gettext_lazy("所見"),
        widget=_area(7),
        max_length=20000,
        help_text=gettext_lazy("見たこと、聞いたこと、考えたこと。この子が読むと思って書いてください。"),
    )
    checked = forms.CharField(
        label=gettext_lazy("確かめたこと、聞いた相手"), widget=_area(3), max_length=5000, required=False
    )
    outcome = forms.ChoiceField(label=gettext_lazy("判断"), widget=forms.RadioSelect, choices=outcome_choices)
    watch_until = forms.DateField(
        label=gettext_lazy("いつまで見守るか"),
        widget=_day(),
        required=False,
        help_text=gettext_lazy("「日を決めて見守る」のとき。この日までにもう一度確かめます。"),
    )
    reason = forms.CharField(label=gettext_lazy("判断の理由"), widget=_area(3), max_length=5000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, difficulties: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions_for(difficulties)
        for question in self.questions:
            self.fields[CHECK + question.id] = forms.ChoiceField(
                label=question.text(language()),
                choices=list(CHECK_ANSWERS.items()),
                widget=forms.RadioSelect,
                required=False,
            )

    def checks(self) -> list[forms.BoundField]:
        return [self[CHECK + question.id] for question in self.questions]

    def answers(self, values: dict[str, Any]) -> dict[str, str]:
        """The checklist's answers out of the form's values."""
        return {question.id: values.get(CHECK + question.id) or "" for question in self.questions}


class ReferralForm(PlainForm):
    """つなぎ: to whom, on what basis, what goes along, what is asked for, and by when."""

    agency_kind = forms.ChoiceField(label=gettext_lazy("つなぎ先の種類"), choices=lambda: words(AGENCIES, language()))
    agency_name = forms.CharField(
        label=gettext_lazy("つなぎ先の名前"), max_length=100, help_text=gettext_lazy("機関と、わかれば担当者。")
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("伝えてよい根拠"), widget=forms.RadioSelect, choices=lambda: words(BASES, language())
    )
    basis_text = forms.CharField(
        label=gettext_lazy("だれの同意か、どの条文か"),
        max_length=200,
        help_text=gettext_lazy("例: 母、11月25日に電話で同意 / 児童福祉法第25条の2"),
    )
    shared = forms.MultipleChoiceField(
        label=gettext_lazy("伝える項目"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: words(SHARED, language()),
        help_text=gettext_lazy("えらんだ項目だけを伝えます。支援措置のある人の住所は伝えません。"),
    )
    text = forms.CharField(label=gettext_lazy("お願いすること"), widget=_area(5), max_length=5000)
    due_on = forms.DateField(label=gettext_lazy("返事の期限"), widget=_day())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = 1 if language() == "en" else 0
        for kind, own in FORMS.items():
            for asked in own.fields:
                field: forms.Field = forms.CharField(widget=_area(2), max_length=2000)
                if asked.choices is not None:
                    field = forms.ChoiceField(choices=words(asked.choices, language()), widget=forms.RadioSelect)
                field.label, field.required = asked.label[place], False
                self.fields[f"{kind}_{asked.name}"] = field

    def own_forms(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The agencies' own forms: title and fields, to be answered where that agency is chosen."""
        place = 1 if language() == "en" else 0
        return [
            (own.title[place], [self[f"{kind}_{asked.name}"] for asked in own.fields]) for kind, own in FORMS.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Of the agencies' own forms only the chosen one's answers stay, as `form`; all of them are needed."""
        given = super().clean() or {}
        answers: dict[str, str] = {}
        for kind, own in FORMS.items():
            for asked in own.fields:
                answer = given.pop(f"{kind}_{asked.name}", "")
                if kind != given.get("agency_kind"):
                    continue
                answers[asked.name] = answer
                if not answer:
                    missing = gettext("書いてください。") if asked.choices is None else gettext("えらんでください。")
                    self.add_error(f"{kind}_{asked.name}", missing)
        return {**given, "form": answers}


class AnswerForm(PlainForm):
    """The agency's answer, recorded by the worker."""

    answer = forms.ChoiceField(label=gettext_lazy("返事"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("内容"),
        widget=_area(4),
        max_length=5000,
        required=False,
        help_text=gettext_lazy("受けられない理由、または、したことと結果。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = 1 if language() == "en" else 0
        answers = (ReferralState.ACCEPTED, ReferralState.REFUSED, ReferralState.DONE)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(answer.value, REFERRAL_LABELS[answer][place]) for answer in answers]


class StepForm(PlainForm):
    """A step that needs a reason: close, send back, look again."""

    event = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("理由"), widget=_area(2), max_length=5000)
    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(PlainForm):
    """児童記録: one entry of the chronology; `version` is that of the entry that is corrected."""

    happened_on = forms.DateField(label=gettext_lazy("いつ"), widget=_day())
    kind = forms.ChoiceField(label=gettext_lazy("種類"), choices=lambda: words(NOTE_KINDS, language()))
    result = forms.ChoiceField(
        label=gettext_lazy("結果"),
        choices=lambda: [("", gettext("—")), *words(NOTE_RESULTS, language())],
        required=False,
        help_text=gettext_lazy("訪問・面接・電話・文書のとき。"),
    )
    with_whom = forms.CharField(label=gettext_lazy("だれと"), max_length=100, required=False)
    text = forms.CharField(
        label=gettext_lazy("記録"),
        widget=_area(5),
        max_length=20000,
        help_text=gettext_lazy("見たこと、聞いたこと、したこと。見立ては所見に書きます。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AttachForm(PlainForm):
    """添付: a file and what it shows."""

    file = forms.FileField(
        label=gettext_lazy("ファイル"),
        error_messages={"empty": gettext_lazy("空のファイルです。えらび直してください。")},
    )
    about = forms.CharField(label=gettext_lazy("何のファイルか"), max_length=200)


class PairForm(forms.Form):
    """A judgement on a pair: equal answers, no default."""

    answer = forms.ChoiceField(choices=[("same", "same"), ("different", "different")])
    reason = forms.CharField(max_length=1000, required=False)

    def said(self) -> bool:
        return str(self.cleaned_data["answer"]) == "same"
