"""Cases of the demo brought to where a page or a task begins, by the verbs people use; printed as places by name.

Run in the demo's home: `python -m tests.browser.stage`. Children who wait below the cut are taken, so that the list of
the day stays as the night made it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mimamori.support.models import Finding, Note, Plan, Referral

WARD = "40134"
VERSIONS = {"page": "bullying", "draft": "carer", "task": "postnatal", "returned": "develop"}
AGENCY = "南区保健センター"


def main() -> None:
    """Stage everything, and print name → address or number."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "mimamori.web.settings"
    import django

    django.setup()
    _filter()
    print(json.dumps(_cases() | _versions() | _models() | _upload()))  # noqa: T201


def _cases() -> dict[str, str]:
    """One finding for each place that needs a state of its own."""
    from mimamori.review.models import Pair
    from mimamori.support.models import Finding
    from mimamori.support.states import State

    free = Finding.objects.filter(ward=WARD, must=False, state=State.PROPOSED).order_by("-waiting", "pk")
    waiting = iter(free)
    places: dict[str, str] = {}
    for name in ("page", "draft"):
        looking, needed, referred, closing, noted = (next(waiting) for _ in range(5))
        planned, asked = [next(waiting) for _ in range(2)], next(waiting)
        for one in (looking, needed, referred, closing, noted, asked, *planned):
            _begin(one)
        places |= {f"{name}.{place}": pk for place, pk in _conference(asked).items()}
        for one in (needed, referred, *planned):
            _assess(one, "support_needed")
        plan, done = (_plan(one) for one in planned)
        _fulfil(done)
        if name == "page":  # there it is looked at when all is over, else its end is typed
            _end(done)
        sent = _refer(referred)
        _assess(closing, "no_need")
        note, file = _record(noted)
        places |= {
            f"{name}.case_no": looking.case_no,
            f"{name}.looking": str(looking.pk),
            f"{name}.needed": str(needed.pk),
            f"{name}.referred": str(referred.pk),
            f"{name}.referral": str(sent.pk),
            f"{name}.closing": str(closing.pk),
            f"{name}.noted": str(noted.pk),
            f"{name}.note": str(note.pk),
            f"{name}.file": str(file),
            f"{name}.plan": str(plan.pk),
            f"{name}.done_plan": str(done.pk),
        }
    twice = next(waiting)  # two people open it at once
    _begin(twice)
    places["twice.looking"] = str(twice.pk)
    return places | _for_tasks(waiting) | {"pair": str(Pair.objects.filter(open=True).order_by("pk")[0].pk)}


def _for_tasks(waiting: Iterator[Finding]) -> dict[str, str]:
    """What the tasks of the manual find on a list: case numbers, looked for in the address of a row."""
    from mimamori import door
    from mimamori.access.models import Account
    from mimamori.support.models import Finding
    from mimamori.support.states import State

    looking, needed, referred, noted, closing, returned, to_plan, to_decide = (next(waiting) for _ in range(8))
    for one in (looking, needed, referred, noted, closing, returned, to_plan, to_decide):
        _begin(one)
    _conference(to_decide, title="南区 定例判定会議")
    for one in (needed, referred, to_plan):
        _assess(one, "support_needed")
    for one in (closing, returned):
        _assess(one, "no_need")
    _refer(referred)
    _record(noted)
    door.open_karte(Account.objects.get(username="minami-worker"), noted.case_no)
    must = Finding.objects.filter(ward=WARD, must=True, state=State.PROPOSED).order_by("pk")
    fresh = next(one for one in must if "absence" in one.difficulties)
    named = {
        "looking": looking,
        "needed": needed,
        "referred": referred,
        "noted": noted,
        "to_plan": to_plan,
        "closing": closing,
        "returned": returned,
        "fresh": fresh,
    }
    return {f"task.{name}_case": one.case_no for name, one in named.items()}


def _begin(finding: Finding) -> None:
    from mimamori.access.models import Account
    from mimamori.support import actions

    worker, supervisor = (Account.objects.get(username=name) for name in ("minami-worker", "minami-supervisor"))
    actions.assign(finding, to=worker, by=supervisor)
    actions.start(finding.pk, by=worker)


def _assess(finding: Finding, outcome: str) -> None:
    from mimamori.access.models import Account
    from mimamori.support import actions

    worker = Account.objects.get(username="minami-worker")
    actions.assess(
        finding.pk,
        by=worker,
        outcome=outcome,
        checklist={},
        reason="訪問して確かめたため。",
        text="母と本人に会った。朝は祖母が来ている。",
    )


def _refer(finding: Finding) -> Referral:
    from django.utils import timezone

    from mimamori.access.models import Account
    from mimamori.support import actions

    return actions.refer(
        finding.pk,
        by=Account.objects.get(username="minami-worker"),
        agency_kind="health_centre",
        agency_name=AGENCY,
        basis="consent",
        basis_text="母、電話で同意",
        text="家庭訪問をお願いします。",
        shared=["name", "worries"],
        due_on=timezone.localdate() + timedelta(days=14),
    )


