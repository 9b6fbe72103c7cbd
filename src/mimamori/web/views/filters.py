"""条件でしぼりこむ: groups and clauses of closed lists, the sentence they make, whom they take, who is at an edge.

The filter that is being built is kept like a draft, so that it outlives the session, with its revision: a page that
shows an older one is told so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori import door, support
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.screening import filters
from mimamori.screening.filters import Node
from mimamori.support import drafts, saved_filters
from mimamori.web import filter_building as building
from mimamori.web.drafting import begin
from mimamori.web.filter_building import LOST, Tree
from mimamori.web.filter_choices import choices, lines, shown_group
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said

PORTION = 100
FORM = drafts.key("filter")
TABS: dict[filters.Show, Promise] = {"met": gettext_lazy("当てはまる"), "unknown": gettext_lazy("わからない")}
EDGE_TAB = "edge"
UNSEEN = Refused(
    "このしぼりこみは、あなたの役割では見られない項目を使っています。",
    "This filter asks about items that your role may not see.",
)


@page("GET", "POST", permission=Permission.SEE_WORKLIST)
def filtering(request: HttpRequest, account: Account) -> HttpResponse:
    """The page; what is sent to it is one act on the filter that is being built."""
    if request.method != "POST":
        return _page(request, account)
    try:
        _act(request, account)
    except Refused as refused:
        messages.error(request, said(refused))
    return redirect("filters")


def _act(request: HttpRequest, account: Account) -> None:
    """Do what was asked: `verb:path`, with the fields of its form."""
    verb, _, place = request.POST.get("do", "").partition(":")
    if verb in {"open", "drop"}:
        _saved(request, account, verb, place)
        return
    tree, revision, _ = _begun(account)
    if request.POST.get("revision", "") != str(revision):
        raise LOST
    if verb == "save":
        node = _node(tree)
        if node is None:
            raise Refused("保存する条件がありません。", "There is nothing to save.")
        typed = begin(request, account, "filter_name")
        typed.hold(request.POST)  # a name that is refused is there again
        saved_filters.save(request.POST.get("name", ""), node, by=account)
        typed.done()
        messages.success(request, gettext("保存しました。"))
        return
    changed = _changed(request, tree, verb, place)
    _check_askable(account, _node(changed))
    keep(account, changed, revision + 1)


def _changed(request: HttpRequest, tree: Tree, verb: str, place: str) -> Tree:
    path, sent = building.path_of(place), request.POST
    acts: dict[str, Callable[[], Tree]] = {
        "add": lambda: building.add(tree, path, building.first_clause(sent.get("what", ""), timezone.localdate())),
        "group": lambda: building.add(tree, path, {"any": []}),
        "remove": lambda: building.remove(tree, path),
        "turn": lambda: building.turn(tree, path),
        "join": lambda: building.join(tree, path, sent.get("kind", "")),
        "edit": lambda: building.put(tree, path, building.edited(building.at(tree, path), sent)),
        "clear": lambda: building.EMPTY,
    }
    if verb not in acts:
        raise LOST
    return acts[verb]()


def _saved(request: HttpRequest, account: Account, verb: str, place: str) -> None:
    pk = int(place) if place.isdecimal() and len(place) < 10 else 0
    if verb == "drop":
        saved_filters.withdraw(pk, by=account)
        messages.success(request, gettext("一覧から消しました。"))
        return
    found = saved_filters.saved_filter(pk)
    node = filters.read(found.content, found.name)
    _check_askable(account, node)
    _, revision, _ = _begun(account)
    keep(account, building.begun(filters.dumped(node)), revision + 1, found.name)


def _check_askable(account: Account, node: Node | None) -> None:
    if node is not None and not door.may_ask(account, node):
        raise UNSEEN


def _begun(account: Account) -> tuple[Tree, int, str]:
    """What was built so far, its revision, and the name it was opened under."""
    draft = drafts.drafted(account, [FORM]).get(FORM)
    if draft is None:
        return building.EMPTY, 0, ""
    (tree,), (revision,) = draft.values["tree"], draft.values["revision"]
    return json.loads(tree), int(revision), draft.values.get("name", [""])[0]


def keep(account: Account, tree: Tree, revision: int, name: str = "") -> None:
    """Keep what was built so far. Every page that shows it changes the same filter: all count as one opening."""
    built = drafts.Ticket(account.pk, FORM, reverse("filters"), opening=FORM, base=0)
    drafts.keep(built, {"tree": [json.dumps(tree)], "revision": [str(revision)], "name": [name]})


def _node(tree: Tree) -> Node | None:
    """The filter that the tree makes; None where it holds nothing yet. Raises `Refused` for what the lists rule out."""
    told, _places = building.pruned(tree)
    return filters.read(told) if told is not None else None


def _page(request: HttpRequest, account: Account) -> HttpResponse:
    tree, revision, name = _begun(account)
    try:
        node = _node(tree)
        _check_askable(account, node)
    except Refused as refused:  # since this was begun an indicator went, or the role changed
        tree, node = building.EMPTY, None
        messages.error(request, said(refused))
    asked = request.GET.get("show", "")
    show = asked if asked in {*TABS, EDGE_TAB} else "met"
    context: dict[str, Any] = {
        "revision": revision,
        "name": name,
        "choices": choices(account),
        "saved": _list(account),
        "most_letters": saved_filters.MOST_LETTERS,
        "node": node,
    }
    if node is None:
        return render(request, "filters/page.html", context | {"group": shown_group(tree, {})})
    number = request.GET.get("page", "")
    offset = (int(number) - 1) * PORTION if number.isdecimal() and 0 < int(number) < 10_000 else 0
    listed: filters.Show = "unknown" if show == "unknown" else "met"
    found = door.filtered(account, node, support.work_facts(), show=listed, limit=PORTION, offset=offset)
    total = found.tally.unknown if show == "unknown" else found.tally.met
    cases = [edge.case_no for edge in found.edges] if show == EDGE_TAB else list(found.cases)
    children = door.headlines(account, cases, language=language(), listed="filter")
    _told, places = building.pruned(tree)
    parts = dict(zip(places, found.tally.parts, strict=True))
    context |= {
        "sentence": filters.sentence(node),
        "tally": found.tally,
        "group": shown_group(tree, parts),
        "tabs": _tabs(show, found),
        "show": show,
        "portion": Paginator(range(total), PORTION).get_page(number),
        "lines": lines(account, cases, children),
        "edges": _edges(node, found, children),
        "kept": begin(request, account, "filter_name"),
    }
    return render(request, "filters/page.html", context)


def _tabs(show: str, found: door.Filtered) -> list[dict[str, Any]]:
    counts: Mapping[str, int] = {"met": found.tally.met, "unknown": found.tally.unknown}
    tabs = [{"name": name, "word": word, "count": counts[name], "current": name == show} for name, word in TABS.items()]
    word = gettext("境目の児童")
    return [*tabs, {"name": EDGE_TAB, "word": word, "count": len(found.edges), "current": show == EDGE_TAB}]


def _edges(node: Node, found: door.Filtered, children: Mapping[str, door.Headline]) -> list[dict[str, Any]]:
    """Each child at an edge with the clause on which it hangs."""
    clauses = filters.clauses(node)
    answers = {True: "met", False: "failed", None: "unknown"}
    return [
        {
            "child": children[edge.case_no],
            "clause": filters.said(clauses[edge.clause]),
            "answer": answers[edge.answer],
        }
        for edge in found.edges
        if edge.case_no in children
    ]


def _list(account: Account) -> list[dict[str, Any]]:
    """What is kept under a name; what names an indicator that is gone, or that the account may not see, stays shut."""
    found = []
    for one in saved_filters.saved():
        try:
            node = filters.read(one.content)
            told, open_ = filters.sentence(node), door.may_ask(account, node)
        except Refused:
            told, open_ = None, False
        found.append({"one": one, "told": told if open_ else None, "open": open_, "own": one.by_id == account.pk})
    return found
