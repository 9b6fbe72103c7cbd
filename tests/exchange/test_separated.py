"""Tables for a spreadsheet: read back as they were, and nothing in them runs."""

import csv

import pytest

from mimamori.exchange import as_csv


def test_what_is_written_is_read_back() -> None:
    file = as_csv([["区", "人数"], ["南区, 東", 1200], ['引用"符', 0]])
    assert file.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(file.decode("utf-8-sig").splitlines())) == [
        ["区", "人数"], ["南区, 東", "1200"], ['引用"符', "0"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+81", "-", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_starts_no_formula(text: str) -> None:
    cell = next(csv.reader([as_csv([[text]]).decode("utf-8-sig")]))[0]
    assert cell.startswith("'")


def test_a_number_below_zero_stays_a_number() -> None:
    assert as_csv([[-3]]) == b"\xef\xbb\xbf-3\r\n"
