"""Books in, columns out: titles, groups of headings, sheets, merged cells, readings, days, spoilt cells, damage."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from tests.intake.made_books import HEADING, SHEET, book, column, lines_of, records_of, saved, with_part
from tests.intake.small import layout_of

from mimamori.intake.records import Records, place_of
from mimamori.intake.spreadsheet import ERROR, LOST_DIGITS, NO_VALUE, read_book
from mimamori.privacy.personal_number import passes_check_digit
from mimamori.refusal import Refused

ITEMS: list[dict[str, Any]] = [
    {"field": "no", "label": {"ja": "番号", "en": "Number"}, "required": True},
    {"field": "name", "label": {"ja": "氏名", "en": "Name"}, "required": True, "aliases": ["児童氏名"]},
    {"field": "class_name", "label": {"ja": "組", "en": "Class"}},
    {"field": "guardian", "label": {"ja": "保護者氏名", "en": "Guardian"}},
    {"field": "relation", "label": {"ja": "保護者続柄", "en": "Relation"}},
]
PERSONS = [{"role": "subject", "key": "no", "key_kind": "own_no"}]


def read(*rows: list[Any], merged: tuple[str, ...] = (), items: Any = ITEMS, **more: tuple[list[Any], ...]) -> Records:
    """A book read by a small table of pupils and their guardians."""
    layout = layout_of({"items": items, "persons": PERSONS, "format": {"kind": "xlsx", "encoding": "none"}})
    return read_book(book(*rows, merged=merged, **more), layout.tables[0], "list.xlsx")


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

    def stored(text: str) -> str:
        text = text.replace("<f>1+2</f><v />", "<f>1+2</f><v>3</v>")
        return re.sub(r'<c r="D3"><f>""</f><v />', '<c r="D3" t="str"><f>""</f><v></v>', text)

    sheet = records_of(with_part(data, SHEET, stored))
    assert (column(sheet, "日数"), sheet.bad) == (["3", ""], [])


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
