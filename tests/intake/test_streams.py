"""A file is read block by block: wherever a block ends, the rows are those of the file read at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.small import Read, fixed_items, parse

from mimamori.intake import decode, separated

HEAD = "番号,氏名,開始日\n"
LINES = st.sampled_from(
    ["1,あ,x", '2,"い",y', '3,"a\nb",z', '4,"a""b\r\nc",z', '5,"stray,z', '6,b",z', "7,too,many,x", "8", "", '"9,"",x']
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def found(read: Read) -> tuple[object, ...]:
    return dict(read.columns), read.lines, sorted(read.bad, key=lambda bad: bad[0])


def in_pieces(patched: pytest.MonkeyPatch, piece: int, block: int) -> None:
    patched.setattr(decode, "PIECE", piece)
    patched.setattr(separated, "BLOCK", block)


@given(st.lists(LINES, max_size=14), ENDS, st.tuples(st.integers(1, 40), st.integers(1, 60)), st.booleans())
@settings(max_examples=250, deadline=None)
@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_separated_text(encoding: str, lines: list[str], end: str, sizes: tuple[int, int], closed: bool) -> None:
    data = (HEAD.replace("\n", end) + end.join(lines) + (end if closed else "")).encode(encoding)
    whole = found(parse(data, encoding=encoding))
    with pytest.MonkeyPatch.context() as patched:
        in_pieces(patched, *sizes)
        assert found(parse(data, encoding=encoding)) == whole


@given(st.lists(st.sampled_from(["青木", "ｱｵｷ", "髙", "", "青木青木青"]), max_size=8), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_records_of_fixed_width(end: bytes, names: list[str], piece: int) -> None:
    records = [
        f"{place:<4}".encode() + name.encode("cp932").ljust(10) + b"20220225" for place, name in enumerate(names)
    ]
    data = b"".join(record + end for record in [*records, b"cut", *records])
    items = fixed_items(no=4, name=10, begun=8)
    if not names:
        return
    whole = found(parse(data, "fixed", "cp932", items=items))
    assert len(whole[1]) == 2 * len(names)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patched:
        in_pieces(patched, piece, 1)
        assert found(parse(data, "fixed", "cp932", items=items)) == whole


@pytest.mark.parametrize("text", ["1,あ,x\n2,い,y\n", '1,"あ",x\n"2",い,"y"\n'])
def test_lines_that_are_records_by_themselves_are_not_read_one_by_one(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_by_one(*_: object) -> None:
        raise AssertionError("read one by one")

    reader = separated.Separated(iter([HEAD + text]), ",")
    width = len(reader.heading())
    monkeypatch.setattr(separated.Separated, "_split_carefully", one_by_one)
    [(columns, lines)] = list(reader.parts(width))
    assert ([column.to_pylist() for column in columns], lines.to_pylist()) == (
        [["1", "2"], ["あ", "い"], ["x", "y"]],
        [2, 3],
    )


def test_a_file_without_a_heading_is_in_the_order_of_the_layout() -> None:
    form = {"header": False}
    items = fixed_items(no=4, name=20, begun=8)
    plain = [{key: value for key, value in item.items() if key != "width"} for item in items]
    read = parse("0001,青木 陽斗,20220225\n0002,森下,20220226\n".encode(), format=form, items=plain)
    assert (read.columns["no"], read.columns["begun"], read.lines) == (
        ["0001", "0002"],
        ["20220225", "20220226"],
        [1, 2],
    )
