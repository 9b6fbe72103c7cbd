"""From a file to columns of text: CSV, TSV, XLSX, fixed width. Every value stays text; the layout types it later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from mimamori.intake.decode import Looked, pieces, text_of
from mimamori.intake.delivery import Notice, Reason
from mimamori.intake.fixed_width import FixedWidth
from mimamori.intake.headings import fields_of, folded, label_of, needed
from mimamori.intake.separated import Part, Separated
from mimamori.intake.spreadsheet import read_book
from mimamori.refusal import Refused
from mimamori.sources import Table
from mimamori.sources.item import NEVER_HELD
from mimamori.sources.schema import OP


@dataclass(frozen=True)
class Rows:
    """Some rows: columns of text by field, those that no item declares, and the line each row begins on."""

    columns: Mapping[str, pa.Array]
    undeclared: Sequence[pa.Array]
    lines: pa.Array


@dataclass
class Content:
    """A file's rows on their way in, some at a time; `bad`, those that could not be split, is whole at the end."""

    parts: Iterator[Rows]
    bad: list[tuple[int, Reason]]
    undeclared: int = 0  # columns that no item declares: looked at, not loaded
    absent: list[str] = field(default_factory=list)  # labels of declared items that the file has no column for
    notices: list[Notice] = field(default_factory=list)  # what else the sender should know


def read(path: Path, looked: Looked, table: Table) -> Content:
    """Split a file by its table's format; raises `Refused`, now or while it is read, where encoding, container or
    heading is not as declared."""
    form = table.format
    if form.kind == "fixed":
        return _fixed(path, table)
    if form.kind == "xlsx":
        return _book(path, table)
    found = Separated(text_of(path, looked, declared=form.encoding), "\t" if form.kind == "tsv" else ",")
    heading = found.heading() if form.header else [*table.leading(), *(item.label.ja for item in table.items)]
    return _headed(heading, found.parts(len(heading)), found.bad, table, path.name)


def of_columns(names: Iterable[str], parts: Iterator[Part], table: Table, name: str) -> Content:
    """The same of rows that come under these column names from elsewhere than a file."""
    return _headed(list(names), parts, [], table, name)


def _headed(cells: list[str], parts: Iterator[Part], bad: list[tuple[int, Reason]], table: Table, name: str) -> Content:
    """Match the heading by labels, aliases and field names, in any order; raises `Refused` where it is not the
    table's."""
    if not cells:
        raise Refused(f"{name}: 空のファイルです。", f"{name}: the file is empty.")
    known = fields_of(table)
    heading = [folded(cell) for cell in cells]
    _check(heading, [known[cell] for cell in heading if cell in known], table, name)
    places = {known[cell]: place for place, cell in enumerate(heading) if cell in known}
    undeclared = [place for place, cell in enumerate(heading) if cell not in known]
    return Content(
        (
            Rows({name: columns[place] for name, place in places.items()}, [columns[p] for p in undeclared], lines)
            for columns, lines in parts
        ),
        bad,
        undeclared=len(undeclared),
        absent=[item.label.ja for item in table.loaded_items() if item.field not in places],
    )


def _check(heading: list[str], told: list[str], table: Table, name: str) -> None:
    """A heading tells every required column, none twice and none that is never taken, and is no difference's where a
    full extract is due; `told`: the fields it names."""
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
    if twice := sorted({field_name for field_name in told if told.count(field_name) > 1}):
        raise Refused(
            f"{name}: 同じ項目の列が二つあります({'、'.join(label_of(table, f) for f in twice)})。",
            f"{name}: columns stand there twice ({', '.join(twice)}).",
        )
    if missing := [field_name for field_name in needed(table) if field_name not in told]:
        raise Refused(
            f"{name}: 必要な列がありません({'、'.join(label_of(table, f) for f in missing)})。"
            "レイアウトの版と見出しを確かめてください。",
            f"{name}: required columns are missing ({', '.join('op' if f == OP else f for f in missing)}).",
        )


def _book(path: Path, table: Table) -> Content:
    book = read_book(b"".join(pieces(path)), table, path.name)
    cells = [pa.array(column, pa.string()) for column in zip(*book.rows[1:], strict=True)]
    parts = [(cells, pa.array(book.lines[1:], pa.int64()))] if cells else []
    content = _headed(next(iter(book.rows), []), iter(parts), book.bad, table, path.name)
    content.notices += book.notices
    return content


def _fixed(path: Path, table: Table) -> Content:
    widths = table.leading() | {item.field: item.width or 0 for item in table.items}
    found = FixedWidth(pieces(path), list(widths.values()))
    return Content(_of_length(found, list(widths), path.name), found.bad)


def _of_length(found: FixedWidth, names: list[str], name: str) -> Iterator[Rows]:
    """The parts of a fixed-width file; refuses one of which no record has the layout's length."""
    rows = 0
    for columns, lines in found.parts():
        rows += len(lines)
        yield Rows(dict(zip(names, columns, strict=True)), (), lines)
    if not rows and found.bad:
        raise Refused(
            f"{name}: レコードの長さがレイアウトと合いません。", f"{name}: no record has the layout's length."
        )
