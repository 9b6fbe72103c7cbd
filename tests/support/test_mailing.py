"""A mail says that something waits, once, and tells of nobody."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core import mail

from mimamori.access.accounts import create_account, set_email
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.refusal import Refused
from mimamori.support import actions, mailing
from mimamori.support.mailing import mail_notices
from mimamori.support.models import Finding, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(finding: Finding, workers: dict[str, Any], settings: Any) -> Account:
    """A worker with an address, who was assigned a case."""
    settings.EMAIL_HOST = "mail.example"
    set_email("worker", "tajima@city.example", by=None)
    actions.assign(finding, to=workers["worker"], by=workers["supervisor"])
    return Account.objects.get(username="worker")


def test_one_mail_tells_that_something_waits_and_nothing_of_it(told: Account, finding: Finding) -> None:
    assert mail_notices() == 1
    [sent] = mail.outbox
    assert sent.to == ["tajima@city.example"]
    text = f"{sent.subject}\n{sent.body}"
    for secret in (finding.case_no, str(finding.pk), "南", told.display_name, "http"):
        assert secret not in text, secret
    assert mail_notices() == 0, "once"
    assert Event.objects.get(action="notice.mail").details == {"mails": 1}
    assert "tajima" not in str(list(Event.objects.values_list("detail", flat=True)))


def test_who_has_no_address_has_read_it_or_is_gone_gets_none(told: Account, workers: dict[str, Any]) -> None:
    set_email("worker", "", by=None)
    assert mail_notices() == 0
    set_email("worker", "tajima@city.example", by=None)
    Account.objects.filter(pk=told.pk).update(is_active=False)
    assert mail_notices() == 0
    assert mail.outbox == []


def test_what_could_not_be_sent_is_sent_the_next_time(told: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any, **_named: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({"tajima@city.example": (550, b"no")})

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "send_mail", fails)
        with pytest.raises(Refused, match="SMTPRecipientsRefused") as refused:
            mail_notices()
    assert "tajima" not in str(refused.value)
    assert Notice.objects.get().mailed_at is None
    assert mail_notices() == 1


def test_without_a_server_it_is_said(told: Account, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    assert run(["notify"]) == 2
    assert run(["notify", "--no-mail"]) == 0
    settings.EMAIL_HOST = "mail.example"
    assert run(["notify"]) == 0
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("address", ["tajima", "a@b", "x y@city.example", "a@city.example\nbcc:b@c.example"])
def test_what_is_no_address_is_refused(address: str, workers: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        set_email("worker", address, by=None)
    with pytest.raises(Refused):
        create_account(
            username="new", role="coordinator", ward="", display_name="新", password="long enough 12", by=None,
            email=address,
        )  # fmt: skip
    assert run(["accounts", "email", "worker", address]) == 2
    assert run(["accounts", "email", "worker", "tajima@city.example"]) == 0
