"""How a file of text falls into rows and columns, and which files are not taken."""

from __future__ import annotations

import csv
import io

import pytest

from mimamori.intake import tabular
from mimamori.intake.decode import decode
from mimamori.refusal import Refused
from mimamori.sources import Table, load_registry


@pytest.fixture(scope="module")
def table() -> Table:
    """A full table in CSV with a heading, in UTF-8 or CP932 as its layout says."""
    return next(
        one
        for _, one in load_registry().tables()
        if (one.kind, one.format.kind) == ("full", "csv") and one.format.header
    )


def file_of(table: Table, *rows: list[str], heading: list[str] | None = None) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading or [item.label.ja for item in table.items], *rows])
    return text.getvalue().encode(table.format.encoding)


def row(table: Table, first: str) -> list[str]:
    return [first, *("x" for _ in table.items[1:])]


def first_column(table: Table, data: bytes) -> list[str]:
    return tabular.read(data, table, "a.csv").columns[table.items[0].field]


def refusal(data: bytes, table: Table) -> str:
    """What a data officer reads of a file that is not taken."""
    with pytest.raises(Refused) as refused:
        tabular.read(data, table, "a.csv")
    return refused.value.ja


def test_columns_come_in_any_order(table: Table) -> None:
    heading = [item.label.ja for item in reversed(table.items)]
    assert first_column(table, file_of(table, row(table, "1")[::-1], heading=heading)) == ["1"]


def test_a_line_break_inside_a_field_is_part_of_it(table: Table) -> None:
    sheet = tabular.read(file_of(table, row(table, "一\r\n二"), row(table, "三")), table, "a.csv")
    assert sheet.columns[table.items[0].field] == ["一\r\n二", "三"]
    assert sheet.lines == [2, 4]


@pytest.mark.parametrize("broken", ['"left open,x\r\n', '"closed" too early"x,x\r\n', '"' + "長" * 200_000 + '"\r\n'])
def test_a_quotation_left_open_costs_its_line_and_no_other(table: Table, broken: str) -> None:
    good = file_of(table, row(table, "1"), row(table, "2"))
    sheet = tabular.read(good + broken.encode(table.format.encoding) + good, table, "a.csv")
    assert sheet.columns[table.items[0].field] == ["1", "2", table.items[0].label.ja, "1", "2"]
    assert [line for line, _ in sheet.bad] == [4]
    assert sheet.received == 6


def test_two_columns_of_one_item_are_refused(table: Table) -> None:
    labels = [item.label.ja for item in table.items]
    data = file_of(table, [*row(table, "1"), "2"], heading=[*labels, labels[0]])
    assert f"二つあります({labels[0]})" in refusal(data, table)


def test_a_row_of_another_width_is_held_and_the_others_stay(table: Table) -> None:
    sheet = tabular.read(file_of(table, row(table, "1"), ["2"], row(table, "3")), table, "a.csv")
    assert sheet.columns[table.items[0].field] == ["1", "3"]
    assert [line for line, _ in sheet.bad] == [3]
    assert sheet.received == 3


def test_a_missing_required_column_and_an_empty_file_are_refused(table: Table) -> None:
    required = next(item for item in table.items if item.required)
    left = [item.label.ja for item in table.items if item is not required]
    assert f"必要な列がありません({required.label.ja})" in refusal(
        file_of(table, ["x"] * len(left), heading=left), table
    )
    assert "空のファイル" in refusal(b"", table)


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("髙﨑".encode(), "utf-8", "髙﨑"),
        ("髙﨑".encode("utf-8-sig"), "utf-8", "髙﨑"),
        ("髙﨑".encode("utf-8-sig"), "utf-8-sig", "髙﨑"),
        ("髙﨑①".encode("cp932"), "cp932", "髙﨑①"),
        ("髙﨑".encode("utf-16"), "utf-16", "髙﨑"),
        ("福岡".encode("euc_jp"), "utf-8", None),
        ("福岡市の児童".encode(), "cp932", None),
        ("福岡".encode("cp932"), "utf-8", None),
        ("福岡".encode("iso2022_jp"), "cp932", None),
        ("abc".encode("utf-16-le"), "cp932", None),
        (b"\x80abc", "cp932", None),
    ],
)
def test_only_the_declared_encoding_is_taken(data: bytes, declared: str, text: str | None) -> None:
    if text is not None:
        assert decode(data, declared=declared, name="a.csv") == text
        return
    with pytest.raises(Refused) as refused:
        decode(data, declared=declared, name="a.csv")
    assert "文字コードが届け出" in refused.value.ja
