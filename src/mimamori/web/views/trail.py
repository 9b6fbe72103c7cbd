"""監査記録: who did and saw what, without a child's content; case numbers are masked."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori import audit
from mimamori.access import Permission, load_roles
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.sources import Label, load_registry
from mimamori.support.states import Outcome, ReferralState, State, label_of
from mimamori.web.frame import language, ward_word
from mimamori.web.gate import page
from mimamori.web.templatetags.mimamori import masked
from mimamori.web.words import difficulty_word

PAGE = 100
CASE_NO = re.compile(r"K-\d{4}-\d{4}-\d")
# Details that name children; the auditor is told how many, not which.
OF_CHILDREN = {"cases", "case_no", "case"}
STATES = {state.value for kind in (State, Outcome, ReferralState) for state in kind}
FACTS: dict[str, Promise] = {
    "action": gettext_lazy("操作"),
    "actor": gettext_lazy("人"),
    "agency": gettext_lazy("つなぎ先"),
    "answer": gettext_lazy("返事"),
    "as_of": gettext_lazy("基準日"),
    "changed": gettext_lazy("変わった"),
    "dropped": gettext_lazy("外れた"),
    "findings": gettext_lazy("抽出"),
    "moved": gettext_lazy("区が変わった"),
    "new": gettext_lazy("新しい"),
    "reopened": gettext_lazy("再開"),
    "versions": gettext_lazy("条件の版"),
    "assessment": gettext_lazy("所見"),
    "basis": gettext_lazy("根拠"),
    "delivery": gettext_lazy("受領"),
    "difficulty": gettext_lazy("類型"),
    "finding": gettext_lazy("抽出"),
    "from": gettext_lazy("前の状態"),
    "hits": gettext_lazy("見つかった数"),
    "kind": gettext_lazy("種類"),
    "list": gettext_lazy("一覧"),
    "number": gettext_lazy("版"),
    "outcome": gettext_lazy("判断"),
    "owner": gettext_lazy("担当"),
    "page": gettext_lazy("ページ"),
    "pair": gettext_lazy("名寄せの組"),
    "permission": gettext_lazy("権限"),
    "referral": gettext_lazy("つなぎ"),
    "role": gettext_lazy("役割"),
    "rows": gettext_lazy("行"),
    "shared": gettext_lazy("伝えた項目"),
    "searches": gettext_lazy("1時間の検索"),
    "snapshot": gettext_lazy("公開した版"),
    "source": gettext_lazy("系統"),
    "sources": gettext_lazy("系統"),
    "term": gettext_lazy("検索語の印"),
    "to": gettext_lazy("後の状態"),
    "use": gettext_lazy("用途"),
    "parts": gettext_lazy("印刷する項目"),
    "attachment": gettext_lazy("添付"),
    "note": gettext_lazy("児童記録"),
    "username": gettext_lazy("利用者名"),
    "ward": gettext_lazy("区"),
}
LISTS: dict[str, Promise] = {
    "worklist": gettext_lazy("今日の仕事"),
    "assessment": gettext_lazy("所見"),
    "finding": gettext_lazy("経過と支援"),
    "referral": gettext_lazy("つなぎ"),
    "records": gettext_lazy("児童記録"),
}
KINDS: dict[str, Promise] = {
    "name": gettext_lazy("氏名"),
    "kana": gettext_lazy("カナ"),
    "roman": gettext_lazy("ローマ字"),
    "birth_date": gettext_lazy("生年月日"),
    "case_no": gettext_lazy("ケース番号"),
    "place": gettext_lazy("住所・学校"),
}


@page(permission=Permission.SEE_TRAIL)
def trail(request: HttpRequest, account: Account) -> HttpResponse:
    action, actor = request.GET.get("action", ""), request.GET.get("actor", "")
    events = Event.objects.order_by("-number")
    if action in audit.ACTIONS:
        events = events.filter(action=action)
    if actor:
        events = events.filter(actor=actor)
    shown = Paginator(events, PAGE).get_page(request.GET.get("page"))
    audit.record("trail.see", by=account, detail={"action": action, "actor": actor, "page": shown.number})
    names = dict(Account.objects.values_list("username", "display_name"))
    context: dict[str, Any] = {
        "page": shown,
        "rows": [_row(event, names) for event in shown],
        "action": action,
        "actor": actor,
        "actions": [(name, audit.action_label(name, language())) for name in audit.ACTIONS],
        "actors": sorted(names.items()),
        "query": urlencode({name: value for name, value in (("action", action), ("actor", actor)) if value}),
    }
    return render(request, "trail.html", context)


@page("POST", permission=Permission.VERIFY_TRAIL)
def verify(request: HttpRequest, account: Account) -> HttpResponse:
    """Walk the whole chain and tell whether it holds."""
    verdict = audit.verify()
    audit.record("trail.verify", by=account, detail={"rows": verdict.rows, "ok": verdict.ok})
    if verdict.ok:
        messages.success(
            request, gettext("%(n)s行を確かめました。改ざん・欠落はありません。") % {"n": f"{verdict.rows:,}"}
        )
    else:
        first = verdict.faults[0]
        told = gettext(
            "連鎖が切れています: %(n)s行目から(%(what)s)。記録を止めずに、情報システム課に連絡してください。"
        )
        messages.error(request, told % {"n": first.number, "what": first.what})
    return redirect("trail")


def _row(event: Event, names: dict[str, str]) -> dict[str, Any]:
    roles, purposes = load_roles().roles, load_roles().purposes
    role, purpose = roles.get(event.role), purposes.get(event.purpose)
    return {
        "event": event,
        "who": names.get(event.actor, event.actor) or gettext("システム"),
        "role": role.label.text(language()) if role else event.role,
        "ward": ward_word(event.ward) if event.ward else "",
        "what": audit.action_label(event.action, language()),
        "purpose": purpose.label.text(language()) if purpose else event.purpose,
        "facts": [_fact(name, value) for name, value in event.details.items() if value not in ("", None, [], {})],
    }


def _fact(name: str, value: Any) -> str:
    """One detail in words; values are numbers, codes or names of the system's own."""
    if name in OF_CHILDREN or (isinstance(value, list) and all(map(_is_case_no, value))):
        return gettext("児童 %(n)d人") % {"n": len(value) if isinstance(value, list) else 1}
    if isinstance(value, dict):
        shown = ", ".join(f"{_word(name, key)} {count}" for key, count in value.items())
    elif isinstance(value, list):
        shown = ", ".join(_word(name, one) for one in value)
    else:
        shown = _word(name, value)
    return f"{FACTS.get(name, name)} {shown}"


def _word(name: str, value: Any) -> str:
    """A code in words where the kind of detail has words."""
    code = str(value)
    if _is_case_no(code):
        return masked(code)  # whatever the detail is called
    if name in {"from", "to", "outcome", "answer"} and code in STATES:
        return label_of(code, language())
    if name in {"difficulty", "findings", "versions"}:
        return difficulty_word(code)
    if name in {"source", "sources"}:
        return next((_said(one.short_label) for one in load_registry() if one.name == code), code)
    if name == "term":
        return code[:8]  # enough to see that two searches were for the same
    return str(LISTS.get(code, code)) if name == "list" else str(KINDS.get(code, code)) if name == "kind" else code


def _is_case_no(value: Any) -> bool:
    return isinstance(value, str) and CASE_NO.fullmatch(value) is not None


def _said(label: Label) -> str:
    return label.en if language() == "en" else label.ja
