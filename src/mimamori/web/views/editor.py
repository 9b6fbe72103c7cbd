"""下書きを直す: a draft of conditions in fields and sliders: its sentences, what is wrong with it, what it would do.

What is typed is kept as every form's is; only 保存 changes the version. While somebody types, `what_if` answers with
the numbers and the sentences; without script a button asks for the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from mimamori import governance
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.door import trying_sets
from mimamori.governance.life import State
from mimamori.governance.models import ConditionVersion
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet
from mimamori.screening.checks import Finding, look_through
from mimamori.web import editing, editor_rows, what_if_table
from mimamori.web.drafting import begin, values_of
from mimamori.web.editing import LOST, Sheet
from mimamori.web.editing_made import WHOLE, Made, made
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.set_changes import changes

FORM = "conditions"


@page("GET", "POST", permission=Permission.WRITE_CONDITIONS)
def editor(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The editor's page; what is sent to it is one act on the sheet, or that it be kept."""
    version = _draft(pk, lock=request.method == "POST")
    held = governance.sets_of([version])[0]
    if request.method != "POST":
        kept = begin(request, account, FORM, pk)
        sheet = editing.read(kept.values, held) if kept.values else editing.sheet_of(held, version.revision)
        return _page(request, account, version, sheet, kept=kept)
    sheet = editing.read(values_of(request.POST), held)
    verb, _, rest = request.POST.get("do", "").partition(":")
    if verb == "save":
        return _saved(request, account, version, sheet)
    before, focus, wrong = sheet, "", {}
    try:
        sheet = _changed(before, verb, rest, request.POST)
        focus = _goes_on_at(before, sheet, verb, rest)
    except Refused as refused:
        wrong = {verb: said(refused)}
    kept = begin(request, account, FORM, pk)
    kept.hold(editing.columns_of(sheet))
    return _page(request, account, version, sheet, kept=kept, focus=focus, wrong=wrong)


