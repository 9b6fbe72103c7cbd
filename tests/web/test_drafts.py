"""Whatever happens to the session, what was typed is there when the form is opened again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mimamori.access.models import Account
from mimamori.support import actions
from mimamori.support.models import Assessment, Draft, Finding, Referral

TEXT = "担任から、10月から弟の世話をしていると聞いた。"
SCRIPT = {"X-Draft": "1"}


@pytest.fixture
def finding(findings: dict[str, Finding], cast: dict[str, str], workers: dict[str, Account]) -> Finding:
    return actions.start(findings[cast["poverty"]], by=workers["worker"])


def tickets(page: str) -> list[str]:
    return re.findall(r'name="draft" value="([^"]+)"', page)


def test_what_is_typed_is_kept_and_seen_by_its_writer_only(sign_in: Any, finding: Finding) -> None:
    worker, address = sign_in("worker"), f"/findings/{finding.pk}/assess/"
    [ticket] = tickets(worker.get(address).content.decode())
    typed = {"draft": ticket, "text": TEXT, "check_meals": "worry", "outcome": "watch", "watch_until": "2099-01-01"}
    told = worker.post("/drafts/keep/", typed, headers=SCRIPT)
    assert (told.headers["X-Draft"], "自動保存" in told.content.decode()) == ("kept", True)
    again = worker.get(address)
    assert TEXT in again.content.decode()
    assert "までの書きかけを開きました" in again.content.decode()
    form = again.context["form"]
    assert [form[name].value() for name in ("check_meals", "outcome", "watch_until")] == [
        "worry",
        "watch",
        "2099-01-01",
    ]
    assert TEXT not in sign_in("supervisor").get(address).content.decode()
    row = worker.get("/work/").content.decode()
    assert "所見のつづき" in row
    assert TEXT in worker.get(f"/karte/{finding.case_no}/").content.decode(), "the karte shows that it was begun"


def test_typing_goes_on_past_the_end_of_the_session(sign_in: Any, finding: Finding) -> None:
    worker, address = sign_in("worker"), f"/findings/{finding.pk}/assess/"
    [ticket] = tickets(worker.get(address).content.decode())
    worker.logout()
    told = worker.post("/drafts/keep/", {"draft": ticket, "text": TEXT}, headers=SCRIPT)
    assert (told.headers["X-Draft"], "サインアウトされています" in told.content.decode()) == ("signed-out", True)
    assert TEXT in sign_in("worker").get(address).content.decode()


def test_nothing_is_read_back_with_a_ticket(sign_in: Any, finding: Finding) -> None:
    worker = sign_in("worker")
    [ticket] = tickets(worker.get(f"/findings/{finding.pk}/assess/").content.decode())
    worker.post("/drafts/keep/", {"draft": ticket, "text": TEXT}, headers=SCRIPT)
    stranger = Client()
    for answer in (
        stranger.post("/drafts/keep/", {"draft": ticket, "text": "x"}, headers=SCRIPT),
        stranger.post("/drafts/keep/", {"draft": ticket, "text": "y"}, follow=True),
        stranger.get("/drafts/keep/", {"draft": ticket}, follow=True),
        stranger.post("/drafts/discard/", {"draft": ticket}, follow=True),
    ):
        assert TEXT not in answer.content.decode()


def test_without_a_ticket_nothing_is_kept(sign_in: Any, finding: Finding) -> None:
    assert sign_in("worker").post("/drafts/keep/", {"draft": "forged", "text": TEXT}).status_code == 422
    assert Client().post("/drafts/keep/", {"draft": "forged", "text": TEXT}).status_code == 302
    assert sign_in("worker").get("/drafts/keep/").status_code == 405
    assert not Draft.objects.exists()


def assessing(ticket: str, **more: str) -> dict[str, str]:
    return {"draft": ticket, "text": TEXT, "outcome": "no_need", "reason": "元気", "version": "2", **more}


def test_a_form_sent_after_the_session_ended_is_a_draft(sign_in: Any, finding: Finding) -> None:
    worker, address = sign_in("worker"), f"/findings/{finding.pk}/assess/"
    [ticket] = tickets(worker.get(address).content.decode())
    worker.logout()
    answer = worker.post(address, assessing(ticket))
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")
    assert "下書きに残してあります" in worker.get(answer["Location"]).content.decode()
    form = sign_in("worker").get(address).context["form"]
    assert [form[name].value() for name in ("text", "outcome", "reason")] == [TEXT, "no_need", "元気"]
    assert not Assessment.objects.exists()


def test_a_form_whose_token_is_too_old_is_a_draft(workers: dict[str, Account], finding: Finding) -> None:
    """Signing in anew in another window makes the tokens of open pages worthless."""
    browser, address = Client(enforce_csrf_checks=True), f"/findings/{finding.pk}/assess/"
    browser.force_login(workers["worker"])
    [ticket] = tickets(browser.get(address).content.decode())
    answer = browser.post(address, assessing(ticket, csrfmiddlewaretoken="a" * 64))
    page = answer.content.decode()
    assert (answer.status_code, "下書きに残してあります" in page, f'href="{address}"' in page) == (403, True, True)
    assert TEXT in browser.get(address).content.decode()


def test_whoever_sits_down_next_does_not_record_it(sign_in: Any, finding: Finding) -> None:
    address = f"/findings/{finding.pk}/assess/"
    [ticket] = tickets(sign_in("worker").get(address).content.decode())
    answer = sign_in("supervisor").post(address, assessing(ticket))
    assert answer.status_code == 409
    assert "開いた人の下書きに残してあります" in answer.content.decode()
    assert not Assessment.objects.exists()
    assert TEXT in sign_in("worker").get(address).content.decode()
    assert TEXT not in sign_in("supervisor").get(address).content.decode()


def test_recorded_ends_the_draft_and_an_error_does_not(sign_in: Any, finding: Finding) -> None:
    worker, address = sign_in("worker"), f"/findings/{finding.pk}/assess/"
    [ticket] = tickets(worker.get(address).content.decode())
    wrong = worker.post(address, assessing(ticket, outcome=""))
    assert (wrong.status_code, tickets(wrong.content.decode())) == (422, [ticket])
    assert TEXT in worker.get(address).content.decode(), "the page was left without sending again"
    assert worker.post(address, assessing(ticket)).status_code == 302
    late = worker.post("/drafts/keep/", {"draft": ticket, "text": TEXT}, headers=SCRIPT)
    assert late.headers["X-Draft"] == "late"
    assert not Draft.objects.exclude(values={}).exists()


def test_two_windows_show_both_texts(sign_in: Any, finding: Finding) -> None:
    worker, address = sign_in("worker"), f"/findings/{finding.pk}/assess/"
    left, right = (tickets(worker.get(address).content.decode())[0] for _ in range(2))
    worker.post("/drafts/keep/", {"draft": left, "text": "左の窓"}, headers=SCRIPT)
    told = worker.post("/drafts/keep/", {"draft": right, "text": "右の窓"}, headers=SCRIPT)
    assert (told.headers["X-Draft"], "別の画面で書いたもの" in told.content.decode()) == ("beside", True)
    page = worker.get(address).content.decode()
    assert "左の窓" in page and "右の窓" in page
    assert worker.post("/drafts/discard/", {"draft": tickets(page)[0]}).headers["Location"] == address
    page = worker.get(address).content.decode()
    assert "左の窓" not in page and "右の窓" not in page


def test_the_button_keeps_without_script(sign_in: Any, finding: Finding) -> None:
    worker, address = sign_in("worker"), f"/findings/{finding.pk}/assess/"
    [ticket] = tickets(worker.get(address).content.decode())
    answer = worker.post("/drafts/keep/", {"draft": ticket, "text": TEXT}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "下書きを保存しました" in answer.content.decode()
    assert TEXT in answer.content.decode()


@pytest.mark.parametrize("form", ["refer", "answer", "look_again", "close", "pair"])
def test_every_form_with_free_text_keeps_it(
    form: str, sign_in: Any, finding: Finding, workers: dict[str, Account]
) -> None:
    who, address, field = "worker", f"/findings/{finding.pk}/", "reason"
    actions.assess(
        finding, by=workers["worker"], outcome="no_need" if form == "close" else "support_needed", reason="理由",
        text="所見", checklist={},
    )  # fmt: skip
    if form == "refer":
        address, field = f"{address}refer/", "text"
    elif form == "answer":
        later = timezone.localdate() + timedelta(days=7)
        sent = actions.refer(
            finding, by=workers["worker"], agency_kind="school", agency_name="若葉小", basis="law",
            basis_text="児童福祉法25条の2", text="見守り", shared=["name"], due_on=later,
        )  # fmt: skip
        assert isinstance(sent, Referral)
        address, field = f"/referrals/{sent.pk}/answer/", "text"
    elif form == "close":
        who = "supervisor"
    elif form == "pair":
        from mimamori.review.models import Pair

        pair = Pair.objects.create(left_ref="addressee_no:1", right_ref="addressee_no:2", why="grey",
                                   first_seen="2026-10-31", last_seen="2026-10-31")  # fmt: skip
        who, address = "coordinator", f"/pairs/{pair.pk}/"
    browser = sign_in(who)
    page = browser.get(address).content.decode()
    assert page.count("data-draft=") == len(tickets(page)) > 0
    browser.post("/drafts/keep/", {"draft": tickets(page)[0], field: TEXT}, headers=SCRIPT)
    assert TEXT in browser.get(address).content.decode()
