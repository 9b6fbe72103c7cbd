"""The life of a statistical model as its page shows it: what can be done now, each act with its form, the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mimamori import governance
from mimamori.access.models import Account
from mimamori.governance.model_life import MODEL_ACT_LABELS, MODEL_DONE_LABELS, ModelAct
from mimamori.governance.model_versions import MOST_ADDED
from mimamori.governance.models import ModelVersion
from mimamori.support import drafts
from mimamori.web.drafting import Drafting, begin_all
from mimamori.web.forms import PlainForm
from mimamori.web.life import word
from mimamori.web.refusals import said

# What an act does, said before it is done.
HINTS: dict[ModelAct, Promise] = {
    ModelAct.ASK: gettext_lazy("作った人ではない課長が、アルゴリズム記録を見て決めます。"),
    ModelAct.APPROVE: gettext_lazy(
        "次の夜間処理から、抽出条件の一覧に児童を加えます。条件で載った児童を外すことはありません。"
    ),
    ModelAct.RETURN: gettext_lazy("モデルはそのままです。作った人が、依頼し直すか取り下げます。"),
    ModelAct.WITHDRAW: gettext_lazy("取り下げたモデルは使えません。記録は残ります。"),
    ModelAct.SWITCH_OFF: gettext_lazy("すぐに止まります。モデルが加えた理由は、どの画面にも出なくなります。"),
}


class ModelActForm(PlainForm):
    """An act on a model: its reason, and for an approval how many children it may add."""

    act = forms.CharField(widget=forms.HiddenInput)
    adds = forms.IntegerField(
        label=gettext_lazy("加えてよい児童(区の受け持てる数の何 %までか)"),
        min_value=1,
        max_value=MOST_ADDED,
        initial=10,
        help_text=gettext_lazy("1から50まで。10なら、月に40人を受け持つ区で4人までです。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": 2, "class": "inp"}), max_length=5000
    )

    def __init__(self, *args: Any, opened: governance.OpenModelAct, **kwargs: Any) -> None:
        name = opened.row.act
        super().__init__(*args, auto_id=f"{name}_%s", **kwargs)
        self.fields["act"].initial = name.value
        if name is not ModelAct.APPROVE:
            del self.fields["adds"]
        if not opened.row.reason:
            del self.fields["reason"]


def do(version: ModelVersion, form: ModelActForm, *, by: Account) -> str:
    """Do what a valid form asks; returns what to tell of it."""
    act, given = ModelAct(form.cleaned_data["act"]), form.cleaned_data
    reason = given.get("reason", "")
    match act:
        case ModelAct.ASK:
            governance.ask_model(version, by=by)
        case ModelAct.APPROVE:
            governance.approve_model(version, by=by, adds=given["adds"], reason=reason)
        case ModelAct.RETURN:
            governance.send_model_back(version, by=by, reason=reason)
        case ModelAct.WITHDRAW:
            governance.withdraw_model(version, by=by, reason=reason)
        case ModelAct.SWITCH_OFF:
            governance.switch_off(version, by=by)
    return word(MODEL_DONE_LABELS[act])


def begun(
    request: HttpRequest, account: Account, version: ModelVersion, offered: list[governance.OpenModelAct]
) -> dict[str, Drafting]:
    """What was typed into the forms of a model's page, by act."""
    names = {drafts.key("model", version.pk, one.row.act): str(one.row.act) for one in offered}
    found = begin_all(request, account, dict.fromkeys(names, request.path))
    return {names[form]: kept for form, kept in found.items()}


def shown_acts(
    offered: list[governance.OpenModelAct],
    kept: Mapping[str, Drafting],
    sent: QueryDict | None,
    tried: ModelActForm | None,
) -> list[dict[str, Any]]:
    """Each act with its form; the one that was tried keeps what was typed. The first is what a person does now."""
    name = sent.get("act", "") if sent else ""
    if tried and sent and name in kept:
        kept[name].hold(sent)
    return [
        {
            "act": one.row.act.value,
            "word": word(MODEL_ACT_LABELS[one.row.act]),
            "hint": HINTS[one.row.act],
            "stopped": said(one.stopped) if one.stopped else "",
            "form": tried
            if tried and name == one.row.act
            else ModelActForm(opened=one, initial=kept[one.row.act].initial()),
            "kept": kept[one.row.act],
            "first": place == 0,
        }
        for place, one in enumerate(offered)
    ]
