"""What may be attached: told by the content; and what is refused, with what to do."""

from __future__ import annotations

import pytest
from tests.support.files import office, packed, packed_zip, pdf, picture

from mimamori.refusal import Refused
from mimamori.support import content
from mimamori.support.content import JPEG, kind_of, says_where

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
AFAR = b'<Relationships><Relationship Type="http://x/%s" TargetMode="External" Target="http://x/"/></Relationships>'


@pytest.mark.parametrize(
    ("name", "file", "kind"),
    [
        ("診断書.pdf", pdf(), "pdf"),
        ("診断書.PDF", pdf(packed(b"4 0 << /Type /Font >>")), "pdf"),
        ("a.pdf", pdf(trailer=b"/OpenAction [3 0 R /Fit] "), "pdf"),  # opens at the first page: what printers write
        ("写真.jpg", picture(), "jpeg"),
        ("写真.jpeg", picture(place=True), "jpeg"),
        ("写真.png", picture("PNG"), "png"),
        ("会議.docx", office(), "docx"),
        ("会議.docx", office(more={"word/_rels/document.xml.rels": AFAR % b"hyperlink"}), "docx"),
        ("出席.xlsx", office("xl/workbook.xml"), "xlsx"),
        ("メモ.txt", "髙﨑さんと電話。\n次は金曜".encode(), "text"),
        ("メモ.txt", "母と電話。①".encode("cp932"), "text"),
        ("メモ.txt", "\ufeff<母> と電話".encode(), "text"),
    ],
)  # fmt: skip
def test_harmless_files_are_what_they_hold(name: str, file: bytes, kind: str) -> None:
    assert kind_of(name, file).name == kind


@pytest.mark.parametrize(
    ("name", "file", "told"),
    [
        ("空.pdf", b"", "空です"),
        ("写真.jpg", pdf(), "名前と中身がちがいます。中身はPDF"),
        ("文書.pdf", picture(), "中身はJPEG"),
        ("文書.pdf", "ただの文".encode(), "中身はテキスト"),
        ("写真.jpg.exe", picture(), "名前と中身がちがいます"),
        ("名前だけ", pdf(), "名前と中身がちがいます"),
        ("会議.docx", office("xl/workbook.xml"), "中身はExcel"),
        ("写真.jpg", b"\xff\xd8\xff" + b"no picture", "読めません"),
        ("写真.png", picture("PNG")[:40], "読めません"),
        ("文書.pdf", pdf()[:-12], "読めません"),
        ("setup.pdf", b"MZ\x90\x00" + b"\0" * 60, "ウイルスの疑い"),
        ("a.txt", b"#!/bin/sh\nrm -rf /", "ウイルスの疑い"),
        ("a.txt", EICAR, "ウイルスの疑い"),
        ("a.pdf", pdf(b"% " + EICAR), "ウイルスの疑い"),
        ("a.pdf", pdf(b"4 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj\n"), "スクリプト"),
        ("a.pdf", pdf(b"4 0 obj\n<< /S /Java#53cript /JS (1) >>\nendobj\n"), "スクリプト"),
        ("a.pdf", pdf(packed(b"4 0 << /S /JavaScript /JS (1) >>")), "スクリプト"),
        ("a.pdf", pdf(packed(b"4 0 << /S /Java#53cript >>", name=b"/Obj#53tm")), "スクリプト"),
        ("a.pdf", pdf(b"4 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"), "スクリプト"),
        ("a.pdf", pdf(b"4 0 obj\n<< /Type /EmbeddedFile >>\nendobj\n"), "別のファイル"),
        ("a.pdf", pdf(packed(b"x", by=b"/LZWDecode").replace(b"stream\n\x78", b"stream\n\xff")), "読めません"),
        ("a.pdf", pdf(trailer=b"/Encrypt 5 0 R "), "外してから"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "古い形式"),
        ("a.zip", packed_zip({"a.txt": b"x"}), "ZIP は添付できません"),
        ("a.docx", packed_zip({"word/document.xml": b"x"}), "ZIP は添付できません"),
        ("a.docx", office(kind="vnd.ms-word.document.macroEnabled.main+xml"), "マクロ"),
        ("a.docx", office(more={"word/vbaProject.bin": b"x"}), "マクロ"),
        ("a.docx", office(more={"word/embeddings/oleObject1.bin": b"x"}), "マクロ"),
        ("a.xlsx", office("xl/workbook.xml", {"xl/activeX/activeX1.xml": b"x"}), "マクロ"),
        ("a.docx", office(more={"word/_rels/settings.xml.rels": AFAR % b"attachedTemplate"}), "マクロ"),
        ("a.docx", office()[:-30], "読めません"),
        ("a.txt", b"a\x00b", "この種類のファイル"),
        ("a.txt", b"\xff\xfe\xfd\xfc", "この種類のファイル"),
        ("a.html", b"<!DOCTYPE html><script>alert(1)</script>", "この種類のファイル"),
        ("a.txt", b"\n <svg onload=x>", "この種類のファイル"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00\x00", "この種類のファイル"),
    ],
)  # fmt: skip
def test_what_may_not_stay_is_refused_with_what_to_do(name: str, file: bytes, told: str) -> None:
    with pytest.raises(Refused) as refused:
        kind_of(name, file)
    assert told in refused.value.ja
    assert refused.value.en


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="20 MB"):
        kind_of("a.pdf", b"%PDF-" + b" " * content.MOST_BYTES)


def test_what_unpacks_to_far_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_UNPACKED", 1000)
    for name, file in (
        ("a.docx", office(more={"word/media": b"0" * 2000})),
        ("a.pdf", pdf(packed(b"0" * 2000))),
    ):
        with pytest.raises(Refused, match="cannot be read"):
            kind_of(name, file)
    monkeypatch.setattr(content, "MOST_PIXELS", 99)
    with pytest.raises(Refused, match="Too large"):
        kind_of("a.png", picture("PNG", size=(10, 10)))


def test_a_picture_that_says_where_it_was_taken() -> None:
    assert says_where(JPEG, picture(place=True))
    assert not says_where(JPEG, picture())
    assert says_where(content.PNG, picture("PNG", place=True))
    assert not says_where(content.PDF, pdf())
