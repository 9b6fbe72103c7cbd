"""Books in, columns out: titles, merged cells, readings, days, lost digits, second sheets, damage."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from tests.intake.small import lines_of, parse

from mimamori.intake.spreadsheet import LOST_DIGITS
from mimamori.intake.tabular import Sheet
from mimamori.refusal import Refused

HEADING = ["番号", "氏名", "開始日", "日数"]


def book(*rows: list[Any], merged: tuple[str, ...] = (), more: tuple[list[Any], ...] = ()) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for area in merged:
        made.active.merge_cells(area)
    if more:
        second = made.create_sheet()
        for row in more:
            second.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


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
    sheet = sheet_of(data)
    assert (sheet.columns["no"], sheet.columns["name"]) == (["0001"], ["青木陽斗"])


def sheet_of(data: bytes, title_rows: int = 0) -> Sheet:
    return parse(data, "xlsx", "none", format={"title_rows": title_rows})


def test_a_sheet_with_titles_merged_classes_and_zeros() -> None:
    data = book(
        ["一覧", None, None, None],
        ["令和8年", None, None, None],
        HEADING,
        ["0001", "青木", "2022-02-25", 0],
        [None, "森下", None, 1.5],
        [None, None, None, None],
        [20001, "岩永", "2022-02-25", 3],
        merged=("A1:D1", "A4:A5"),
    )
    sheet = sheet_of(data, title_rows=2)
    assert lines_of(sheet) == [(4, "0001"), (5, "0001"), (7, "20001")]
    assert sheet.columns["days"] == ["0", "1.5", "3"]


def test_days_in_cells_are_days() -> None:
    data = book(HEADING, ["1", "a", date(2022, 2, 25), 1], ["2", "b", datetime(2022, 2, 25, 9, 30), 1])  # noqa: DTZ001
    assert sheet_of(data).columns["begun"] == ["2022-02-25", "2022-02-25 09:30:00"]


def test_rows_that_a_spreadsheet_has_spoilt_are_held() -> None:
    data = book(HEADING, [12345678901234567, "a", "x", 1], ["12345678901234567", "#N/A", "x", "=1/0"])
    sheet = sheet_of(data)
    assert (lines_of(sheet), sheet.bad) == ([(3, "12345678901234567")], [(2, LOST_DIGITS)])
    assert (sheet.columns["name"], sheet.columns["days"]) == ([""], [""])


def test_rows_in_a_second_sheet_are_not_lost() -> None:
    rows = (HEADING, ["1", "a", "x", 1])
    with pytest.raises(Refused, match="several sheets"):
        sheet_of(book(*rows, more=rows))
    assert sheet_of(book(*rows, more=(["凡例"], ["0 なし"]))).received == 1


@pytest.mark.parametrize("spoil", [lambda data: data[:-40], lambda data: b"", lambda data: b"PK\x03\x04" + data[90:]])
def test_a_damaged_book_is_refused(spoil: Any) -> None:
    with pytest.raises(Refused):
        sheet_of(spoil(book(HEADING, ["1", "a", "x", 1])))
