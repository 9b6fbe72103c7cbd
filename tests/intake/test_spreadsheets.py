"""Books in, columns out: titles, groups of headings, sheets, merged cells, readings, days, spoilt cells, damage."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.small import layout_of

from mimamori.intake.old_books import NO_BOOK
from mimamori.intake.records import Records, place_of
from mimamori.intake.spreadsheet import ERROR, LOST_DIGITS, NO_VALUE, read_book
from mimamori.privacy.personal_number import passes_check_digit
from mimamori.refusal import Refused

HEADING = ["番号", "氏名", "開始日", "日数"]


BOOKS = Path(__file__).parent / "books"
ITEMS: list[dict[str, Any]] = [
    {"field": "no", "label": {"ja": "番号", "en": "Number"}, "required": True},
    {"field": "name", "label": {"ja": "氏名", "en": "Name"}, "required": True, "aliases": ["児童氏名"]},
    {"field": "class_name", "label": {"ja": "組", "en": "Class"}},
    {"field": "guardian", "label": {"ja": "保護者氏名", "en": "Guardian"}},
    {"field": "relation", "label": {"ja": "保護者続柄", "en": "Relation"}},
]
PERSONS = [{"role": "subject", "key": "no", "key_kind": "own_no"}]


def book(*rows: list[Any], merged: tuple[str, ...] = (), **more: tuple[list[Any], ...]) -> bytes:
    """A book of these rows; `more`: further sheets by name, hidden where the name begins so."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for area in merged:
        made.active.merge_cells(area)
    for name, lines in more.items():
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in lines:
            sheet.append(row)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read(*rows: list[Any], merged: tuple[str, ...] = (), items: Any = ITEMS, **more: tuple[list[Any], ...]) -> Records:
    """A book read by a small table of pupils and their guardians."""
    layout = layout_of({"items": items, "persons": PERSONS, "format": {"kind": "xlsx", "encoding": "none"}})
    return read_book(book(*rows, merged=merged, **more), layout.tables[0], "list.xlsx")


def records_of(data: bytes) -> Records:
    return read_book(data, layout_of({"format": {"kind": "xlsx", "encoding": "none"}}).tables[0], "file")


def column(found: Records, word: str) -> list[str]:
    place = found.rows[0].index(word)
    return [row[place] for row in found.rows[1:]]


def lines_of(found: Records) -> list[tuple[int, str]]:
    return list(zip(found.lines[1:], column(found, "番号"), strict=True))


def as_excel_writes_it(data: bytes, readings: Mapping[str, str]) -> bytes:
    """The book with its texts in the shared table, as Excel keeps them, with their readings (furigana)."""
    texts: list[str] = []

    def shared(match: re.Match[str]) -> str:
        texts.append(match[2])
        return f'<c r="{match[1]}" t="s"><v>{len(texts) - 1}</v></c>'

    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(stream, "w") as made:
        parts = {name: book.read(name).decode() for name in book.namelist()}
        cell = r'<c r="([A-Z]+[0-9]+)" t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = re.sub(cell, shared, sheet)
        assert set(readings) <= set(texts)
        rels, types = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
        more = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        parts[rels] = parts[rels].replace("</Relationships>", more)
        more = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{mime}"/></Types>'
        parts[types] = parts[types].replace("</Types>", more)
        items = "".join(
            f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r>"
            + (f'<rPh sb="0" eb="1"><t>{readings[text]}</t></rPh><phoneticPr fontId="1"/>' if text in readings else "")
            + "</si>"
            for text in texts
        )
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}" count="{len(texts)}">{items}</sst>'
        for name, part in parts.items():
            made.writestr(name, part)
    return stream.getvalue()


def test_a_name_comes_without_its_reading() -> None:
    data = as_excel_writes_it(
        book(HEADING, ["0001", "青木陽斗", "x", 1]), {"青木陽斗": "アオキハルト", "氏名": "シメイ"}
    )
    sheet = records_of(data)
    assert (column(sheet, "番号"), column(sheet, "氏名")) == (["0001"], ["青木陽斗"])


@pytest.mark.parametrize("titles", [0, 1, 2, 7])
def test_a_sheet_with_titles_merged_classes_and_zeros(titles: int) -> None:
    data = book(
        *([["一覧", None, None, None]] * titles),
        HEADING,
        ["0001", "青木", "2022-02-25", 0],
        [None, "森下", None, 1.5],
        [None, None, None, None],
        [20001, "岩永", "2022-02-25", 3],
        merged=("A1:D1",) * (titles > 0) + (f"A{titles + 2}:A{titles + 3}",),
    )
    sheet = records_of(data)
    assert lines_of(sheet) == [(titles + 2, "0001"), (titles + 3, "0001"), (titles + 5, "20001")]
    assert column(sheet, "日数") == ["0", "1.5", "3"]


