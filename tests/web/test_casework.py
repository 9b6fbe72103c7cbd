"""From a finding to help: the forms, their errors, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mimamori.access.models import Account
from mimamori.support import actions
from mimamori.support.models import Assessment, Finding

TEXT = "担任から、10月から弟の世話をしていると聞いた。"


@pytest.fixture
def clients(workers: dict[str, Account]) -> dict[str, Client]:
    made = {}
    for role, account in workers.items():
        made[role] = Client()
        made[role].force_login(account)
    return made


@pytest.fixture
def finding(findings: dict[str, Finding], cast: dict[str, str]) -> Finding:
    return findings[cast["poverty"]]


def assessed(finding: Finding, **changed: str) -> dict[str, str]:
    version = Finding.objects.get(pk=finding.pk).version
    given = {
        "text": TEXT, "checked": "担任", "outcome": "support_needed", "reason": "登校できていない",
        "check_met_child": "yes", "version": str(version),
    }  # fmt: skip
    return {**given, **changed}


def test_who_has_no_work_of_their_own_sees_what_waits_for_all(clients: dict[str, Client], finding: Finding) -> None:
    worker = clients["worker"]
    assert "森下 陽菜" in worker.get("/work/").content.decode()
    assert "森下 陽菜" not in worker.get("/work/?view=mine").content.decode()
    worker.post(f"/findings/{finding.pk}/start/", {"version": "1"})
    assert worker.get("/work/").context["groups"] == worker.get("/work/?view=mine").context["groups"]
    assert "森下 陽菜" in worker.get("/work/").content.decode()


def test_from_the_worklist_to_an_answer(clients: dict[str, Client], finding: Finding) -> None:
    worker, base = clients["worker"], f"/findings/{finding.pk}"
    row = worker.get("/work/?view=unassigned").content.decode()
    assert "森下 陽菜" in row
    assert "必ず見る" in row
    started = worker.post(f"{base}/start/", {"version": "1"})
    assert started.headers["Location"] == f"{base}/assess/"
    assert worker.post(f"{base}/assess/", assessed(finding)).status_code == 302
    page = worker.get(f"{base}/").content.decode()
    assert TEXT in page
    assert "支援が必要" in page

    soon = (timezone.localdate() + timedelta(days=7)).isoformat()
    version = Finding.objects.get(pk=finding.pk).version
    referral = {
        "agency_kind": "school_social_worker", "agency_name": "若葉小 SSW", "basis": "consent",
        "basis_text": "母、電話で同意", "shared": ["name", "worries"],
        "text": "登校の支援をお願いします。", "due_on": soon, "version": str(version),
    }  # fmt: skip
    assert worker.post(f"{base}/refer/", referral).status_code == 302
    sent = Finding.objects.get(pk=finding.pk).referrals.get()
    version = Finding.objects.get(pk=finding.pk).version
    answered = worker.post(
        f"/referrals/{sent.pk}/answer/", {"answer": "done", "text": "登校をはじめた。", "version": str(version)}
    )
    assert answered.status_code == 302

    closing = {"event": "close", "reason": "支援が終わった。", "version": str(version + 1)}
    assert clients["supervisor"].post(f"{base}/step/", closing).status_code == 422, "what came of it is missing"
    effect = {"time": "closing", "scale": "better", "text": "担任に聞いた。"}
    assert worker.post(f"{base}/effect/", {**effect, "text": ""}).status_code == 422
    assert worker.post(f"{base}/effect/", effect).status_code == 302
    assert "担任に聞いた。" in worker.get(f"{base}/").content.decode()
    assert clients["supervisor"].post(f"{base}/step/", closing).status_code == 302
    assert Finding.objects.get(pk=finding.pk).state == "closed"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outcome": ""}, "えらんでください"),
        ({"reason": ""}, "書いてください"),
        ({"outcome": "watch"}, "いつまで見守るか"),
        ({"outcome": "watch", "watch_until": "2020-01-01"}, "いつまで見守るか"),
        ({"check_met_child": "maybe"}, "本人に会えた"),
    ],
)
def test_an_error_loses_no_text(
    changed: dict[str, str], told: str, clients: dict[str, Client], finding: Finding, workers: dict[str, Account]
) -> None:
    actions.start(finding, by=workers["worker"])
    response = clients["worker"].post(f"/findings/{finding.pk}/assess/", assessed(finding, **changed))
    page = response.content.decode()
    assert response.status_code == 422
    assert TEXT in page
    assert told in page
    assert "まだ保存していません" in page
    assert not Assessment.objects.exists()


def test_who_is_overtaken_sees_both_texts(
    clients: dict[str, Client], finding: Finding, workers: dict[str, Account]
) -> None:
    actions.start(finding, by=workers["worker"])
    mine = assessed(finding, text="わたしの見立て")
    theirs = assessed(finding, text="係長の見立て", outcome="watch", watch_until="2099-01-01")
    assert clients["supervisor"].post(f"/findings/{finding.pk}/assess/", theirs).status_code == 302
    response = clients["worker"].post(f"/findings/{finding.pk}/assess/", mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "わたしの見立て" in page
    assert "係長の見立て" in page
    again = {**mine, "version": response.context["form"]["version"].value()}
    assert clients["worker"].post(f"/findings/{finding.pk}/assess/", again).status_code == 302


@pytest.mark.parametrize("address", ["", "assess/", "refer/"])
@pytest.mark.parametrize(
    ("role", "status"), [("outsider", 404), ("auditor", 403), ("administrator", 403), ("data_officer", 403)]
)
def test_a_finding_is_closed_to_others(
    address: str, role: str, status: int, clients: dict[str, Client], finding: Finding
) -> None:
    response = clients[role].get(f"/findings/{finding.pk}/{address}")
    assert response.status_code == status
    assert "森下" not in response.content.decode()


def test_a_supervisor_assigns_many_and_a_worker_none(
    clients: dict[str, Client], findings: dict[str, Finding], workers: dict[str, Account]
) -> None:
    minami = [finding for finding in findings.values() if finding.ward == "40134"]
    given = {"finding": [finding.pk for finding in minami], "to": workers["worker"].pk, "back": "/work/?view=all"}
    assert clients["worker"].post("/work/assign/", given).status_code == 403
    assert not Finding.objects.filter(owner=workers["worker"]).exists()
    done = clients["supervisor"].post("/work/assign/", given, follow=True)
    assert done.redirect_chain[0][0] == "/work/?view=all"
    assert Finding.objects.filter(owner=workers["worker"]).count() == len(minami)


def test_assigning_to_another_ward_changes_nothing(
    clients: dict[str, Client], findings: dict[str, Finding], workers: dict[str, Account]
) -> None:
    minami = [finding.pk for finding in findings.values() if finding.ward == "40134"]
    page = clients["supervisor"].post("/work/assign/", {"finding": minami, "to": workers["outsider"].pk}, follow=True)
    assert "担当になれません" in page.content.decode()
    assert not Finding.objects.exclude(owner=None).exists()


def test_assigning_leads_to_no_foreign_address(clients: dict[str, Client], findings: dict[str, Finding]) -> None:
    sent = clients["supervisor"].post("/work/assign/", {"back": "https://example.com/"})
    assert sent.headers["Location"] == "/work/"


@pytest.mark.parametrize("view", ["mine", "unassigned", "all", "referred", "to_confirm", "closed", "nonsense"])
@pytest.mark.parametrize("difficulty", ["", "poverty", "nonsense"])
def test_every_list_says_something(view: str, difficulty: str, clients: dict[str, Client], findings: Any) -> None:
    page = clients["worker"].get(f"/work/?view={view}&difficulty={difficulty}&rows=x")
    assert page.status_code == 200
    text = page.content.decode()
    assert 'class="wl-r' in text or 'class="empty"' in text


@pytest.mark.parametrize(
    ("asked", "there"),
    [("ages=6-11", True), ("ages=0-2", False), ("school=若葉", True), ("school=ﾜｶﾊﾞなし", False), ("ages=x", False)],
)
def test_the_list_is_narrowed_by_age_and_school(
    asked: str, there: bool, clients: dict[str, Client], finding: Finding
) -> None:
    page = clients["worker"].get(f"/work/?view=all&{asked}").content.decode()
    assert ("森下 陽菜" in page) == there
    assert "年齢と学校のしぼりこみを外す" in page
