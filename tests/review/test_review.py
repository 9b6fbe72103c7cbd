from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from django.db import DatabaseError, connection, transaction

from mimamori import review
from mimamori.access import Denied
from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.review.ledger import SCHEMA
from mimamori.review.models import Decision, LedgerEntry, Pair
from mimamori.review.pairs import open_pairs, pair_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)
A, B, C = "addressee_no:1", "own_no:child_guidance:G1", "pupil_no:S0001"


def entries(*rows: tuple[str, str, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"case_no": case_no, "ref": ref, "action": action, "as_of": DAY, "why": "key"}
            for case_no, ref, action in rows
        ],
        schema=SCHEMA,
    )


def pairs(*rows: tuple[str, str, float]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"left_ref": left, "right_ref": right, "weight": weight, "why": "grey"} for left, right, weight in rows]
    )


def test_the_ledger_comes_back_as_it_was_written() -> None:
    first = entries(("K-1", A, "link"), ("K-2", C, "link"))
    second = entries(("K-2", C, "unlink"), ("K-1", C, "link"))
    assert (review.keep(first), review.keep(second)) == (2, 2)
    assert review.ledger_table().equals(pa.concat_tables([first, second]).combine_chunks()) or (
        review.ledger_table().to_pylist() == [*first.to_pylist(), *second.to_pylist()]
    )
    assert review.ledger_table().schema == SCHEMA


def test_an_empty_ledger_is_a_table() -> None:
    assert (review.ledger_table().num_rows, review.ledger_table().schema) == (0, SCHEMA)
    assert review.keep(SCHEMA.empty_table()) == 0


@pytest.mark.parametrize("table", ["review_ledgerentry", "review_decision"])
def test_the_database_refuses_change(workers: dict[str, Any], table: str) -> None:
    review.keep(entries(("K-1", A, "link")))
    Decision.objects.create(left_ref=A, right_ref=B, same=True, by=workers["coordinator"])
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert LedgerEntry.objects.count() == Decision.objects.count() == 1


def test_pairs_are_kept_once_and_leave_the_queue(workers: dict[str, Any]) -> None:
    assert review.keep_pairs(pairs((A, B, 1.0), (B, A, 2.0), (A, C, 3.0)), as_of=DAY) == 2
    assert review.keep_pairs(pairs((C, A, 5.0)), as_of=date(2026, 11, 30)) == 1
    pair = Pair.objects.get(open=True)
    assert (pair.left_ref, pair.right_ref, pair.weight) == (A, C, 5.0)
    assert (pair.first_seen, pair.last_seen) == (DAY, date(2026, 11, 30))
    assert [pair.pk for pair in open_pairs(workers["coordinator"])] == [pair.pk]


def test_a_decision_holds_and_the_pair_does_not_come_back(workers: dict[str, Any]) -> None:
    review.keep_pairs(pairs((A, B, 1.0)), as_of=DAY)
    review.decide(Pair.objects.get(), same=False, by=workers["coordinator"], reason="双子")
    assert review.decisions_table().to_pylist() == [{"left_ref": A, "right_ref": B, "same": False}]
    review.keep_pairs(pairs((B, A, 9.0)), as_of=date(2026, 11, 30))
    assert not Pair.objects.filter(open=True).exists()
    assert Event.objects.get(action="pair.decide").details["same"] is False
    with pytest.raises(Refused):
        review.decide(Pair.objects.get(), same=True, by=workers["coordinator"])


def test_the_last_word_counts(workers: dict[str, Any]) -> None:
    for same in (True, False):
        Decision.objects.create(left_ref=A, right_ref=B, same=same, by=workers["coordinator"])
    assert review.decisions_table().to_pylist() == [{"left_ref": A, "right_ref": B, "same": False}]


@pytest.mark.parametrize("who", ["worker", "supervisor", "manager", "auditor", "administrator", "analyst"])
def test_only_the_coordinator_decides(workers: dict[str, Any], who: str) -> None:
    review.keep_pairs(pairs((A, B, 1.0)), as_of=DAY)
    with pytest.raises(Denied):
        review.decide(Pair.objects.get(), same=True, by=workers[who])
    with pytest.raises(Denied):
        open_pairs(workers[who])
    with pytest.raises(Denied):
        pair_of(workers[who], Pair.objects.get().pk)
    assert Pair.objects.get().open
