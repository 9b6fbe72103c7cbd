"""Comma- and tab-separated text to columns, block by block. A stray quote costs its own line, never those behind it.

A record must be well formed (RFC 4180: a quoted field ends at a separator or at the line's end) and as wide as the
heading. Lines that are such records by themselves, which is nearly all of them, are split together; what is left is
read one record at a time, because a field may hold line breaks and a quote may be out of place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from mimamori.intake.delivery import Reason

WRONG_LENGTH = Reason("項目の数が見出しと合いません。", "The number of fields is not that of the heading.")
STRAY_QUOTE = Reason(
    "引用符が閉じていないか、余分です。この行だけを除きました。", "A quote is not closed or out of place."
)
LONGEST_FIELD = 65536  # characters; a quote that has not closed by then is a stray one
BLOCK = 4 * 1024 * 1024  # characters split together
END_OF_FILE = "\x1a"  # older hosts end a file with Ctrl-Z
_SPREADSHEET_TEXT = r'^="([^"]*)"$'  # how a spreadsheet keeps leading zeros: ="0001234"

Flags = NDArray[np.bool_]
Part = tuple[list[pa.Array], pa.Array]  # columns of text, and the line each row begins on


class Separated:
    """The records of a file; `bad` are the lines that cannot be believed, known once all parts have been read."""

    def __init__(self, text: Iterator[str], delimiter: str) -> None:
        self.bad: list[tuple[int, Reason]] = []
        self._pieces, self._delimiter = text, delimiter
        self._rest, self._over = "", False  # text not split yet; whether no more comes
        self._line = 1  # the line that the rest begins on
        self._suspect: set[int] = set()  # lines that hold the other end of a quote that had swallowed whole lines

    def heading(self) -> list[str]:
        """The first record; empty where there is none."""
        csv.field_size_limit(LONGEST_FIELD)
        wanted = 1
        while True:
            self._read(wanted)
            block, behind = self._cut()
            physical = list(io.StringIO(block, newline=""))
            begin = 0
            while begin < len(physical):
                try:
                    found = self._record(physical, begin)
                except csv.Error:
                    self.bad.append((self._line + begin, STRAY_QUOTE))
                    found = (begin + 1, [])
                if found is None:
                    break
                begin, row = found
                if row:
                    self._rest = "".join(physical[begin:]) + behind
                    self._line += begin
                    return row
            if self._over:
                return []
            self.bad.clear()
            wanted = len(self._rest) + BLOCK

    def parts(self, width: int) -> Iterator[Part]:
        """All further records of `width` fields, by their lines."""
        csv.field_size_limit(LONGEST_FIELD)
        wanted = BLOCK
        while True:
            self._read(wanted)
            block, self._rest = self._cut()
            if block:
                part = self._split(block, width)
                if len(part[1]):
                    yield part
            elif self._over:
                return
            wanted = len(self._rest) + BLOCK

    def _read(self, wanted: int) -> None:
        """Read on until so many characters are there or the text is over."""
        parts, size = [self._rest], len(self._rest)
        while size < wanted and not self._over:
            piece = next(self._pieces, None)
            if piece is None:
                self._over = True
            else:
                parts.append(piece)
                size += len(piece)
        self._rest = "".join(parts)
        if self._over:
            self._rest = self._rest.removesuffix(END_OF_FILE)

    def _cut(self) -> tuple[str, str]:
        """Whole lines, and what is left of the last one; all of it where nothing more comes."""
        if self._over:
            return self._rest, ""
        text = self._rest
        end = max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1  # a last \r may have its \n behind it
        return text[:end], text[end:]

    def _split(self, block: str, width: int) -> Part:
        data = block.encode()
        if '"' not in block and not any(line >= self._line for line in self._suspect):
            count = _count_lines(block)
            columns = _plain_columns(data, self._delimiter, width, count)
            if columns is not None:
                numbers = pa.array(np.arange(self._line, self._line + count))
                self._line += count
                return columns, numbers
        lines = _lines(block, data)
        alone = _alone(lines, self._delimiter, width, quoted='"' in block)
        blank = pc.equal(pc.binary_length(lines), 0)
        suspect = {line for line in self._suspect if line >= self._line}
        if pc.all(alone).as_py() and not suspect:
            columns = _columns(data, self._delimiter, width, quoted='"' in block)
            numbers = pa.array(np.arange(self._line, self._line + len(lines)))
            self._line += len(lines)
            return columns, numbers
        return self._split_carefully(block, lines, np.asarray(alone), np.asarray(blank), width)

    def _split_carefully(self, block: str, lines: pa.Array, alone: Flags, blank: Flags, width: int) -> Part:
        """The same where some lines are no records by themselves, or are under suspicion."""
        physical = list(io.StringIO(block, newline=""))
        rows: list[list[str]] = []
        numbers: list[int] = []
        odd = np.flatnonzero(~alone & ~blank)
        plain, end = alone & ~blank, 0
        stop = len(physical)  # the line that the next block begins with
        while (place := self._next(odd, end)) < stop:
            behind, row = self._judged(physical, place, width)
            if behind is None:
                plain[place:], stop = False, place
                break
            plain[place:behind], end = False, behind
            if row:
                rows.append(row)
                numbers.append(self._line + place)
        good = lines.filter(pa.array(plain))
        columns = _columns("\n".join(good.to_pylist()).encode(), self._delimiter, width, quoted='"' in block)
        places = pa.array(np.flatnonzero(plain) + self._line)
        if rows:
            cells = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            columns = [pa.concat_arrays([one, two]) for one, two in zip(columns, map(_unwrapped, cells), strict=True)]
            places = pa.concat_arrays([places, pa.array(numbers, pa.int64())])
            order = pc.sort_indices(places)
            columns, places = [column.take(order) for column in columns], places.take(order)
        self._rest = "".join(physical[stop:]) + self._rest
        self._line += stop
        return columns, places

    def _next(self, odd: NDArray[np.int64], begin: int) -> int:
        """The next line of the block, from `begin` on, that must be read by itself."""
        place = int(np.searchsorted(odd, begin))
        found = [line - self._line for line in self._suspect if line - self._line >= begin]
        return min([*found, int(odd[place]) if place < len(odd) else 2**62])

    def _judged(self, physical: list[str], place: int, width: int) -> tuple[int | None, list[str] | None]:
        """(the line behind the record on line `place`, its cells where it is good); None where the block ends first."""
        line = self._line + place
        try:
            found = self._record(physical, place)
        except csv.Error:
            self.bad.append((line, STRAY_QUOTE))
            return place + 1, None
        if found is None:
            return None, None
        end, row = found
        if not row:
            return end, None
        right = len(row) == width
        if end - place > 1 and _swallowed(physical[place:end], self._delimiter, width, right):
            self._suspect |= {line, self._line + end - 1}
        if line in self._suspect:
            self.bad.append((line, STRAY_QUOTE))
            return place + 1, None
        if not right:
            self.bad.append((line, WRONG_LENGTH))
        return end, row if right else None

    def _record(self, physical: list[str], begin: int) -> tuple[int, list[str]] | None:
        """The record that begins on a line: (the line behind it, its cells); None where it may go on behind the last.

        Raises `csv.Error` where it is none.
        """
        reader = csv.reader(
            map(physical.__getitem__, range(begin, len(physical))), delimiter=self._delimiter, strict=True
        )
        try:
            row = next(reader, [])
        except csv.Error:
            if not self._over and begin + reader.line_num >= len(physical):
                return None
            raise
        return begin + reader.line_num, row


def _count_lines(block: str) -> int:
    """How many lines a block has, whatever ends them."""
    ends = block.count("\n") + block.count("\r") - block.count("\r\n")
    return ends + (not block.endswith(("\n", "\r")))


def _plain_columns(data: bytes, delimiter: str, width: int, count: int) -> list[pa.Array] | None:
    """The cells of so many lines without a quote; None where one of them is no record of so many fields."""
    odd: list[object] = []

    def note(row: object) -> str:
        odd.append(row)
        return "skip"

    columns = _read(data, delimiter, width, quoted=False, note=note)
    return columns if not odd and len(columns[0]) == count else None


def _lines(block: str, data: bytes) -> pa.Array:
    """The lines of a block without their ends (\\n, \\r\\n, \\r)."""
    unused = next((sign for sign in map(chr, range(1, 32)) if sign not in "\t\n\r" and sign not in block), None)
    if unused is None:
        return pa.array([line.rstrip("\r\n") for line in io.StringIO(block, newline="")], pa.string())
    return _read(data, unused, 1, quoted=False, blanks=True)[0]


def _alone(lines: pa.Array, delimiter: str, width: int, *, quoted: bool) -> pa.Array:
    """Whether each line is a record of so many fields by itself."""
    if not quoted:
        right = pc.equal(pc.count_substring(lines, delimiter), width - 1)
        return pc.and_(right, pc.greater(pc.binary_length(lines), 0))
    field = rf'(?:(?:[^"{delimiter}][^{delimiter}]*)?|"(?:[^"]|"")*")'
    return pc.and_(
        pc.match_substring_regex(lines, rf"^{field}(?:{delimiter}{field}){{{width - 1}}}$"),
        pc.greater(pc.binary_length(lines), 0),
    )


def _columns(data: bytes, delimiter: str, width: int, *, quoted: bool) -> list[pa.Array]:
    """The cells of lines that are all records of so many fields."""
    columns = _read(data, delimiter, width, quoted=quoted)
    return [_unwrapped(column) for column in columns] if b'="' in data else columns


def _unwrapped(cells: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(cells, _SPREADSHEET_TEXT, r"\1")


def _read(
    data: bytes,
    delimiter: str,
    width: int,
    *,
    quoted: bool,
    blanks: bool = False,
    note: Callable[[object], str] | None = None,
) -> list[pa.Array]:
    """Columns of text; `note` is told of rows of another width, which are skipped (without it they are an error)."""
    names = [str(place) for place in range(width)]
    if not data:
        return [pa.array([], pa.string()) for _ in names]
    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(data) + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if quoted else False,
            ignore_empty_lines=not blanks,
            invalid_row_handler=note,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    return [_whole(column) for column in table.columns]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _swallowed(lines: list[str], delimiter: str, width: int, right: bool) -> bool:
    """Whether a record of several lines holds lines that are records themselves; `right`: its width is the heading's.

    A field with a line break leaves parts of a record on its lines; a line with all separators is a whole one.
    """
    if width == 1:
        return False
    whole = [line.count(delimiter) == width - 1 for line in lines]
    return any(whole[1:-1]) or (whole[-1] and (whole[0] or not right))