def _conference(finding: Finding, title: str = "南区 判定会議") -> dict[str, str]:
    """One of today with this case on its agenda, and one to come without any."""
    from django.utils import timezone

    from mimamori.access.models import Account
    from mimamori.support import conferences

    worker, today = Account.objects.get(username="minami-worker"), timezone.localdate()
    held = conferences.call(by=worker, ward=WARD, title=title, held_on=today)
    coming = conferences.call(by=worker, ward=WARD, title=f"{title}(次回)", held_on=today + timedelta(days=14))
    item = conferences.put_on(finding, held.pk, by=worker, why="学校と家庭のどちらから支援を始めるか。")
    return {"conference": str(held.pk), "coming": str(coming.pk), "item": str(item.pk)}


def _plan(finding: Finding) -> Plan:
    from django.utils import timezone

    from mimamori.access.models import Account
    from mimamori.support import plans

    today = timezone.localdate()
    content = plans.Content(
        goals="朝、自分で起きて、学校に行ける日がふえる。",
        strengths="祖母が毎日来ている。本人は図工が好き。",
        avoid="夜は電話しない。母の職場には連絡しない。",
        consent="given",
        consent_text="母、面接で同意",
        review_on=today + timedelta(days=60),
        actions=(
            plans.Action("朝の見守りと声かけ", "祖母", today + timedelta(days=14)),
            plans.Action("子ども食堂を紹介する", "南区 相談員", today + timedelta(days=7), "done", "母が行くと言った"),
        ),
    )
    return plans.make([finding.pk], by=Account.objects.get(username="minami-worker"), content=content)


def _fulfil(plan: Plan) -> None:
    """Everything in the plan is done."""
    from mimamori.access.models import Account
    from mimamori.support import plans

    content = plans.content_of(plan)
    done = tuple(replace(one, state="done") for one in content.actions)
    worker = Account.objects.get(username="minami-worker")
    plans.revise(plan, by=worker, content=replace(content, actions=done), version=1)


def _end(plan: Plan) -> None:
    from mimamori.access.models import Account
    from mimamori.support import plans

    worker = Account.objects.get(username="minami-worker")
    plans.end(plan, by=worker, reason="毎日登校できるようになった。", version=2)


def _record(finding: Finding) -> tuple[Note, int]:
    from django.utils import timezone

    from mimamori.access.models import Account
    from mimamori.support import attachments, notes

    worker, today = Account.objects.get(username="minami-worker"), timezone.localdate()
    text = "学校から電話。今週は2日、給食の前に登校した。"
    note = notes.write(
        finding.pk, by=worker, happened_on=today, kind="phone", result="reached", text=text, with_whom="担任"
    )
    file = attachments.attach(finding.pk, by=worker, name="出欠.txt", content="2日".encode(), about="学校の出欠")
    return note, file.pk


def _versions() -> dict[str, str]:
    """A version of conditions in each state that a page shows differently."""
    from mimamori import governance
    from mimamori.access.models import Account
    from mimamori.governance.models import ConditionVersion

    coordinator = Account.objects.get(username="coordinator")
    places: dict[str, str] = {}
    for name, difficulty in VERSIONS.items():
        used = ConditionVersion.objects.get(difficulty=difficulty, number=1)
        draft = governance.copy(used, by=coordinator, note="園の先生の意見をうけて見直す。")
        tested = governance.send_to_test(
            governance.copy(used, by=coordinator, note="同じ内容での確認。"), by=coordinator
        )
        told = {"told": {"ja": "期待どおりです。", "en": "As expected."}}
        for kind in ("persona", "backtest"):
            governance.record_proof(tested, kind=kind, passed=True, summary=told, by=None)
        asked = governance.ask_approval(tested, by=coordinator)
        places |= {f"{name}.draft": str(draft.pk), f"{name}.asked": str(asked.pk), f"{name}.used": str(used.pk)}
    return places


def _models() -> dict[str, str]:
    """A model that did not prove itself, and one that waits for its approval, of made-up children."""
    from tests.proved import kept_model

    from mimamori import governance
    from mimamori.access.models import Account

    analyst = Account.objects.get(username="analyst")
    places: dict[str, str] = {}
    for name in ("page", "draft"):
        kept, asked = kept_model({"analyst": analyst}), kept_model({"analyst": analyst}, offered=True)
        governance.ask_model(asked, by=analyst)
        places |= {f"{name}.model": str(kept.pk), f"{name}.asked_model": str(asked.pk)}
    return places


def _filter() -> None:
    """A filter that a worker is building."""
    from mimamori.access.models import Account
    from mimamori.web.views.filters import keep

    keep(Account.objects.get(username="minami-worker"), {"all": [{"fact": "council"}]}, 1)


def _upload() -> dict[str, str]:
    """Files handed in that nobody could place."""
    from django.utils import timezone

    from mimamori.access.models import Account
    from mimamori.upload.models import Upload

    reason = {"ja": "どのシステムのファイルか、名前からわかりません。", "en": "No source has files of this name."}
    made = Upload.objects.create(
        phase=Upload.Phase.REFUSED,
        by=Account.objects.get(username="coordinator"),
        asked_at=timezone.now(),
        ended_at=timezone.now(),
        folder="staged",
        files=[{"name": "メモ.csv", "bytes": 5}],
        strangers=[{"name": "メモ.csv", **reason}],
    )
    return {"upload": str(made.pk)}


if __name__ == "__main__":
    main()
