"""Books that are damaged, locked, of the old kind or none at all: refused with what they are, whatever they do."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.made_books import BOOKS, HEADING, SHEET, book, column, lines_of, records_of, saved, with_part

from mimamori.intake.old_books import NO_BOOK
from mimamori.refusal import Refused


def test_a_book_of_the_old_kind_under_the_new_name() -> None:
    sheet = records_of((BOOKS / "old.xls").read_bytes())
    assert lines_of(sheet) == [(4, "0001"), (5, "0001")]
    assert column(sheet, "氏名") == ["青木", "森下"]


@pytest.mark.parametrize("place", [1425, 1604])  # the reader panics over the one, and asks for 600 GiB over the other
def test_an_old_book_that_ends_its_readers_process_is_refused(place: int) -> None:
    data = bytearray((BOOKS / "old.xls").read_bytes())
    data[place] ^= 0xFF
    with pytest.raises(Refused, match="not a readable XLSX"):
        records_of(bytes(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((BOOKS / "locked.xlsx").read_bytes(), "password"),
        (b'\xef\xbb\xbf<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>', "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML Spreadsheet"),
        ("番号,氏名\r\n1,青木\r\n".encode("cp932"), "plain text"),
    ],
)
def test_what_is_no_book_is_refused_with_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        records_of(data)


@pytest.mark.parametrize("spoil", [lambda data: data[:-40], lambda data: b"", lambda data: b"PK\x03\x04" + data[90:]])
def test_a_damaged_book_is_refused(spoil: Any) -> None:
    with pytest.raises(Refused):
        records_of(spoil(book(HEADING, ["1", "a", "x", 1])))


WORKBOOK = "xl/workbook.xml"
DAMAGED: dict[str, tuple[str, Callable[[str], str] | None]] = {
    "no list of sheets": (WORKBOOK, None),
    "no links": ("xl/_rels/workbook.xml.rels", None),
    "no XML": (WORKBOOK, lambda text: text[:-9]),
    "an encoding nobody knows": (WORKBOOK, lambda text: f'<?xml version="1.0" encoding="x-mine"?>{text}'),
    "an encoding the reader of XML does not take": (
        WORKBOOK,
        lambda text: f'<?xml version="1.0" encoding="cp932"?>{text}',
    ),
    "a time longer than any": (SHEET, lambda text: text.replace("<v>1.25</v>", "<v>1e300</v>")),
    "a time the reader panics over": (SHEET, lambda text: text.replace("<v>1.25</v>", "<v>-1e300</v>")),
    "a number that is none": (SHEET, lambda text: text.replace("<v>1.25</v>", "<v>x</v>")),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_book_with_a_damaged_part_is_refused(what: str) -> None:
    data = book(HEADING, ["1", "a", "x", timedelta(hours=30)])
    assert len(records_of(data).rows) == 2
    with pytest.raises(Refused, match="not a readable XLSX"):
        records_of(with_part(data, *DAMAGED[what]))


@pytest.mark.parametrize("number", ["99999999999999", "9" * 5000, "000000000000099999999999999"])
def test_a_row_beyond_every_sheet_is_refused_before_it_takes_all_memory(number: str) -> None:
    data = book(HEADING, ["1", "a", "x", 1])
    with pytest.raises(Refused, match="far from the rows"):
        records_of(with_part(data, SHEET, lambda text: text.replace('r="B2"', f'r="B{number}"')))


@given(st.lists(st.tuples(st.integers(0, 100_000), st.binary(min_size=1, max_size=3)), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_a_book_with_any_bytes_altered_is_read_or_refused(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(book(HEADING, ["1", "a", "x", 1]))
    for place, value in changes:
        data[place % len(data) : place % len(data) + len(value)] = value
    with contextlib.suppress(Refused):
        records_of(bytes(data))


@pytest.mark.parametrize("fault", [ValueError, KeyError, RuntimeError])
def test_a_fault_of_our_own_is_not_told_as_the_senders(monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    def fails(*_: object) -> None:
        raise fault("ours")

    for name in ("marks._widths", "books.find"):
        with monkeypatch.context() as patched:
            patched.setattr(f"mimamori.intake.{name}", fails)
            with pytest.raises(fault, match="ours"):
                records_of(book(HEADING, ["1", "a", "x", 1]))


@pytest.mark.parametrize(("ended", "ours"), [(1, True), (2, True), (NO_BOOK, False), (-9, False), (-11, False)])
def test_a_reader_of_old_books_that_ends_by_itself_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, ended: int, ours: bool
) -> None:
    def ends(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, ended, b"", b"")

    monkeypatch.setattr(subprocess, "run", ends)
    with pytest.raises(subprocess.CalledProcessError if ours else Refused):
        records_of((BOOKS / "old.xls").read_bytes())


def test_a_book_that_unpacks_to_more_than_any_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mimamori.intake.marks.MOST_BYTES", 1000)
    with pytest.raises(Refused, match="too large"):
        records_of(book(HEADING, ["1", "a", "x", 1]))


def test_a_value_in_the_last_corner_is_refused_before_it_takes_all_memory() -> None:
    made = openpyxl.Workbook()
    for row in (HEADING, ["1", "a", "x", 1]):
        made.active.append(row)
    made.active["XFD1048576"] = "x"
    with pytest.raises(Refused, match="far from the rows"):
        records_of(saved(made))
