"""The trail: what is written stays, and what was done to it behind our back is found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from mimamori import audit
from mimamori.audit.guards import lifted
from mimamori.audit.models import Event
from mimamori.refusal import Refused

pytestmark = pytest.mark.django_db
ROWS = 5


@pytest.fixture
def trail(workers: dict[str, Any]) -> list[Event]:
    for place in range(ROWS):
        audit.record("search", by=workers["worker"], detail={"hits": place, "term": audit.term_hash("もりした")})
    return list(Event.objects.all())


def test_a_row_tells_who_in_which_role_and_what(workers: dict[str, Any]) -> None:
    with audit.at_terminal("10.1.2.3"):
        audit.record("karte.open", by=workers["worker"], case_no="K-1", purpose="open_case", detail={"sources": ["a"]})
    event = Event.objects.get()
    assert (event.number, event.actor, event.role, event.ward) == (1, "worker", "ward_worker", "40134")
    assert (event.action, event.case_no, event.purpose, event.terminal) == (
        "karte.open",
        "K-1",
        "open_case",
        "10.1.2.3",
    )
    assert event.details == {"sources": ["a"]}


def test_an_action_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="knows no action"):
        audit.record("karte.peep", by=None)


def test_an_untouched_trail_is_whole(trail: list[Event]) -> None:
    verdict = audit.verify()
    assert (verdict.rows, verdict.ok, verdict.faults) == (len(trail), True, ())


def test_a_rolled_back_act_leaves_no_row_and_no_gap(trail: list[Event], workers: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("search", by=workers["worker"])
        raise RuntimeError
    audit.record("search", by=workers["worker"])
    assert audit.verify().ok
    assert Event.objects.count() == len(trail) + 1


@pytest.mark.parametrize(
    "attempt",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.filter(pk=event.pk).update(actor="nobody"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["actor"]),
    ],
)
def test_the_models_refuse_change(trail: list[Event], attempt: Any) -> None:
    with pytest.raises(Refused):
        attempt(trail[0])


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET actor = 'nobody' WHERE number = 2", "DELETE FROM audit_event WHERE number = 2"],
)
def test_the_database_itself_refuses_change(trail: list[Event], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit.verify().ok


FIELDS = {
    "at": "'2020-01-01 00:00:00+00:00'",
    "actor": "'nobody'",
    "role": "'auditor'",
    "ward": "'40131'",
    "action": "'list'",
    "case_no": "'K-9'",
    "purpose": "'council'",
    "terminal": "'10.0.0.9'",
    "detail": "'{}'",
    "hash": "repeat('0', 64)",
}


@pytest.mark.parametrize("number", [1, 3, ROWS])
@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_of_any_row_is_found(trail: list[Event], field: str, number: int) -> None:
    value = FIELDS[field] if field != "hash" else "'" + "0" * 64 + "'"
    _behind_our_back(f"UPDATE audit_event SET {field} = {value} WHERE number = {number}")
    verdict = audit.verify()
    assert not verdict.ok
    assert min(fault.number for fault in verdict.faults) == number


@pytest.mark.parametrize("number", range(1, ROWS + 1))
def test_a_removed_row_is_found_even_the_last(trail: list[Event], number: int) -> None:
    _behind_our_back(f"DELETE FROM audit_event WHERE number = {number}")
    assert not audit.verify().ok


def test_swapped_rows_are_found(trail: list[Event]) -> None:
    _behind_our_back(
        "UPDATE audit_event SET number = 99 WHERE number = 2",
        "UPDATE audit_event SET number = 2 WHERE number = 3",
        "UPDATE audit_event SET number = 3 WHERE number = 99",
    )
    assert {fault.what for fault in audit.verify().faults} == {"altered"}


def test_an_added_row_is_found(trail: list[Event]) -> None:
    last = trail[-1]
    values = {name: getattr(last, name) for name in ("at", "actor", "role", "ward", "action", "detail")}
    Event.objects.bulk_create([Event(number=ROWS + 1, hash="f" * 64, **values)])
    assert not audit.verify().ok


def test_search_terms_are_not_in_the_trail(trail: list[Event]) -> None:
    assert "もりした" not in json.dumps([event.details for event in trail], ensure_ascii=False)
    assert audit.term_hash("もりした") == audit.term_hash("もりした") != audit.term_hash("もりし")


def _behind_our_back(*statements: str) -> None:
    with lifted(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
