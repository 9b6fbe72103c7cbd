"""What became of case numbers, read from the ledger's lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from tests.review.test_review import entries

from mimamori import review
from mimamori.review.models import CaseChange

pytestmark = pytest.mark.django_db


def living(*numbers: str) -> list[tuple[str, str, str]]:
    """Follow what waits while these numbers stand for somebody: (kind, old, new)."""

    def lives(asked: Iterable[str]) -> set[str]:
        return set(asked) & set(numbers)

    return [(change.kind, change.old_no, change.new_no) for change in review.to_follow(lives)]


def test_a_first_number_is_no_change() -> None:
    review.keep(entries(("K-1", "a", "link"), ("K-2", "b", "link")))
    assert not CaseChange.objects.exists()


def test_a_merge_and_its_way_back() -> None:
    review.keep(entries(("K-1", "a", "link"), ("K-2", "b", "link"), ("K-2", "c", "link")))
    review.keep(entries(("K-2", "b", "unlink"), ("K-2", "c", "unlink"), ("K-1", "b", "link"), ("K-1", "c", "link")))
    assert [(one.keys, one.began, one.as_of) for one in CaseChange.objects.all()] == [(2, False, date(2026, 10, 31))]
    assert review.changes_of("K-2") == [], "told when the night is in service"
    assert living("K-1") == [("merged", "K-2", "K-1")]
    assert review.called_now("K-2") == "K-1"
    review.keep(entries(("K-1", "b", "unlink"), ("K-1", "c", "unlink"), ("K-2", "b", "link"), ("K-2", "c", "link")))
    assert living("K-1", "K-2") == [("split", "K-1", "K-2")]
    assert review.called_now("K-2") is None
    assert [one.kind for one in review.changes_of("K-1")] == ["split", "merged"]
    assert living("K-1", "K-2") == [], "followed once"


def test_keys_that_go_from_one_living_number_to_another() -> None:
    review.keep(entries(("K-1", "a", "link"), ("K-1", "p", "link"), ("K-2", "b", "link")))
    review.keep(entries(("K-1", "p", "unlink"), ("K-2", "p", "link")))
    assert living("K-1", "K-2") == [("moved", "K-1", "K-2")]


def test_a_chain_of_merges_leads_to_who_bears_the_number_now() -> None:
    review.keep(entries(("K-1", "a", "link"), ("K-2", "b", "link"), ("K-3", "c", "link")))
    review.keep(entries(("K-3", "c", "unlink"), ("K-2", "c", "link")))
    review.keep(entries(("K-2", "b", "unlink"), ("K-2", "c", "unlink"), ("K-1", "b", "link"), ("K-1", "c", "link")))
    assert living("K-1") == [("merged", "K-3", "K-2"), ("merged", "K-2", "K-1")]
    assert (review.called_now("K-3"), review.called_now("K-1")) == ("K-1", None)
