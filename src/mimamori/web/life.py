"""The life of a version as its page shows it: how far it has come, what can be done, proofs, remarks, the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori import governance
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.governance import life
from mimamori.governance.life import Act, State
from mimamori.governance.models import ConditionVersion, Enforcement, Proof
from mimamori.governance.proofs import KIND_LABELS, KINDS
from mimamori.governance.standing import Standing
from mimamori.support import drafts
from mimamori.web.days import english
from mimamori.web.drafting import Drafting, begin_all
from mimamori.web.forms import PlainForm
from mimamori.web.refusals import said

STAGES: tuple[tuple[State, Promise], ...] = (
    (State.DRAFT, gettext_lazy("下書き")),
    (State.TESTING, gettext_lazy("検証")),
    (State.REVIEW, gettext_lazy("確認")),
    (State.APPROVED, gettext_lazy("承認")),
)
PASSED: dict[bool | None, tuple[str, Promise]] = {
    True: ("ok", gettext_lazy("通りました")),
    False: ("warn", gettext_lazy("通っていません")),
    None: ("line", gettext_lazy("判定不能")),
}
# What an act does, said before it is done.
HINTS: dict[Act, Promise] = {
    Act.TEST: gettext_lazy("ここから先、内容は変えられません。直すときは、写して新しい版を作ります。"),
    Act.ASK: gettext_lazy("書いた人ではない課長が、内容と検証の結果を見て決めます。"),
    Act.APPROVE: gettext_lazy("使いはじめる日の夜間処理から、この版で抽出します。"),
    Act.RETURN: gettext_lazy("内容はそのままです。検証をやり直すか、取り下げて新しい版を作ってもらいます。"),
    Act.WITHDRAW: gettext_lazy("取り下げた版は使えません。写して新しい版を作ることはできます。"),
    Act.RETIRE: gettext_lazy(
        "次の夜間処理から、この類型の抽出は行われなくなります。前の版を使うときは、その版のページから「もどす」をえらびます。"
    ),
    Act.ROLL_BACK: gettext_lazy("次の夜間処理から、いまの版のかわりにこの版を使います。これまでの記録は変わりません。"),
}


class ActForm(PlainForm):
    """An act on a version: its reason, and for an approval the day from which it holds."""

    act = forms.CharField(widget=forms.HiddenInput)
    in_force_from = forms.DateField(
        label=gettext_lazy("使いはじめる日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("データの基準日ではなく、夜間処理を動かす日です。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": 2, "class": "inp"}), max_length=5000
    )

    def __init__(self, *args: Any, opened: governance.Open, **kwargs: Any) -> None:
        name = opened.row.act
        super().__init__(*args, auto_id=f"{name}_%s", **kwargs)
        self.fields["act"].initial = name.value
        if name is Act.APPROVE:
            self.fields["in_force_from"].initial = timezone.localdate()
            self.fields["reason"].required = opened.reason
            if opened.reason:
                self.fields["reason"].help_text = gettext(
                    "通っていない検証があります。それでも承認する理由を書きます。"
                )
        else:
            del self.fields["in_force_from"]
            if not opened.reason:
                del self.fields["reason"]


class RemarkForm(PlainForm):
    """What an expert said, typed in."""

    said_by = forms.CharField(
        label=gettext_lazy("だれの意見か"), max_length=100, help_text=gettext_lazy("所属と名前。例: 学校医 ○○先生")
    )
    said_on = forms.DateField(
        label=gettext_lazy("いつ"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(
        label=gettext_lazy("意見"), widget=forms.Textarea(attrs={"rows": 3, "class": "inp"}), max_length=5000
    )


REMARK = "remark"


def word(labels: tuple[str, str]) -> str:
    return labels[1 if english() else 0]


def do(version: ConditionVersion, form: ActForm, *, by: Account) -> str:
    """Do what a valid form asks; returns what to tell of it."""
    act, given = Act(form.cleaned_data["act"]), form.cleaned_data
    reason = given.get("reason", "")
    match act:
        case Act.TEST:
            governance.send_to_test(version, by=by)
        case Act.ASK:
            governance.ask_approval(version, by=by)
        case Act.APPROVE:
            governance.approve(version, by=by, in_force_from=given["in_force_from"], reason=reason)
        case Act.RETURN:
            governance.send_back(version, by=by, reason=reason)
        case Act.WITHDRAW:
            governance.withdraw(version, by=by, reason=reason)
        case Act.RETIRE:
            governance.retire(version, by=by, reason=reason)
        case Act.ROLL_BACK:
            governance.roll_back(version, by=by, reason=reason)
        case Act.EDIT:
            raise AssertionError("a draft is edited on a page of its own")
    return word(life.DONE_LABELS[act])


def acts(account: Account, version: ConditionVersion, standing: Standing | None) -> list[governance.Open]:
    """What the page offers; a draft is edited on a page of its own."""
    return [one for one in governance.open_acts(account, version, standing) if one.row.act is not Act.EDIT]


def begun(
    request: HttpRequest, account: Account, version: ConditionVersion, offered: list[governance.Open]
) -> dict[str, Drafting]:
    """What was typed into the forms of a version's page: by act, and the remark."""
    names = {drafts.key("version", version.pk, one.row.act): str(one.row.act) for one in offered}
    names[drafts.key("remark", version.pk)] = REMARK
    page_of = reverse("condition_set", args=[version.pk])
    return {names[form]: kept for form, kept in begin_all(request, account, dict.fromkeys(names, page_of)).items()}


