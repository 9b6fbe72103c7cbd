"""Samples of automatic links: drawn once, judged as pairs, and the precision that follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.review.test_review import pairs

from mimamori import door, review
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.door.sampling import DrawnLink, DrawnLinks, Stratum, wilson
from mimamori.refusal import Refused
from mimamori.review import samples
from mimamori.review.models import Pair, Sample
from mimamori.review.pairs import open_pairs

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 10, 31), date(2026, 11, 30)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws give three links by a pass and one by weight; the last is of somebody protected."""

    def links(account: Account, size: int, *, seed: int) -> DrawnLinks:
        found = [DrawnLink("pass:name", f"pupil_no:{n}", f"addressee_no:{n}", None) for n in (1, 2, 3)]
        found.append(DrawnLink("splink:0", "pupil_no:4", "addressee_no:4", 17.5))
        strata = (Stratum("pass:name", None, 900, 3), Stratum("splink:0", 15.3, 100, 1))
        return DrawnLinks("2026-10-31.0", DAY, strata, tuple(found), frozenset({"addressee_no:4"}))

    monkeypatch.setattr(samples, "draw_links", links)


def pair(number: int) -> Pair:
    return Pair.objects.get(right_ref=f"pupil_no:{number}")


def test_a_sample_stands_in_the_queue_without_its_evidence(drawn: None, workers: dict[str, Account]) -> None:
    by = workers["coordinator"]
    sample = samples.draw(4, by=by, seed=11)
    assert (sample.seed, sample.as_of, sample.strata[1]["links"]) == (11, DAY, 100)
    queue = open_pairs(by)
    assert {(one.kind, one.why, one.weight, one.left_ref[:12]) for one in queue} == {
        ("sample", "sample", None, "addressee_no")
    }
    assert [one.needs_second for one in (pair(1), pair(4))] == [False, True]
    assert Event.objects.get(action="sample.draw").details["links"] == 4


def test_precision_by_stratum_and_over_all(drawn: None, workers: dict[str, Account]) -> None:
    by = workers["coordinator"]
    samples.draw(4, by=by)
    review.decide(pair(1), same=True, by=by)
    review.decide(pair(2), same=False, by=by)
    review.decide(pair(4), same=True, by=by, reason="兄も同じ転居")  # waits for a second person: counts nothing yet
    found = samples.newest(by)
    assert found is not None
    assert (found.drawn, found.judged, found.covers) == (4, 2, 0.9)
    first, second = found.strata
    assert (first.judged, first.right, first.precision) == (2, 1, wilson(1, 2))
    assert (second.judged, second.precision) == (0, None)
    assert found.overall == wilson(1, 2)


def test_two_people_becomes_a_decision_like_any_other(drawn: None, workers: dict[str, Account]) -> None:
    by = workers["coordinator"]
    samples.draw(4, by=by)
    review.decide(pair(2), same=False, by=by)
    assert review.decisions_table().to_pylist() == [
        {"left_ref": "addressee_no:2", "right_ref": "pupil_no:2", "same": False}
    ]
    assert not pair(2).open


def test_samples_outlive_a_night_and_end_with_the_next_draw(drawn: None, workers: dict[str, Account]) -> None:
    by = workers["coordinator"]
    samples.draw(4, by=by)
    review.keep_pairs(pairs(("pupil_no:9", "addressee_no:9", 1.0)), as_of=NEXT)
    assert [one.kind for one in open_pairs(by)] == ["night", *["sample"] * 4], "samples come last"
    review.decide(pair(1), same=True, by=by)
    Pair.objects.filter(pk=pair(3).pk).update(open=False)
    samples.draw(4, by=by)
    assert (Sample.objects.count(), Pair.objects.count(), len(open_pairs(by))) == (2, 5, 4)
    found = samples.newest(by)
    assert found is not None
    assert found.judged == 1, "what was judged already counts"


def test_a_pair_of_the_night_stays_one(drawn: None, workers: dict[str, Account]) -> None:
    by = workers["coordinator"]
    review.keep_pairs(pairs(("pupil_no:1", "addressee_no:1", 3.0)), as_of=DAY)
    samples.draw(4, by=by)
    assert (pair(1).kind, pair(1).weight, Pair.objects.count()) == ("night", 3.0, 4)


@pytest.mark.parametrize("who", ["worker", "manager", "analyst", "centre_supervisor", "auditor"])
def test_who_does_not_decide_draws_nothing(drawn: None, workers: dict[str, Account], who: str) -> None:
    with pytest.raises(Denied):
        samples.draw(4, by=workers[who])
    assert not Sample.objects.exists()


@pytest.mark.parametrize("who", ["worker", "auditor", "administrator", "data_officer"])
def test_results_are_for_those_who_see_pairs_or_statistics(workers: dict[str, Account], who: str) -> None:
    assert samples.newest(workers["analyst"]) is None
    with pytest.raises(Denied):
        samples.newest(workers[who])


@pytest.mark.parametrize("size", [0, -1, samples.MOST + 1])
def test_a_size_that_makes_no_sense_is_refused(drawn: None, workers: dict[str, Account], size: int) -> None:
    with pytest.raises(Refused):
        samples.draw(size, by=workers["coordinator"])


def test_the_casts_links_are_shown_as_each_source_tells_them(snapshot: Any, workers: dict[str, Account]) -> None:
    by = workers["coordinator"]
    sample = samples.draw(50, by=by, seed=1)
    assert sample.links.count() == sum(stratum["drawn"] for stratum in sample.strata) > 0
    for link in sample.links.all():
        left, right = door.open_pair(by, link.pair.left_ref, link.pair.right_ref)
        assert left.header is not None and right.header is not None
        assert left.header.case_no == right.header.case_no
        assert (left.header.in_register, right.header.in_register) == (True, False)
        assert (left.header.school, right.header.ward_label) == ("", "")
        assert right.header.name
