"""Small files of each kind, made here: harmless ones, and ones that must not stay."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

CONTENT_TYPES = '<Types><Override PartName="/{}" ContentType="application/{}"/></Types>'


def pdf(body: bytes = b"", *, trailer: bytes = b"") -> bytes:
    """A PDF of one empty page; `body` are more objects."""
    objects = (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
        b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n"
    )
    return b"%PDF-1.7\n" + objects + body + b"trailer\n<< /Root 1 0 R " + trailer + b">>\n%%EOF\n"


def packed(objects: bytes, *, name: bytes = b"/ObjStm", by: bytes = b"/FlateDecode") -> bytes:
    """An object stream."""
    told = zlib.compress(objects)
    head = b"9 0 obj\n<< /Type %s /N 1 /First 4 /Filter %s /Length %d >>\nstream\n" % (name, by, len(told))
    return head + told + b"\nendstream\nendobj\n"


def picture(form: str = "JPEG", *, place: bool = False, size: tuple[int, int] = (8, 8)) -> bytes:
    """A picture; `place`: it says where it was taken."""
    made, file = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x8825] = {1: "N", 2: (33.0, 33.0, 30.0)}
    made.save(file, form, exif=exif)
    return file.getvalue()


def office(main: str = "word/document.xml", more: Mapping[str, bytes] | None = None, *, kind: str = "xml") -> bytes:
    """A Word or Excel file; `more`: further parts by name."""
    return packed_zip(
        {
            "[Content_Types].xml": CONTENT_TYPES.format(main, kind).encode(),
            main: b"<document/>",
            **(more or {}),
        }
    )


def packed_zip(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, told in parts.items():
            package.writestr(name, told)
    return file.getvalue()
