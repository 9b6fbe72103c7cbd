"""Case numbers survive every night: kept, merged, split, taken back; never given to another person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linkage.test_link import Night, night
from tests.linkage.tiny import pupil, resident

from mimamori.engine import connect
from mimamori.linkage.identity import LEDGER, load_ledger, number_clusters

DAY = date(2026, 10, 31)
Clusters = list[set[str]]


def numbered(clusters: Clusters, ledger: pa.Table) -> tuple[dict[str, str], pa.Table]:
    """One night over ready clusters: ref → case number, and the ledger after it."""
    con = connect(threads=1)
    load_ledger(con, ledger)
    con.execute(
        "CREATE TEMP TABLE clusters (ref VARCHAR, cluster VARCHAR, how VARCHAR, weight DOUBLE, evidence VARCHAR)"
    )
    for cluster in clusters:
        for ref in cluster:
            con.execute("INSERT INTO clusters VALUES (?, ?, 'key', NULL, NULL)", [ref, min(cluster)])
    rows = number_clusters(con, DAY)
    found = con.sql("SELECT ref, case_no FROM links").fetchall()
    return {str(ref): str(case_no) for ref, case_no in found}, pa.concat_tables([ledger, rows])


def test_one_old_number_is_kept_and_none_gives_a_new_one() -> None:
    first, ledger = numbered([{"a"}], LEDGER.empty_table())
    second, _ = numbered([{"a", "b"}, {"c"}], ledger)
    assert second["a"] == second["b"] == first["a"]
    assert second["c"] != first["a"]


def test_of_several_the_oldest_survives() -> None:
    first, ledger = numbered([{"a"}], LEDGER.empty_table())
    second, ledger = numbered([{"a"}, {"0"}], ledger)
    third, after = numbered([{"a", "0"}], ledger)
    assert set(third.values()) == {first["a"]}
    assert [(row["ref"], row["action"], row["case_no"]) for row in after.to_pylist()[-2:]] == [
        ("0", "unlink", second["0"]),
        ("0", "link", first["a"]),
    ]


def test_a_merge_undone_gives_the_old_number_back_to_its_person() -> None:
    before, ledger = numbered([{"a", "x"}, {"b"}], LEDGER.empty_table())
    merged, ledger = numbered([{"a", "x", "b"}], ledger)
    after, _ = numbered([{"a", "x"}, {"b"}], ledger)
    assert len(set(merged.values())) == 1
    assert after == before


def test_a_split_keeps_the_number_with_whom_it_was_given_to() -> None:
    before, ledger = numbered([{"a"}], LEDGER.empty_table())
    _, ledger = numbered([{"a", "0", "1"}], ledger)
    after, _ = numbered([{"a"}, {"0", "1"}], ledger)
    assert after["a"] == before["a"]
    assert after["0"] == after["1"] != before["a"]


def test_a_ref_that_comes_back_finds_its_number() -> None:
    before, ledger = numbered([{"a"}, {"b"}], LEDGER.empty_table())
    _, ledger = numbered([{"a"}], ledger)
    after, _ = numbered([{"a"}, {"b"}], ledger)
    assert after == before


@st.composite
def histories(draw: st.DrawFn) -> list[Clusters]:
    """A few nights, each with any of six refs clustered in any way."""
    nights: list[Clusters] = []
    for _ in range(draw(st.integers(1, 5))):
        clusters: dict[int, set[str]] = {}
        for ref in draw(st.sets(st.sampled_from("abcdef"), min_size=1)):
            clusters.setdefault(draw(st.integers(0, 3)), set()).add(ref)
        nights.append(list(clusters.values()))
    return nights


@settings(max_examples=25, deadline=None)
@given(histories())
def test_identity_is_consistent_through_any_history(nights: list[Clusters]) -> None:
    ledger = LEDGER.empty_table()
    ever: dict[str, set[str]] = {}
    for clusters in nights:
        numbers, ledger = numbered(clusters, ledger)
        assert len(set(numbers.values())) == len(clusters)
        for cluster in clusters:
            assert len({numbers[ref] for ref in cluster}) == 1
        again, rerun = numbered(clusters, ledger)
        assert again == numbers
        assert rerun.num_rows == ledger.num_rows  # the same night again adds nothing
        for cluster in clusters:
            number = numbers[min(cluster)]
            assert number not in ever or cluster & ever[number]  # a number goes to none but those who had it
        for ref, number in numbers.items():
            ever.setdefault(number, set()).add(ref)


SORA = resident("1", "山田 空", "ヤマダ ソラ", date(2017, 5, 13))


def test_a_new_record_that_joins_keeps_the_number() -> None:
    before = night(resident_register__residents=[SORA])
    row = pupil("P1", "山田 空", "ヤマダ ソラ", date(2017, 5, 13))
    after = night(before.ledger, resident_register__residents=[SORA], pupil_register__pupils=[row])
    assert after.case_of["pupil_no:P1"] == after.case_of["addressee_no:1"] == before.case_of["addressee_no:1"]
    assert after.ledger.num_rows == before.ledger.num_rows + 1


def test_an_old_pupil_number_of_which_nothing_is_told_any_more_stays() -> None:
    row = pupil("P1", "山田 空", "ヤマダ ソラ", date(2017, 5, 13))
    tables: dict[str, Any] = {"resident_register__residents": [SORA], "school_lunch_fees__fees": [{"pupil_no": "P1"}]}
    before = night(**tables, pupil_register__pupils=[row])
    after = night(before.ledger, **tables)
    assert after.case_of["pupil_no:P1"] == before.case_of["addressee_no:1"]
    assert after.how["pupil_no:P1"] == "kept"


@pytest.mark.parametrize("numbers", [("1", "2"), ("2", "1")])
def test_an_old_pupil_number_goes_home_when_a_merge_is_taken_back(numbers: tuple[str, str]) -> None:
    mine, others = numbers
    born = date(2012, 1, 2)
    residents = [
        resident(others, "山田 空", "ヤマダ ソラ", date(2017, 5, 13)),
        resident(mine, "佐藤 海", "サトウ ウミ", born),
    ]
    tables: dict[str, Any] = {
        "resident_register__residents": residents,
        "school_lunch_fees__fees": [{"pupil_no": "P1"}],
    }
    first = night(**tables, pupil_register__pupils=[pupil("P1", "佐藤 海", "サトウ ウミ", born)])
    assert first.same(mine, "P1")
    merged = night(first.ledger, [("1", "2", True)], **tables)  # nothing is told of P1 any more
    assert merged.same("1", "2", "P1")
    assert night(merged.ledger, **tables).case_of == first.case_of


def test_a_merge_decided_and_taken_back() -> None:
    other = resident("2", "佐藤 海", "サトウ ウミ", date(2012, 1, 2), protection="1")
    tables: dict[str, Any] = {"resident_register__residents": [SORA, other]}
    before = night(**tables)
    merged = night(before.ledger, [("1", "2", True)], **tables)
    assert merged.same("1", "2")
    assert protections(merged) == {"1"}  # protected everywhere at once
    after = night(merged.ledger, [("1", "2", False)], **tables)
    assert after.case_of == before.case_of
    assert not after.pairs


def protections(found: Night) -> set[str | None]:
    return {row[0] for row in found.con.sql("SELECT protection FROM persons").fetchall()}