def shown_acts(
    offered: list[governance.Open], kept: Mapping[str, Drafting], sent: QueryDict | None, tried: ActForm | None
) -> list[dict[str, Any]]:
    """Each act with its form; the one that was tried keeps what was typed. The first is what a person does now."""
    name = sent.get("act", "") if sent else ""
    if tried and sent and name in kept:
        kept[name].hold(sent)
    return [
        {
            "act": one.row.act.value,
            "word": word(life.ACT_LABELS[one.row.act]),
            "hint": HINTS[one.row.act],
            "stopped": said(one.stopped) if one.stopped else "",
            "form": tried
            if tried and name == one.row.act
            else ActForm(opened=one, initial=kept[one.row.act].initial()),
            "kept": kept[one.row.act],
            "first": place == 0,
        }
        for place, one in enumerate(offered)
    ]


def shown_life(account: Account, version: ConditionVersion, standing: Standing | None) -> dict[str, Any]:
    """How far the version has come, what it was put to, what was said of it, and its record."""
    proofs = governance.proofs_of(version)
    return {
        "stages": _stages(version, standing),
        "standing": _standing_word(version, standing),
        "state_word": word(life.STATE_LABELS[State(version.state)]),
        "proofs": [_proof(kind, proofs.get(kind)) for kind in KINDS],
        "remarks": list(version.remarks.select_related("by")),
        "record": [
            {"step": step, "word": word(life.DONE_LABELS[step.act]), "from_day": _day(step.detail.get("in_force_from"))}
            for step in version.steps.select_related("by")
        ],
        "may_write": may(account, Permission.WRITE_CONDITIONS),
    }


def _stages(version: ConditionVersion, standing: Standing | None) -> list[dict[str, Any]]:
    """The steps of the head: done, now, or to come."""
    places = {state: place for place, (state, _) in enumerate(STAGES)}
    at = places.get(State(version.state), len(STAGES) - 1)
    ended = version.state in {State.RETIRED, State.WITHDRAWN}
    shown = [
        {"word": name, "kind": "done" if place < at or place == len(STAGES) - 1 == at else "now" if place == at else ""}
        for place, (_, name) in enumerate(STAGES)
    ]
    if version.state == State.WITHDRAWN:
        shown = [{"word": name, "kind": ""} for _, name in STAGES]
    used = standing is not None and standing.now is not None and standing.now.version_id == version.pk
    waits = version.state == State.APPROVED and not used
    return [*shown, {"word": gettext("使用"), "kind": "done" if used else "now" if waits and not ended else ""}]


def _standing_word(version: ConditionVersion, standing: Standing | None) -> dict[str, Any] | None:
    """In force since, coming on a day, or not any more; None before anybody approved it."""
    if standing is None or version.state not in {State.APPROVED, State.RETIRED}:
        return None
    if standing.now and standing.now.version_id == version.pk:
        then = next((line for line in standing.coming if line.kind != Enforcement.Kind.RETIRED), None)
        return {"kind": "now", "day": standing.now.in_force_from, "then": then}
    coming = next((line for line in standing.coming if line.version_id == version.pk), None)
    if coming is not None:
        return {"kind": "coming", "day": coming.in_force_from}
    return {"kind": "past"}


def _proof(kind: str, proof: Proof | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"word": word(KIND_LABELS[kind]), "proof": proof}
    if proof is not None:
        tag, name = PASSED[proof.passed]
        older = proof.code != governance.code_version()
        shown |= {"tag": tag, "passed": name, "told": proof.summary["told"], "older": older}
        shown["failed"] = proof.summary.get("failed", [])
    return shown


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
