"""What the XML of an XLSX book says of its cells and its reader does not: how far they reach, which are errors (#N/A)
or formulas whose value was never stored (both look blank), and which numbers are shown with leading zeros.

It is read before the book is opened: a value in the last corner of a sheet would make a grid of 17 thousand million
cells.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree

from mimamori.intake.zips import BadContainer, reading

Cell = tuple[int, int]  # row, column, both from 0
Parts = Mapping[str, zipfile.ZipInfo]  # of the container, by their names in small letters

MOST_BYTES = 4 * 2**30  # unpacked, of one book: a full sheet of a million rows has about a third of this
_F, _V = rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)", rb"<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>"
_VALUELESS = re.compile(rb"\s*" + _F + rb"\s*(?:" + _V + rb")?\s*")
_TOKEN = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inner>.*?)</(?:\w+:)?c>)", re.DOTALL
)
_PLACE = re.compile(rb'\br="([A-Z]*)([0-9]+)"')
# Sheets with neither are nearly all: no error, no formula, no cell beyond column AZ or row 999,999.
_FORMULA, _FAR = re.compile(rb"<(?:\w+:)?f[ />]"), re.compile(rb'r="(?:[A-Z]*[0-9]{7}|(?:[B-Z][A-Z]|[A-Z]{3})[0-9])')
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_ZEROS = re.compile(r"(0{2,})(;.*)?")
_SHEETS, _FORMATS, _STYLES = "{*}sheets/{*}sheet", "{*}numFmts/{*}numFmt", "{*}cellXfs/{*}xf"


@dataclass
class Marks:
    """One sheet: its reach in rows and columns (0: nothing far away), its spoilt cells, and the digits of numbers that
    are shown with leading zeros."""

    rows: int = 0
    columns: int = 0
    spoilt: dict[Cell, Literal["error", "formula"]] = field(default_factory=dict)
    digits: dict[Cell, int] = field(default_factory=dict)


def marks_of(data: bytes) -> list[Marks]:
    """The marks of every sheet, in the book's order; raises OverflowError where it is too large, and `BadContainer`
    where it is no book."""
    with reading():
        book = zipfile.ZipFile(io.BytesIO(data))
    if sum(part.file_size for part in book.infolist()) > MOST_BYTES:
        raise OverflowError("too large when unpacked")
    parts = {part.filename.lower(): part for part in book.infolist()}
    widths = _widths(book, parts)
    found = []
    for path in _sheets(book, parts):
        made = Marks()
        if path in parts:
            _read(_content(book, parts, path), widths, made)
        found.append(made)
    return found


def _content(book: zipfile.ZipFile, parts: Parts, path: str) -> bytes:
    if path not in parts:
        raise BadContainer(f"no {path}")
    with reading():
        return book.read(parts[path])


def _tree(book: zipfile.ZipFile, parts: Parts, path: str) -> ElementTree.Element:
    """A part as XML. (Expat itself limits how far entities may grow.)"""
    data = _content(book, parts, path)
    try:
        return ElementTree.fromstring(data)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:  # the last two: an encoding it does not read
        raise BadContainer(str(error)) from None


def _sheets(book: zipfile.ZipFile, parts: Parts) -> Iterator[str]:
    """Where the book keeps each sheet."""
    workbook, links = _tree(book, parts, "xl/workbook.xml"), _tree(book, parts, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in workbook.findall(_SHEETS):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = posixpath.join("/xl", targets.get(link, "").replace("\\", "/"))
        yield posixpath.normpath(target).lstrip("/").lower()


def _widths(book: zipfile.ZipFile, parts: Parts) -> dict[int, int]:
    """Style → digits, for styles that show a number with leading zeros (the format 0000000)."""
    if "xl/styles.xml" not in parts:
        return {}
    styles = _tree(book, parts, "xl/styles.xml")
    formats = {one.get("numFmtId"): _ZEROS.fullmatch(one.get("formatCode", "")) for one in styles.findall(_FORMATS)}
    return {
        place: len(match[1])
        for place, style in enumerate(styles.findall(_STYLES))
        if (match := formats.get(style.get("numFmtId")))
    }


def _read(xml: bytes, widths: Mapping[int, int], made: Marks) -> None:
    if not widths and b't="e"' not in xml and not _FORMULA.search(xml) and not _FAR.search(xml):
        return
    row = column = -1
    for token in _TOKEN.finditer(xml):
        attributes, inner = token["cell"], token["inner"]
        if attributes is None:
            told = _PLACE.search(token["row"])
            row, column = (_whole(told[2]) - 1 if told else row + 1), -1
            continue
        told = _PLACE.search(attributes)
        if told:
            row, column = _whole(told[2]) - 1, _column(told[1])
        else:
            column += 1
        if not inner:
            continue
        made.rows, made.columns = max(made.rows, row + 1), max(made.columns, column + 1)
        if b't="e"' in attributes:
            made.spoilt[row, column] = "error"
        elif b"f" in inner and b't="str"' not in attributes and _VALUELESS.fullmatch(inner):
            made.spoilt[row, column] = "formula"
        elif widths and (style := _STYLE.search(attributes)) and (digits := widths.get(_whole(style[1]))):
            made.digits[row, column] = digits


def _whole(digits: bytes) -> int:
    """The number that is written; of a longer one than any of a sheet, that it is large."""
    return int(digits.lstrip(b"0")[:12] or b"0")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
