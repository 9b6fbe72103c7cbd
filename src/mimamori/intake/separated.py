"""Comma- and tab-separated text to records. A stray quote costs its own line, never the lines behind it.

A record must be well formed (RFC 4180: a quoted field ends at a separator or at the line's end) and as wide as the
heading. Where one is not, its first line is told as bad and reading goes on with the next line.
"""

from __future__ import annotations

import csv
import io
import re

from mimamori.intake.delivery import Reason
from mimamori.intake.records import Records

WRONG_LENGTH = Reason("項目の数が見出しと合いません。", "The number of fields is not that of the heading.")
STRAY_QUOTE = Reason(
    "引用符が閉じていないか、余分です。この行だけを除きました。", "A quote is not closed or out of place."
)
LONGEST_FIELD = 65536  # characters; a quote that has not closed by then is a stray one
_SPREADSHEET_TEXT = re.compile(r'="([^"]*)"')  # how a spreadsheet keeps leading zeros: ="0001234"


def records(text: str, delimiter: str) -> Records:
    """Split a file whose first record is its heading; blank lines are nobody's."""
    physical = list(io.StringIO(text, newline=""))
    found = Records()
    suspect: set[int] = set()
    start = 0  # the first line not yet read
    while start < len(physical):
        start = _read_on(physical, start, delimiter, found, suspect)
    return found


def _read_on(physical: list[str], start: int, delimiter: str, found: Records, suspect: set[int]) -> int:
    """Read records from line `start` up to one that cannot be trusted, or to the end; returns where to go on.

    `suspect`: lines that hold the other end of a quote that had swallowed whole lines.
    """
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(map(physical.__getitem__, range(start, len(physical))), delimiter=delimiter, strict=True)
    begin = start
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return len(physical)
        except csv.Error:
            found.bad.append((begin + 1, STRAY_QUOTE))
            return begin + 1
        end = start + reader.line_num
        if row:
            right = not found.rows or len(row) == len(found.rows[0])
            if end - begin > 1 and found.rows and _swallowed(physical[begin:end], delimiter, len(found.rows[0]), right):
                suspect |= {begin, end - 1}
            if begin in suspect:
                found.bad.append((begin + 1, STRAY_QUOTE))
                return begin + 1
            if right:
                found.rows.append([_plain(cell) if cell[:2] == '="' else cell for cell in row])
                found.lines.append(begin + 1)
            else:
                found.bad.append((begin + 1, WRONG_LENGTH))
        begin = end


def _swallowed(lines: list[str], delimiter: str, width: int, right: bool) -> bool:
    """Whether a record of several lines holds lines that are records themselves; `right`: its width is the heading's.

    A field with a line break leaves parts of a record on its lines; a line with all separators is a whole one.
    """
    if width == 1:
        return False
    whole = [line.count(delimiter) == width - 1 for line in lines]
    return any(whole[1:-1]) or (whole[-1] and (whole[0] or not right))


def _plain(cell: str) -> str:
    match = _SPREADSHEET_TEXT.fullmatch(cell)
    return match[1] if match else cell
