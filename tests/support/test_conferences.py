"""判定会議: cases on an agenda wait for its day, each is decided with its reason, closed minutes stay as they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.support.made import CASE

from mimamori.access import Denied
from mimamori.audit.models import Event as Trail
from mimamori.refusal import Refused
from mimamori.support import actions, conferences
from mimamori.support.conferences import DECISIONS, EVENTS
from mimamori.support.models import AgendaItem, Conference, Finding
from mimamori.support.states import State
from mimamori.support.steps import FindingNotFound, Stale

pytestmark = pytest.mark.django_db
Workers = dict[str, Any]
WARD = "40134"


@pytest.fixture
def looking(finding: Finding, workers: Workers) -> Finding:
    actions.start(finding, by=workers["worker"])
    return Finding.objects.get(pk=finding.pk)


def called(by: Any, *, days: int = 0, ward: str = WARD) -> Conference:
    return conferences.call(
        by=by, ward=ward, title="南区 判定会議", held_on=timezone.localdate() + timedelta(days=days)
    )


def on_agenda(finding: Finding, workers: Workers, *, days: int = 0) -> AgendaItem:
    conference = called(workers["supervisor"], days=days)
    return conferences.put_on(finding, conference.pk, by=workers["worker"], why="どこにつなぐか")


def state(finding: Finding) -> str:
    return str(Finding.objects.get(pk=finding.pk).state)


def test_every_decision_has_words_and_an_event() -> None:
    assert all(ja and en.isascii() for ja, en in DECISIONS.values())
    assert set(EVENTS) == set(DECISIONS)


def test_a_case_waits_for_the_day_of_the_conference(looking: Finding, workers: Workers) -> None:
    item = on_agenda(looking, workers, days=9)
    now = Finding.objects.get(pk=looking.pk)
    assert (now.state, now.due_on) == (State.CONFERENCE, item.conference.held_on)
    assert Trail.objects.filter(action="finding.to_conference", case_no=CASE).count() == 1
    with pytest.raises(Refused, match="before the conference"):
        conferences.decide(item.pk, by=workers["supervisor"], decision="support", reason="理由")


@pytest.mark.parametrize(
    ("decision", "to"),
    [
        ("support", State.SUPPORT_NEEDED),
        ("watch", State.WATCHING),
        ("no_need", State.NO_NEED),
        ("again", State.LOOKING),
    ],
)
def test_a_decision_moves_the_case(decision: str, to: State, looking: Finding, workers: Workers) -> None:
    item, until = on_agenda(looking, workers), timezone.localdate() + timedelta(days=20)
    decided = conferences.decide(
        item.pk, by=workers["supervisor"], decision=decision, reason="家族と話せている", watch_until=until
    )
    assert state(looking) == to
    assert decided.watch_until == (until if decision == "watch" else None)
    with pytest.raises(Refused, match="recorded already"):
        conferences.decide(item.pk, by=workers["supervisor"], decision=decision, reason="もう一度")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"decision": "maybe", "reason": "理由"}, "what was decided"),
        ({"decision": "support", "reason": " "}, "the reason"),
        ({"decision": "watch", "reason": "理由"}, "to watch until"),
    ],
)
def test_what_is_missing_is_asked_for(given: dict[str, str], told: str, looking: Finding, workers: Workers) -> None:
    item = on_agenda(looking, workers)
    with pytest.raises(Refused, match=told):
        conferences.decide(item.pk, by=workers["supervisor"], decision=given["decision"], reason=given["reason"])
    assert state(looking) == State.CONFERENCE and not AgendaItem.objects.get().decision


def test_no_need_is_not_closed_by_who_recorded_it(looking: Finding, workers: Workers) -> None:
    item = on_agenda(looking, workers)
    conferences.decide(item.pk, by=workers["supervisor"], decision="no_need", reason="理由")
    with pytest.raises(Refused, match="act of their own"):
        actions.close(looking.pk, by=workers["supervisor"], reason="終わり")


def test_taken_off_it_is_looked_at_again_and_can_be_put_on_another(looking: Finding, workers: Workers) -> None:
    item = on_agenda(looking, workers)
    with pytest.raises(Refused, match="does not allow"):
        conferences.put_on(looking, item.conference_id, by=workers["worker"], why="もう一度")
    conferences.take_off(item.pk, by=workers["worker"], reason="先に面会する")
    assert state(looking) == State.LOOKING
    conferences.put_on(looking, item.conference_id, by=workers["worker"], why="面会した")
    assert [one.decision for one in conferences.agenda_of(looking)] == ["", "taken_off"]


def test_minutes_close_when_every_case_is_decided_and_stay(looking: Finding, workers: Workers) -> None:
    item, by = on_agenda(looking, workers), workers["supervisor"]
    told: dict[str, Any] = {"by": by, "participants": "係長", "minutes": "話した", "close": True}
    with pytest.raises(Refused, match="has no decision"):
        conferences.write_minutes(item.conference_id, version=1, **told)
    conferences.decide(item.pk, by=by, decision="support", reason="理由")
    with pytest.raises(Refused, match="who was there"):
        conferences.write_minutes(item.conference_id, version=1, **(told | {"participants": " "}))
    conferences.write_minutes(item.conference_id, version=1, **told)
    for act in (
        lambda: conferences.write_minutes(item.conference_id, version=2, **told),
        lambda: conferences.put_on(looking, item.conference_id, by=workers["worker"], why="また"),
    ):
        with pytest.raises(Refused):
            act()
    assert Conference.objects.get().minutes == "話した"


def test_who_was_overtaken_is_told_with_both_texts(looking: Finding, workers: Workers) -> None:
    conference, by = called(workers["supervisor"]), workers["supervisor"]
    conferences.write_minutes(conference.pk, by=by, participants="", minutes="先の文", version=1)
    with pytest.raises(Stale) as told:
        conferences.write_minutes(conference.pk, by=by, participants="", minutes="後の文", version=1)
    assert (told.value.yours, told.value.theirs) == ("後の文", "先の文")
    with pytest.raises(Stale):
        conferences.put_on(looking, conference.pk, by=workers["worker"], why="文", version=looking.version + 1)


def test_a_ward_keeps_to_its_own(looking: Finding, workers: Workers) -> None:
    with pytest.raises(Refused, match="own ward"):
        called(workers["worker"], ward="40135")
    theirs = called(workers["outsider"], ward="40135")
    with pytest.raises(FindingNotFound):
        conferences.put_on(looking, theirs.pk, by=workers["worker"], why="文")
    with pytest.raises(FindingNotFound):
        conferences.conference_of(workers["worker"], theirs.pk)
    mine = on_agenda(looking, workers)
    with pytest.raises(FindingNotFound):
        conferences.decide(mine.pk, by=workers["outsider"], decision="support", reason="理由")
    with pytest.raises(Denied):
        conferences.conference_of(workers["auditor"], mine.conference_id)


def test_the_citys_conference_shows_a_ward_its_own_cases_alone(looking: Finding, workers: Workers) -> None:
    city = called(workers["centre_worker"], ward="")
    assert city not in conferences.in_scope(workers["worker"])
    conferences.put_on(looking, city.pk, by=workers["worker"], why="児相と決めたい")
    assert city in conferences.in_scope(workers["worker"])
    assert city not in conferences.in_scope(workers["outsider"])
    seen, elsewhere = conferences.items_of(workers["outsider"], city)
    assert (seen, elsewhere) == ([], 1)
    with pytest.raises(Denied):
        conferences.write_minutes(city.pk, by=workers["worker"], participants="", minutes="", version=1)


def test_a_conference_is_not_called_for_yesterday(workers: Workers) -> None:
    with pytest.raises(Refused, match="before today"):
        called(workers["worker"], days=-1)
