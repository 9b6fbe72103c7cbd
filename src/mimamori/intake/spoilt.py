"""Cells of an XLSX book that look blank but are not: errors (#N/A), and formulas whose value was never stored."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

Spoilt = dict[tuple[int, int], str]  # (row, column), both from 0 → "error" | "formula"

MOST_BYTES = 4 * 2**30  # unpacked, of one book: a full sheet of a million rows has about a third of this
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="e"')
_NO_VALUE = (
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*"
)
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>" + _NO_VALUE + rb"</(?:\w+:)?c>")
_TOKEN = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inner>.*?)</(?:\w+:)?c>)", re.DOTALL
)
_VALUELESS = re.compile(_NO_VALUE)
_PLACE = re.compile(rb'\br="([A-Z]*)([0-9]+)"')
_SHEETS, _RELATION = "{*}sheets/{*}sheet", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def spoilt_cells(data: bytes, sheet: int) -> Spoilt:
    """The spoilt cells of a book's sheet (from 0); none where the book is of another kind (XLS, ODS, XLSB)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            part = _part(book, sheet)
            xml = book.read(part) if part else b""
    except (zipfile.BadZipFile, zlib.error, KeyError, IndexError, ElementTree.ParseError, NotImplementedError):
        return {}
    if not _ERROR.search(xml) and not any(b't="str"' not in match[1] for match in _FORMULA.finditer(xml)):
        return {}
    return dict(_cells(xml))


def unpacked_size(data: bytes) -> int:
    """How many bytes a book says it unpacks to; 0 where it is no ZIP."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return sum(part.file_size for part in book.infolist())
    except (zipfile.BadZipFile, ValueError):
        return 0


def _part(book: zipfile.ZipFile, sheet: int) -> str | None:
    """Where the book keeps a sheet."""
    if "xl/workbook.xml" not in book.namelist():
        return None
    # The book was already opened by its reader, and expat limits how far entities may grow.
    sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).findall(_SHEETS)  # noqa: S314
    links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    wanted = next((value for key, value in sheets[sheet].attrib.items() if key.endswith("}id")), "")
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted), "")
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else None


def _cells(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = -1
    for token in _TOKEN.finditer(xml):
        if token["cell"] is None:
            told = _PLACE.search(token["row"])
            row, column = (int(told[2]) - 1 if told else row + 1), -1
            continue
        attributes, inner = token["cell"], token["inner"] or b""
        told = _PLACE.search(attributes)
        column = _column(told[1]) if told else column + 1
        if b't="e"' in attributes:
            yield (row, column), "error"
        elif b't="str"' not in attributes and _VALUELESS.fullmatch(inner):
            yield (row, column), "formula"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
