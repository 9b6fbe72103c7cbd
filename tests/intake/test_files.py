"""Bytes in, columns out: encodings, separators, headings, sheets, fixed widths; and what is not such a file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.small import LABELS, ROW, Read, csv_of, fixed_items, layout_of, parse, read_whole

from mimamori.intake.fixed_width import BROKEN_CHARACTER, CUT_RECORD
from mimamori.intake.separated import STRAY_QUOTE, WRONG_LENGTH
from mimamori.refusal import Refused

NAMES = "髙﨑 ①㈱ ～－ 能\\~-"  # NEC and IBM extensions, and letters whose second byte is a backslash


def body(text: str) -> bytes:
    """Lines under a heading of three items that are required."""
    return ("番号,氏名,開始日\n" + text).encode()


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-8-sig", "utf-8"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
    ],
)
@pytest.mark.parametrize(("kind", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_every_encoding_and_separator(declared: str, written: str, kind: str, delimiter: str) -> None:
    data = csv_of([{**ROW, "name": NAMES}], delimiter=delimiter, encoding=written)
    sheet = parse(data, kind, declared)
    assert (sheet.columns["name"], sheet.columns["no"], sheet.bad) == ([NAMES], ["0001"], [])


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("cp932", "utf-8"),
        ("cp932", "utf-8-sig"),
        ("cp932", "utf-16"),
        ("cp932", "euc_jp"),
        ("cp932", "iso2022_jp"),
        ("utf-8", "cp932"),
        ("utf-8", "utf-16"),
        ("utf-16", "cp932"),
        ("utf-16", "utf-8"),
    ],
)
def test_another_encoding_than_declared_is_refused(declared: str, written: str) -> None:
    with pytest.raises(Refused, match="encoding"):
        parse(csv_of([ROW], encoding=written), encoding=declared)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_an_escape_in_a_cell_is_no_other_encoding(encoding: str) -> None:
    sheet = parse(csv_of([{**ROW, "name": "青木\x1b$B陽斗"}], encoding=encoding), encoding=encoding)
    assert sheet.columns["name"] == ["青木\x1b$B陽斗"]


@pytest.mark.parametrize("byte", [b"\x80", b"\xa0", b"\xfd", b"\xfe", b"\xff"])
def test_bytes_that_are_no_cp932_are_refused(byte: bytes) -> None:
    data = csv_of([ROW], encoding="cp932")
    with pytest.raises(Refused, match="encoding"):
        parse(data.replace("陽".encode("cp932"), byte), encoding="cp932")


@pytest.mark.parametrize(
    "name", ["ム", "\ue000", "〓", "?", "纊", "能表"]
)  # ム is 83 80: a second byte is no stray one
def test_gaiji_and_lost_characters_are_kept(name: str) -> None:
    assert parse(csv_of([{**ROW, "name": name}], encoding="cp932"), encoding="cp932").columns["name"] == [name]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_breaks_inside_fields(newline: str) -> None:
    data = newline.join(["番号,氏名,開始日", '1,"青木\r\n陽斗",x', "", "2,森下,y", ""]).encode()
    sheet = parse(data)
    assert sheet.columns["name"] == ["青木\r\n陽斗", "森下"]
    assert (sheet.lines, sheet.bad) == ([2, 5], [])


@pytest.mark.parametrize("tail", [b"\x1a", b"\x00\x00\x1a"])
def test_marks_of_older_hosts_are_no_rows(tail: bytes) -> None:
    sheet = parse(body("1,青\x00木,x\n") + tail)
    assert (sheet.columns["name"], sheet.received) == (["青木"], 1)


@pytest.mark.parametrize(
    ("text", "kept", "bad"),
    [
        # A comma too many, a short line.
        ("1,a,x\n2,b,x,\n3\n4,d,x\n", ["1", "4"], [(3, WRONG_LENGTH), (4, WRONG_LENGTH)]),
        # A quote that never closes costs its own line.
        ('1,a,x\n2,"b,x\n3,c,x\n4,d,x\n', ["1", "3", "4"], [(3, STRAY_QUOTE)]),
        ('1,a,x\n2,b,"x\n', ["1"], [(3, STRAY_QUOTE)]),
        # One that another closes further down costs both their lines, whatever the width comes out as.
        ('1,a,x\n2,"b,x\n3,c,x\n4,d",x\n5,e,x\n', ["1", "3", "5"], [(3, STRAY_QUOTE), (5, STRAY_QUOTE)]),
        ('1,a,x\n2,"b,x\n3,c",x\n4,d,x\n', ["1", "4"], [(3, STRAY_QUOTE), (4, STRAY_QUOTE)]),
        ('1,a,x\n2,b,"x\n3,c,x"\n4,d,x\n', ["1", "4"], [(3, STRAY_QUOTE), (4, STRAY_QUOTE)]),
        ('1,a,x\n2,"b\n3,c,x"\n4,d,x\n', ["1", "4"], [(3, STRAY_QUOTE), (4, STRAY_QUOTE)]),
        # Text behind a closing quote.
        ('1,a,x\n2,"b"b,x\n3,c,x\n', ["1", "3"], [(3, STRAY_QUOTE)]),
        # A record with a line break that is too narrow is one bad record.
        ('1,a,x\n2,"b\nb"\n3,c,x\n', ["1", "3"], [(3, WRONG_LENGTH)]),
        # Quotes inside an unquoted field, doubled quotes and separators inside a quoted one are text.
        ('1,a"b,x\n2,"a""b",x\n3,"a,\nb",x\n', ["1", "2", "3"], []),
    ],
)  # fmt: skip
def test_a_broken_line_costs_itself_alone(text: str, kept: list[str], bad: list[tuple[int, object]]) -> None:
    sheet = parse(body(text))
    assert (sheet.columns["no"], sheet.bad) == (kept, bad)


def test_a_stray_quote_in_a_long_file() -> None:
    rows = [f"{place},name,x" for place in range(20_000)]
    rows[500] = '500,"name,x'
    sheet = parse(body("\n".join(rows)))
    assert (sheet.received, sheet.bad, sheet.columns["no"][-1]) == (20_000, [(502, STRAY_QUOTE)], "19999")


@given(st.lists(st.text(alphabet='a,"\n あ', max_size=12), max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_sound_line_is_ever_lost(between: list[str]) -> None:
    """However broken the lines between are: a line without quotes and of the right width is a row."""
    sheet = parse(body("".join(f"{broken}\nK,あ,x\n" for broken in between)))
    assert sheet.columns["no"].count("K") == len(between)
    assert sheet.received == len(sheet.lines) + len(sheet.bad)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize(
    ("kind", "encoding"), [("csv", "cp932"), ("csv", "utf-8"), ("tsv", "utf-16"), ("xlsx", "none"), ("fixed", "cp932")]
)
def test_any_bytes_end_in_a_sheet_or_a_refusal(kind: str, encoding: str, data: bytes) -> None:
    items = {"items": fixed_items(no=4, name=20, begun=8)} if kind == "fixed" else {}
    try:
        sheet = parse(data, kind, encoding, **items)
    except Refused as refused:
        assert refused.ja.startswith("file: ")
    else:
        assert sheet.received >= 0


def test_headings_come_in_any_order_by_label_alias_or_name() -> None:
    data = '開始日, 児童氏名 ,ﾌﾘｶﾞﾅ,no,"日\n数",備考\nx,青木,アオキ,1,2,memo\n'.encode()
    sheet = parse(data)
    found = {field: sheet.columns[field] for field in ("no", "name", "kana", "begun", "days")}
    assert found == {"no": ["1"], "name": ["青木"], "kana": ["アオキ"], "begun": ["x"], "days": ["2"]}
    assert sheet.undeclared == [["memo"]]
    assert sheet.absent == [LABELS[field] for field in ("born", "kind", "ended", "month", "sum", "aid")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空のファイル"),
        ("番号,氏名\n1,青木\n".encode(), "開始日"),
        ("氏名,開始日\n青木,x\n".encode(), "番号"),
        ("1,青木,x\n2,森下,y\n".encode(), "必要な列がありません"),
        ("番号,氏名,児童氏名,開始日\n1,青木,森下,x\n".encode(), "氏名"),
        ("番号,氏名,開始日,マイナンバー\n1,青木,x,\n".encode(), "マイナンバー"),
        ("番号,氏名,開始日,児童の個人番号(数字)\n1,青木,x,\n".encode(), "個人番号"),
        ("処理区分,更新日時,番号,氏名,開始日\nD,x,1,青木,x\n".encode(), "差分"),
        ('番号,氏名,"開始日\n1,青木,x\n'.encode(), "必要な列がありません"),
    ],
)
def test_a_heading_that_is_not_this_tables_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(data)
    assert says in refused.value.ja
    assert "青木" not in refused.value.ja + refused.value.en


def test_a_key_needs_its_column() -> None:
    table = layout_of({"row_key": ["no", "kind"]}).tables[0]
    with pytest.raises(Refused, match="kind"):
        read_whole(body("1,a,x\n"), table)


def test_a_heading_alone_is_a_file_without_rows() -> None:
    sheet = parse(csv_of([]))
    assert (sheet.received, sheet.absent) == (0, [])


def test_a_difference_needs_its_operation() -> None:
    with pytest.raises(Refused, match="op"):
        read_whole(body("1,a,x\n"), layout_of({"kind": "difference"}).tables[0])


def test_leading_zeros_kept_by_a_spreadsheets_formula() -> None:
    sheet = parse(body('"=""0001234""",=1+1,x\n="007",a,x\n'))
    assert (sheet.columns["no"], sheet.columns["name"]) == (["0001234", "007"], ["=1+1", "a"])


