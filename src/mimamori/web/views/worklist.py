"""今日の仕事: findings by deadline, each with its reasons, its state and the one thing to do next."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy, ngettext

from mimamori import door
from mimamori.access import Permission, may, may_see_ward
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.screening.fates import AGE_BANDS
from mimamori.screening.indicators import DIFFICULTIES
from mimamori.support import actions, notices
from mimamori.support import worklist as listing
from mimamori.support.worklist import ALL, CLOSED, EFFECTS, MINE, REFERRED, TO_CONFIRM, UNASSIGNED, WAITING
from mimamori.web import case_words, places
from mimamori.web.days import WEEKDAYS, english
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.rows import Row, rows_of

PORTION = 50  # rows before 「つづきを表示」
MOST = 500
ASKED = ("view", "difficulty", "known", "ward", "ages", "school", "rows")  # what may stand in the address

TABS: dict[str, Promise] = {
    MINE: gettext_lazy("わたしの担当"),
    UNASSIGNED: gettext_lazy("未割り当て"),
    ALL: gettext_lazy("すべて"),
    REFERRED: gettext_lazy("つなぎ先の返事まち"),
    TO_CONFIRM: gettext_lazy("終結の確認まち"),
    WAITING: gettext_lazy("待ち"),
    EFFECTS: gettext_lazy("支援の結果の記録まち"),
    CLOSED: gettext_lazy("今月の終結"),
}
GROUPS: dict[str, tuple[str, Promise]] = {
    "overdue": ("over", gettext_lazy("期限を過ぎています")),
    "today": ("today", gettext_lazy("今日まで")),
    "week": ("", gettext_lazy("今週中")),
    "later": ("", gettext_lazy("来週から")),
    "waiting": ("", gettext_lazy("待ち(区の受け持てる数をこえています)")),
}
EMPTY: dict[str, tuple[Promise, Promise]] = {
    MINE: (
        gettext_lazy("いま、あなたの担当はいません。"),
        gettext_lazy("「未割り当て」から児童を開くと、確認をはじめた人が担当になります。"),
    ),
    UNASSIGNED: (
        gettext_lazy("割り当てを待つ児童はいません。"),
        gettext_lazy("次の夜間処理のあとに、また確かめてください。"),
    ),
    REFERRED: (
        gettext_lazy("返事を待っているつなぎ先はありません。"),
        gettext_lazy("つなぐと、返事の期限とともにここに出ます。"),
    ),
    TO_CONFIRM: (
        gettext_lazy("終結の確認を待つ児童はいません。"),
        gettext_lazy("所見が記録されると、係長の確認のためここに出ます。"),
    ),
    WAITING: (
        gettext_lazy("待っている児童はいません。"),
        gettext_lazy("区の受け持てる数をこえて抽出されたときに、ここに出ます。必ず見る児童は待ちません。"),
    ),
    EFFECTS: (
        gettext_lazy("支援の結果を記録する時期の児童はいません。"),
        gettext_lazy("支援が必要と判断してから3・6・12か月後に、ここに出ます。"),
    ),
    CLOSED: (gettext_lazy("今月、終結した児童はいません。"), gettext_lazy("終結には係長の確認が必要です。")),
    ALL: (
        gettext_lazy("この一覧に児童はいません。"),
        gettext_lazy("しぼりこみを外すか、次の夜間処理を待ってください。"),
    ),
}


@page(permission=Permission.SEE_WORKLIST)
def worklist(request: HttpRequest, account: Account) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ASKED}
    limit = min(int(asked["rows"]), MOST) if asked["rows"].isdecimal() else PORTION
    view = asked["view"] or (MINE if account.ward or not may(account, Permission.ASSIGN) else ALL)
    # Who has nothing of their own yet, and did not ask for it, sees what waits for all.
    instead = UNASSIGNED if view == MINE and not any(asked.values()) else ""
    found = listing.worklist(
        account,
        view=view,
        instead=instead,
        difficulty=asked["difficulty"],
        known=asked["known"],
        ward=asked["ward"],
        narrow=partial(door.narrow, account, ages=asked["ages"], school=asked["school"])
        if asked["ages"] or asked["school"].strip()
        else None,
        limit=limit,
    )
    groups = _groups(account, found.groups)
    today = timezone.localdate()
    supervises = may(account, Permission.ASSIGN)
    context: dict[str, Any] = {
        "today": today,
        "weekday": WEEKDAYS[today.weekday()],
        "english": english(),
        "overdue": sum(len(group["rows"]) for group in groups if group["kind"] == "over"),
        "due_today": sum(len(group["rows"]) for group in groups if group["kind"] == "today"),
        "groups": groups,
        "tabs": _tabs(asked, found),
        "picks": _picks(asked),
        "ages": [
            {
                "value": band,
                "word": gettext("%(ages)s歳") % {"ages": band.replace("-", "〜")},
                "on": asked["ages"] == band,
            }
            for band in AGE_BANDS
        ],
        "school": asked["school"],
        "narrowed": bool(asked["ages"] or asked["school"].strip()),
        "wide_url": _url(asked, ages="", school=""),
        "kept": {name: asked[name] for name in ("view", "difficulty", "known", "ward") if asked[name]},
        "only_new": asked["known"] == "new",
        "new_url": _url(asked, known="" if asked["known"] == "new" else "new"),
        "may_assign": supervises and found.view not in {CLOSED, EFFECTS},
        "workers": listing.loads(account, listing.workers_for(account, asked["ward"])) if supervises else [],
        "hidden_rows": found.total - found.shown,
        "more_url": _url(asked, rows=str(limit + PORTION)),
        "here": request.get_full_path(),
        "empty": dict(zip(("what", "now"), EMPTY[found.view], strict=True)),
        "notices": _notices(account),
        "places": places.of_wards(account) if found.view == WAITING or found.counts[WAITING] else [],
        "on_waiting": found.view == WAITING,
        **_side(account, groups),
    }
    return render(request, "worklist/page.html", context)


@page("POST", permission=Permission.ASSIGN)
def assign(request: HttpRequest, account: Account) -> HttpResponse:
    """Give the chosen findings to one worker: all or none."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("worklist")
    chosen = [int(pk) for pk in request.POST.getlist("finding") if pk.isdecimal()]
    to = request.POST.get("to", "")
    worker = Account.objects.filter(pk=to, is_active=True).first() if to.isdecimal() else None
    try:
        if not chosen:
            raise Refused("割り当てる児童をえらんでください。", "Choose the children to assign.")
        if worker is None:
            raise Refused("だれに割り当てるか、えらんでください。", "Choose to whom you assign.")
        actions.assign_many(chosen, to=worker, by=account)
    except Refused as refused:
        messages.error(request, said(refused))
        return redirect(back)
    words = ngettext(
        "%(n)d人を %(who)s さんに割り当てました。", "%(n)d人を %(who)s さんに割り当てました。", len(chosen)
    )
    messages.success(request, words % {"n": len(chosen), "who": worker.display_name})
    return redirect(back)


