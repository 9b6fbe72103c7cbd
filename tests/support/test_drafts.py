"""Drafts: kept by ticket, one's own, and never lost to a second opening of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.test_two_at_once import together

from mimamori import audit
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.support import drafts
from mimamori.support.drafts import Kept, Ticket
from mimamori.support.models import Draft

pytestmark = pytest.mark.django_db
FORM, PAGE = "note:7", "/findings/7/"


def typed(text: str) -> dict[str, list[str]]:
    return {"text": [text]}


@pytest.fixture
def opening(workers: dict[str, Account]) -> Callable[..., Ticket]:
    """Open the form once more; returns the opening's ticket."""

    def open_(name: str = "worker") -> Ticket:
        ticket = drafts.read_ticket(drafts.opened(workers[name], FORM, page=PAGE, case_no="K-1").ticket)
        assert ticket is not None
        return ticket

    return open_


def stands(workers: dict[str, Account], name: str = "worker") -> tuple[str, list[str]]:
    """What the form shows when it is opened now: its text, and the texts of other openings."""
    found = drafts.opened(workers[name], FORM, page=PAGE)
    return found.values.get("text", [""])[0], [other["values"]["text"][0] for other in found.others]


def test_what_is_typed_last_stands_and_is_ones_own(opening: Any, workers: dict[str, Account]) -> None:
    ticket = opening()
    for text in ("は", "母と", "母と電話"):
        assert drafts.keep(ticket, typed(text)) is Kept.KEPT
    assert stands(workers) == ("母と電話", [])
    assert stands(workers, "supervisor") == ("", [])
    assert [(one.actor, one.case_no) for one in Event.objects.filter(action="draft.keep")] == [("worker", "K-1")]
    assert "母" not in str(list(Event.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("acts", "text", "others"),
    [
        # one window after the other: the second goes on where the first stopped
        ([("a", "あ"), ("open", ""), ("b", "あい")], "あい", []),
        # both windows open: each one's text is kept
        ([("open", ""), ("a", "左"), ("b", "右")], "右", ["左"]),
        ([("open", ""), ("a", "左"), ("b", "右"), ("a", "左左")], "左左", ["右"]),
        ([("open", ""), ("a", "左"), ("b", "右"), ("a", "左左"), ("b", "右右")], "右右", ["左左"]),
        # the same text in both is one text
        ([("open", ""), ("a", "同じ"), ("b", "同じ")], "同じ", []),
        # the one that is recorded ends, the other stays
        ([("open", ""), ("a", "左"), ("b", "右"), ("a sent", "")], "右", []),
        ([("open", ""), ("a", "左"), ("b", "右"), ("b sent", "")], "左", []),
        # recorded, and what was still on its way comes late
        ([("a", "あ"), ("a sent", ""), ("a", "あい")], "", []),
        ([("a sent", ""), ("a", "あい")], "", []),
        # going on with what another opening left, and recording it, ends both
        ([("a", "あ"), ("open", ""), ("b sent", "")], "", []),
        ([("a", "あ"), ("open", ""), ("b", "あい"), ("b sent", "")], "", []),
    ],
)
def test_two_openings(
    acts: list[tuple[str, str]], text: str, others: list[str], opening: Any, workers: dict[str, Account]
) -> None:
    tickets = {"a": opening()}
    for act, said in acts:
        if act == "open":
            tickets["b"] = opening()
        elif act.endswith("sent"):
            drafts.recorded(workers["worker"], FORM, ticket=tickets[act[0]])
        else:
            drafts.keep(tickets[act], typed(said))
    assert stands(workers) == (text, others)


def test_thrown_away_is_gone(opening: Any, workers: dict[str, Account]) -> None:
    first, second = opening(), opening()
    drafts.keep(first, typed("左"))
    drafts.keep(second, typed("右"))
    drafts.discard(workers["worker"], FORM)
    assert stands(workers) == ("", [])
    assert drafts.drafted(workers["worker"], [FORM]) == {}


@pytest.mark.parametrize("text", ["", "nonsense", "eyJhIjoxfQ:1abcde:forged"])
def test_a_ticket_that_is_not_ours_is_none(text: str) -> None:
    assert drafts.read_ticket(text) is None


def test_an_old_ticket_is_none(opening: Any, workers: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    signed = drafts.opened(workers["worker"], FORM, page=PAGE).ticket
    assert drafts.read_ticket(signed) is not None
    monkeypatch.setattr(drafts, "VALID", -1)
    assert drafts.read_ticket(signed) is None


def test_too_much_and_of_a_stopped_account_is_refused(opening: Any, workers: dict[str, Account]) -> None:
    ticket = opening()
    with pytest.raises(Refused):
        drafts.keep(ticket, typed("あ" * (drafts.MOST_CHARACTERS + 1)))
    with pytest.raises(Refused):
        drafts.keep(ticket, {f"f{n}": ["1"] for n in range(drafts.MOST_FIELDS + 1)})
    Account.objects.filter(username="worker").update(is_active=False)
    with pytest.raises(Refused):
        drafts.keep(ticket, typed("母と電話"))
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_windows_at_once_lose_nothing(opening: Any, workers: dict[str, Account]) -> None:
    tickets = [opening() for _ in range(drafts.MOST_OTHERS + 1)]
    acts = [lambda place=place: drafts.keep(tickets[place], typed(f"窓{place}")) for place in range(len(tickets))]
    assert not [one for one in together(*acts) if isinstance(one, Exception)]
    text, others = stands(workers)
    assert sorted([text, *others]) == [f"窓{place}" for place in range(len(tickets))]
    assert audit.verify().ok
