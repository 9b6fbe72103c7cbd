"""The pages of a 判定会議: called, an agenda, decisions, minutes and their print; nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone

from mimamori.audit.models import Event as Trail
from mimamori.support import actions
from mimamori.support.models import AgendaItem, Conference, Finding
from mimamori.support.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def looking(cast: dict[str, str], findings: dict[str, Finding], workers: dict[str, Any]) -> Finding:
    finding = findings[cast["poverty"]]
    actions.start(finding, by=workers["worker"])
    return Finding.objects.get(pk=finding.pk)


def put_on(looking: Finding, worker: Any) -> AgendaItem:
    """Through the pages: a conference of today, and the case on its agenda."""
    today = timezone.localdate().isoformat()
    made = worker.post("/conferences/", {"title": "南区 判定会議", "held_on": today, "ward": "40134"})
    conference = Conference.objects.get()
    assert made["Location"] == f"/conferences/{conference.pk}/"
    asked = {"conference": str(conference.pk), "why": "どこにつなぐか。", "version": str(looking.version)}
    assert worker.post(f"/findings/{looking.pk}/conference/", asked).status_code == 302
    return AgendaItem.objects.get()


def test_from_the_call_to_closed_minutes(looking: Finding, sign_in: Any) -> None:
    worker, supervisor = sign_in("worker"), sign_in("supervisor")
    item = put_on(looking, worker)
    assert "判定会議まち" in worker.get(f"/findings/{looking.pk}/").content.decode()
    version = str(Finding.objects.get(pk=looking.pk).version)
    decided = {"decision": "support", "reason": "学校から始める。", "version": version}
    assert supervisor.post(f"/agenda/{item.pk}/", decided).status_code == 302
    assert Finding.objects.get(pk=looking.pk).state == State.SUPPORT_NEEDED
    page = f"/conferences/{item.conference_id}/"
    minutes = {"participants": "南区 係長", "minutes": "学校の話を聞いた。", "version": "1"}
    assert supervisor.post(page, minutes).status_code == 302
    assert supervisor.post(page, minutes | {"version": "2", "close": "1"}).status_code == 302
    closed = supervisor.get(page).content.decode()
    assert "学校から始める。" in closed and "学校の話を聞いた。" in closed and "会議の記録を保存する" not in closed
    paper = supervisor.post(f"{page}print/").content
    text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(paper))
    assert all(words in text for words in ("学校から始める。", "学校の話を聞いた。", looking.case_no, "取扱注意"))
    assert Trail.objects.filter(action="conference.print", case_no=looking.case_no).count() == 1


def test_taken_off_the_agenda(looking: Finding, sign_in: Any) -> None:
    worker = sign_in("worker")
    item = put_on(looking, worker)
    off = {"take_off": "1", "reason": "先に面会する。", "version": str(Finding.objects.get(pk=looking.pk).version)}
    assert worker.post(f"/agenda/{item.pk}/", off).status_code == 302
    assert Finding.objects.get(pk=looking.pk).state == State.LOOKING
    assert "先に面会する。" in worker.get(f"/conferences/{item.conference_id}/").content.decode()


def test_what_is_missing_is_asked_for_beside_what_was_typed(looking: Finding, sign_in: Any) -> None:
    worker = sign_in("worker")
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    late = worker.post("/conferences/", {"title": "きのうの会議", "held_on": yesterday, "ward": "40134"})
    assert late.status_code == 422 and "きのうの会議" in late.content.decode() and not Conference.objects.exists()
    assert "これからの会議はありません。" in worker.get(f"/findings/{looking.pk}/conference/").content.decode()
    item = put_on(looking, worker)
    version = str(Finding.objects.get(pk=looking.pk).version)
    undecided = worker.post(f"/agenda/{item.pk}/", {"reason": "理由だけ書いた。", "version": version})
    assert undecided.status_code == 422 and "理由だけ書いた。" in undecided.content.decode()
    early = worker.post(
        f"/conferences/{item.conference_id}/", {"participants": "係長", "minutes": "話", "version": "1", "close": "1"}
    )
    assert early.status_code == 422 and "決定を記録していない児童がいます" in early.content.decode()


def test_who_was_overtaken_sees_both_texts(looking: Finding, sign_in: Any) -> None:
    worker, supervisor = sign_in("worker"), sign_in("supervisor")
    page = f"/conferences/{put_on(looking, worker).conference_id}/"
    assert supervisor.post(page, {"minutes": "先の文", "version": "1"}).status_code == 302
    late = worker.post(page, {"minutes": "後の文", "version": "1"})
    assert late.status_code == 409 and "先の文" in late.content.decode() and "後の文" in late.content.decode()
    assert worker.post(page, {"minutes": "先の文と後の文", "version": "2"}).status_code == 302


def test_nobody_else_reads_or_writes_it(looking: Finding, sign_in: Any) -> None:
    item = put_on(looking, sign_in("worker"))
    pages = (f"/conferences/{item.conference_id}/", f"/agenda/{item.pk}/", f"/findings/{looking.pk}/conference/")
    for path in pages:
        assert sign_in("outsider").get(path).status_code == 404
        assert sign_in("outsider").post(path, {"minutes": "x", "version": "1"}).status_code == 404
        assert sign_in("auditor").get(path).status_code == 403
    assert sign_in("coordinator").get(pages[0]).status_code == 200
    assert sign_in("coordinator").post(pages[0], {"minutes": "x", "version": "1"}).status_code == 403
    assert Conference.objects.get().version == 1
