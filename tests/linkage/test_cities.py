"""People who moved from one city to another are found by name and birth; who is protected is not there to be found."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from tests.linkage.tiny import DAY, Row, resident, state

from mimamori.engine import Connection
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.cities import PERSONS, SCORED, folded_residents, score
from mimamori.linkage.mentions import collect
from mimamori.linkage.model import load_weights
from mimamori.linkage.names import fold_names
from mimamori.linkage.sides import make_sides
from mimamori.sources import Registry

BORN = date(2015, 3, 12)


def residents(*rows: Row) -> pa.Table:
    con, registry = state(resident_register__residents=list(rows))
    _fold(con, registry)
    return folded_residents(con)


def _fold(con: Connection, registry: Registry) -> None:
    make_macros(con)
    collect(con, registry)
    fold_names(con)
    make_sides(con, DAY)


HERE = (
    resident("1", "佐藤　花子", "サトウ　ハナコ", BORN),
    resident("2", "佐藤　太郎", "サトウ　タロウ", date(2012, 8, 1), household_no="H1"),
)
THERE = (
    resident("1", "渡邉　一郎", "ワタナベ　イチロウ", date(2013, 1, 7)),
    resident("77", "佐藤　花子", "サトウ　ハナコ", BORN, address="仙台市青葉区一番町１丁目１－１"),
)


def test_who_moved_is_found_and_a_number_means_nothing_elsewhere() -> None:
    scored = score(residents(*HERE), residents(*THERE))
    assert scored.schema == SCORED
    best = scored.sort_by([("weight", "descending")]).to_pylist()[0]
    assert (best["left_ref"], best["right_ref"]) == ("addressee_no:1", "addressee_no:77")
    assert best["weight"] >= load_weights().review
    assert ("addressee_no:1", "addressee_no:1") not in {
        (row["left_ref"], row["right_ref"]) for row in scored.to_pylist()
    }


def test_a_cut_leaves_out_what_weighs_less() -> None:
    one, other = residents(*HERE), residents(*THERE)
    weights = score(one, other)["weight"].to_pylist()
    assert len(score(one, other, at_least=max(weights))) == 1
    assert len(score(one, other, at_least=max(weights) + 0.1)) == 0


@pytest.mark.parametrize("who", ["1", "2"], ids=["herself", "a brother"])
def test_no_household_of_a_protected_person_is_given(who: str) -> None:
    rows = [row | {"household_no": "H1", "protection": "1" if row["addressee_no"] == who else "0"} for row in HERE]
    assert residents(*rows, resident("3", "山田　一", "ヤマダ　ハジメ", BORN))["ref"].to_pylist() == ["addressee_no:3"]


def test_protection_of_former_days_holds() -> None:
    former = HERE[0] | {"hist_no": 1, "protection": "1"}
    today = HERE[0] | {"hist_no": 2, "protection": "0"}
    assert residents(former, today).num_rows == 0


def test_nothing_of_address_and_household_is_given() -> None:
    given = residents(*HERE)
    assert given.schema == PERSONS
    for column in ("address", "town", "household_no", "guardian", "household_names"):
        assert set(given[column].to_pylist()) == {None}


def test_an_empty_city_meets_nobody() -> None:
    assert score(residents(*HERE), PERSONS.empty_table()).schema == SCORED
