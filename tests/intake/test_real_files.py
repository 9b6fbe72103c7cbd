"""What real files look like: each line of the list as a tiny file, from its bytes to the rows of the state.

Kept is what was written; equal are the keys that searching and linking compare.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from tests.intake.made_books import book
from tests.intake.small import BEFORE, DAY, ERAS, ROW, Home, csv_of, fixed_items, home_of, layout_of

from mimamori.text.kana import fold_kana, kana_key
from mimamori.text.kanji import fold_kanji
from mimamori.text.names import fold_name

FIRST = "0001,青木 陽斗,20220225\r\n"


def source(tmp_path: Path, **form: Any) -> Home:
    return home_of(tmp_path, layout_of({"format": {"kind": "csv", "encoding": "utf-8", **form}}))


def one(home: Home, data: bytes, **more: Any) -> dict[str, Any]:
    """The only row that a file leaves in the state."""
    receipt = home.take(data, **more)
    assert (receipt.state, receipt.quarantined) == ("stored", 0), receipt
    [row] = home.state()
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize(("kind", "separator"), [("csv", ","), ("tsv", "\t")])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_encodings_separators_and_ends_of_lines(
    tmp_path: Path, encoding: str, kind: str, separator: str, end: str
) -> None:
    text = f"番号,氏名,開始日{end}0001,青木 陽斗,20220225{end}".replace(",", separator)
    row = one(source(tmp_path, kind=kind, encoding=encoding), text.encode(encoding), suffix=kind)
    assert (row["no"], row["name"], row["begun"]) == ("0001", "青木 陽斗", date(2022, 2, 25))


def test_a_line_break_inside_a_quoted_field(tmp_path: Path) -> None:
    row = one(
        source(tmp_path), '番号,氏名,フリガナ,開始日\r\n0001,"青木\r\n陽斗","アオキ,ハルト",20220225\r\n'.encode()
    )
    assert (row["name"], row["kana"]) == ("青木\r\n陽斗", "アオキ,ハルト")


def test_a_sheet_with_a_merged_heading_and_merged_cells(tmp_path: Path) -> None:
    home = source(tmp_path, kind="xlsx", encoding="none")
    data = book(
        ["児童名簿"],
        [],
        ["番号", "氏名", "期間", ""],
        ["", "", "開始日", "終了日"],
        ["0001", "青木 陽斗", "20220225", ""],
        ["0002", "", "20220226", ""],
        merged=("A1:D1", "A3:A4", "B3:B4", "C3:D3", "B5:B6"),
    )
    home.take(data, suffix="xlsx")
    assert [(row["no"], row["name"]) for row in home.state()] == [("0001", "青木 陽斗"), ("0002", "青木 陽斗")]


def test_furigana_behind_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    name = CellRichText(TextBlock(InlineFont(), "青木 "), TextBlock(InlineFont(), "陽斗"))
    data = book(["番号", "氏名", "開始日"], ["1", name, "20220225"])
    assert one(source(tmp_path, kind="xlsx", encoding="none"), data, suffix="xlsx")["name"] == "青木 陽斗"


def test_fixed_width_in_bytes_of_cp932(tmp_path: Path) -> None:
    form = {"kind": "fixed", "encoding": "cp932", "header": False}
    home = home_of(tmp_path, layout_of({"format": form, "items": fixed_items(no=4, name=14, kana=8, begun=8)}))
    record = b"1   " + "髙木 ﾀﾞ陽".encode("cp932").ljust(14) + "ﾀｶｷﾞ".encode("cp932").ljust(8) + b"20220225\r\n"
    row = one(home, record, suffix="txt")
    assert (row["name"], row["kana"], row["begun"]) == ("髙木 ﾀﾞ陽", "ﾀｶｷﾞ", date(2022, 2, 25))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *(
            (text, date(2022, 2, 25))
            for text in (
                "20220225",
                "2022/2/25",
                "2022-02-25",
                "令和4年2月25日",
                "R4.2.25",
                "R040225",
                "5040225",
                "２０２２／２／２５",
                "令和４年２月２５日",
                "2022/2/25 0:30",
            )
        ),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年5月1日", date(2019, 5, 1)),
        ("昭和64年1月7日", date(1989, 1, 7)),
    ],
)
def test_days(tmp_path: Path, written: str, day: date) -> None:
    assert one(source(tmp_path), csv_of([{**ROW, "begun": written}]))["begun"] == day


@pytest.mark.parametrize(("eras", "held"), [({}, 0), (ERAS, 1)])
def test_serials_of_a_spreadsheet_are_days_where_no_era_digits_are_declared(
    tmp_path: Path, eras: dict[str, str], held: int
) -> None:
    home = home_of(tmp_path, layout_of(era_digits=eras))
    receipt = home.take(csv_of([{**ROW, "begun": "44617"}, {**ROW, "no": "2"}]))
    assert receipt.quarantined == held
    if not held:
        assert home.state()[0]["begun"] == date(2022, 2, 25)


@pytest.mark.parametrize("written", ["", "00000000", "99999999", "　", "0", "不詳", "年月日不詳"])
def test_blanks_of_days(tmp_path: Path, written: str) -> None:
    assert one(source(tmp_path), csv_of([{**ROW, "ended": written}]))["ended"] is None


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("令和元年頃", "year"),
        ("平成30年5月頃", "month"),
        ("推定平成30年5月", "month"),
        ("平成30年春", "year"),
        ("平成30年5月上旬", "month"),
        ("平成30年5月中旬頃", "month"),
        ("年月日不詳", "unknown"),
        ("平成30年月日不詳", "year"),
        ("平成30年5月日不詳", "month"),
        ("20220200", "month"),
        ("20220000", "year"),
        ("20229999", "year"),
        ("平成31年5月1日", "overrun"),
        ("令和3年2月29日", "noncalendar"),
        ("明治45年7月30日", "noncalendar"),
    ],
)
def test_days_of_birth_that_are_not_whole_are_kept_as_written(tmp_path: Path, written: str, status: str) -> None:
    row = one(source(tmp_path), csv_of([{**ROW, "born": written}]))
    assert (row["born_raw"], row["born_status"]) == (written, status)


@pytest.mark.parametrize("written", ["2月30日", "20220230", "昭和64年1月8日", "040225", "6040225"])
def test_days_that_are_none_hold_their_row(tmp_path: Path, written: str) -> None:
    assert set(ERAS) == {"3", "4", "5"}  # the era digit 6 is declared by nobody
    receipt = source(tmp_path).take(csv_of([{**ROW, "begun": written}, {**ROW, "no": "2"}]))
    assert (receipt.stored, receipt.quarantined) == (1, 1)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0001234", "0001234"),
        ('="0001234"', "0001234"),  # how a spreadsheet keeps zeros
        ("12345678901234567", "12345678901234567"),
        ("1234　 ", "1234"),
        ("１２３４", "１２３４"),
        ("=1+1", "=1+1"),
        ("+81", "+81"),
        ("-5", "-5"),
        ("@a", "@a"),
        ("1\\2~3-4", "1\\2~3-4"),
    ],
)
def test_numbers_are_text_as_written(tmp_path: Path, written: str, kept: str) -> None:
    assert one(source(tmp_path), csv_of([{**ROW, "no": written}]))["no"] == kept


def test_a_column_of_numbers_that_begins_to_have_zeros_late(tmp_path: Path) -> None:
    home = source(tmp_path)
    home.take(csv_of([{**ROW, "no": str(1_000_000 + place)} for place in range(20_500)] + [{**ROW, "no": "0001234"}]))
    numbers = [row["no"] for row in home.state()]
    assert len(numbers) == 20_501
    assert {"0001234", "1000000"} <= set(numbers)


def test_numbers_of_a_sheet_keep_their_digits_or_are_held(tmp_path: Path) -> None:
    home = source(tmp_path, kind="xlsx", encoding="none")
    rows = [[1234, "青木", "20220225"], [12345678901234567, "森下", "20220225"], ["0005", "高木", date(2022, 2, 25)]]
    receipt = home.take(book(["番号", "氏名", "開始日"], *rows), suffix="xlsx")
    assert (receipt.stored, receipt.quarantined) == (2, 1)
    assert [(row["no"], row["begun"]) for row in home.state()] == [
        ("0005", date(2022, 2, 25)),
        ("1234", date(2022, 2, 25)),
    ]


def test_nul_and_the_mark_of_the_end(tmp_path: Path) -> None:
    data = "番号,氏名,開始日\r\n0001,青木\x00\x00,20220225\r\n\x1a".encode("cp932")
    assert one(source(tmp_path, encoding="cp932"), data)["name"] == "青木"


IN_CP932 = ["\ue000木", "〓木", "?木", "髙﨑", "①㈱ 能\\~-", "邉邊", "ｱｵｷ"]
IN_UNICODE_ALONE = ["𠮷田", "渡邊\U000e0100"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [*(("cp932", name) for name in IN_CP932), *(("utf-8", name) for name in [*IN_CP932, *IN_UNICODE_ALONE])],
)
def test_characters_are_kept(tmp_path: Path, encoding: str, name: str) -> None:
    data = csv_of([{**ROW, "name": name}], encoding=encoding)
    assert one(source(tmp_path, encoding=encoding), data)["name"] == name


KANJI = [
    ("髙木", "高木"),
    ("山﨑", "山崎"),
    ("渡邉", "渡辺"),
    ("渡邊", "渡辺"),
    ("齋藤", "斉藤"),
    ("齊藤", "斉藤"),
    ("斎藤", "斉藤"),
    ("濵田", "浜田"),
    ("濱田", "浜田"),
    ("嶋田", "島田"),
    ("嶌田", "島田"),
    ("𠮷田", "吉田"),
    ("渡辺\U000e0100", "渡辺"),
    ("佐々木", "佐佐木"),
]


@pytest.mark.parametrize(("written", "other"), KANJI)
def test_kanji_are_kept_and_compare_equal(tmp_path: Path, written: str, other: str) -> None:
    assert one(source(tmp_path), csv_of([{**ROW, "name": written}]))["name"] == written
    assert fold_kanji(written) == fold_kanji(other)


KANA = [
    ("ﾀﾞｲｽｹ", "ダイスケ"),
    ("タ\u3099イスケ", "ダイスケ"),
    ("だいすけ", "ダイスケ"),
    ("コーイチ", "コ―イチ"),
    ("コ－イチ", "コ‐イチ"),
]
LIKE = [
    ("キヨウコ", "キョウコ"),
    ("ヴァイオレット", "バイオレット"),
    ("ヂュン", "ジュン"),
    ("シヅオ", "シズオ"),
    ("シンドオ", "シンドウ"),
]


@pytest.mark.parametrize(("written", "other"), [*KANA, *LIKE])
def test_kana_are_kept_and_found(tmp_path: Path, written: str, other: str) -> None:
    assert one(source(tmp_path), csv_of([{**ROW, "kana": written}]))["kana"] == written
    assert kana_key(written) == kana_key(other)
    assert (fold_kana(written) == fold_kana(other)) == ((written, other) in KANA)


@pytest.mark.parametrize("written", ["青木 陽斗", "青木　陽斗", "青木陽斗", " 青木  陽斗 "])
def test_a_name_with_and_without_its_blank(tmp_path: Path, written: str) -> None:
    name = one(source(tmp_path), csv_of([{**ROW, "name": written}]))["name"]
    assert fold_name(name).replace(" ", "") == "青木陽斗"


def test_a_month_sent_twice_and_late_with_corrections(tmp_path: Path) -> None:
    home = source(tmp_path)
    assert home.take(csv_of([ROW]), day=BEFORE).state == "stored"
    assert home.take(csv_of([ROW]), day=BEFORE).state == "duplicate"
    assert home.take(csv_of([{**ROW, "kind": "02"}]), day=DAY).state == "stored"
    late = home.take(csv_of([{**ROW, "name": "青木 陽翔"}]), day=BEFORE)
    assert late.state == "stored"
    assert [row["name"] for row in home.state(as_of=BEFORE)] == ["青木 陽翔"]
    assert [(row["name"], row["kind"]) for row in home.state()] == [("青木 陽斗", "02")]


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_a_file_cut_off_half_way(tmp_path: Path, kept: float) -> None:
    home = source(tmp_path)
    data = csv_of([{**ROW, "no": str(place)} for place in range(100)])
    home.write(data, manifest={})
    (home.folder / "small.rows.20261031.csv").write_bytes(data[: int(len(data) * kept)])
    [receipt] = home.receive(home.folder)
    assert (receipt.state, home.on_disk()) == ("refused", [])


def test_yesterdays_layout(tmp_path: Path) -> None:
    home = source(tmp_path)
    assert home.take(csv_of([ROW]), manifest={"layout_version": "0.9"}).state == "refused"
    assert (
        home.take(csv_of([{"no": "1", "name": "青木"}])).state == "refused"
    )  # without the column that is required now


def test_a_row_in_quarantine_is_corrected_by_the_next_delivery(tmp_path: Path) -> None:
    home = source(tmp_path)
    first = home.take(csv_of([ROW, {**ROW, "no": "2", "begun": "2月30日"}]))
    assert (first.stored, first.quarantined) == (1, 1)
    assert [(row.line, row.item) for row in home.quarantine()] == [(3, "開始日")]
    assert home.take(csv_of([ROW, {**ROW, "no": "2"}])).quarantined == 0
    assert [row["no"] for row in home.state()] == ["0001", "2"]
