"""夜間処理: the version everybody sees, the last run by phase, and the runs before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mimamori import door, governance
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.governance.models import Run
from mimamori.sources.item import Label
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.model_card import column_words

STATES: dict[str, tuple[str, Promise]] = {
    Run.State.RUNNING: ("line", gettext_lazy("実行中")),
    Run.State.PUBLISHED: ("warn", gettext_lazy("公開済み(抽出の取り込みまち)")),
    Run.State.DONE: ("ok", gettext_lazy("公開済み")),
    Run.State.FAILED: ("warn", gettext_lazy("失敗")),
}
PHASES: dict[str, Promise] = {
    "read": gettext_lazy("データの読み込み"),
    "linkage": gettext_lazy("名寄せ"),
    "karte": gettext_lazy("個人カルテ"),
    "indicators": gettext_lazy("指標"),
    "conditions": gettext_lazy("抽出"),
    "changes": gettext_lazy("前の回とのちがい"),
    "write": gettext_lazy("書き出し"),
    "ledger": gettext_lazy("ケース番号の台帳"),
    "publish": gettext_lazy("公開"),
}


@page(permission=Permission.RUN_NIGHT)
def runs(request: HttpRequest, account: Account) -> HttpResponse:
    found = governance.recent_runs(30)
    last = governance.last_run()
    context = {
        "runs": [_shown(run) for run in found],
        "last": _shown(last) if last else None,
        "published": door.published(),
    }
    return render(request, "runs.html", context)


def _shown(run: Run) -> dict[str, object]:
    kind, word = STATES[run.state]
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
    longest = max((phase["seconds"] for phase in run.phases), default=0)
    phases = [{**phase, "word": PHASES.get(phase["name"], phase["name"]), "longest": longest} for phase in run.phases]
    return {
        "run": run,
        "kind": kind,
        "word": word,
        "seconds": seconds,
        "phases": phases,
        "total": sum(run.findings.values()),
        "models": [_model(difficulty, told) for difficulty, told in run.opinions.items()],
    }


def _model(difficulty: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What a statistical model said in the night, columns by their names in words."""
    if "fault" in told:
        return {"difficulty": difficulty, "fault": Label.model_validate(told["fault"])}
    names = column_words(difficulty)
    far = [names[name].text(language()) if name in names else name for name in told["far"] or []]
    joiner = "、" if language() == "ja" else ", "
    return {**told, "difficulty": difficulty, "unseen": len(told["unseen"]), "far_words": joiner.join(far)}
