"""Text in, typed values or a reason out; a row that is held says where and why, never what it held."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.small import DAY, ERAS, LABELS, ROW, csv_of, home_of, layout_of

from mimamori import engine
from mimamori.config import Config
from mimamori.intake import QuarantineRow, Reason, TableCounts, values
from mimamori.intake.extracts import Extract
from mimamori.intake.loading import load
from mimamori.intake.store import Shelf
from mimamori.intake.tabular import read
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Layout, load_registry

LAYOUT = layout_of()
BLANK, CODE, NUMBER, DATE = "必須の項目が空", "コード表にない", "数として読めません", "日付として読めません"
PARTIAL, FLAG = "日までわかる日付", "有・無"


@dataclass
class Made:
    """What a file's rows became."""

    rows: pa.Table
    quarantine: list[QuarantineRow]
    counts: TableCounts


def loaded(data: bytes, layout: Layout) -> Made:
    """A file's rows typed and judged, in a home that holds nothing yet."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        extract = Extract(path, layout, layout.tables[0], DAY, None)
        sheet, con = read(path, extract.looked, extract.table), engine.connect(threads=1, memory_gib=1)
        shelf = Shelf(Config(home=Path(folder)), KeyRing(Path(folder)), load_registry(), [])
        made = load(extract, sheet, shelf, con, sequence=0, progress=lambda _: None)
    return Made(pa.concat_tables(made.rows.parts()), made.quarantine, made.counts)


def table_of(*rows: Mapping[str, str], kind: str = "full") -> Made:
    fields = list(dict.fromkeys(field for row in rows for field in row))
    data = csv_of([{field: row.get(field, "") for field in fields} for row in rows])
    return loaded(data, layout_of({"kind": kind, "most_bad": 1.0}))


def one(field: str, text: str) -> dict[str, Any] | str:
    """The row that `text` in `field` becomes, or the reason why it becomes none."""
    made = table_of({**ROW, field: text}, {**ROW, "no": "other"})
    if made.quarantine:
        [held] = made.quarantine
        assert (held.file, held.line, held.item) == ("file", 2, LABELS[field])
        assert held.reason_en.isascii()
        assert made.rows.num_rows == 1
        return held.reason_ja
    found: dict[str, Any] = made.rows.to_pylist()[0]
    return found


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("no", " ００1　", "００1"),  # text stays as it is written
        ("kana", "", None),
        ("kind", "01", "01"),
        ("kind", "０１", "01"),
        ("kind", "1", "01"),  # a spreadsheet ate the zero
        ("kind", "00", "0"),
        ("kind", "A1", "A1"),
        ("kind", "　", None),
        ("days", "007", 7),
        ("days", "３", 3),
        ("days", "3.0", 3),
        ("days", "1,234", 1234),
        ("days", "-2", -2),
        ("days", "△1,200", -1200),
        ("days", "9223372036854775807", 2**63 - 1),
        ("sum", "12.5", 12.5),
        ("sum", "+1,234,567.25", 1234567.25),
        ("sum", "", None),
        ("aid", "1", True),
        ("aid", "有", True),
        ("aid", "×", False),
        ("aid", "FALSE", False),
        ("aid", "", None),
        ("begun", "R4.2.25", date(2022, 2, 25)),
        ("begun", "令和元年5月1日", date(2019, 5, 1)),
        ("begun", "5040225", date(2022, 2, 25)),
        ("begun", "平成31年5月1日", date(2019, 5, 1)),
        ("ended", "99999999", None),
        ("ended", "00000000", None),
        ("ended", "", None),
        ("month", "202604", date(2026, 4, 1)),
        ("month", "令和8年4月", date(2026, 4, 1)),
    ],
)
def test_values(field: str, text: str, value: object) -> None:
    found = one(field, text)
    assert isinstance(found, dict), found
    assert found[field] == value
    assert type(found[field]) is type(value)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("no", "", BLANK),
        ("name", "　 ", BLANK),
        ("begun", "", BLANK),
        ("begun", "00000000", BLANK),
        ("begun", "不詳", BLANK),
        ("kind", "3", CODE),
        ("kind", "1.0", CODE),
        ("kind", "種01", CODE),
        ("begun", "2月30日", DATE),
        ("begun", "20260230", DATE),
        ("begun", "040225", DATE),
        ("begun", "昭和64年1月8日", DATE),
        ("begun", "20220200", PARTIAL),
        ("begun", "令和4年2月29日", PARTIAL),  # legal in the register, no day of the calendar
        ("ended", "令和4年2月", PARTIAL),  # an end that is known to the month is an end
        ("ended", "2022", PARTIAL),
        ("month", "2026", DATE),
        ("month", "202613", DATE),
        ("days", "1.5", NUMBER),
        ("days", "1,5", NUMBER),
        ("days", "12,34", NUMBER),
        ("days", "9223372036854775808", NUMBER),
        ("days", "9" * 5000, NUMBER),
        ("days", "nan", NUMBER),
        ("sum", "nan", NUMBER),
        ("sum", "inf", NUMBER),
        ("sum", "1e5", NUMBER),
        ("sum", "1_000", NUMBER),
        ("sum", "0x1F", NUMBER),
        ("sum", "三", NUMBER),
        ("sum", "4900円", NUMBER),
        ("aid", "2", FLAG),
        ("aid", "なし", FLAG),
    ],
)
def test_what_is_no_value_holds_the_row(field: str, text: str, says: str) -> None:
    reason = one(field, text)
    assert isinstance(reason, str), reason
    assert says in reason
    assert not text.strip() or text not in reason


@pytest.mark.parametrize(
    ("text", "day", "status"),
    [
        ("R4.2.25", date(2022, 2, 25), "exact"),
        ("令和4年2月頃", None, "month"),
        ("20220000", None, "year"),
        ("平成31年5月1日", date(2019, 5, 1), "overrun"),
        ("不詳", None, "unknown"),
        ("令和3年2月29日", None, "noncalendar"),
        ("", None, None),
    ],
)
def test_an_uncertain_date_keeps_what_was_written(text: str, day: date | None, status: str | None) -> None:
    found = one("born", text)
    assert isinstance(found, dict)
    assert (found["born"], found["born_raw"], found["born_status"]) == (day, text or None, status)


def test_era_digits_are_those_of_the_source() -> None:
    assert set(ERAS.values()) == {"昭和", "平成", "令和"}
    assert one("begun", "2010203") == "日付として読めません。"  # 2 would be 大正, which this source does not declare


@given(st.sampled_from(sorted(set(LABELS) - {"no", "name", "kana"})), st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_value_or_a_reason(field: str, text: str) -> None:
    known = {item.field: item for item in LAYOUT.tables[0].items}
    value = values.value_of(text, known[field], LAYOUT, needed=False)
    if not isinstance(value, Reason):
        assert len(value) == len(values.columns_of(known[field]))
        assert not (isinstance(value[0], float) and not math.isfinite(value[0]))


def test_a_row_with_several_faults_is_held_once() -> None:
    made = table_of({**ROW, "kind": "9", "begun": "x"}, {**ROW, "no": "2"}, {**ROW, "no": ""})
    assert [(row.line, row.item) for row in made.quarantine] == [(2, "区分"), (4, "番号")]
    assert made.rows["_row"].to_pylist() == [3]


def test_the_same_row_twice_is_taken_once() -> None:
    made = table_of(ROW, ROW, {**ROW, "kind": "02"}, ROW)
    assert [(row.line, row.reason_en) for row in made.quarantine] == [
        (3, "The same row stands before; that one was taken."),
        (5, "The same row stands before; that one was taken."),
    ]
    assert made.rows["_row"].to_pylist() == [2, 4]


@pytest.mark.parametrize(
    ("row", "item"),
    [
        ({"処理区分": "D", "no": "1", "name": "", "begun": "", "kind": "?"}, None),
        ({"処理区分": "d", "no": "1", "name": "", "begun": ""}, None),
        ({"処理区分": "Ｕ", "no": "1", "name": "a", "begun": "20220225"}, None),
        ({"処理区分": "D", "no": "", "name": "", "begun": ""}, "番号"),
        ({"処理区分": "U", "no": "1", "name": "", "begun": "20220225"}, "氏名"),
        ({"処理区分": "X", "no": "1", "name": "a", "begun": "20220225"}, "処理区分"),
        ({"処理区分": "", "no": "1", "name": "a", "begun": "20220225"}, "処理区分"),
    ],
)
def test_a_removal_needs_its_key_alone(row: dict[str, str], item: str | None) -> None:
    made = table_of({"更新日時": "20261031180000", **row}, kind="difference")
    assert [held.item for held in made.quarantine] == ([item] if item else [])


@pytest.mark.parametrize(("kind", "held"), [("difference", ["枝番", "枝番"]), ("full", [])])
def test_a_difference_without_its_whole_key_has_no_place(kind: str, held: list[str]) -> None:
    items = [*(item.model_dump() for item in LAYOUT.tables[0].items)]
    items.append({"field": "branch", "label": {"ja": "枝番", "en": "Branch"}, "type": "date"})
    layout = layout_of({"kind": kind, "row_key": ["no", "branch"], "items": items, "most_bad": 1.0})
    branches = ["20260101", "", "00000000", "20260102", "20260103"]
    first = {"処理区分": "U", "更新日時": "x"} if kind == "difference" else {}
    data = csv_of([{**first, **ROW, "branch": branch} for branch in branches]).replace(b"branch", "枝番".encode())
    made = loaded(data, layout)
    assert [row.item for row in made.quarantine if row.item] == held


def test_shares_of_blanks() -> None:
    made = table_of({**ROW, "kana": "ア"}, {**ROW, "no": "2"}, {**ROW, "no": "3", "kana": "　"})
    blanks = made.counts.blanks
    assert (blanks["kana"], blanks["no"], blanks["sum"]) == (0.6667, 0.0, 1.0)


def test_an_item_switched_off_is_not_loaded() -> None:
    items = [item.model_dump() | {"loaded": item.field != "kana"} for item in LAYOUT.tables[0].items]
    layout = layout_of({"items": items})
    data = csv_of([{**ROW, "kana": "アオキ"}])
    made = loaded(data, layout)
    assert "kana" not in made.rows.column_names


def test_held_rows_are_found_again_without_what_they_held(tmp_path: Any) -> None:
    home = home_of(tmp_path)
    rows = [ROW, {**ROW, "no": "2", "name": "森下 陽菜", "kind": "森下"}, {**ROW, "no": "3"}]
    receipt = home.take(csv_of(rows), day=DAY)
    assert (receipt.state, receipt.received, receipt.stored, receipt.quarantined) == ("stored", 3, 2, 1)
    [held] = home.quarantine()
    assert (held.file, held.line, held.item) == ("small.rows.20261031.csv", 3, "区分")
    assert "森下" not in f"{held}{receipt}{home.deliveries()}"
