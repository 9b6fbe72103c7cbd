from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from mimamori import audit
from mimamori.access import Denied, Permission, PurposeNeeded, check_may, check_purpose, may, may_see_ward, purposes_of
from mimamori.access.accounts import create_account, disable_account
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.refusal import Refused

pytestmark = pytest.mark.django_db
GOOD = {"username": "sato", "role": "ward_worker", "ward": "40134", "display_name": "佐藤", "password": "kumo-no-ue-42"}


@pytest.mark.parametrize(
    ("who", "ward", "expected"),
    [
        ("worker", "40134", True),
        ("worker", "40131", False),
        ("worker", None, False),
        ("worker", "", False),
        ("centre_worker", "40131", True),
        ("coordinator", None, True),
        ("auditor", "40134", False),
        ("administrator", "40134", False),
        ("analyst", "40134", False),
        ("data_officer", "40134", False),
    ],
)
def test_scope(workers: dict[str, Account], who: str, ward: str | None, expected: bool) -> None:
    assert may_see_ward(workers[who], ward) is expected


def test_a_ward_worker_without_a_ward_sees_nobody(workers: dict[str, Account]) -> None:
    workers["worker"].ward = ""
    assert not may_see_ward(workers["worker"], "")


def test_nobody_may_anything() -> None:
    assert not any(may(AnonymousUser(), permission) for permission in Permission)
    assert not may_see_ward(AnonymousUser(), "40134")


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "mayor"}])
def test_a_stopped_account_and_an_unknown_role_may_nothing(workers: dict[str, Account], change: dict[str, Any]) -> None:
    account = workers["coordinator"]
    for name, value in change.items():
        setattr(account, name, value)
    assert not any(may(account, permission) for permission in Permission)


def test_a_refusal_names_the_permission(workers: dict[str, Account]) -> None:
    with pytest.raises(Denied) as refused:
        check_may(workers["auditor"], Permission.OPEN_KARTE)
    assert refused.value.permission == "open_karte"


def test_purposes(workers: dict[str, Account]) -> None:
    assert check_purpose(workers["worker"], "", own=True) == "finding_check"
    assert check_purpose(workers["worker"], "council", own=False) == "council"
    with pytest.raises(PurposeNeeded) as needed:
        check_purpose(workers["worker"], "", own=False)
    assert needed.value.choices == purposes_of(workers["worker"])
    with pytest.raises(PurposeNeeded):
        check_purpose(workers["coordinator"], "", own=True)
    with pytest.raises(Denied):
        check_purpose(workers["worker"], "linkage_check", own=True)
    with pytest.raises(Denied):
        check_purpose(workers["auditor"], "council", own=False)


def test_making_and_stopping_an_account(workers: dict[str, Account]) -> None:
    account = create_account(**GOOD, by=workers["administrator"])
    assert account.check_password(GOOD["password"])
    disable_account("sato", by=workers["administrator"])
    assert not Account.objects.get(username="sato").is_active
    assert list(Event.objects.values_list("action", "actor")) == [
        ("account.create", "administrator"),
        ("account.disable", "administrator"),
    ]
    assert GOOD["password"] not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    "change",
    [
        {"role": "mayor"},
        {"ward": ""},
        {"role": "coordinator"},  # sits at no ward, yet one is given
        {"display_name": " "},
        {"username": "佐藤"},
        {"username": ""},
        {"password": "short"},
        {"password": "password1234"},
    ],
)
def test_a_wrong_account_is_refused_and_nothing_is_made(workers: dict[str, Account], change: dict[str, str]) -> None:
    before = Account.objects.count()
    with pytest.raises(Refused):
        create_account(**{**GOOD, **change}, by=None)
    assert Account.objects.count() == before


def test_a_user_name_is_taken_once(workers: dict[str, Account]) -> None:
    create_account(**GOOD, by=None)
    with pytest.raises(Refused, match="taken"):
        create_account(**GOOD, by=None)


@pytest.mark.parametrize("who", ["worker", "coordinator", "manager", "auditor"])
def test_only_the_administrator_makes_accounts(workers: dict[str, Account], who: str) -> None:
    with pytest.raises(Denied):
        create_account(**GOOD, by=workers[who])


def test_signing_in_and_failing_to_are_in_the_trail(client: Any, workers: dict[str, Account]) -> None:
    from django.contrib.auth import authenticate

    client.force_login(workers["worker"])
    assert authenticate(None, username="worker", password="wrong") is None
    assert authenticate(None, username="himitsu-no-password", password="x") is None
    events = list(Event.objects.order_by("number"))
    assert [(event.action, event.actor) for event in events] == [
        ("sign_in", "worker"),
        ("sign_in_failed", "worker"),
        ("sign_in_failed", ""),
    ]
    assert "himitsu" not in str([event.detail for event in events])
    assert audit.verify().ok
