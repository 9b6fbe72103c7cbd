"""What a request leaves in the trail, and how a session begins and ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from mimamori import audit
from mimamori.access.middleware import AWAKE
from mimamori.access.models import Account
from mimamori.audit.models import Event

pytestmark = pytest.mark.django_db
Signing = Callable[[str], Any]


def test_a_denial_outlives_the_requests_rollback(sign_in: Signing) -> None:
    assert sign_in("worker").get("/trail/", REMOTE_ADDR="10.9.8.7").status_code == 403
    denied = Event.objects.get(action="denied")
    assert (denied.actor, denied.terminal) == ("worker", "10.9.8.7")
    assert denied.details == {"page": "trail", "permission": "see_trail"}


@pytest.mark.usefixtures("cast_home")
def test_a_child_that_was_tried_is_in_the_trail(sign_in: Signing) -> None:
    assert sign_in("outsider").get("/karte/K-0000-0000-0/").status_code == 404
    assert Event.objects.get(action="denied").case_no == "K-0000-0000-0"


def test_nobody_gets_past_the_entrance(client: Any) -> None:
    for path in ("/", "/work/", "/search/", "/karte/K-0000-0000-0/", "/trail/", "/people/", "/deliveries/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_signing_in_by_user_name(client: Any, workers: dict[str, Account]) -> None:
    form = {"login": "worker", "password": "wrong"}
    assert client.post("/accounts/login/", form).status_code == 200
    assert client.post("/accounts/login/", {**form, "password": "a long pass phrase"}).status_code == 302
    assert [event.action for event in Event.objects.order_by("number")] == ["sign_in_failed", "sign_in"]


CLOSED = (
    "signup/", "reauthenticate/", "email/", "confirm-email/", "confirm-email/MQ/", "password/set/", "password/reset/",
    "password/reset/done/", "password/reset/key/done/", "password/reset/key/1-abc/", "login/code/",
    "login/code/confirm/", "phone/verify/", "phone/change/",
)  # fmt: skip


@pytest.mark.parametrize("page", CLOSED)
def test_pages_that_let_people_in_by_themselves_do_not_exist(page: str, client: Any, sign_in: Signing) -> None:
    given = {"username": "mallory", "password1": "kumo-no-ue-42", "password2": "kumo-no-ue-42", "email": "m@example.jp"}
    answers = [client.get(f"/accounts/{page}"), client.post(f"/accounts/{page}", given)]
    answers.append(sign_in("worker").get(f"/accounts/{page}"))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not Account.objects.filter(username="mallory").exists()


def test_every_page_of_the_sign_in_library_is_open_or_closed_by_name() -> None:
    """A page that a later version of allauth adds is not ours unless it is named in `web.urls`."""
    names = {str(getattr(one, "name", "")) for one in get_resolver().url_patterns}
    assert {name for name in names if name.startswith("account_")} == {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_change_password",
    }


def test_a_stopped_account_does_not_sign_in(client: Any, workers: dict[str, Account]) -> None:
    Account.objects.filter(username="worker").update(is_active=False)
    answer = client.post("/accounts/login/", {"login": "worker", "password": "a long pass phrase"}, follow=True)
    assert answer.status_code == 200
    assert not Event.objects.filter(action="sign_in").exists()
    assert client.get("/work/").status_code == 302


def test_a_person_changes_the_own_password(sign_in: Signing) -> None:
    browser = sign_in("worker")
    new = {"password1": "kumo-no-ue-no-42", "password2": "kumo-no-ue-no-42"}
    assert browser.post("/accounts/password/change/", {"oldpassword": "wrong", **new}).status_code == 200
    assert browser.post("/accounts/password/change/", {"oldpassword": "a long pass phrase", **new}).status_code == 302
    assert Account.objects.get(username="worker").check_password(new["password1"])
    assert Event.objects.get(action="account.change").details == {"username": "worker", "what": "password"}
    assert browser.get("/accounts/password/change/").status_code == 200, "the session goes on"


def test_a_stopped_account_is_out_at_the_next_request(sign_in: Signing, workers: dict[str, Account]) -> None:
    browser = sign_in("auditor")
    assert browser.get("/trail/").status_code == 200
    Account.objects.filter(username="auditor").update(is_active=False)
    assert browser.get("/trail/").status_code == 302


def test_a_changed_role_counts_at_the_next_request(sign_in: Signing, workers: dict[str, Account]) -> None:
    browser = sign_in("auditor")
    assert browser.get("/trail/").status_code == 200
    Account.objects.filter(username="auditor").update(role="analyst")
    assert browser.get("/trail/").status_code == 403


def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(sign_in: Signing) -> None:
    answer = sign_in("auditor").get("/trail/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_a_session_ends_by_itself() -> None:
    assert settings.SESSION_COOKIE_AGE <= 30 * 60
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


@pytest.mark.parametrize(("since", "prolonged"), [(0, False), (AWAKE - 5, False), (AWAKE + 1, True), (-3600, True)])
def test_a_request_prolongs_the_session_once_a_minute(sign_in: Signing, since: int, prolonged: bool) -> None:
    """Also after the clock was set back: an hour in the future is no reason to let a session end."""
    browser = sign_in("auditor")
    session = browser.session
    session["awake"] = int(time.time()) - since
    session.save()
    soon = timezone.now() + timedelta(minutes=3)
    Session.objects.filter(pk=session.session_key).update(expire_date=soon)
    assert browser.get("/trail/").status_code == 200
    ends = Session.objects.get(pk=session.session_key).expire_date
    assert (ends > timezone.now() + timedelta(minutes=29)) == prolonged
    assert prolonged or ends == soon


def test_a_page_that_is_read_holds_no_lock_while_it_is_made(sign_in: Signing) -> None:
    """It writes its lines into the trail, each in a transaction of its own, and nothing else."""
    browser = sign_in("auditor")
    browser.get("/trail/")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/trail/").status_code == 200
    queries = [str(query["sql"]) for query in asked.captured_queries]
    writes = [sql for sql in queries if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert writes and all("audit_event" in sql or "audit_head" in sql for sql in writes)
    begins = next(place for place, sql in enumerate(queries) if "audit_head" in sql) - 1
    assert not any("SAVEPOINT" in sql for sql in queries[:begins])


def test_the_trail_of_requests_is_whole(sign_in: Signing) -> None:
    for path in ("/trail/", "/people/", "/work/"):
        sign_in("auditor").get(path)
    assert audit.verify().ok