@page("POST", permission=Permission.SEE_WORKLIST)
def read_notice(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """A notice was read; it leaves the worklist."""
    try:
        notices.mark_read(pk, by=account)
    except Refused as refused:
        messages.error(request, said(refused))
    return redirect("worklist")


def _notices(account: Account) -> list[dict[str, Any]]:
    """What happened to the cases the account holds; a case that went out of its scope is told without a link."""
    found = notices.unread(account)
    if not found:
        return []
    numbers = {one.detail[side] for one in found if one.event in case_words.HAPPENED for side in ("from", "to")}
    told = case_words.tellable(account, numbers, own=[])
    return [
        {
            "pk": one.pk,
            "at": one.at,
            "text": case_words.notice(one, told=told),
            "finding": one.finding_id if may_see_ward(account, one.finding.ward) else None,
        }
        for one in found
    ]


def _groups(account: Account, found: tuple[listing.Group, ...]) -> list[dict[str, Any]]:
    findings = [finding for group in found for finding in group.findings]
    headlines = door.headlines(account, [finding.case_no for finding in findings], language=language())
    rows: list[Row] = rows_of(account, findings, headlines)
    by_pk = {row.pk: row for row in rows}
    return [
        {
            "kind": GROUPS[group.kind][0],
            "word": GROUPS[group.kind][1],
            "rows": [by_pk[finding.pk] for finding in group.findings if finding.pk in by_pk],
        }
        for group in found
    ]


def _url(asked: dict[str, str], **changed: str) -> str:
    query = {name: value for name, value in {**asked, "rows": "", **changed}.items() if value}
    return f"{reverse('worklist')}?{urlencode(query)}" if query else reverse("worklist")


def _tabs(asked: dict[str, str], found: listing.Worklist) -> list[dict[str, Any]]:
    return [
        {"url": _url(asked, view=name), "word": word, "count": found.counts[name], "current": name == found.view}
        for name, word in TABS.items()
    ]


def _picks(asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "on": asked["difficulty"] == name,
            "url": _url(asked, difficulty="" if asked["difficulty"] == name else name),
        }
        for name in DIFFICULTIES
    ]


def _side(account: Account, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The side: the own load, for supervisors the team's, and what did not arrive."""
    side: dict[str, Any] = {}
    if may(account, Permission.ASSESS):
        side["load"] = listing.loads(account, [account])[0]
    if may(account, Permission.ASSIGN):
        team = listing.loads(account, listing.workers_for(account))
        side["team"] = [load for load in team if load.total or account.ward]
        side["team_most"] = max((load.total for load in team), default=1)
        side["team_title"] = gettext("係の受け持ち")
    rows = [row for group in groups for row in group["rows"]]
    side["changes"] = (
        {"new": sum(row.fresh for row in rows), "unknown": sum(row.unknowns > 0 for row in rows)} if rows else None
    )
    return side
