"""From a file to columns of text: CSV, TSV, XLSX, fixed width. Every value stays text; the layout types it later."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from mimamori.intake.decode import decode
from mimamori.intake.delivery import Reason
from mimamori.refusal import Refused
from mimamori.sources import Table

OP, UPDATED_AT = "処理区分", "更新日時"  # the first two columns of a difference file
OP_WIDTH, UPDATED_WIDTH = 1, 14  # and their bytes in a fixed-width one
WRONG_LENGTH = Reason("項目の数が見出しと合いません。", "The number of fields is not that of the heading.")
CUT_RECORD = Reason("レコードの長さが合いません(途中で切れています)。", "The record's length is wrong: it was cut.")
BROKEN_CHARACTER = Reason("項目の境目で文字が切れています。", "A character is cut at the field's edge.")


@dataclass
class Sheet:
    """Columns of equal length; `lines` are line numbers in the file; `bad` are rows that could not be split."""

    columns: dict[str, list[str]]
    lines: list[int]
    bad: list[tuple[int, Reason]] = field(default_factory=list)
    undeclared: int = 0

    @property
    def received(self) -> int:
        return len(self.lines) + len(self.bad)


def read(data: bytes, table: Table, name: str) -> Sheet:
    """Split a file by its table's format; raises `Refused` where encoding, container or heading is not as declared."""
    form = table.format
    if form.kind == "fixed":
        return _fixed(data, table, name)
    if form.kind == "xlsx":
        rows, lines = _xlsx(data, form.title_rows, name)
        return _headed(rows, lines, table, name)
    text = decode(data, declared=form.encoding, name=name).replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if form.kind == "tsv" else ",")
    rows, lines, begin = [], [], 1
    for row in reader:
        if row:
            rows.append(row)
            lines.append(begin)
        begin = reader.line_num + 1
    if not form.header:
        rows.insert(0, [*_leading(table), *(item.label.ja for item in table.items)])
        lines.insert(0, 0)
    return _headed(rows, lines, table, name)


def _leading(table: Table) -> tuple[str, ...]:
    return (OP, UPDATED_AT) if table.kind == "difference" else ()


def _headed(rows: list[list[str]], lines: list[int], table: Table, name: str) -> Sheet:
    """Match the heading by labels, aliases and field names, in any order; refuse where a required column is missing."""
    if not rows:
        raise Refused(f"{name}: 空のファイルです。", f"{name}: the file is empty.")
    heading = [cell.strip() for cell in rows[0]]
    known = {alias: item.field for item in table.items for alias in (item.label.ja, item.field, *item.aliases)}
    known |= {label: label for label in _leading(table)}
    places = {known[cell]: place for place, cell in enumerate(heading) if cell in known}
    wanted = [*_leading(table)[:1], *(item.field for item in table.items if item.required)]
    missing = [field_name for field_name in wanted if field_name not in places]
    if missing:
        labels = "、".join(table.item(f).label.ja if f != OP else OP for f in missing)
        raise Refused(
            f"{name}: 必要な列がありません({labels})。レイアウトの版と見出しを確かめてください。",
            f"{name}: required columns are missing ({', '.join(f if f != OP else 'op' for f in missing)}).",
        )
    width = len(heading)
    good = [place for place in range(1, len(rows)) if len(rows[place]) == width]
    bad = [(lines[place], WRONG_LENGTH) for place in range(1, len(rows)) if len(rows[place]) != width]
    body = [rows[place] for place in good]
    columns = {field_name: [row[place] for row in body] for field_name, place in places.items()}
    return Sheet(columns, [lines[place] for place in good], bad, sum(cell not in known for cell in heading))


def _xlsx(data: bytes, title_rows: int, name: str) -> tuple[list[list[str]], list[int]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except CalamineError:
        raise Refused(f"{name}: XLSX として読めません。", f"{name}: not a readable XLSX file.") from None
    grid = sheet.to_python(skip_empty_area=False)[title_rows:]
    rows = [[_cell(value) for value in row] for row in grid]
    width = next((len(row) for row in rows if any(row)), 0)
    kept = [(row[:width], place + title_rows + 1) for place, row in enumerate(rows) if any(row)]
    return [row for row, _ in kept], [line for _, line in kept]


def _cell(value: Any) -> str:
    """A cell as it was meant: whole numbers without '.0', days as ISO."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fixed(data: bytes, table: Table, name: str) -> Sheet:
    """Records of a fixed number of bytes, one a line, sliced before they are decoded."""
    widths: list[tuple[str, int]] = []
    if table.kind == "difference":
        widths += [(OP, OP_WIDTH), (UPDATED_AT, UPDATED_WIDTH)]
    widths += [(item.field, item.width or 0) for item in table.items]
    length = sum(width for _, width in widths)
    columns: dict[str, list[str]] = {field_name: [] for field_name, _ in widths}
    lines, bad = [], []
    for number, record in enumerate(data.replace(b"\r\n", b"\n").split(b"\n"), start=1):
        if not record:
            continue
        if len(record) != length:
            bad.append((number, CUT_RECORD))
            continue
        cells, place = [], 0
        try:
            for _, width in widths:
                cells.append(record[place : place + width].decode("cp932").strip(" \u3000"))
                place += width
        except UnicodeDecodeError:
            bad.append((number, BROKEN_CHARACTER))
            continue
        for (field_name, _), cell in zip(widths, cells, strict=True):
            columns[field_name].append(cell)
        lines.append(number)
    if not lines and bad:
        raise Refused(
            f"{name}: レコードの長さがレイアウトと合いません。", f"{name}: no record has the layout's length."
        )
    return Sheet(columns, lines, bad)
