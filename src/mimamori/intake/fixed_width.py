"""Records of a fixed number of bytes, one a line, to columns, block by block: sliced before they are decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mimamori.intake.decode import stray
from mimamori.intake.delivery import Reason
from mimamori.intake.separated import END_OF_FILE, Part

CUT_RECORD = Reason("レコードの長さが合いません(途中で切れています)。", "The record's length is wrong: it was cut.")
BROKEN_CHARACTER = Reason("項目の境目で文字が切れています。", "A character is cut at the field's edge.")


class FixedWidth:
    """The records of a file whose fields have these widths in bytes; `bad` is known once all parts have been read."""

    def __init__(self, pieces: Iterator[bytes], widths: Sequence[int]) -> None:
        self.bad: list[tuple[int, Reason]] = []
        self._pieces, self._widths, self._length = pieces, widths, sum(widths)
        self._line = 1

    def parts(self) -> Iterator[Part]:
        rest = b""
        for piece in self._pieces:
            rest += piece
            end = rest.rfind(b"\n") + 1
            if end:
                yield self._split(rest[:end])
                rest = rest[end:]
        if rest := rest.removesuffix(END_OF_FILE.encode()):
            yield self._split(rest + b"\n")

    def _split(self, block: bytes) -> Part:
        return self._split_together(block) or self._split_each(block)

    def _split_together(self, block: bytes) -> Part | None:
        """All records at once where each has the right length and no character is cut; else None."""
        end = b"\r\n" if block.endswith(b"\r\n") else b"\n"
        step = self._length + len(end)
        if len(block) % step:
            return None
        grid = np.frombuffer(block, np.uint8).reshape(-1, step)
        if (grid[:, self._length :] != np.frombuffer(end, np.uint8)).any() or (grid[:, : self._length] == 10).any():
            return None
        columns, place = [], 0
        for width in self._widths:
            field = np.full((len(grid), width + 1), 10, np.uint8)
            field[:, :width] = grid[:, place : place + width]
            try:
                text = field.tobytes().decode("cp932")
            except UnicodeDecodeError:
                return None
            cells = text.split("\n")[:-1]
            if len(cells) != len(grid) or stray(text):
                return None
            columns.append(_trimmed(pa.array(cells, pa.string())))
            place += width
        lines = pa.array(np.arange(self._line, self._line + len(grid)))
        self._line += len(grid)
        return columns, lines

    def _split_each(self, block: bytes) -> Part:
        rows: list[list[str]] = []
        lines: list[int] = []
        for record in block.replace(b"\r\n", b"\n").split(b"\n")[:-1]:
            line, self._line = self._line, self._line + 1
            if not record:
                continue
            if len(record) != self._length:
                self.bad.append((line, CUT_RECORD))
                continue
            cells = self._cells(record)
            if cells is None:
                self.bad.append((line, BROKEN_CHARACTER))
            else:
                rows.append(cells)
                lines.append(line)
        cut = zip(*rows, strict=True) if rows else ([] for _ in self._widths)
        return [_trimmed(pa.array(column, pa.string())) for column in cut], pa.array(lines, pa.int64())

    def _cells(self, record: bytes) -> list[str] | None:
        cells, place = [], 0
        for width in self._widths:
            try:
                cells.append(record[place : place + width].decode("cp932"))
            except UnicodeDecodeError:
                return None
            place += width
        return None if any(map(stray, cells)) else cells


def _trimmed(cells: pa.Array) -> pa.Array:
    """What pads a field is no part of it: blanks of both widths, and NUL."""
    return pc.utf8_trim(pc.replace_substring(cells, "\x00", " "), characters=" \u3000")
