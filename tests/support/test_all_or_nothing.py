"""A server that dies in the middle of any write of case work: everything of it is there, or nothing.

Each verb is begun again and again, and the database breaks off at its first write, its second, its third … until it
comes through. After every break all tables of case work and the trail, and the sealed files, are what they were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from tests.support.made import CASE, DAY, row
from tests.support.test_actions import JUDGED, sending
from tests.support.test_plans import written

from mimamori.screening.unlisted import Drawn
from mimamori.support import actions, conferences, effects, notes, notices, plans
from mimamori.support.following import Renumbered, follow
from mimamori.support.models import AgendaItem, Conference, Finding, Note, Notice, Plan, Referral
from mimamori.support.opinions import Addition, take_opinions
from mimamori.support.sampling import take_sample
from mimamori.support.taking import take_findings
from mimamori.support.telling import escalate

pytestmark = pytest.mark.django_db
Workers = dict[str, Any]
Verb = Callable[[Workers], Any]
TODAY = timezone.localdate
MOST = 60  # writes of one verb: more is no verb


class Killed(Exception):
    """The server is gone."""


@dataclass
class Breaking:
    """Lets so many writes pass, and breaks off at the next."""

    left: int
    seen: list[str] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            if not self.left:
                raise Killed
            self.left -= 1
            self.seen.append(sql.split()[2])
        return execute(sql, params, many, context)


def stand() -> dict[str, Any]:
    """All rows of case work and of the trail."""
    models = [model for app in ("support", "audit") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: sorted(map(str, model._default_manager.values_list())) for model in models}


def the() -> Finding:
    return Finding.objects.get(case_no=CASE)


def assigned(w: Workers) -> None:
    actions.assign(the(), to=w["worker"], by=w["supervisor"])


def looking(w: Workers) -> None:
    actions.start(the(), by=w["worker"])


def judged(w: Workers, outcome: str = "support_needed") -> None:
    looking(w)
    actions.assess(the(), by=w["worker"], **{**JUDGED, "outcome": outcome})


def referred(w: Workers) -> None:
    judged(w)
    actions.refer(the(), by=w["worker"], **sending())


def no_need(w: Workers) -> None:
    judged(w, "no_need")


def planned(w: Workers) -> None:
    judged(w)
    plans.make([the().pk], by=w["worker"], content=written())


def fulfilled(w: Workers) -> None:
    planned(w)
    done = written(actions=tuple(replace(one, state="done") for one in written().actions))
    plans.revise(Plan.objects.get(), by=w["worker"], content=done, version=1)


def called(w: Workers) -> None:
    conferences.call(by=w["supervisor"], ward="40134", title="南区 判定会議", held_on=TODAY())


def about_to_confer(w: Workers) -> None:
    looking(w)
    called(w)


def put_on(w: Workers) -> None:
    conferences.put_on(the(), Conference.objects.get().pk, by=w["worker"], why="どこにつなぐか")


def conferring(w: Workers) -> None:
    about_to_confer(w)
    put_on(w)


def noted(w: Workers) -> None:
    looking(w)
    notes.write(the(), by=w["worker"], happened_on=DAY, kind="school", text="担任に聞いた")


def overdue(w: Workers) -> None:
    Finding.objects.update(due_on=TODAY() - timedelta(days=30))


def nothing(w: Workers) -> None:
    """As the night left it."""


VERBS: dict[str, tuple[Verb, Verb]] = {
    "assign": (nothing, assigned),
    "start": (nothing, looking),
    "assess": (looking, lambda w: actions.assess(the(), by=w["worker"], **JUDGED)),
    "refer": (judged, lambda w: actions.refer(the(), by=w["worker"], **sending())),
    "answer": (
        referred,
        lambda w: actions.answer_referral(Referral.objects.get(), by=w["worker"], answer="refused", text="満員"),
    ),
    "look_again": (judged, lambda w: actions.look_again(the(), by=w["worker"], reason="もう一度")),
    "close": (no_need, lambda w: actions.close(the(), by=w["supervisor"], reason="確かめた")),
    "send_back": (no_need, lambda w: actions.send_back(the(), by=w["supervisor"], reason="会えていない")),
    "note": (
        looking,
        lambda w: notes.write(
            the(), by=w["worker"], happened_on=DAY, kind="visit", result="met_child", text="会えた"
        ),
    ),
    "correct a note": (
        noted,
        lambda w: notes.correct(
            Note.objects.get(), by=w["worker"], happened_on=DAY, kind="school", text="教頭に聞いた", version=1
        ),
    ),
    "withdraw a note": (noted, lambda w: notes.withdraw(Note.objects.get(), by=w["worker"], reason="別の子")),
    "plan": (judged, lambda w: plans.make([the().pk], by=w["worker"], content=written())),
    "revise a plan": (
        planned,
        lambda w: plans.revise(Plan.objects.get(), by=w["worker"], content=written(goals="毎日行く"), version=1),
    ),
    "end a plan": (
        fulfilled,
        lambda w: plans.end(Plan.objects.get(), by=w["worker"], reason="毎日登校している。", version=2),
    ),
    "call a conference": (nothing, called),
    "put on an agenda": (about_to_confer, put_on),
    "decide": (
        conferring,
        lambda w: conferences.decide(
            AgendaItem.objects.get().pk, by=w["supervisor"], decision="support", reason="理由"
        ),
    ),
    "what came of it": (
        judged,
        lambda w: effects.record(the(), by=w["worker"], time="closing", scale="better", text="学校に聞いた"),
    ),
    "read a notice": (assigned, lambda w: notices.mark_read(Notice.objects.get().pk, by=w["worker"])),
    "a night's findings": (
        judged,
        lambda w: take_findings([row(must=True, ward="40131"), row("K-2"), row("K-3")], as_of=DAY, rooms={"40134": 1}),
    ),
    "a model's additions": (
        nothing,
        lambda w: take_opinions(
            [Addition(f"K-{n}", "40134", "", "abuse", 1, ("a",), ()) for n in (7, 8)],
            as_of=DAY, places={(1, "40134"): 2},
        ),
    ),
    "a sample": (
        nothing,
        lambda w: take_sample(
            [Drawn("40134", 100, ("K-5", "K-6"))], sizes={"40134": 2}, snapshot="s", as_of=DAY, seed=1
        ),
    ),
    "a merge": (judged, lambda w: follow([Renumbered("merged", CASE, "K-9")])),
    "escalation": (overdue, lambda w: escalate(TODAY())),
}  # fmt: skip


@pytest.mark.parametrize("name", list(VERBS))
def test_a_write_that_is_broken_off_leaves_nothing(name: str, finding: Finding, workers: Workers) -> None:
    before, verb = VERBS[name]
    before(workers)
    stood = stand()
    for writes in range(MOST):
        breaking = Breaking(writes)
        try:
            with connection.execute_wrapper(breaking):
                verb(workers)
        except Killed:
            assert stand() == stood, f"broken off after {breaking.seen}"
        else:
            assert writes >= 1 and stand() != stood
            return
    raise AssertionError("it never came through")