WIDTHS = {"no": 4, "name": 10, "begun": 8}


def fixed(*records: bytes, newline: bytes = b"\r\n") -> Read:
    data = b"".join(record + newline for record in records)
    return parse(data, "fixed", "cp932", items=fixed_items(**WIDTHS))


def record(no: str, name: str, begun: str = "20220225") -> bytes:
    return no.encode("cp932").ljust(4) + name.encode("cp932").ljust(10) + begun.encode().ljust(8)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_fixed_widths_are_bytes(newline: bytes) -> None:
    sheet = fixed(record("1", "髙\ue000ｱｵｷ"), record("2", "青木　"), record("3", ""), newline=newline)
    assert sheet.columns == {"no": ["1", "2", "3"], "name": ["髙\ue000ｱｵｷ", "青木", ""], "begun": ["20220225"] * 3}
    assert (sheet.lines, sheet.bad) == ([1, 2, 3], [])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (record("2", "青木")[:-3], CUT_RECORD),
        (record("2", "青木") + b" ", CUT_RECORD),
        (b"2   " + "ｱ青木青木青".encode("cp932")[:10] + b"20220225", BROKEN_CHARACTER),
        (record("2", "青木").replace("木".encode("cp932"), b"\xfd "), BROKEN_CHARACTER),
    ],
)
def test_a_cut_record_is_held_with_its_line(broken: bytes, reason: object) -> None:
    sheet = fixed(record("1", "青木"), broken, record("3", "森下"))
    assert (sheet.columns["no"], sheet.bad) == (["1", "3"], [(2, reason)])


def test_nul_padding_and_the_end_mark_are_blanks() -> None:
    sheet = parse(
        record("1", "青木").replace(b" ", b"\x00") + b"\r\n\x1a", "fixed", "cp932", items=fixed_items(**WIDTHS)
    )
    assert (sheet.columns["name"], sheet.columns["no"], sheet.bad) == (["青木"], ["1"], [])


def test_records_of_another_length_are_refused() -> None:
    with pytest.raises(Refused, match="length"):
        fixed(b"1" * 30, b"2" * 30)
