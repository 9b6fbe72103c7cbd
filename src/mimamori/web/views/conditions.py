"""抽出条件: what is in force for each difficulty, in sentences; versions that wait for approval by somebody else."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from mimamori import governance
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.governance.models import ConditionVersion
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet
from mimamori.screening.indicators import DIFFICULTIES, load_indicators
from mimamori.sources import load_registry
from mimamori.web.gate import page
from mimamori.web.refusals import said


@page(permission=Permission.SEE_CONDITIONS)
def conditions(request: HttpRequest, account: Account) -> HttpResponse:
    """One difficulty's set in force, the others in tabs."""
    asked = request.GET.get("difficulty", "")
    name = asked if asked in DIFFICULTIES else DIFFICULTIES[0]
    running = {version.difficulty: version for version in governance.in_force()}
    waiting = list(ConditionVersion.objects.filter(approved_by=None).select_related("proposed_by"))
    context = {
        "name": name,
        "tabs": [
            {"name": one, "waiting": sum(version.difficulty == one for version in waiting)} for one in DIFFICULTIES
        ],
        "running": _shown(running[name]) if name in running else None,
        "waiting": [version for version in waiting if version.difficulty == name],
        "versions": list(ConditionVersion.objects.filter(difficulty=name).select_related("proposed_by", "approved_by")),
        "may_approve": may(account, Permission.APPROVE_CONDITIONS),
    }
    return render(request, "conditions/page.html", context)


@page("GET", "POST", permission=Permission.SEE_CONDITIONS)
def version(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """One version whole; the manager approves it here."""
    found = ConditionVersion.objects.select_related("proposed_by", "approved_by").filter(pk=pk).first()
    if found is None:
        raise Refused("この版はありません。", "There is no such version.")
    if request.method == "POST":
        try:
            governance.approve(found, by=account)
        except Refused as refused:
            messages.error(request, said(refused))
            return redirect("condition_set", pk)
        messages.success(request, gettext("承認しました。次の夜間処理から使われます。"))
        return redirect("condition_set", pk)
    running = next((one for one in governance.in_force() if one.difficulty == found.difficulty), None)
    context = {
        "version": found,
        "shown": _shown(found),
        "running": running,
        "changes": _changes(running, found) if running and running.pk != found.pk else [],
        "may_approve": may(account, Permission.APPROVE_CONDITIONS) and found.approved_by_id is None,
        "own": found.proposed_by_id == account.pk,
    }
    return render(request, "conditions/version.html", context)


def _set(found: ConditionVersion) -> ConditionSet:
    return ConditionSet.model_validate_json(json.dumps(found.content))


def _shown(found: ConditionVersion) -> dict[str, Any]:
    """A version as the page reads it: must-look sentences, then domains with their sentences and points."""
    conditions_of = _set(found)
    indicators = {indicator.id: indicator for indicator in load_indicators()}
    sources = {layout.name: layout.short_label for layout in load_registry()}

    def line(condition: Any) -> dict[str, Any]:
        indicator = indicators.get(condition.indicator)
        return {
            "sentence": condition.sentence(),
            "points": condition.points,
            "ages": condition.ages,
            "basis": condition.basis,
            "source": sources.get(indicator.source) if indicator else None,
        }

    return {
        "version": found,
        "set": conditions_of,
        "musts": [line(condition) for condition in conditions_of.musts],
        "domains": [
            {
                "label": domain.label,
                "most": sum(condition.points for condition in conditions_of.scored(domain)),
                "rows": [line(condition) for condition in conditions_of.scored(domain)],
            }
            for domain in conditions_of.domains
        ],
        "floor": conditions_of.tiers[-1],
    }


def _changes(before: ConditionVersion, after: ConditionVersion) -> list[dict[str, Any]]:
    """Which conditions were added, dropped or changed against the version in force."""
    old = {condition.id: condition for condition in _set(before).conditions}
    new = {condition.id: condition for condition in _set(after).conditions}
    floors = (_set(before).tiers[-1], _set(after).tiers[-1])
    found: list[dict[str, Any]] = []
    if floors[0] != floors[1]:
        found.append({"kind": "floor", "was": f"{floors[0]:g}", "becomes": f"{floors[1]:g}"})
    found += [{"kind": "added", "sentence": new[name].sentence()} for name in new if name not in old]
    found += [{"kind": "dropped", "sentence": old[name].sentence()} for name in old if name not in new]
    found += [
        {"kind": "changed", "sentence": new[name].sentence(), "was": old[name].sentence()}
        for name in new
        if name in old and new[name] != old[name]
    ]
    return found
