"""The chronology and the files of a case, from the page: written, corrected, taken back, and never half-taken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.files import pdf

from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.support.content import MOST_BYTES
from mimamori.support.models import Attachment, Draft, Finding, Note
from mimamori.support.receiving import FORM

pytestmark = pytest.mark.django_db
TEXT = "家庭訪問。母は休んでいて、本人が弟の食事を作っていた。"
MET = {"happened_on": "2026-11-20", "kind": "visit", "result": "met_child", "with_whom": "本人、母"}
ENTRY = {**MET, "text": TEXT, "version": "0"}
CONTENT = pdf(b"% \xe6\xaf\x8d\n")


@pytest.fixture
def address(findings: dict[str, Finding], cast: dict[str, str], workers: dict[str, Account]) -> str:
    return f"/findings/{findings[cast['poverty']].pk}/"


def given(name: str = "診断書.pdf", content: bytes = CONTENT) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "about": "主治医の診断書"}


def test_an_entry_is_written_and_stands_on_the_page_and_the_karte(
    sign_in: Any, address: str, cast: dict[str, str]
) -> None:
    worker = sign_in("worker")
    assert "まだ記録はありません" in worker.get(f"{address}records/").content.decode()
    page = worker.post(f"{address}records/", ENTRY, follow=True).content.decode()
    assert TEXT in page and "家庭訪問" in page
    assert TEXT[:20] in worker.get(f"/karte/{cast['poverty']}/").content.decode()
    assert TEXT in sign_in("supervisor").get(f"{address}records/").content.decode()
    assert sign_in("outsider").get(f"{address}records/").status_code == 404
    assert sign_in("manager").get(f"{address}records/").status_code == 403


def test_a_half_entry_keeps_what_was_typed(sign_in: Any, address: str) -> None:
    worker = sign_in("worker")
    ticket = re.findall(r'name="draft" value="([^"]+)"', worker.get(f"{address}records/").content.decode())[0]
    page = worker.post(f"{address}records/", {**ENTRY, "happened_on": "2999-01-01", "draft": ticket})
    assert page.status_code == 422
    assert TEXT in page.content.decode()
    assert TEXT in worker.get(f"{address}records/").content.decode()
    worker.post(f"{address}records/", {**ENTRY, "draft": ticket})
    assert (Note.objects.get().text, Draft.objects.get().values) == (TEXT, {})


def test_a_correction_keeps_what_stood_before_and_shows_a_conflict(
    sign_in: Any, address: str, workers: dict[str, Account]
) -> None:
    worker = sign_in("worker")
    worker.post(f"{address}records/", ENTRY)
    note = Note.objects.get()
    corrected = {**ENTRY, "text": "家庭訪問。母は仕事で不在。", "version": "1"}
    page = worker.post(f"/notes/{note.pk}/correct/", corrected, follow=True).content.decode()
    assert "母は仕事で不在" in page and TEXT in page and "直す前の文" in page
    late = worker.post(f"/notes/{note.pk}/correct/", {**ENTRY, "text": "ほかの画面の文", "version": "1"})
    assert late.status_code == 409
    assert "ほかの画面の文" in late.content.decode() and "母は仕事で不在" in late.content.decode()
    assert sign_in("supervisor").post(f"/notes/{note.pk}/correct/", corrected).status_code == 403


def test_an_entry_taken_back_shows_its_words_to_nobody(sign_in: Any, address: str) -> None:
    worker = sign_in("worker")
    worker.post(f"{address}records/", ENTRY)
    note = Note.objects.get()
    assert worker.post(f"/notes/{note.pk}/withdraw/", {"reason": ""}).status_code == 422
    page = worker.post(f"/notes/{note.pk}/withdraw/", {"reason": "別の子の記録だった"}, follow=True).content.decode()
    assert "別の子の記録だった" in page and TEXT not in page
    assert worker.get(f"/notes/{note.pk}/correct/").status_code == 404


def test_a_file_is_attached_opened_and_taken_back(sign_in: Any, address: str) -> None:
    worker = sign_in("worker")
    page = worker.post(f"{address}attach/", given(), follow=True).content.decode()
    assert "診断書.pdf" in page and "主治医の診断書" in page
    made = Attachment.objects.get()
    answer = sign_in("supervisor").get(f"/attachments/{made.pk}/")
    assert answer.content == CONTENT
    assert answer["Content-Disposition"].startswith("attachment;") and answer["Content-Type"] == "application/pdf"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert Event.objects.filter(action="attachment.open").count() == 1
    assert sign_in("outsider").get(f"/attachments/{made.pk}/").status_code == 404
    assert worker.get("/attachments/999999/").status_code == 404
    gone = worker.post(f"/attachments/{made.pk}/withdraw/", {"reason": "別の子のもの"}, follow=True).content.decode()
    assert "別の子のもの" in gone and "診断書.pdf" not in gone


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.pdf", b"", "空のファイル"),
        ("診断書.pdf", b"MZ\x90\x00" + b"\0" * 200, ""),
        ("大.pdf", CONTENT + b"\0" * (MOST_BYTES + FORM + 1), "大きすぎます"),
    ],
)
def test_what_may_not_stay_is_told_and_nothing_is_kept(
    sign_in: Any, address: str, name: str, content: bytes, told: str
) -> None:
    page = sign_in("worker").post(f"{address}attach/", given(name, content))
    assert page.status_code == 422
    assert "まだ保存していません" in page.content.decode() and told in page.content.decode()
    assert not Attachment.objects.exists()


def test_nobody_but_a_writer_hands_a_file_in(sign_in: Any, address: str) -> None:
    for name in ("coordinator", "manager", "auditor"):
        assert sign_in(name).post(f"{address}attach/", given()).status_code == 403
    assert not Attachment.objects.exists()


def test_files_of_a_protected_child_are_not_told_to_headquarters(
    sign_in: Any, findings: dict[str, Finding], cast: dict[str, str]
) -> None:
    other = findings[cast["poverty"]]
    guarded = Finding.objects.create(
        case_no=cast["protected"], ward=other.ward, first_as_of=other.as_of, as_of=other.as_of
    )
    sign_in("worker").post(f"/findings/{guarded.pk}/attach/", given())
    page = sign_in("coordinator").get(f"/findings/{guarded.pk}/records/").content.decode()
    assert "診断書" not in page and "担当の区と児童相談所だけが開けます" in page
    assert sign_in("coordinator").get(f"/attachments/{Attachment.objects.get().pk}/").status_code == 403
