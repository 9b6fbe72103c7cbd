"""The statistics page and its file: the same closed cells for every reader; taking the file stands in the trail."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.cast import DAY, MINAMI

from mimamori import audit, door, exchange
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.privacy.small_cells import SMALL
from mimamori.support.models import Finding
from mimamori.support.progress import progress
from mimamori.support.states import State
from mimamori.web.statistics import NO_WARD, STAGE_OF, Statistics, statistics

SignIn = Callable[..., Any]
HIGASHI = "40131"


def made(ward: str, state: State, number: int, difficulties: list[str], **fields: Any) -> list[Finding]:
    begun = Finding.objects.count()
    return Finding.objects.bulk_create(
        Finding(
            case_no=f"T-{begun + n}", ward=ward, state=state, difficulties=difficulties, first_as_of=DAY, as_of=DAY,
            **fields,
        )
        for n in range(number)
    )  # fmt: skip


@pytest.fixture
def some(cast_home: Any, db: None) -> None:
    """40 wait and 3 are referred in the south, 20 wait in the east."""
    made(MINAMI, State.PROPOSED, 40, ["poverty"])
    made(MINAMI, State.IN_SUPPORT, 3, ["absence", "poverty"])
    made(HIGASHI, State.ASSIGNED, 20, ["absence"])


def read(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    return list(csv.reader(response.content.decode("utf-8-sig").splitlines()))


def test_every_state_counts_in_a_stage() -> None:
    assert set(STAGE_OF) == set(State)


def cells(found: Statistics, ward: str) -> tuple[int | None, ...]:
    return next(line.cells for line in found.wards.lines if line.name == ward)


def test_a_small_count_is_closed_with_what_would_tell_it(some: None, workers: dict[str, Account]) -> None:
    found = statistics(workers["analyst"])
    assert found is not None
    # extracted, waiting, looking, support needed, referred, watching, ended
    assert cells(found, MINAMI)[4] is None
    assert None in {cells(found, MINAMI)[0], cells(found, MINAMI)[1]}, "43 − 40 would tell"
    assert None in {found.wards.total.cells[4], *(line.cells[4] for line in found.wards.lines if line.name != MINAMI)}
    for table in found.tables:
        for line in (*table.lines, table.total):
            assert not any(cell is not None and 1 <= cell <= SMALL for cell in line.cells)


def test_the_few_children_of_the_cast_are_closed(cast_home: Any, workers: dict[str, Account]) -> None:
    children = door.children_by_ward(workers["analyst"])
    assert 0 < sum(children.values()) <= 12, "this test wants a small town"
    found = statistics(workers["analyst"])
    assert found is not None
    assert {line.name: line.cells[0] for line in found.children.lines} == {
        **dict.fromkeys((one.name for one in found.children.lines), 0),
        **{ward: None for ward, count in children.items() if count},
    }


def test_a_ward_that_is_none_of_ours_loses_no_child(cast_home: Any, workers: dict[str, Account]) -> None:
    made("99999", State.CLOSED, 11, ["abuse"])
    found = statistics(workers["analyst"])
    assert found is not None
    assert cells(found, NO_WARD) == found.wards.total.cells == (11, 0, 0, 0, 0, 0, 11)


def test_a_reopened_child_is_counted_once(some: None, workers: dict[str, Account]) -> None:
    last = made(HIGASHI, State.CLOSED, 1, ["abuse"])[0]
    made(HIGASHI, State.LOOKING, 1, ["abuse"], reopens=last)
    found = [one for one in progress(workers["analyst"]) if one.ward == HIGASHI and one.difficulties == ("abuse",)]
    assert [one.state for one in found] == [State.LOOKING]


def test_who_may_not_see_statistics_gets_no_count(some: None, workers: dict[str, Account]) -> None:
    for counting in (progress, door.children_by_ward):
        with pytest.raises(Denied):
            counting(workers["worker"])


def test_page_and_file_show_the_same_cells(some: None, sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    found = browser.get("/statistics/").context["found"]
    rows = read(browser.get("/statistics/export/"))[1:]
    numbers = [
        "秘匿" if cell is None else str(cell)
        for table in found.tables
        for line in (*table.lines, table.total)
        for cell in line.cells
    ]
    assert "秘匿" in numbers and "40" not in numbers
    assert [row[3] for row in rows[: len(numbers)]] == numbers
    assert [row[2] for row in rows[len(numbers) :]].count("未受領") == sum(
        o["state"] == "missing" for o in found.sources
    )
    assert all(all(row) for row in rows), "each number has its source, day and snapshot"
    assert {len(row) for row in rows} == {7}


def test_every_reader_is_given_the_same_table(some: None, sign_in: SignIn) -> None:
    """A ward's supervisor and the whole city's analyst: two tables that differ could be subtracted."""
    assert read(sign_in("supervisor").get("/statistics/export/")) == read(sign_in("analyst").get("/statistics/export/"))


def test_taking_the_file_stands_in_the_trail(some: None, sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    browser.get("/statistics/")
    rows = read(browser.get("/statistics/export/"))
    event = Event.objects.get(action="statistics.export")
    assert (event.actor, event.case_no) == ("analyst", "")
    assert event.details["rows"] == len(rows) - 1
    assert date.fromisoformat(event.details["as_of"]) == DAY
    assert "統計の書き出し" in sign_in("auditor").get("/trail/").content.decode()


def test_no_file_without_its_line_and_no_line_without_its_file(
    some: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise OSError

    browser = sign_in("analyst")
    browser.raise_request_exception = False
    for module, name in ((exchange, "as_csv"), (audit, "record")):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, broken)
            assert browser.get("/statistics/export/").status_code == 500
        assert not Event.objects.filter(action="statistics.export").exists()


def test_before_the_first_night_there_is_nothing(
    workers: dict[str, Account], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "published", lambda: None)
    browser = sign_in("analyst")
    page = browser.get("/statistics/")
    assert page.status_code == 200
    assert "まだ公開された版がありません" in page.content.decode()
    assert "/statistics/export/" not in page.content.decode()
    assert browser.get("/statistics/export/").status_code == 422
    assert not Event.objects.filter(action="statistics.export").exists()


def test_the_menu_leads_there_for_those_who_may(some: None, sign_in: SignIn) -> None:
    for role, may in (("analyst", True), ("manager", True), ("worker", False), ("auditor", False)):
        assert ('href="/statistics/"' in sign_in(role).get("/", follow=True).content.decode()) == may, role


def test_it_stands_in_english(some: None, sign_in: SignIn) -> None:
    browser = sign_in("analyst", "en")
    page = browser.get("/statistics/").content.decode()
    assert "Statistics" in page and "withheld" in page
    assert read(browser.get("/statistics/export/"))[0][0] == "Table"
