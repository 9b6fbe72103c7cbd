"""From a file to columns of text: CSV, TSV, XLSX, fixed width. Every value stays text; the layout types it later."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from mimamori.intake.decode import decode, stray
from mimamori.intake.delivery import Reason
from mimamori.intake.records import Records
from mimamori.intake.separated import records
from mimamori.intake.spreadsheet import read_book
from mimamori.refusal import Refused
from mimamori.sources import Table
from mimamori.sources.item import NEVER_HELD

OP, UPDATED_AT = "処理区分", "更新日時"  # the first two columns of a difference file
OP_WIDTH, UPDATED_WIDTH = 1, 14  # and their bytes in a fixed-width one
END_OF_FILE = "\x1a"  # older hosts end a file with Ctrl-Z
CUT_RECORD = Reason("レコードの長さが合いません(途中で切れています)。", "The record's length is wrong: it was cut.")
BROKEN_CHARACTER = Reason("項目の境目で文字が切れています。", "A character is cut at the field's edge.")


@dataclass
class Sheet:
    """Columns of equal length; `lines` are line numbers in the file; `bad` are rows that could not be split."""

    columns: dict[str, list[str]]
    lines: list[int]
    bad: list[tuple[int, Reason]] = field(default_factory=list)
    undeclared: list[list[str]] = field(default_factory=list)  # columns that no item declares: looked at, not loaded
    absent: list[str] = field(default_factory=list)  # labels of declared items that the file has no column for

    @property
    def received(self) -> int:
        return len(self.lines) + len(self.bad)


def read(data: bytes, table: Table, name: str) -> Sheet:
    """Split a file by its table's format; raises `Refused` where encoding, container or heading is not as declared."""
    form = table.format
    if form.kind == "fixed":
        return _fixed(data, table, name)
    if form.kind == "xlsx":
        return _headed(read_book(data, table, name), table, name)
    text = decode(data, declared=form.encoding, name=name).replace("\x00", "").removesuffix(END_OF_FILE)
    return _headed(records(text, "\t" if form.kind == "tsv" else ","), table, name)


def _leading(table: Table) -> tuple[str, ...]:
    return (OP, UPDATED_AT) if table.kind == "difference" else ()


def _headed(found: Records, table: Table, name: str) -> Sheet:
    """Match the heading by labels, aliases and field names, in any order; refuse one that does not tell every required
    column, tells one twice, or is that of a difference where a full extract is due."""
    if not found.rows:
        raise Refused(f"{name}: 空のファイルです。", f"{name}: the file is empty.")
    heading = [_folded(cell) for cell in found.rows[0]]
    known = {_folded(word): item.field for item in table.items for word in (*item.headings(), item.field)}
    known |= {label: label for label in _leading(table)}
    labels = {item.field: item.label.ja for item in table.items}
    if held := sorted({word for cell in heading for word in NEVER_HELD if word in cell}):
        raise Refused(
            f"{name}: 受領できない列があります({'、'.join(held)})。その列を除いて、もう一度提供してください。",
            f"{name}: there is a column that this system never takes ({', '.join(held)}).",
        )
    if table.kind == "full" and OP in heading:
        raise Refused(
            f"{name}: 差分ファイルです(列「{OP}」があります)。この表は全件で提供してください。",
            f"{name}: a difference file; this table is delivered in full.",
        )
    told = [known[cell] for cell in heading if cell in known]
    if twice := sorted({field_name for field_name in told if told.count(field_name) > 1}):
        raise Refused(
            f"{name}: 同じ項目の列が二つあります({'、'.join(labels.get(f, f) for f in twice)})。",
            f"{name}: columns stand there twice ({', '.join(twice)}).",
        )
    wanted = [*_leading(table)[:1], *(i.field for i in table.items if i.required or i.field in table.row_key)]
    if missing := [field_name for field_name in wanted if field_name not in told]:
        raise Refused(
            f"{name}: 必要な列がありません({'、'.join(labels.get(f, f) for f in missing)})。"
            "レイアウトの版と見出しを確かめてください。",
            f"{name}: required columns are missing ({', '.join('op' if f == OP else f for f in missing)}).",
        )
    places = {known[cell]: place for place, cell in enumerate(heading) if cell in known}
    columns = {field_name: [row[place] for row in found.rows[1:]] for field_name, place in places.items()}
    undeclared = [place for place, cell in enumerate(heading) if cell not in known]
    return Sheet(
        columns,
        found.lines[1:],
        [*found.bad],
        undeclared=[[row[place] for row in found.rows[1:]] for place in undeclared],
        absent=[item.label.ja for item in table.loaded_items() if item.field not in places],
    )


def _folded(heading: str) -> str:
    """A heading for comparing: widths and blanks do not matter (ﾌﾘｶﾞﾅ, 氏　名)."""
    return "".join(unicodedata.normalize("NFKC", heading).split())


def _fixed(data: bytes, table: Table, name: str) -> Sheet:
    """Records of a fixed number of bytes, one a line, sliced before they are decoded."""
    widths: list[tuple[str, int]] = []
    if table.kind == "difference":
        widths += [(OP, OP_WIDTH), (UPDATED_AT, UPDATED_WIDTH)]
    widths += [(item.field, item.width or 0) for item in table.items]
    length = sum(width for _, width in widths)
    columns: dict[str, list[str]] = {field_name: [] for field_name, _ in widths}
    lines, bad = [], []
    records = data.removesuffix(END_OF_FILE.encode()).replace(b"\r\n", b"\n").split(b"\n")
    for number, record in enumerate(records, start=1):
        if not record:
            continue
        if len(record) != length:
            bad.append((number, CUT_RECORD))
            continue
        cells, place = [], 0
        try:
            for _, width in widths:
                cells.append(record[place : place + width].decode("cp932").replace("\x00", " ").strip(" \u3000"))
                place += width
        except UnicodeDecodeError:
            bad.append((number, BROKEN_CHARACTER))
            continue
        if any(map(stray, cells)):
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
