"""The list of an earlier day against what came later: small cities in, expected counts, shares and verdicts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from mimamori import engine
from mimamori.engine import Connection
from mimamori.screening.backtest import list_of, measure
from mimamori.screening.backtest_shapes import LEAST_EVENTS, Backtest, Count, count_of
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.fates import find_again, make_fates, months_after
from mimamori.screening.later import LINKS, PEOPLE, Record, record_of
from mimamori.screening.outcomes import SPANS, Outcome

START, NOW = date(2026, 5, 31), date(2026, 10, 31)
WORDS = {"ja": "試し", "en": "a try"}
EAST, SOUTH = "40131", "40134"
OUTCOME = Outcome.model_validate(
    {
        "difficulty": "poverty", "label": WORDS, "note": WORDS, "window_months": 5,
        "events": [{"table": "public_assistance.members", "day": "started_on", "until": "ended_on"}],
    }
)  # fmt: skip


def a_set(**changed: Any) -> ConditionSet:
    """Listed from one month of arrears on, ranked higher from three months on; a must-look by another sign."""
    scored = {"indicator": "lunch_arrears_months", "comparison": ">=", "domain": "fees", "label": WORDS, "basis": WORDS}
    must = {"id": "must", "indicator": "loan_arrears_count", "comparison": ">=", "low": 1, "must": True}
    return ConditionSet.model_validate(
        {
            "difficulty": "poverty",
            "note": WORDS,
            "tiers": [20],
            "domains": [{"id": "fees", "label": WORDS}],
            "conditions": [
                {"id": "some", "low": 1, "points": 30, **scored},
                {"id": "more", "low": 3, "points": 60, **scored},
                {"label": WORDS, "basis": WORDS, **must},
            ],
        }
        | changed
    )


@dataclass(frozen=True)
class Child:
    """`count` children alike: months of arrears, and when, if ever, assistance began, in which record."""

    count: int = 1
    ward: str | None = EAST
    months: int = 120
    arrears: int = 0
    loans: int = 0
    sex: str = "1"
    nationality: str = "1"
    known_then: tuple[date, date | None] | None = None  # what the earlier day knew
    began: tuple[date, date | None] | None = None  # what is known by now
    here: bool = True
    left_on: date | None = None
    is_child: bool = True
    found: bool = True  # again, by its numbers


def a_city(*children: Child) -> tuple[Connection, Record]:
    """The earlier day's tables, and the record under other case numbers."""
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(
        "CREATE TABLE indicators (case_no VARCHAR, ward VARCHAR, age_months BIGINT, "
        "lunch_arrears_months DOUBLE, lunch_arrears_months__why VARCHAR, lunch_arrears_months__day DATE, "
        "loan_arrears_count DOUBLE, loan_arrears_count__why VARCHAR, loan_arrears_count__day DATE)"
    )
    con.execute("CREATE TABLE source_status (source VARCHAR, as_of DATE, received_on DATE, state VARCHAR)")
    con.execute("CREATE TABLE persons (case_no VARCHAR, sex VARCHAR, resident_type VARCHAR)")
    con.execute("CREATE TABLE links (ref VARCHAR, case_no VARCHAR)")
    con.execute("CREATE TABLE row_public_assistance__members (case_no VARCHAR, started_on DATE, ended_on DATE)")
    links, people, spans = [], [], []
    everybody = [(f"{place:02}-{n:03}", child) for place, child in enumerate(children) for n in range(child.count)]
    for number, child in everybody:
        then, now = f"T-{number}", f"N-{number}"
        row = [then, child.ward, child.months, child.arrears, None, START, child.loans, None, START]
        con.execute("INSERT INTO indicators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        con.execute("INSERT INTO persons VALUES (?, ?, ?)", [then, child.sex, child.nationality])
        con.execute("INSERT INTO links VALUES (?, ?)", [f"ref:{number}", then])
        if child.known_then:
            con.execute("INSERT INTO row_public_assistance__members VALUES (?, ?, ?)", [then, *child.known_then])
        if child.found:
            links.append((f"ref:{number}", now))
            people.append((now, child.here, child.is_child, child.left_on))
        if child.began:
            spans.append((now, child.began[0], child.began[1] or date.max))
    record = Record("later", NOW, table(LINKS, links), table(PEOPLE, people), {"poverty": table(SPANS, spans)})
    return con, record


def table(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)


def tried(
    city: tuple[Connection, Record], rooms: Mapping[str, int] | None = None, outcome: Outcome = OUTCOME, **changed: Any
) -> Backtest:
    con, record = city
    find_again(con, record)
    some = {EAST: 100, SOUTH: 100} if rooms is None else rooms
    return measure(con, a_set(**changed), outcome, record, start=START, snapshot="then", rooms=some)


def group(found: Backtest, dimension: str, value: str) -> Count:
    (one,) = [count for count in found.groups if (count.dimension, count.value) == (dimension, value)]
    return one


SOON = (date(2026, 7, 1), None)


def test_hits_misses_and_what_would_come_by_lot() -> None:
    found = tried(
        a_city(Child(12, arrears=1, began=SOON), Child(28, arrears=1), Child(8, began=SOON), Child(152, ward=SOUTH))
    )
    whole = found.whole
    assert (whole.followed, whole.events, whole.taken, whole.hits) == (200, 20, 40, 12)
    assert found.chance == 0.1
    assert whole.precision and whole.recall
    assert (whole.precision.share, whole.recall.share) == (0.3, 0.6)
    # Wilson's interval of 12 of 40: 18.1 to 45.4 %
    assert (round(whole.precision.low, 3), round(whole.precision.high, 3)) == (0.181, 0.454)
    assert found.passed is True
    assert found.full


def test_a_list_that_is_no_better_than_a_lot_does_not_pass() -> None:
    found = tried(a_city(Child(3, arrears=1, began=SOON), Child(37, arrears=1), Child(17, began=SOON), Child(143)))
    assert found.passed is False
    assert found.summary()["failed"] == [found.summary()["told"]]
    assert "とは言えません" in found.sentence().ja


def test_few_events_tell_nothing_of_a_group_though_the_whole_can_be_told() -> None:
    found = tried(
        a_city(
            Child(10, arrears=1, began=SOON, sex="1"),
            Child(20, arrears=1, sex="1"),
            Child(9, arrears=1, began=SOON, sex="2"),
            Child(20, arrears=1, sex="2"),
        )
    )
    many, few = group(found, "sex", "1"), group(found, "sex", "2")
    assert many.events == LEAST_EVENTS and many.precision and many.recall
    assert (few.precision, few.recall, few.listed_precision, few.listed_recall) == (None, None, None, None)
    assert found.whole.precision is not None
    assert tried(a_city(Child(9, arrears=1, began=SOON), Child(90))).passed is None


def test_a_short_list_says_nothing_of_precision_but_misses_are_told() -> None:
    found = tried(a_city(Child(9, arrears=1), Child(20, began=SOON), Child(100)))
    assert found.whole.precision is None and found.passed is None
    assert found.whole.recall and found.whole.recall.share == 0
    assert "一覧が10人に満たない" in found.sentence().ja


def test_what_happens_after_the_day_changes_nothing_in_the_list() -> None:
    quiet = (Child(30, arrears=1), Child(5, loans=1), Child(200, ward=SOUTH), Child(10, arrears=3))
    loud = tuple(replace(child, began=SOON, here=False, left_on=date(2026, 8, 1)) for child in quiet)
    lists = []
    for children in (quiet, loud):
        con, record = a_city(*children)
        tried((con, record), {EAST: 20})
        lists.append(list_of(con))
    assert lists[0].num_rows == 45
    assert lists[0].equals(lists[1])


@pytest.mark.parametrize("late", [False, True], ids=["known on the day", "entered later"])
def test_who_has_it_already_is_known_and_counts_nowhere(late: bool) -> None:
    before = (date(2026, 3, 1), None)
    on_it = Child(15, arrears=3, known_then=None if late else before, began=before)
    found = tried(a_city(on_it, Child(20, arrears=1, began=SOON), Child(30)))
    assert (found.whole.known, found.whole.followed, found.whole.events) == (15, 50, 20)
    assert (found.whole.taken, found.whole.hits) == (20, 20)


def test_who_is_known_takes_no_place_of_a_ward() -> None:
    on_it = Child(10, arrears=3, known_then=(date(2026, 3, 1), None))
    found = tried(a_city(on_it, Child(20, arrears=1, began=SOON)), {EAST: 20})
    assert (found.whole.taken, found.ties.children) == (20, 0)


def test_an_event_that_is_over_does_not_make_known_and_a_new_one_counts() -> None:
    over = (date(2025, 3, 1), date(2026, 4, 30))
    found = tried(a_city(Child(12, arrears=1, known_then=over, began=SOON), Child(12, arrears=1, known_then=over)))
    assert (found.whole.known, found.whole.events, found.whole.hits) == (0, 12, 12)
    ends_that_day = (date(2025, 3, 1), START)
    assert tried(a_city(Child(12, arrears=1, known_then=ends_that_day))).whole.known == 0


def test_who_left_grew_up_or_is_not_found_again_is_no_silent_miss() -> None:
    found = tried(
        a_city(
            Child(3, arrears=1, here=False, is_child=False, left_on=date(2026, 8, 1)),
            Child(2, arrears=1, here=False, is_child=False, left_on=date(2026, 8, 1), began=SOON),
            Child(4, arrears=1, months=215, is_child=False),
            Child(5, arrears=1, found=False),
            Child(10, arrears=1, began=SOON),
            Child(10, arrears=1),
        )
    )
    whole = found.whole
    assert (whole.gone, whole.grown, whole.lost) == (3, 4, 5)
    assert (whole.followed, whole.taken, whole.hits, whole.taken_unseen) == (22, 22, 12, 12)


def test_who_leaves_the_ages_of_the_set_during_the_window_is_named() -> None:
    found = tried(
        a_city(Child(4, arrears=1, months=12 * 12 + 8), Child(6, arrears=1, months=12 * 12 + 1)), ages=[6, 12]
    )
    assert (found.whole.grown, found.whole.followed) == (4, 6)


def test_who_left_after_the_window_was_seen_to_its_end() -> None:
    con, record = a_city(Child(3, here=False, is_child=False, left_on=date(2026, 10, 30)))
    short = OUTCOME.model_copy(update={"window_months": 2})
    found = tried((con, record), outcome=short)
    assert (found.until, found.whole.followed, found.whole.gone) == (date(2026, 7, 31), 3, 0)


@pytest.mark.parametrize(("day", "counts"), [(START, 0), (date(2026, 6, 1), 1), (NOW, 1), (date(2026, 11, 1), 0)])
def test_the_window_begins_after_the_day_and_ends_with_the_record(day: date, counts: int) -> None:
    assert tried(a_city(Child(began=(day, day)))).whole.events == counts


def test_a_record_that_ends_early_says_so() -> None:
    found = tried(a_city(Child()), outcome=OUTCOME.model_copy(update={"window_months": 12}))
    assert (found.until, found.full) == (NOW, False)
    assert "望ましい期間は12か月" in found.sentence().ja


def test_the_wards_capacity_cuts_the_list_and_nobody_of_a_rank_that_does_not_fit_comes_in() -> None:
    city = a_city(
        Child(4, loans=1),
        Child(10, arrears=3, began=SOON),
        Child(10, arrears=1, began=SOON),
        Child(10, arrears=1),
        Child(5, arrears=1, ward=SOUTH),
    )
    found = tried(city, {EAST: 20})
    assert (found.whole.listed, found.whole.taken, found.whole.hits) == (39, 19, 10), "a ward without a number: all"
    assert (found.ties.children, found.ties.free, found.ties.best, found.ties.worst) == (20, 6, 6, 0)
    assert found.precision_bounds
    worst, best = found.precision_bounds
    assert (worst.share, best.share) == (10 / 25, 16 / 25)
    assert tried(city, {EAST: 0, SOUTH: 0}).whole.taken == 4, "must-look never waits"
    whole_rank = tried(city, {EAST: 34, SOUTH: 5})
    assert (whole_rank.ties.children, whole_rank.whole.taken) == (0, 39)


def test_without_a_capacity_the_list_is_one_in_a_hundred_of_a_ward() -> None:
    found = tried(a_city(*(Child(arrears=1 + 2 * (n < 3)) for n in range(5)), Child(295), Child(3, ward=SOUTH)), {})
    assert not found.by_capacity
    assert (found.whole.listed, found.whole.taken) == (5, 3)


def test_each_group_adds_up_to_the_whole_with_what_is_not_known_as_its_own() -> None:
    found = tried(
        a_city(
            Child(11, arrears=1, began=SOON, months=20, nationality="2"),
            Child(12, ward=None, months=200, sex="9"),
            Child(13, ward=SOUTH, arrears=1, months=80),
        )
    )
    for dimension in ("ward", "age", "sex", "nationality"):
        counts = [count for count in found.groups if count.dimension == dimension]
        for name in Count.COUNTED:
            assert sum(getattr(count, name) for count in counts) == getattr(found.whole, name), (dimension, name)
    assert [c.value for c in found.groups if c.dimension == "age"] == ["0-2", "6-11", "15-18"]
    assert [c.value for c in found.groups if c.dimension == "ward"] == [EAST, SOUTH, ""]
    assert group(found, "nationality", "2").events == 11
    assert group(found, "sex", "").followed == 12


def test_a_number_that_was_split_since_is_followed_where_most_of_the_child_went() -> None:
    con, record = a_city(Child(arrears=1))
    con.execute("INSERT INTO links VALUES ('ref:b', 'T-00-000'), ('ref:c', 'T-00-000')")
    links = pa.concat_tables([record.links, table(LINKS, [("ref:b", "N-other"), ("ref:c", "N-other")])])
    spans = table(SPANS, [("N-other", date(2026, 7, 1), date.max)])
    found = tried((con, replace(record, links=links, spans={"poverty": spans})))
    assert found.whole.events == 1


def test_between_equal_halves_of_a_number_the_registers_decides_and_not_a_random_number() -> None:
    for numbers in (("N-a", "N-b"), ("N-b", "N-a")):
        con, record = a_city(Child(arrears=1))
        con.execute("UPDATE links SET ref = 'addressee_no:1'")
        con.execute("INSERT INTO links VALUES ('pupil_no:1', 'T-00-000')")
        links = table(LINKS, [("addressee_no:1", numbers[0]), ("pupil_no:1", numbers[1])])
        spans = table(SPANS, [(numbers[0], date(2026, 7, 1), date.max)])
        assert tried((con, replace(record, links=links, spans={"poverty": spans}))).whole.events == 1


def test_without_a_record_of_the_difficulty_nothing_is_told() -> None:
    nothing = Outcome.model_validate({"difficulty": "poverty", "label": WORDS, "note": WORDS})
    con, record = a_city(Child(50, arrears=1))
    found = tried((con, replace(record, spans={"poverty": SPANS.empty_table()})), outcome=nothing)
    assert not found.told and found.passed is None
    assert "記録がない" in found.sentence().ja


def test_a_city_without_children_is_told_without_a_fault() -> None:
    found = tried(a_city())
    assert (found.whole.followed, found.chance, found.passed, found.groups) == (0, None, None, ())


def test_a_list_as_long_by_the_hidden_risk_is_the_most_that_can_be_had() -> None:
    con, record = a_city(Child(5, arrears=1), Child(10, began=SOON), Child(30))
    risk = [(f"N-01-{n:03}", 9.0) for n in range(10)] + [("N-00-000", 1.0)]
    found = tried((con, replace(record, risk=pa.table(list(zip(*risk, strict=True)), names=["case_no", "risk"]))))
    assert (found.whole.hits, found.oracle) == (0, 5)


def test_what_is_kept_gives_the_same_counts_back() -> None:
    found = tried(a_city(Child(12, arrears=1, began=SOON), Child(28, arrears=1)))
    kept = found.summary()
    assert count_of(kept["whole"]) == found.whole
    assert [count_of(one) for one in kept["groups"]] == list(found.groups)
    assert kept["whole"]["precision"]["share"] == 0.3


def test_the_record_of_a_snapshot_tells_who_is_gone_and_what_began() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute("CREATE TABLE links AS SELECT 'ref:1' AS ref, 'N-1' AS case_no")
    con.execute(
        "CREATE TABLE persons AS FROM (VALUES ('N-1', '1', true), ('N-2', '2', false), ('N-3', NULL, true))"
        " AS t(case_no, status, is_child)"
    )
    con.execute(
        "CREATE TABLE row_resident_register__residents AS FROM (VALUES ('N-1', '1', DATE '2020-01-01', NULL::DATE),"
        " ('N-2', '2', DATE '2026-08-02', DATE '2026-08-03')) AS t(case_no, status, move_date, removed_on)"
    )
    con.execute(
        "CREATE TABLE row_public_assistance__members AS FROM (VALUES"
        " ('N-1', DATE '2026-07-01', NULL::DATE), ('N-1', NULL, NULL), (NULL, DATE '2026-07-01', NULL))"
        " AS t(case_no, started_on, ended_on)"
    )
    found = record_of(con, {"poverty": OUTCOME}, name="now", as_of=NOW)
    people = sorted(found.people.to_pylist(), key=lambda row: row["case_no"])
    assert [(row["here"], row["is_child"], row["left_on"]) for row in people] == [
        (True, True, None), (False, False, date(2026, 8, 3)), (True, True, None),
    ]  # fmt: skip
    assert found.spans["poverty"].to_pylist() == [
        {"case_no": "N-1", "day": date(2026, 7, 1), "ends": date(9999, 12, 31)}
    ]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 5, 31), 5, date(2026, 10, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@pytest.mark.parametrize(
    ("months", "until", "fate"),
    [
        (17 * 12 + 5, date(2026, 6, 30), "quiet"),  # of age in December 2026, a child until March 2027
        (17 * 12 + 5, NOW, "grown"),  # the record is of that very day, and says so
        (17 * 12 + 5, date(2027, 4, 30), "grown"),
        (17 * 12 + 5, date(2027, 3, 31), "quiet"),
        (120, date(2027, 4, 30), "quiet"),  # whatever the record says: nobody grows up at eleven
    ],
)
def test_who_grows_up_after_the_window_was_a_child_within_it(months: int, until: date, fate: str) -> None:
    """The record may reach far past the window: of whom it says that they are children no more, they were then."""
    con, record = a_city(Child(months=months, is_child=False))
    late = record if until == NOW else replace(record, as_of=date(2029, 10, 31))
    find_again(con, late)
    make_fates(con, OUTCOME, late, ages=(0, 18), start=START, until=until)
    assert con.execute("SELECT fate FROM fated").fetchall() == [(fate,)]
