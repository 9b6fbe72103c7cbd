"""What a file is, told by its content, never by its name; and whether it may stay: no programs, macros, scripts."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

from mimamori.refusal import Refused

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 60_000_000
MOST_UNPACKED = 200 * 2**20
MOST_PARTS = 5000
GPS = 0x8825  # EXIF: the directory that holds where a picture was taken


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be attached."""

    name: str
    label_ja: str
    label_en: str
    mime: str
    suffixes: tuple[str, ...]


PDF = Kind("pdf", "PDF", "PDF", "application/pdf", (".pdf",))
JPEG = Kind("jpeg", "JPEG の画像", "JPEG picture", "image/jpeg", (".jpg", ".jpeg"))
PNG = Kind("png", "PNG の画像", "PNG picture", "image/png", (".png",))
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = Kind("docx", "Word の文書", "Word document", _OFFICE + "wordprocessingml.document", (".docx",))
XLSX = Kind("xlsx", "Excel のブック", "Excel workbook", _OFFICE + "spreadsheetml.sheet", (".xlsx",))
TEXT = Kind("text", "テキスト", "Plain text", "text/plain", (".txt",))
KINDS = {kind.name: kind for kind in (PDF, JPEG, PNG, DOCX, XLSX, TEXT)}
MAIN_PART = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}

# How programs and containers of programs begin, and what a scanner of viruses is tried with.
PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"#!", b"\x4c\x00\x00\x00\x01\x14\x02", b"MSCF", b"ITSF", b"!<arch>", b"\x00asm",
)  # fmt: skip
TRIAL_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
# Names in a PDF that make a reader act: scripts, other programs, files inside, forms with scripts.
PDF_ACTS = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|XFA\s*[\[\d])")
# A stream of objects, whose name may be written with any of its letters as #xx.
PDF_PACKED = re.compile(
    b"/" + b"".join(b"(?:%c|#%02x)" % (letter, letter) for letter in b"ObjStm") + rb"\b.{0,2000}?\bstream\r?\n",
    re.DOTALL | re.IGNORECASE,
)
OFFICE_ACTS = re.compile(r"vbaproject|vbadata|activex|/embeddings/|oleobject|macrosheets|/ddl|\.bin$", re.IGNORECASE)
OFFICE_FROM_AFAR = re.compile(rb'(oleObject|attachedTemplate|externalLinkPath|frame|subDocument)"', re.IGNORECASE)
MARKED_UP = re.compile(r"\s*(<(!|\?|html|head|body|script|svg|xml)|\{\\rtf|%!PS)", re.IGNORECASE)
UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(name: str, content: bytes) -> Kind:
    """The kind of a file that may be attached; raises `Refused` saying what is wrong and what to do."""
    if not content:
        raise Refused("ファイルが空です。", "The file is empty.")
    if len(content) > MOST_BYTES:
        raise too_large()
    if TRIAL_VIRUS in content or content.startswith(PROGRAMS):
        raise Refused(
            "プログラムか、ウイルスの疑いのあるファイルです。受け取りません。情報システム課に連絡してください。",
            "A program, or a file that looks like a virus: it is not taken. Tell the information systems division.",
        )
    kind = _told_by_content(content)
    suffix = PurePath(name).suffix.lower()
    if suffix not in kind.suffixes:
        ending = kind.suffixes[0]
        raise Refused(
            f"名前と中身がちがいます。中身は{kind.label_ja}です。"
            f"まちがいでなければ、名前の終わりを {ending} にしてください。",
            f"Name and content differ: the content is a {kind.label_en}."
            f" If it is the right file, end its name in {ending}.",
        )
    return kind


def says_where(kind: Kind, content: bytes) -> bool:
    """Whether a picture holds the place where it was taken."""
    if kind not in {JPEG, PNG}:
        return False
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        return bool(picture.getexif().get_ifd(GPS))