def test_a_group_of_columns_is_joined_with_its_parts() -> None:
    found = read(
        ["令和8年度 名簿", None, None, None, None],
        ["番号", "児童", None, "保護者", None],
        [None, "氏名", "組", "氏名", "続柄"],
        ["1", "青木 陽斗", "1", "青木 翔", "父"],
        merged=("A1:E1", "A2:A3", "B2:C2", "D2:E2"),
    )
    assert found.rows == [
        ["番号", "氏名", "組", "保護者氏名", "保護者続柄"],
        ["1", "青木 陽斗", "1", "青木 翔", "父"],
    ]


def test_what_is_required_may_stand_above_and_the_parts_below() -> None:
    found = read(
        ["番号", "氏名", "保護者", None, "備考"],
        [None, None, "氏名", "続柄", None],
        ["1", "青木 陽斗", "青木 翔", "父", "x"],
        merged=("A1:A2", "B1:B2", "C1:D1", "E1:E2"),
    )
    assert found.rows[0][:4] == ["番号", "氏名", "保護者氏名", "保護者続柄"]
    assert found.rows[1:] == [["1", "青木 陽斗", "青木 翔", "父", "x"]]


def test_a_heading_merged_over_two_columns_takes_no_row_for_its_own() -> None:
    found = read(["番号", "氏名", "組", None], ["1", "青木", "1", "2"], merged=("C1:D1",))
    assert found.rows[1:] == [["1", "青木", "1", "2"]]


def test_a_part_that_could_be_anybodys_is_not_guessed() -> None:
    items = [item for item in ITEMS if item["field"] != "guardian"]
    found = read(
        ["番号", "児", None, "親", None],
        [None, "氏名", "組", "氏名", "続柄"],
        ["1", "青木 陽斗", "1", "青木 翔", "父"],
        merged=("A1:A2", "B1:C1", "D1:E1"),
        items=items,
    )
    assert found.rows[0].count("氏名") == 2  # which is refused as a column told twice


def test_a_group_of_numbers_that_are_never_taken_is_seen() -> None:
    rows = (["個人番号", None, "番号", "氏名"], ["番号", "確認", None, None], ["1", "2", "3", "青木"])
    assert read(*rows, merged=("A1:B1", "C1:C2", "D1:D2")).rows[0] == ["個人番号番号", "個人番号確認", "番号", "氏名"]
    titled = read(["番号は個人番号ではありません", None], ["番号", "氏名"], ["3", "青木"])
    assert titled.rows == [["番号", "氏名"], ["3", "青木"]]


def test_a_sheet_a_class_is_one_table() -> None:
    found = read(
        ["番号", "氏名", "組"],
        ["1", "青木", "1"],
        二組=(["2組の名簿"], ["氏名", "組", "番号", "備考"], ["森下", "2", "2", "x"], ["岩永", "2", "3", None]),
        凡例=(["0 なし"],),
        hidden=(["番号", "氏名"], ["9", "昨年の子"]),
    )
    assert found.rows[0] == ["番号", "氏名", "組", "備考"]
    assert found.rows[1:] == [["1", "青木", "1", ""], ["2", "森下", "2", "x"], ["3", "岩永", "2", ""]]
    assert [place_of(line) for line in found.lines[1:]] == [(1, 2), (2, 3), (2, 4)]
    assert found.lines == sorted(found.lines)
    assert [en for _, en in found.notices] == [
        "list.xlsx: 2 sheets were read as one.",
        "list.xlsx: sheet 3 has another heading and was left out.",
        "list.xlsx: sheet 4 is hidden and was left out.",
    ]


def test_a_sheet_that_lacks_a_column_is_told() -> None:
    found = read(["番号", "氏名", "組"], ["1", "青木", "1"], more=(["番号", "氏名"], ["2", "森下"]))
    assert found.notices[-1][1] == "list.xlsx: sheet 2 has no column class_name."


def test_a_class_whose_heading_is_spelt_otherwise_is_not_lost() -> None:
    items = [{**item, "required": True} for item in ITEMS[:3]]
    rows = ["番号", "氏名", "組"], ["1", "青木", "1"]
    with pytest.raises(Refused, match=r"sheet 2 lacks required columns \(name\)"):
        read(*rows, items=items, 二組=(["番号", "なまえ", "組"], ["2", "森下", "2"]))
    assert read(*rows, items=items, 組の表=(["組", "担任"], ["1", "x"])).rows[1:] == [["1", "青木", "1"]]


