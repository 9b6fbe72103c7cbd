"""The pages of a 支援計画: made, changed, ended and printed; nothing that was typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone

from mimamori.audit.models import Event as Trail
from mimamori.support import actions, plans
from mimamori.support.models import Finding, Plan
from mimamori.support.states import State

pytestmark = pytest.mark.django_db
AVOID = "夜は電話しない。"


def sent(finding: Finding, **changed: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "goals": "学校に行ける日がふえる。",
        "strengths": "祖母が来ている。",
        "avoid": AVOID,
        "consent": "given",
        "consent_text": "母、面接で",
        "review_on": (today + timedelta(days=30)).isoformat(),
        "do_0": "朝の声かけ",
        "who_0": "祖母",
        "by_0": (today + timedelta(days=9)).isoformat(),
        "state_0": "open",
        "result_0": "",
        "version": str(Finding.objects.get(pk=finding.pk).version),
        **changed,
    }


@pytest.fixture
def needed(cast: dict[str, str], findings: dict[str, Finding], workers: dict[str, Any]) -> Finding:
    finding = findings[cast["poverty"]]
    actions.start(finding, by=workers["worker"])
    actions.assess(finding.pk, by=workers["worker"], outcome="support_needed", reason="理由", text="所見", checklist={})
    return Finding.objects.get(pk=finding.pk)


def pdf_text(content: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def test_made_changed_ended_and_closed(needed: Finding, sign_in: Any, workers: dict[str, Any]) -> None:
    worker = sign_in("worker")
    assert "支援計画を作る" in worker.get(f"/findings/{needed.pk}/").content.decode()
    answer = worker.post(f"/findings/{needed.pk}/plan/", sent(needed))
    plan = Plan.objects.get()
    assert answer["Location"] == f"/plans/{plan.pk}/"
    page = worker.get(f"/plans/{plan.pk}/").content.decode()
    assert "学校に行ける日がふえる。" in page and AVOID in page and "朝の声かけ" in page
    assert worker.get(f"/findings/{needed.pk}/plan/")["Location"] == f"/plans/{plan.pk}/", "one plan at a time"
    changed = sent(needed, version="1", state_0="done", result_0="できた", goals="毎日行く。")
    assert worker.post(f"/plans/{plan.pk}/", changed).status_code == 302
    page = worker.get(f"/plans/{plan.pk}/").content.decode()
    assert "毎日行く。" in page and "学校に行ける日がふえる。" in page, "what stood before stays readable"
    ending = {"event": "end_plan", "reason": "よくなった。", "version": "2"}
    assert worker.post(f"/plans/{plan.pk}/end/", ending).status_code == 302
    assert Finding.objects.get(pk=needed.pk).state == State.SUPPORT_DONE
    page = worker.get(f"/plans/{plan.pk}/").content.decode()
    assert "よくなった。" in page and "直した計画を記録する" not in page


@pytest.mark.parametrize(
    "changed", [{"goals": ""}, {"who_0": ""}, {"do_0": "", "who_0": ""}, {"review_on": "2020-01-01"}, {"consent": "x"}]
)
def test_what_is_missing_is_asked_for_beside_what_was_typed(
    changed: dict[str, str], needed: Finding, sign_in: Any
) -> None:
    typed = sent(needed, strengths="本人は図工が好き。", **changed)
    answer = sign_in("worker").post(f"/findings/{needed.pk}/plan/", typed)
    assert answer.status_code == 422
    assert "まだ保存していません。" in answer.content.decode() and "本人は図工が好き。" in answer.content.decode()
    assert not Plan.objects.exists()


def test_who_was_overtaken_sees_both_texts_and_can_send_again(
    needed: Finding, sign_in: Any, workers: dict[str, Any]
) -> None:
    worker = sign_in("worker")
    worker.post(f"/findings/{needed.pk}/plan/", sent(needed))
    plan = Plan.objects.get()
    theirs = plans.content_of(plan)
    plans.revise(plan, by=workers["supervisor"], content=replace(theirs, goals="係長の文"), version=1)
    late = worker.post(f"/plans/{plan.pk}/", sent(needed, version="1", goals="わたしの文"))
    page = late.content.decode()
    assert late.status_code == 409 and "係長の文" in page and "わたしの文" in page
    assert worker.post(f"/plans/{plan.pk}/", sent(needed, version="2", goals="わたしの文")).status_code == 302


def test_the_family_gets_no_word_on_how_not_to_approach_it(needed: Finding, sign_in: Any) -> None:
    worker = sign_in("worker")
    worker.post(f"/findings/{needed.pk}/plan/", sent(needed))
    plan = Plan.objects.get()
    office, family = (
        pdf_text(worker.post(f"/plans/{plan.pk}/print/", {"for": one}).content) for one in ("office", "family")
    )
    assert AVOID in office and "母、面接で" in office
    assert AVOID not in family and "母、面接で" not in family and "朝の声かけ" in family
    assert Trail.objects.filter(action="plan.print", case_no=needed.case_no).count() == 2


def test_nobody_else_reads_it(needed: Finding, sign_in: Any) -> None:
    sign_in("worker").post(f"/findings/{needed.pk}/plan/", sent(needed))
    plan = Plan.objects.get()
    for who, status in (("outsider", 404), ("auditor", 403), ("coordinator", 200)):
        assert sign_in(who).get(f"/plans/{plan.pk}/").status_code == status
    for path in (f"/plans/{plan.pk}/", f"/plans/{plan.pk}/end/", f"/findings/{needed.pk}/plan/"):
        assert sign_in("outsider").post(path, sent(needed)).status_code in {403, 404}
    assert Plan.objects.get().version == 1
