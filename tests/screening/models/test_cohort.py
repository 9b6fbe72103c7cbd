"""The children of a day under tokens: small cities in, expected rows out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mimamori import engine
from mimamori.engine import Connection
from mimamori.privacy.keys import KeyRing
from mimamori.privacy.pseudonyms import Pseudonyms
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.indicators import shipped_indicators
from mimamori.screening.later import LINKS, PEOPLE, Record
from mimamori.screening.models.cohort import Cohort, cohort_of
from mimamori.screening.models.features import columns_of
from mimamori.screening.models.inputs.load import shipped_inputs
from mimamori.screening.models.shapes import KEYS
from mimamori.screening.outcomes import SPANS, Outcome

DAY, NOW = date(2025, 10, 31), date(2026, 10, 31)
WORDS = {"ja": "試し", "en": "a try"}
OUTCOME = Outcome.model_validate(
    {
        "difficulty": "poverty", "label": WORDS, "note": WORDS, "window_months": 12,
        "events": [{"table": "public_assistance.members", "day": "started_on", "until": "ended_on"}],
    }
)  # fmt: skip
SET = ConditionSet.model_validate(
    {
        "difficulty": "poverty", "note": WORDS, "tiers": [50], "domains": [{"id": "fees", "label": WORDS}],
        "conditions": [
            {"id": "some", "indicator": "lunch_arrears_months", "comparison": ">=", "low": 1, "points": 30,
             "domain": "fees", "label": WORDS, "basis": WORDS},
            {"id": "more", "indicator": "lunch_arrears_months", "comparison": ">=", "low": 3, "points": 60,
             "domain": "fees", "label": WORDS, "basis": WORDS},
            {"id": "must", "indicator": "loan_arrears_count", "comparison": ">=", "low": 9, "must": True,
             "label": WORDS, "basis": WORDS},
        ],
    }
)  # fmt: skip
READ = ("lunch_arrears_months", "loan_arrears_count")
COLUMNS = columns_of("poverty", [shipped_indicators().get(name) for name in READ], OUTCOME, shipped_inputs())


@pytest.fixture
def pseudonyms(tmp_path: Path) -> Pseudonyms:
    return Pseudonyms(KeyRing(tmp_path / "keys"), "poverty-try", 1)


# (number of the day, ref, ward, months of age, arrears, loans, household)
Row = tuple[str, str, str, int | None, float | None, float, str | None]
CHILDREN: list[Row] = [
    ("T1", "addressee_no:1", "40131", 120, 4, 0, "H1"),
    ("T2", "addressee_no:2", "40131", 24, 0, 0, "H1"),
    ("T3", "addressee_no:3", "40134", 200, None, 9, None),
]


def a_day(children: list[Row]) -> Connection:
    con = engine.connect(threads=1, memory_gib=1)
    names = ", ".join(f"{name} DOUBLE, {name}__why VARCHAR, {name}__day DATE" for name in READ)
    wider = ", public_assistance_home DOUBLE, public_assistance_home__why VARCHAR, public_assistance_home__day DATE"
    con.execute(f"CREATE TABLE indicators (case_no VARCHAR, ward VARCHAR, age_months BIGINT, {names}{wider})")
    con.execute("CREATE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    con.execute("CREATE TABLE persons (case_no VARCHAR, sex VARCHAR, resident_type VARCHAR, household_no VARCHAR)")
    con.execute("CREATE TABLE links (ref VARCHAR, case_no VARCHAR)")
    con.execute("CREATE TABLE row_public_assistance__members (case_no VARCHAR, started_on DATE, ended_on DATE)")
    for case_no, ref, ward, months, arrears, loans, household in children:
        why = None if arrears is not None else "not_covered"
        row = [case_no, ward, months, arrears, why, DAY, loans, None, DAY, int(case_no == "T2"), None, DAY]
        con.execute("INSERT INTO indicators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        con.execute("INSERT INTO persons VALUES (?, '1', '2', ?)", [case_no, household])
        con.execute("INSERT INTO links VALUES (?, ?)", [ref, case_no])
    return con


def a_record(links: dict[str, str], began: dict[str, date] | None = None) -> Record:
    """Ref → number by now, and when the event began for whom."""
    people = [(number, True, True, None) for number in set(links.values())]
    spans = [(number, day, date.max) for number, day in (began or {}).items()]
    return Record("later", NOW, rows(LINKS, list(links.items())), rows(PEOPLE, people), {"poverty": rows(SPANS, spans)})


def rows(schema: pa.Schema, found: list[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in found], schema)


ALL = {"addressee_no:1": "N1", "addressee_no:2": "N2", "addressee_no:3": "N3"}


def made(con: Connection, record: Record, pseudonyms: Pseudonyms, day: date = DAY) -> Cohort:
    return cohort_of(
        con, day=day, columns=COLUMNS, condition_set=SET, outcome=OUTCOME, record=record, pseudonyms=pseudonyms
    )


def by_number(cohort: Cohort, pseudonyms: Pseudonyms) -> dict[str, dict[str, Any]]:
    names = {pseudonyms.child(number): number for number in ("N1", "N2", "N3", "addressee_no:3")}
    return {names[row["token"]]: row for row in cohort.table.to_pylist()}


def test_a_row_has_what_was_known_and_how_it_stood(pseudonyms: Pseudonyms) -> None:
    cohort = made(a_day(CHILDREN), a_record(ALL, {"N1": date(2026, 3, 1)}), pseudonyms)
    assert cohort.table.schema.names == [*KEYS.names, *READ]
    assert cohort.table["token"].to_pylist() == sorted(cohort.table["token"].to_pylist())
    found = by_number(cohort, pseudonyms)
    one = found["N1"]
    assert {name: one[name] for name in KEYS.names[2:]} == {
        "day": DAY, "ward": "40131", "age_band": "6-11", "sex": "1", "nationality": "2", "welfare": False,
        "points": 100.0, "must": False, "listed": True, "event": True,
    }  # fmt: skip
    assert (one["lunch_arrears_months"], one["loan_arrears_count"]) == (4, 0)
    two, three = found["N2"], found["N3"]
    assert (two["points"], two["listed"], two["event"], two["welfare"]) == (0, False, False, True)
    assert (three["points"], three["must"], three["listed"]) == (0, True, True)
    assert three["lunch_arrears_months"] is None
    assert one["household"] == two["household"] != one["token"]
    assert three["household"] == three["token"]  # nobody knows its household
    assert (cohort.fates, cohort.complete, cohort.merged) == ({"event": 1, "quiet": 2}, True, 0)


def test_a_window_that_is_not_over_tells_no_event(pseudonyms: Pseudonyms) -> None:
    began = {"N1": date(2026, 3, 1)}
    cohort = made(a_day(CHILDREN), replace(a_record(ALL, began), as_of=date(2026, 10, 30)), pseudonyms)
    assert not cohort.complete
    assert cohort.table["event"].to_pylist() == [None] * 3


def test_who_is_known_lost_or_gone_has_no_event_and_no_other_row_changes(pseudonyms: Pseudonyms) -> None:
    con = a_day(CHILDREN)
    con.execute("INSERT INTO row_public_assistance__members VALUES ('T1', DATE '2025-01-01', NULL)")
    links = {ref: number for ref, number in ALL.items() if number != "N3"}
    found = by_number(made(con, a_record(links, {"N1": date(2026, 3, 1)}), pseudonyms), pseudonyms)
    assert found["N1"]["event"] is None  # it goes on already
    assert found["N2"]["event"] is False
    assert found["addressee_no:3"]["event"] is None  # not found again, and under the token of its own number


def test_what_came_later_changes_events_alone(pseudonyms: Pseudonyms) -> None:
    """The leak that matters: nothing but `event` may look at the record."""
    con = a_day(CHILDREN)
    quiet = made(con, a_record(ALL), pseudonyms).table
    busy = made(con, a_record(ALL, dict.fromkeys(ALL.values(), date(2026, 3, 1))), pseudonyms).table
    assert quiet["event"].to_pylist() == [False] * 3
    assert busy["event"].to_pylist() == [True] * 3
    assert quiet.drop_columns("event").equals(busy.drop_columns("event"))


def test_a_child_has_one_token_on_every_day_and_numbers_of_the_day_have_none(pseudonyms: Pseudonyms) -> None:
    then = made(a_day([("X9", *CHILDREN[0][1:])]), a_record(ALL), pseudonyms, date(2025, 7, 31))
    now = made(a_day(CHILDREN), a_record(ALL), pseudonyms)
    [token] = then.table["token"].to_pylist()
    assert token in now.table["token"].to_pylist()
    assert token == pseudonyms.child("N1")


def test_two_numbers_of_the_day_that_are_one_child_by_now_are_one_row(pseudonyms: Pseudonyms) -> None:
    one = dict.fromkeys(ALL, "N1")
    cohort = made(a_day(CHILDREN), a_record(one), pseudonyms)
    assert (cohort.table.num_rows, cohort.merged) == (1, 2)
    assert cohort.table["lunch_arrears_months"].to_pylist() == [4]  # the one whose household is known


def test_a_child_outside_the_ages_of_the_set_is_not_there_and_one_of_unknown_age_is(pseudonyms: Pseudonyms) -> None:
    older: Row = ("T1", "addressee_no:1", "40131", 19 * 12, 4, 0, "H1")
    ageless: Row = ("T2", "addressee_no:2", "40131", None, 4, 0, "H1")
    cohort = made(a_day([older, ageless]), a_record(ALL), pseudonyms)
    assert cohort.table["age_band"].to_pylist() == [""]
