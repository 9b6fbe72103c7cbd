"""ファイルの受領: hand files in, watch them being received, decide on what is doubtful."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.sources import load_registry
from mimamori.upload import actions, arriving
from mimamori.upload.models import Upload
from mimamori.upload.states import MAY_START_AGAIN, UNDER_WAY, State, recent, state_of
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said

# State: tag, word, and what it means for the person who looks.
STATES: dict[State, tuple[str, Promise, Promise]] = {
    State.WAITING: (
        "line",
        gettext_lazy("受領まち"),
        gettext_lazy("まもなくはじまります。画面を閉じてもかまいません。"),
    ),
    State.RUNNING: ("line", gettext_lazy("受領中"), gettext_lazy("画面を閉じても、受領は続きます。")),
    State.STOPPED: (
        "warn",
        gettext_lazy("止まっています"),
        gettext_lazy("受領の処理が途中で止まりました。ファイルは残っているので、もう一度はじめられます。"),
    ),
    State.TO_CONFIRM: (
        "warn",
        gettext_lazy("確認まち"),
        gettext_lazy("下の点を保有課に確かめてください。正しければ、確認して受領します。"),
    ),
    State.HELD: (
        "warn",
        gettext_lazy("受領できていません"),
        gettext_lazy("ファイルは残っているので、もう一度はじめられます。"),
    ),
    State.DONE: ("ok", gettext_lazy("終わりました"), gettext_lazy("渡したファイルは消しました。")),
    State.REFUSED: (
        "warn",
        gettext_lazy("受領していません"),
        gettext_lazy(
            "どのファイルも受領していません。渡したファイルは消しました。直してから、もう一度渡してください。"
        ),
    ),
    State.WITHDRAWN: ("line", gettext_lazy("取り下げ"), gettext_lazy("渡したファイルは消しました。")),
}
RECEIPTS: dict[str, tuple[str, Promise]] = {
    "stored": ("ok", gettext_lazy("受領")),
    "duplicate": ("line", gettext_lazy("受領済みと同じ")),
    "refused": ("warn", gettext_lazy("受領しない")),
    "to_confirm": ("warn", gettext_lazy("確認まち")),
}


@page("GET", "POST", permission=Permission.RECEIVE_DELIVERIES)
def upload(request: HttpRequest, account: Account) -> HttpResponse:
    """The form, and what was handed in before. Works without script; with it, the browser tells how far it has sent."""
    refusal = ""
    if request.method == "POST":
        try:
            if getattr(request, "upload_too_large", False):
                raise _too_large()
            return redirect("upload_one", actions.upload(request.FILES.getlist("files"), by=account).pk)
        except Refused as refused:
            refusal = said(refused)
    actions.sweep()
    context = {
        "refusal": refusal,
        "uploads": [_listed(one) for one in recent()],
        "most_bytes": arriving.room_left(),
        "most_files": arriving.MOST_FILES,
    }
    return render(request, "uploads/page.html", context, status=422 if refusal else 200)


@page(permission=Permission.RECEIVE_DELIVERIES)
def one(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """One upload; asked by the page itself, its changing part alone."""
    found = Upload.objects.select_related("by", "confirmed_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    part = "uploads/state.html" if getattr(request, "htmx", False) else "uploads/one.html"
    return render(request, part, _shown(found))


@page("POST", permission=Permission.RECEIVE_DELIVERIES)
def step(request: HttpRequest, account: Account, pk: int, verb: str) -> HttpResponse:
    """Start again, confirm, or withdraw."""
    {"again": actions.again, "confirm": actions.confirm, "withdraw": actions.withdraw}[verb](pk, by=account)
    if verb == "withdraw":
        messages.success(request, gettext("取り下げました。渡したファイルは消しました。"))
        return redirect("upload")
    return redirect("upload_one", pk)


def _too_large() -> Refused:
    most = filesizeformat(arriving.room_left())
    return Refused(
        f"大きすぎます。一度に渡せるのは {most} までです。分けて渡すか、サーバーで mimamori receive を使います。",
        f"Too large: at most {most} at once. Hand it in in parts, or use `mimamori receive` on the server.",
    )


def _listed(found: Upload) -> dict[str, Any]:
    kind, word, _ = STATES[state_of(found)]
    return {"upload": found, "kind": kind, "word": word, "bytes": sum(one["bytes"] for one in found.files)}


def _shown(found: Upload) -> dict[str, Any]:
    state = state_of(found)
    groups = [_group(told) for told in found.deliveries]
    placed = {name for told in found.deliveries for name in told["files"]} | {one["name"] for one in found.strangers}
    partly = state is State.DONE and any(
        receipt["state"] == "refused" for told in found.deliveries for receipt in told["receipts"]
    )
    return {
        **_listed(found),
        "sentence": STATES[state][2],
        "state": state.value,
        "under_way": state in UNDER_WAY,
        "half_done": max(found.done - 0.5, 0),  # the one that is begun counts for half
        "may_start_again": state in MAY_START_AGAIN,
        "to_confirm": state is State.TO_CONFIRM,
        "partly": partly,
        "message": found.message.get(language(), ""),
        "groups": groups,
        "strangers": [{"name": one["name"], "reason": one[language()]} for one in found.strangers],
        "others": [one for one in found.files if one["name"] not in placed],
    }


def _group(told: dict[str, Any]) -> dict[str, Any]:
    """One source and day: its label, files and receipts in the reader's language."""
    labels = {layout.name: layout.label.text(language()) for layout in load_registry()}
    receipts = []
    for receipt in told["receipts"]:
        kind, word = RECEIPTS.get(receipt["state"], ("line", receipt["state"]))
        reasons = [reason[language()] for reason in receipt["reasons"]]
        receipts.append({**receipt, "kind": kind, "word": word, "reasons": reasons})
    day = date.fromisoformat(told["as_of"])
    return {**told, "day": day, "label": labels.get(told["source"], told["source"]), "receipts": receipts}