def test_a_cover_before_the_rows() -> None:
    found = read(["提供書"], rows=(["番号", "氏名"], ["1", "青木"]))
    assert (found.rows, [place_of(line) for line in found.lines[1:]]) == ([["番号", "氏名"], ["1", "青木"]], [(2, 2)])


def test_rows_in_a_hidden_sheet_alone_are_refused() -> None:
    with pytest.raises(Refused, match="is hidden"):
        read(["提供書"], hidden=(["番号", "氏名"], ["1", "青木"]))


def test_a_sheet_left_out_may_hold_no_personal_numbers() -> None:
    valid = [f"{stem}{digit}" for stem in range(12345678901, 12345678921) for digit in range(10)]
    numbers = [number for number in valid if passes_check_digit(number)]
    with pytest.raises(Refused, match="個人番号"):
        read(["番号", "氏名"], ["1", "青木"], 控=(["番"], *([number] for number in numbers)))


def test_a_heading_repeated_for_the_next_page_is_no_row() -> None:
    found = read(["番号", "氏名"], ["1", "青木"], ["番号", "氏名"], ["2", "森下"])
    assert (found.rows[1:], found.lines[1:]) == ([["1", "青木"], ["2", "森下"]], [2, 4])


def test_a_book_without_the_heading_tells_the_row_that_comes_nearest() -> None:
    assert records_of(book(["一覧"], ["番号", "氏名"], ["1", "青木"])).rows == [["番号", "氏名"]]
    assert records_of(book()).rows == []


def test_days_in_cells_are_days() -> None:
    data = book(HEADING, ["1", "a", date(2022, 2, 25), 1], ["2", "b", datetime(2022, 2, 25, 9, 30), 0.1 + 0.2])  # noqa: DTZ001
    sheet = records_of(data)
    assert column(sheet, "開始日") == ["2022-02-25", "2022-02-25 09:30:00"]
    assert column(sheet, "日数") == ["1", "0.3"]


def test_rows_that_a_spreadsheet_has_spoilt_are_held() -> None:
    data = book(
        [*HEADING, "備考"],
        [12345678901234567, "a", "x", 1],
        ["12345678901234567", "b", "x", 1, "=1/0"],
        ["3", "#N/A", "x", 1],
        ["4", "d", "x", "=1/0"],
        [None, "=1/0"],
    )
    sheet = records_of(data)
    assert lines_of(sheet) == [(3, "12345678901234567")]
    assert sorted(sheet.bad, key=lambda held: held[0]) == [(2, LOST_DIGITS), (4, ERROR), (5, NO_VALUE), (6, NO_VALUE)]


def test_a_formula_with_its_value_is_the_value() -> None:
    data = book(HEADING, ["1", "a", "x", "=1+2"], ["2", "b", "x", '=""'])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(stream, "w") as made:
        for part in was.namelist():
            text = was.read(part).decode()
            text = text.replace("<f>1+2</f><v />", "<f>1+2</f><v>3</v>")
            text = re.sub(r'<c r="D3"><f>""</f><v />', '<c r="D3" t="str"><f>""</f><v></v>', text)
            made.writestr(part, text)
    sheet = records_of(stream.getvalue())
    assert (column(sheet, "日数"), sheet.bad) == (["3", ""], [])


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


def with_part(data: bytes, name: str, change: Callable[[str], str] | None) -> bytes:
    """The book with one part written otherwise, or (None) without it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(stream, "w") as made:
        for part in was.namelist():
            if part != name:
                made.writestr(part, was.read(part))
            elif change is not None:
                made.writestr(part, change(was.read(part).decode()))
    return stream.getvalue()


SHEET, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
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


def test_zeros_that_a_format_shows_are_there() -> None:
    made = openpyxl.Workbook()
    for row in (HEADING, [123, "a", "x", 1], ["0000124", "b", "x", 1]):
        made.active.append(row)
    made.active["A2"].number_format = "0000000"
    found = records_of(saved(made))
    assert (column(found, "番号"), found.notices) == (["0000123", "0000124"], [])


def test_zeros_that_the_sheet_has_lost_are_told() -> None:
    found = records_of(book(HEADING, [123, "a", "x", 1], ["0000124", "b", "x", 1]))
    assert column(found, "番号") == ["123", "0000124"]
    assert found.notices[0][1] == "file: no holds numeric cells: some of its numbers may have lost their leading zeros."
