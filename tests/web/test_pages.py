"""Each role on each page: who is let in, who is refused, and that a refusal shows nothing of a child."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from tests.cast import BY_NICKNAME, SECRET_ADDRESS, WORKERS

from mimamori import pipeline
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.web.views.runs import PHASES

ROLES = tuple(WORKERS)
CHILD_WORKERS = {"worker", "supervisor", "centre_worker", "centre_supervisor", "coordinator"}
ASSESSORS = {"worker", "supervisor", "centre_worker", "centre_supervisor"}
STATISTICS_READERS = {"supervisor", "centre_supervisor", "coordinator", "manager", "analyst"}

# Page → roles that are let in (200 or a redirect to where they belong); every other role is refused (403).
PAGES: dict[str, set[str]] = {
    "/work/": CHILD_WORKERS | {"outsider"},
    "/search/": CHILD_WORKERS | {"outsider"},
    "/filters/": CHILD_WORKERS | {"outsider"},
    "/capacity/": CHILD_WORKERS | {"outsider"},
    "/pairs/": {"coordinator", "centre_supervisor"},  # who settles
    "/deliveries/": {"coordinator", "data_officer"},
    "/deliveries/upload/": {"coordinator", "data_officer"},
    "/runs/": {"coordinator"},
    "/linkage/quality/": STATISTICS_READERS,
    "/statistics/": STATISTICS_READERS,
    "/statistics/export/": STATISTICS_READERS,
    "/trail/": {"auditor"},
    "/people/": {"administrator"},
}
CONDITION_READERS = {"data_officer", "auditor", "administrator"}  # the roles that may not


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", PAGES)
def test_each_role_on_each_page(address: str, role: str, sign_in: Any, findings: Any) -> None:
    response = sign_in(role).get(address)
    assert response.status_code == (200 if role in PAGES[address] else 403)
    if role not in PAGES[address]:
        assert "森下" not in response.content.decode()
    assert response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("role", ROLES)
def test_conditions_are_read_by_those_who_may(role: str, sign_in: Any, findings: Any) -> None:
    assert sign_in(role).get("/conditions/").status_code == (403 if role in CONDITION_READERS else 200)


@pytest.mark.parametrize("address", [*PAGES, "/", "/conditions/", "/karte/K-0000-0000-0/", "/findings/1/", "/start/"])
def test_nobody_enters_without_signing_in(address: str, db: None) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_is_one_the_role_may_open(role: str, sign_in: Any, findings: Any) -> None:
    response = sign_in(role).get("/", follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("worker", 200),
        ("supervisor", 200),
        ("outsider", 404),  # another ward's worker is told that there is no such child
        ("centre_worker", 200),
        ("coordinator", 200),
        ("manager", 200),  # the purpose is asked for first
        ("data_officer", 403),
        ("analyst", 403),
        ("auditor", 403),
        ("administrator", 403),
    ],
)
def test_who_opens_a_karte(role: str, status: int, sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in(role)
    address = f"/karte/{cast['poverty']}/"
    response = client.get(address)
    if response.status_code == 200 and b'name="purpose"' in response.content:
        assert "森下" not in response.content.decode(), "the question about the purpose tells nothing of the child"
        purpose = response.context["choices"][0][0]
        response = client.post(f"{address}purpose/", {"purpose": purpose}, follow=True)
    assert response.status_code == status
    assert ("森下" in response.content.decode()) == (status == 200)


def test_another_ward_and_no_such_child_are_one_answer(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in("outsider")
    other, none = client.get(f"/karte/{cast['poverty']}/"), client.get("/karte/K-0000-0000-0/")
    assert (other.status_code, none.status_code) == (404, 404)
    varying = re.compile(r'csrfmiddlewaretoken" value="\w+"|K-\d{4}-\d{4}-\d')
    assert varying.sub("", other.content.decode()) == varying.sub("", none.content.decode())


@pytest.mark.parametrize("role", ["worker", "supervisor", "centre_worker", "coordinator"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_protected_address_is_on_no_page(
    role: str, language: str, sign_in: Any, findings: Any, cast: dict[str, str]
) -> None:
    client = sign_in(role, language)
    pages = ["/work/?view=all"]
    for nickname in ("protected", "protected_mother", "poverty"):
        client.post(f"/karte/{cast[nickname]}/purpose/", {"purpose": "consultation"})
        pages.append(f"/karte/{cast[nickname]}/")
    shown = "".join(client.get(page).content.decode() for page in pages)
    assert "佐伯" in shown
    assert SECRET_ADDRESS not in shown
    assert "柳瀬" not in shown
    assert "香椎" not in shown, "where the other parent lives is not told either"


def test_the_karte_says_what_is_not_known(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    page = sign_in("worker").get(f"/karte/{cast['poverty']}/").content.decode()
    for word in ("未受領", "古い", "利用中", "森下 陽菜", "弟", "連続"):
        assert word in page, word
    assert page.count('class="nm"') >= 14


def test_a_private_pupils_school_is_not_covered(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in("coordinator")
    client.post(f"/karte/{cast['private']}/purpose/", {"purpose": "consultation"})
    page = client.get(f"/karte/{cast['private']}/").content.decode()
    assert "対象外" in page
    assert "問題なし" not in page


def test_pages_stand_in_both_languages(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    for language, word in (("ja", "今日の仕事"), ("en", "Today&#x27;s work")):
        page = sign_in("worker", language).get("/work/").content.decode()
        assert f'<html lang="{language}">' in page
        assert word in page


def test_the_switch_keeps_the_language(db: None) -> None:
    client = Client(headers={"accept-language": "en"})
    assert "サインイン" in client.get("/accounts/login/").content.decode()
    client.post("/i18n/", {"language": "en", "next": "/accounts/login/"})
    assert "Sign in" in client.get("/accounts/login/").content.decode()


def test_searching_puts_no_term_into_an_address(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in("worker")
    sent = client.post("/search/", {"term": "森下 陽菜"})
    assert sent.status_code == 302
    assert "%E6%A3%AE" not in sent.headers["Location"]
    assert "森" not in sent.headers["Location"]
    page = client.get(sent.headers["Location"])
    assert cast["poverty"] in page.content.decode()
    other = sign_in("supervisor").get(sent.headers["Location"]).content.decode()
    assert "森下" not in other, "a result belongs to who searched"


def test_searching_finds_nobody_of_another_ward(sign_in: Any, findings: Any) -> None:
    page = sign_in("outsider").post("/search/", {"term": "森下 陽菜"}, follow=True).content.decode()
    assert re.search(r"K-\d{4}-", page) is None, "the search's own token may hold K- as well"
    assert "見つかりませんでした" in page


def test_too_short_a_search_says_so(sign_in: Any, findings: Any) -> None:
    response = sign_in("worker").post("/search/", {"term": "森"}, follow=True)
    assert response.status_code == 422
    assert "2文字以上" in response.content.decode()


def test_the_auditor_sees_the_trail_but_no_child(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    worker = sign_in("worker")
    for case_no in findings:  # some have siblings, whose flags were read with them
        worker.get(f"/karte/{case_no}/")
    assert any(len(event.details["siblings"]) > 0 for event in Event.objects.filter(action="karte.open"))
    page = sign_in("auditor").get("/trail/").content.decode()
    assert "個人カルテの閲覧" in page
    assert re.search(r"K-[0-9]{4}-[0-9]{4}-[0-9]", page) is None
    assert not any(resident.name in page for resident in BY_NICKNAME.values())


def test_every_phase_of_the_night_has_words() -> None:
    named = re.findall(r'clock\.phase\("(\w+)"', inspect.getsource(pipeline))
    assert set(named) == set(PHASES)


def test_the_trail_is_verified_on_demand(sign_in: Any, findings: Any) -> None:
    page = sign_in("auditor").post("/trail/verify/", follow=True).content.decode()
    assert "改ざん・欠落はありません" in page
    assert sign_in("administrator").post("/trail/verify/").status_code == 403


def test_leaving_the_desk_signs_out(sign_in: Any, findings: Any) -> None:
    client = sign_in("worker")
    assert client.post("/away/").status_code == 302
    assert client.get("/work/").status_code == 302


def test_pages_of_children_are_kept_in_no_cache(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in("worker")
    for page in ("/work/", f"/karte/{cast['poverty']}/"):
        assert client.get(page).headers["Cache-Control"] == "no-store"


def test_a_stopped_account_is_out_at_the_next_request(sign_in: Any, workers: dict[str, Account], findings: Any) -> None:
    client = sign_in("worker")
    sign_in("administrator").post("/people/", {"disable": "worker"})
    assert client.get("/work/").status_code == 302


def test_the_administrator_makes_an_account(sign_in: Any, db: None) -> None:
    client = sign_in("administrator")
    given = {"username": "shinjin", "display_name": "新人", "role": "ward_worker", "ward": ""}
    refused = client.post("/people/", given)
    assert refused.status_code == 422
    assert "shinjin" in refused.content.decode(), "what was typed is shown again"
    made = client.post("/people/", {**given, "ward": "40134"})
    password = made.context["made"]["password"]
    assert Account.objects.get(username="shinjin").check_password(password)


def test_a_form_without_its_token_is_told_so(workers: dict[str, Account]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(workers["worker"])
    response = client.post("/search/", {"term": "森下"})
    assert response.status_code == 403
    assert "画面の期限が切れています" in response.content.decode()


def test_a_page_that_does_not_exist_is_a_page_of_ours(sign_in: Any, db: None) -> None:
    response = sign_in("worker").get("/nowhere/")
    assert response.status_code == 404
    assert "こどもの見守りシステム" in response.content.decode()


def test_every_address_of_ours_needs_signing_in(db: None) -> None:
    """An address added later without a gate fails here."""
    open_to_all = {"away", "set_language", "account_login", "account_logout", "account_inactive"}
    samples = {"pk": "1", "case_no": "K-0000-0000-0", "token": "x", "source": "childcare", "delivery": "2026-10-31.1"}
    tried = 0
    for pattern in get_resolver().url_patterns:
        if not isinstance(pattern, URLPattern) or pattern.name in open_to_all:
            continue
        address = str(pattern.pattern)
        for converter, name in (("int", "pk"), *(("str", name) for name in samples)):
            address = address.replace(f"<{converter}:{name}>", samples[name])
        for method in ("get", "post"):
            response = getattr(Client(), method)(f"/{address}")
            assert response.status_code == 302, address
            assert response.headers["Location"].startswith("/accounts/login/"), address
        tried += 1
    assert tried > 20
