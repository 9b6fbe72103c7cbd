"""The form of a 支援計画: its texts, and one row a thing that somebody does; empty rows are left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mimamori.support.agencies import words
from mimamori.support.plans import ACTION_STATES, CONSENTS, MOST_ACTIONS, Action, Content
from mimamori.web.forms import PlainForm
from mimamori.web.frame import language

SPARE = 3  # empty rows below what is written
ROW = ("do", "who", "by", "state", "result")


class PlanForm(PlainForm):
    """`rows`: how many rows of things to do are shown; `siblings`: open findings that may be planned with it."""

    goals = forms.CharField(
        label=gettext_lazy("めざすこと"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "inp"}),
        max_length=5000,
        help_text=gettext_lazy("だれの、何が、どうなるとよいか。できるだけ家族のことばで。"),
    )
    strengths = forms.CharField(
        label=gettext_lazy("できていること・強み"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "inp"}),
        max_length=5000,
        help_text=gettext_lazy("本人や家族ができていること、頼れる人。"),
    )
    avoid = forms.CharField(
        label=gettext_lazy("してはいけない近づき方"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "inp"}),
        max_length=5000,
        required=False,
        help_text=gettext_lazy("連絡してはいけない相手・時間・言い方。家族に渡す紙には載りません。"),
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("家族の同意"), widget=forms.RadioSelect, choices=lambda: words(CONSENTS, language())
    )
    consent_text = forms.CharField(label=gettext_lazy("だれが、いつ。または、その理由"), max_length=200)
    review_on = forms.DateField(
        label=gettext_lazy("見直す日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    together = forms.MultipleChoiceField(
        label=gettext_lazy("いっしょに計画する児童"), widget=forms.CheckboxSelectMultiple, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: int = 0, siblings: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_count = min(rows + SPARE, MOST_ACTIONS)
        if self.is_bound:  # as many as were sent
            sent = [int(name[3:]) for name in self.data if name.startswith("do_") and name[3:].isdecimal()]
            self.row_count = min(max([self.row_count, *(place + 1 for place in sent)]), MOST_ACTIONS)
        together = self.fields["together"]
        assert isinstance(together, forms.MultipleChoiceField)
        together.choices = list(siblings)
        if not together.choices:
            del self.fields["together"]
        for place in range(self.row_count):
            for name, field in _row_fields().items():
                self.fields[f"{name}_{place}"] = field

    def rows(self) -> list[dict[str, forms.BoundField]]:
        """The rows of things to do, each as its fields by name."""
        return [{name: self[f"{name}_{place}"] for name in ROW} for place in range(self.row_count)]

    def clean(self) -> dict[str, Any]:
        """A row that is begun is whole."""
        given = super().clean() or self.cleaned_data
        for place in range(self.row_count):
            told = {name: given.get(f"{name}_{place}") for name in ("do", "who", "by")}
            for name, value in told.items():
                if any(told.values()) and not value and f"{name}_{place}" not in self.errors:
                    self.add_error(f"{name}_{place}", gettext("書いてください。"))
        return given

    def content(self) -> Content:
        """What a valid form says."""
        given = self.cleaned_data
        actions = [
            Action(
                text=given[f"do_{place}"],
                who=given[f"who_{place}"],
                due_on=given[f"by_{place}"],
                state=given[f"state_{place}"] or "open",
                result=given[f"result_{place}"],
            )
            for place in range(self.row_count)
            if given[f"do_{place}"]
        ]
        texts = {name: given[name] for name in ("goals", "strengths", "avoid", "consent", "consent_text")}
        return Content(**texts, review_on=given["review_on"], actions=tuple(actions))


def initial_of(content: Content) -> dict[str, Any]:
    """A plan as the form shows it."""
    shown: dict[str, Any] = {name: getattr(content, name) for name in PlanForm.base_fields if hasattr(content, name)}
    for place, one in enumerate(content.actions):
        values: tuple[str | date, ...] = (one.text, one.who, one.due_on, one.state, one.result)
        shown |= {f"{name}_{place}": value for name, value in zip(ROW, values, strict=True)}
    return shown


def _row_fields() -> dict[str, forms.Field]:
    return {
        "do": forms.CharField(label=gettext_lazy("すること"), max_length=300, required=False),
        "who": forms.CharField(label=gettext_lazy("だれが"), max_length=100, required=False),
        "by": forms.DateField(
            label=gettext_lazy("いつまでに"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            required=False,
        ),
        "state": forms.ChoiceField(
            label=gettext_lazy("状態"), choices=words(ACTION_STATES, language()), required=False, initial="open"
        ),
        "result": forms.CharField(label=gettext_lazy("結果"), max_length=300, required=False),
    }