def too_large() -> Refused:
    most = MOST_BYTES // 2**20
    return Refused(
        f"大きすぎます。1つ {most} MB までです。写真は小さくし、文書は分けてください。",
        f"Too large: at most {most} MB a file. Make pictures smaller, or split the document.",
    )


def _told_by_content(content: bytes) -> Kind:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _picture(content, JPEG, "JPEG")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(content, PNG, "PNG")
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(
            "古い形式(.doc .xls など)か、パスワードのかかった Office のファイルです。"
            "PDF か .docx .xlsx にしてください。",
            "An old format (.doc, .xls …) or a locked Office file: make it a PDF, .docx or .xlsx.",
        )
    return _text(content)


def _pdf(content: bytes) -> Kind:
    if b"%%EOF" not in content[-2048:]:
        raise _broken("PDF")
    if b"/Encrypt" in content:
        raise Refused(
            "パスワードか制限のかかった PDF です。外してから添付してください。", "The PDF is locked: unlock it first."
        )
    plain = content + _packed(content)
    searched = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), plain)
    if PDF_ACTS.search(searched):
        raise Refused(
            "PDF の中に、スクリプトか別のファイルが入っています。印刷し直して PDF にしたものを添付してください。",
            "The PDF holds a script or another file. Print it to a PDF anew and attach that.",
        )
    return PDF


def _packed(content: bytes) -> bytes:
    """What the PDF's object streams hold: names may hide there."""
    found, left = [], MOST_UNPACKED
    for part in PDF_PACKED.finditer(content):
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(content[part.end() :], left)
        except zlib.error:
            raise _broken("PDF") from None  # packed in a way nobody writes today: what is in it cannot be told
        left -= len(text)
        if left <= 0:
            raise _broken("PDF")
        found.append(text)
    return b"\n".join(found)


def _picture(content: bytes, kind: Kind, form: str) -> Kind:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise too_large()
                picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombWarning):
        raise _broken(kind.label_ja, kind.label_en) from None
    return kind


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            kind = next((kind for name, kind in MAIN_PART.items() if name in names), None)
            if kind is None or "[Content_Types].xml" not in names:
                raise Refused(
                    "ZIP は添付できません。中のファイルを1つずつ添付してください。",
                    "A ZIP cannot be attached: attach the files in it one by one.",
                )
            too_much = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED
            if too_much or any(part.flag_bits & 1 for part in parts):
                raise _broken(kind.label_ja, kind.label_en)
            acts = any(OFFICE_ACTS.search(name) for name in names)
            if acts or b"macroEnabled" in package.read("[Content_Types].xml") or _from_afar(package, names):
                raise Refused(
                    "マクロや、埋め込まれた別のファイルが入っています。PDF にして添付してください。",
                    "It holds macros or other files inside: make it a PDF and attach that.",
                )
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise _broken("Office の文書", "Office document") from None


def _from_afar(package: zipfile.ZipFile, names: set[str]) -> bool:
    """Whether the document fetches a part from elsewhere when it is opened; mere links do not."""
    for name in names:
        if not name.endswith(".rels"):
            continue
        for relation in re.findall(rb"<Relationship\b[^>]*>", package.read(name)):
            if b'TargetMode="External"' in relation and OFFICE_FROM_AFAR.search(relation):
                return True
    return False


def _text(content: bytes) -> Kind:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not UNWRITTEN.search(text) and not MARKED_UP.match(text):
            return TEXT
    raise Refused(
        "この種類のファイルは添付できません。"
        "添付できるのは PDF、JPEG・PNG の画像、Word(.docx)、Excel(.xlsx)、テキストです。",
        "This kind of file cannot be attached."
        " Take a PDF, a JPEG or PNG picture, Word (.docx), Excel (.xlsx) or plain text.",
    )


def _broken(label_ja: str, label_en: str = "") -> Refused:
    return Refused(
        f"{label_ja}として読めません。壊れているか、中身を確かめられない作りです。開いて保存し直してください。",
        f"It cannot be read as a {label_en or label_ja}: damaged, or its content cannot be told. Save it anew.",
    )
