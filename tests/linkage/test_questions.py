"""What the residue asks a person: a child under another given name, and names of which only one part is written."""

from __future__ import annotations

from datetime import date

import pytest
from tests.linkage.tiny import DAY, Row, pupil, resident, state

from mimamori.engine import connect, rows_of
from mimamori.linkage import DECISIONS, LEDGER, link
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.model import COMPARISONS
from mimamori.linkage.names import COLUMNS

BORN = date(2017, 5, 13)
HANAKO = resident("1", "佐藤　花子", "サトウ　ハナコ", BORN)
RIN = pupil("P1", "佐藤　凛", "サトウ　リン", BORN, address="東区香椎１－２－３")


def asked(*residents: Row) -> list[tuple[str, str]]:
    con, registry = state(resident_register__residents=list(residents), pupil_register__pupils=[RIN])
    pairs = link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=DAY).pairs
    return [(row["left_ref"], row["right_ref"]) for row in pairs.to_pylist()]


def test_another_given_name_is_asked_about_where_nobody_else_of_the_name_was_born_that_day() -> None:
    assert asked(HANAKO) == [("pupil_no:P1", "addressee_no:1")]


@pytest.mark.parametrize(
    "other",
    [
        resident("2", "佐藤　太郎", "サトウ　タロウ", BORN, household_no="H1"),  # a twin
        resident("2", "佐藤　美咲", "サトウ　ミサキ", BORN, address="福岡市西区姪浜一丁目1番1号"),  # a namesake
    ],
)
def test_where_there_is_such_a_one_it_is_not(other: Row) -> None:
    assert asked(HANAKO, other) == []


def test_nor_of_another_birth_date() -> None:
    assert asked(HANAKO | {"birth_date": date(2017, 5, 14)}) == []


@pytest.mark.parametrize(
    ("left", "nothing"),
    [
        ({"name": "花子", "given": "花子"}, "family"),  # of 不明　花子
        ({"name": "佐藤", "family": "佐藤"}, "given"),  # of 佐藤　不明
        ({"name": "佐藤花子"}, None),  # no blank parts it
    ],
)
def test_one_part_of_a_name_says_nothing_of_the_other(left: dict[str, str], nothing: str | None) -> None:
    con = connect()
    make_macros(con)
    right = {"name": "佐藤花子", "family": "佐藤", "given": "花子"}
    columns = ", ".join(
        f"{value} AS {column}_{side}"
        for side, told in (("l", left), ("r", right))
        for column in COLUMNS
        for value in [f"'{told[column]}'" if column in told else "NULL::VARCHAR"]
    )
    said = ", ".join(f"({one.nothing}) AS {one.name}" for one in COMPARISONS[:2])
    (row,) = rows_of(con, f"SELECT {said} FROM (SELECT {columns})")
    assert [name for name, value in row.items() if value] == ([nothing] if nothing else [])