@page("POST", permission=Permission.WRITE_CONDITIONS, reads=True)
def what_if(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """What the sheet as it is typed would change: the panel, and every row's sentence, count and findings."""
    version = _draft(pk)
    sheet = editing.read(values_of(request.POST), governance.sets_of([version])[0])
    return render(request, "conditions/editor_answer.html", _told(account, version, sheet))


def _draft(pk: int, *, lock: bool = False) -> ConditionVersion:
    """The draft; locked where it may be written, so that nobody else changes it between reading and writing."""
    versions = ConditionVersion.objects.select_for_update() if lock else ConditionVersion.objects
    found = versions.filter(pk=pk).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    if found.state != State.DRAFT:
        raise Refused(
            "内容を直せるのは下書きだけです。写して新しい版を作ってください。",
            "Only a draft can be edited: make a copy of this version.",
        )
    return found


def _changed(sheet: Sheet, verb: str, rest: str, typed: QueryDict) -> Sheet:
    acts: dict[str, Callable[[], Sheet]] = {
        "try": lambda: sheet,
        "add": lambda: editing.with_row(sheet, typed.get("new_indicator", ""), typed.get("new_place", "")),
        "remove": lambda: editing.without_row(sheet, rest),
        "group": lambda: editing.with_group(sheet, typed.get("new_group_ja", ""), typed.get("new_group_en", "")),
        "tier": lambda: editing.with_tier(sheet),
        "untier": lambda: editing.without_tier(sheet, rest),
        "mend": lambda: editing.mended(sheet, rest),
    }
    if verb not in acts:
        raise LOST
    return acts[verb]()


def _goes_on_at(before: Sheet, after: Sheet, verb: str, rest: str) -> str:
    """The id of the row at which its writer goes on: the new one, the mended one, the one after what is gone."""
    if verb == "mend":
        return rest.partition(":")[0]
    if verb == "remove":
        place = int(rest)
        return after.rows[min(place, len(after.rows) - 1)].row_id if after.rows else ""
    return after.rows[-1].row_id if len(after.rows) > len(before.rows) else ""


def _saved(request: HttpRequest, account: Account, version: ConditionVersion, sheet: Sheet) -> HttpResponse:
    """Change the version; where somebody else did meanwhile, show what they changed and keep what was typed."""
    sheet = editing.ordered(sheet)
    read = made(sheet, to_keep=True)
    kept = begin(request, account, FORM, version.pk)
    if read.condition_set is None:
        kept.hold(editing.columns_of(sheet))
        first = min((place for place in read.faults if place != WHOLE), default=None)
        focus = "" if first is None else sheet.rows[first].row_id
        return _page(request, account, version, sheet, kept=kept, read=read, focus=focus, status=422)
    if sheet.revision != str(version.revision):
        newest = editing.with_revision(sheet, version.revision)
        kept.hold(editing.columns_of(newest))
        stale = _theirs(version, read.condition_set)
        return _page(request, account, version, newest, kept=kept, stale=stale, status=409)
    governance.edit(version, read.condition_set, by=account, revision=version.revision)
    kept.done()
    messages.success(request, gettext("下書きを保存しました。"))
    return redirect("condition_set", version.pk)


def _theirs(version: ConditionVersion, mine: ConditionSet) -> dict[str, Any]:
    """Who changed the draft meanwhile, and what keeping the own sheet would change of it."""
    step = version.steps.select_related("by").first()
    return {
        "who": step.by.display_name if step else "",
        "at": step.at if step else None,
        "changes": changes(governance.sets_of([version])[0], mine),
    }


def _page(
    request: HttpRequest,
    account: Account,
    version: ConditionVersion,
    sheet: Sheet,
    *,
    kept: Any,
    read: Made | None = None,
    stale: dict[str, Any] | None = None,
    focus: str = "",
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. `read`: what was to be saved and is not right; `wrong`: by act, why it was not done."""
    sheet = editing.ordered(sheet)
    context = _told(account, version, sheet, read=read, focus=focus) | {
        "kept": kept,
        "stale": stale,
        "behind": stale is None and sheet.revision != str(version.revision),
        "page": reverse("condition_edit", args=[version.pk]),
        "areas": editor_rows.indicator_choices(),
        "places": editor_rows.place_choices(sheet),
        "may_untier": len(sheet.tiers) > 1,
        "unsaved": read is not None and read.condition_set is None,
        "wrong": wrong or {},
    }
    return render(request, "conditions/editor.html", context, status=status)


def _told(
    account: Account, version: ConditionVersion, sheet: Sheet, *, read: Made | None = None, focus: str = ""
) -> dict[str, Any]:
    """All that follows from a sheet: rows, findings, numbers."""
    standing = governance.standings().get(version.difficulty)
    running = standing.now.version if standing and standing.now else None
    read = read or made(sheet, to_keep=False)
    findings: tuple[Finding, ...] = ()
    told: dict[str, Any] = {"stopped": [], "table": None}
    clauses = {}
    if read.condition_set is None:
        told["stopped"] = [gettext("数を直すと、人数が出ます。")]
    else:
        findings, told = _counted(account, read.condition_set, running, told)
        clauses = {one.condition: one for one in told["table"]["clauses"]} if told["table"] else {}
    rows = editor_rows.shown_rows(sheet, read, findings, clauses, focus=focus)
    return told | {
        "version": version,
        "running": running,
        "sheet": sheet,
        "rows": rows,
        "groups": editor_rows.shown_groups(sheet, rows),
        "whole": editor_rows.of_the_whole(read, findings),
        "found": len(findings) + sum(len(one) for one in read.faults.values()),
    }


def _counted(
    account: Account, condition_set: ConditionSet, running: ConditionVersion | None, told: dict[str, Any]
) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    """What is found in a set, and its numbers; where they cannot be told, why."""
    try:
        fills = trying_sets.fills_of(account, condition_set)
    except Refused as refused:  # no night has been published yet
        return look_through(condition_set), told | {"stopped": [said(refused)]}
    findings = look_through(condition_set, fills=fills)
    if any(one.stops for one in findings):
        return findings, told | {
            "stopped": [gettext("当たる児童のいない条件や、全員が当たる条件を直すと、人数が出ます。")]
        }
    in_force = governance.sets_of([running])[0] if running else None
    try:
        tried = trying_sets.try_set(account, condition_set, in_force)
    except Refused as refused:
        return findings, told | {"stopped": [said(refused)]}
    table = what_if_table.tables(account, tried, condition_set.difficulty)
    return findings, told | {"table": table | {"clauses": tried.counts.clauses}}
