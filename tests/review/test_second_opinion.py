"""Decisions on pairs: a second opinion where one is needed, taking back, the queue of each person, the days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.review.test_review import A, B, C, pairs

from mimamori import review
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.review.models import Decision, Pair
from mimamori.review.pairs import last_said, open_pairs, pair_of, progress, waiting_pairs

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 10, 31), date(2026, 11, 30)


@pytest.fixture
def other(workers: dict[str, Any]) -> Account:
    """A second coordinator."""
    account = Account(username="coordinator-2", role="coordinator", display_name="橋本")
    account.save()
    return account


@pytest.fixture
def third(workers: dict[str, Any]) -> Account:
    account = Account(username="coordinator-3", role="coordinator", display_name="西")
    account.save()
    return account


@pytest.fixture
def sensitive(workers: dict[str, Any]) -> Pair:
    review.keep_pairs(pairs((A, B, 1.0)), as_of=DAY, sensitive={A})
    return Pair.objects.get()


@pytest.fixture
def plain(workers: dict[str, Any]) -> Pair:
    review.keep_pairs(pairs((A, B, 1.0)), as_of=DAY, sensitive={C})
    return Pair.objects.get()


def held() -> list[bool]:
    return [row["same"] for row in review.decisions_table().to_pylist()]


def test_a_decision_is_taken_back_by_a_new_row(plain: Pair, workers: dict[str, Any]) -> None:
    first = workers["coordinator"]
    review.decide(plain, same=True, by=first)
    review.undo(plain, by=first)
    assert held() == []
    assert [(row.kind, row.same) for row in Decision.objects.all()] == [("word", True), ("undo", True)]
    assert [pair.pk for pair in open_pairs(first)] == [plain.pk]
    review.decide(plain, same=False, by=first)
    assert held() == [False]
    assert review.keep_pairs(pairs((A, B, 9.0)), as_of=NEXT) == 0, "what is decided does not come back"
    actions = list(Event.objects.filter(action__startswith="pair.").order_by("number").values_list("action", flat=True))
    assert actions == ["pair.decide", "pair.undo", "pair.decide"]


def test_what_was_taken_back_comes_back_with_the_night(plain: Pair, workers: dict[str, Any]) -> None:
    review.decide(plain, same=False, by=workers["coordinator"])
    review.undo(plain, by=workers["coordinator"])
    assert review.keep_pairs(pairs((A, B, 2.0)), as_of=NEXT) == 1
    assert Pair.objects.get().open
    assert review.keep_pairs(pairs(), as_of=NEXT) == 0
    assert not Pair.objects.get().open, "unless the night has no reason to ask any more"


def test_nothing_is_taken_back_twice(plain: Pair, workers: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        review.undo(plain, by=workers["coordinator"])
    assert not Decision.objects.exists()


def test_two_people_decide_on_a_protected_person(sensitive: Pair, workers: dict[str, Any], other: Account) -> None:
    first = workers["coordinator"]
    with pytest.raises(Refused, match="write the reason"):
        review.decide(sensitive, same=True, by=first)
    review.decide(sensitive, same=True, by=first, reason="兄と同じ変更")
    assert held() == []
    assert (Pair.objects.get().state, Pair.objects.get().open) == ("second", True)
    assert [pair.pk for pair in waiting_pairs(first)] == [sensitive.pk]
    assert open_pairs(first) == []
    with pytest.raises(Refused, match="decided already"):
        review.decide(sensitive, same=True, by=first, reason="もう一度")
    assert review.keep_pairs(pairs((A, B, 1.0)), as_of=NEXT, sensitive={A}) == 1, "a night does not take it away"
    assert [pair.pk for pair in open_pairs(other)] == [sensitive.pk]
    review.decide(sensitive, same=True, by=other, reason="学校に確かめた")
    assert held() == [True]
    assert not Pair.objects.get().open
    assert list(Event.objects.filter(action__startswith="pair.").order_by("number").values_list("action", "actor")) == [
        ("pair.decide", "coordinator"),
        ("pair.confirm", "coordinator-2"),
    ]


@pytest.mark.parametrize("settler", ["third", "centre_supervisor"])
def test_two_that_differ_wait_for_a_third(
    sensitive: Pair, workers: dict[str, Any], other: Account, third: Account, settler: str
) -> None:
    judge = third if settler == "third" else workers[settler]
    if settler != "third":
        with pytest.raises(Refused):
            pair_of(judge, sensitive.pk)
    review.decide(sensitive, same=True, by=workers["coordinator"], reason="兄と同じ変更")
    review.decide(sensitive, same=False, by=other, reason="学校がちがう")
    assert held() == []
    assert Pair.objects.get().state == "disputed"
    for account in (workers["coordinator"], other):
        with pytest.raises(Refused):
            review.decide(sensitive, same=True, by=account, reason="やはり")
    assert [pair.pk for pair in open_pairs(judge)] == [sensitive.pk]
    assert pair_of(judge, sensitive.pk).pk == sensitive.pk
    review.decide(sensitive, same=False, by=judge, reason="両方の理由を読んだ")
    assert held() == [False]
    assert Event.objects.filter(action="pair.settle", actor=judge.username).count() == 1


def test_who_only_settles_decides_nothing_else(plain: Pair, workers: dict[str, Any]) -> None:
    settler = workers["centre_supervisor"]
    assert open_pairs(settler) == []
    with pytest.raises(Denied):
        review.decide(plain, same=True, by=settler)
    with pytest.raises(Denied):
        review.undo(plain, by=settler)


def test_two_people_take_back_what_two_decided(
    sensitive: Pair, workers: dict[str, Any], other: Account, third: Account
) -> None:
    first = workers["coordinator"]
    review.decide(sensitive, same=True, by=first, reason="一")
    review.decide(sensitive, same=True, by=other, reason="二")
    with pytest.raises(Refused, match="write the reason"):
        review.undo(sensitive, by=first)
    review.undo(sensitive, by=first, reason="別の子だった")
    assert (held(), Pair.objects.get().state) == ([True], "undoing")
    assert [pair.pk for pair in open_pairs(other)] == [sensitive.pk]
    with pytest.raises(Refused, match="Another person must agree"):
        review.undo(sensitive, by=first, reason="別の子だった")
    with pytest.raises(Refused, match="take it back first"):
        review.decide(sensitive, same=False, by=other, reason="ちがう")
    review.undo(sensitive, by=third, reason="同意")
    assert (held(), Pair.objects.get().state) == ([], "open")


def test_nobody_takes_back_anothers_waiting_word(sensitive: Pair, workers: dict[str, Any], other: Account) -> None:
    review.decide(sensitive, same=True, by=workers["coordinator"], reason="一")
    with pytest.raises(Refused, match="give your own"):
        review.undo(sensitive, by=other)
    review.undo(sensitive, by=workers["coordinator"])
    assert Pair.objects.get().state == "open"


def test_the_day_is_counted(workers: dict[str, Any], other: Account) -> None:
    first = workers["coordinator"]
    review.keep_pairs(pairs((A, B, 1.0), (A, C, 2.0), (B, C, 3.0)), as_of=DAY)
    one, two, _three = open_pairs(first)
    review.decide(one, same=True, by=first)
    review.decide(two, same=False, by=other)
    found = progress(first)
    assert (found.today, found.mine, found.left, found.days) == (2, 1, 1, ())
    assert last_said(first) == one
    review.undo(one, by=first)
    assert last_said(first) is None
    assert progress(first).left == 2
