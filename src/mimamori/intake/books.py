"""Open a book of sheets, whatever its kind; where it is none, say what it is instead and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from mimamori.intake.grids import Unreadable, cells_of
from mimamori.intake.marks import Marks, marks_of
from mimamori.intake.old_books import old_cells_of
from mimamori.intake.sheet_heading import Grid, Heading, Merged, find
from mimamori.intake.zips import BadContainer
from mimamori.refusal import Refused
from mimamori.sources import Table

MOST_CELLS = 60_000_000  # a grid of a million rows and sixty columns
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of XLS, and of XLSX under a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Sheet:
    """One sheet of a book; `number` from 1, in the book's order."""

    number: int
    hidden: bool
    grid: Grid
    merged: Merged
    heading: Heading | None
    marks: Marks


def is_old(data: bytes) -> bool:
    """Whether this is a book of the old kind (XLS)."""
    return data.startswith(_OLE)


def sheets_of(data: bytes, table: Table, name: str) -> list[Sheet]:
    """Every sheet of a book with its heading; raises `Refused` where it cannot be read."""
    marks = _marks(data, name)
    try:
        read = old_cells_of(data) if is_old(data) else cells_of(data)
    except Unreadable:
        raise _unreadable(data, name) from None
    return [
        Sheet(
            place + 1, hidden, grid, merged, find(grid, merged, table), marks[place] if place < len(marks) else Marks()
        )
        for place, (hidden, grid, merged) in enumerate(read)
    ]


def _marks(data: bytes, name: str) -> list[Marks]:
    """What is to be known before the book is opened; none of a book of the old kind."""
    if is_old(data):
        return []
    try:
        marks = marks_of(data)
    except OverflowError:
        raise Refused(
            f"{name}: 展開すると大きすぎるブックです。", f"{name}: the book is too large when unpacked."
        ) from None
    except BadContainer:
        raise _unreadable(data, name) from None
    for place, sheet in enumerate(marks, start=1):
        if sheet.rows * sheet.columns > MOST_CELLS:
            raise Refused(
                f"{name}: {place} 枚目のシートの、表から遠く離れたセルに値があります。消してから提供してください。",
                f"{name}: a cell of sheet {place} far from the rows holds a value: clear it.",
            )
    return marks


def _unreadable(data: bytes, name: str) -> Refused:
    """What the file is instead, in words that tell what to do."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    again = "表計算ソフトで開き、「Excel ブック(.xlsx)」として保存し直してください。"
    again_en = "open it in a spreadsheet program and save it as an Excel workbook (.xlsx)."
    if is_old(data) and _LOCKED in data:
        return Refused(
            f"{name}: パスワードが付いたブックです。パスワードを外して提供してください。",
            f"{name}: the book is locked by a password: remove it.",
        )
    if b"<html" in start or b"<table" in start or b"<!doctype html" in start:
        return Refused(
            f"{name}: 名前は XLSX ですが、中身は HTML(ウェブの表)です。{again}",
            f"{name}: named XLSX but HTML inside: {again_en}",
        )
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b"excel.sheet" in start:
        return Refused(
            f"{name}: 名前は XLSX ですが、中身は XML スプレッドシート 2003 です。{again}",
            f"{name}: named XLSX but an XML Spreadsheet 2003 inside: {again_en}",
        )
    if start and not start.startswith((b"pk", _OLE)) and b"\0" not in start:
        return Refused(
            f"{name}: 名前は XLSX ですが、中身は文字のファイル(CSV など)です。{again}",
            f"{name}: named XLSX but plain text (CSV and the like) inside: {again_en}",
        )
    return Refused(
        f"{name}: XLSX として読めません(壊れているか、パスワードが付いています)。",
        f"{name}: not a readable XLSX file (damaged, or locked by a password).",
    )
