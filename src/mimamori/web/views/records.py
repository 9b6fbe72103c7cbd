"""児童記録・添付: what a worker notes of a case, and the files that belong to it, on one page of the finding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from mimamori import door
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import attachments, content, drafts, notes, reading
from mimamori.support.models import Attachment, Finding, Note
from mimamori.support.steps import Stale
from mimamori.web.drafting import Drafting, begin, begin_all, sent
from mimamori.web.forms import AttachForm, NoteForm
from mimamori.web.frame import language
from mimamori.web.gate import page
from mimamori.web.refusals import said
from mimamori.web.rows import row_of


@page("GET", "POST", permission=Permission.SEE_RECORDS)
def records(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The chronology of a finding's case, with a form for a new entry."""
    found = reading.finding_of(account, pk)
    if request.method != "POST":
        return _page(request, account, found)
    form = NoteForm(request.POST)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("happened_on", "kind", "text", "with_whom", "result")}
        try:
            notes.write(found, by=account, **given)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            _drafted(request, account, found, "note").done()
            messages.success(request, gettext("記録しました。"))
            return redirect("records", pk)
    return _page(request, account, found, note_form=form, status=422)


@page("GET", "POST", permission=Permission.RECORD)
def correct(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Correct an own entry; what it said before stays under it."""
    note = reading.note_of(account, pk)
    notes.check_own(note, by=account)
    kept = begin(request, account, "correct", note.pk, case_no=note.finding.case_no)
    if request.method != "POST":
        fields = ("happened_on", "kind", "result", "with_whom", "text", "version")
        begun = {name: getattr(note, name) for name in fields}
        return _correction(request, note, NoteForm(initial=begun | kept.initial()), kept)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _correction(request, note, form, kept, status=422)
    try:
        notes.correct(note, by=account, **form.cleaned_data)
    except Stale as stale:
        form.data = {**request.POST.dict(), "version": str(stale.version)}
        return _correction(request, note, form, kept, stale=stale, status=409)
    except Refused as refused:
        form.add_error(None, said(refused))
        return _correction(request, note, form, kept, status=422)
    kept.done()
    messages.success(request, gettext("記録を直しました。"))
    return redirect("records", note.finding_id)


@page("POST", permission=Permission.RECORD)
def attach(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Take a file for the case. Its content never touches the disk unsealed (`support.receiving`)."""
    found = reading.finding_of(account, pk)
    form = AttachForm(request.POST, request.FILES)
    if getattr(request, "file_too_large", False):
        most = content.MOST_BYTES // 2**20
        form.add_error(None, gettext("ファイルが大きすぎます。%(n)d MB までです。") % {"n": most})
    elif form.is_valid():
        given: UploadedFile[Any] = form.cleaned_data["file"]
        about = form.cleaned_data["about"]
        try:
            attachments.attach(found, by=account, name=given.name or "", content=given.read(), about=about)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            _drafted(request, account, found, "attach").done()
            messages.success(request, gettext("添付しました。"))
            return redirect("records", pk)
    return _page(request, account, found, attach_form=form, status=422)


@page(permission=Permission.SEE_RECORDS)
def attachment(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """A file of a case, to be saved and opened outside the browser: nothing of it runs in this page."""
    found, kind, whole = attachments.open_attachment(pk, by=account)
    response = HttpResponse(whole, content_type=kind.mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@page("POST", permission=Permission.SEE_RECORDS)
def withdraw(request: HttpRequest, account: Account, pk: int, kind: str) -> HttpResponse:
    """Take an entry or a file back, with its reason."""
    reason, kept = request.POST.get("reason", "")[:1000], sent(request, account)
    taken_back: Note | Attachment
    if kind == "note":
        taken_back = notes.withdraw(pk, by=account, reason=reason)
    else:
        taken_back = attachments.withdraw(pk, by=account, reason=reason)
    if kept:
        kept.done()
    finding = taken_back.finding_id
    messages.success(request, gettext("取り下げました。"))
    return redirect("records", finding)


def _drafted(request: HttpRequest, account: Account, found: Finding, kind: str) -> Drafting:
    return begin(request, account, kind, found.pk, page=reverse("records", args=[found.pk]), case_no=found.case_no)


def _begun(
    request: HttpRequest, account: Account, found: Finding, keys: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Drafting]:
    """The drafts of the page's forms, asked for together."""
    names = {drafts.key(*one): one for one in keys}
    page_of = reverse("records", args=[found.pk])
    kept = begin_all(request, account, dict.fromkeys(names, page_of), case_no=found.case_no)
    return {names[form]: one for form, one in kept.items()}


def _page(
    request: HttpRequest,
    account: Account,
    found: Finding,
    *,
    note_form: NoteForm | None = None,
    attach_form: AttachForm | None = None,
    status: int = 200,
) -> HttpResponse:
    child = door.headlines(account, [found.case_no], language=language(), listed="records").get(found.case_no)
    may_write = may(account, Permission.RECORD) and found.joins_id is None
    reach = attachments.may_reach(account, found)
    written = [_note(account, one) for one in notes.notes_of(account, [found])]
    files = [_file(account, one) for one in (attachments.attachments_of([found]) if reach else [])]
    keys = [("note", found.pk), ("attach", found.pk)] if may_write else []
    keys += [item["form"] for item in (*written, *files) if item["may_withdraw"]]
    kept = _begun(request, account, found, keys)
    for item in (*written, *files):
        item["kept"] = kept.get(item["form"])
    note_kept, attach_kept = kept.get(("note", found.pk)), kept.get(("attach", found.pk))
    for tried, one in ((note_form, note_kept), (attach_form, attach_kept)):
        if tried and one:
            one.hold(request.POST)
    begun = {"happened_on": timezone.localdate(), "version": 0} | (note_kept.initial() if note_kept else {})
    context = {
        "finding": found,
        "row": row_of(account, found, child, first=True, drafted=False) if child else None,
        "kept": note_kept,
        "attach_kept": attach_kept,
        "may_write": may_write,
        "note_form": note_form or NoteForm(initial=begun),
        "attach_form": attach_form or AttachForm(initial=attach_kept.initial() if attach_kept else None),
        "most": content.MOST_BYTES // 2**20,
        "notes": written,
        "reach": reach,
        "files": files,
    }
    return render(request, "support/records.html", context, status=status)


def _note(account: Account, one: Note) -> dict[str, Any]:
    kind, result = notes.words_of(one, language())
    return {
        "one": one,
        "kind": kind,
        "result": result,
        "earlier": list(one.earlier.all()),
        "may_correct": one.by_id == account.pk and one.withdrawn_at is None and may(account, Permission.RECORD),
        "may_withdraw": notes.may_withdraw(account, one),
        "form": ("withdraw_note", one.pk),
    }


def _file(account: Account, one: Attachment) -> dict[str, Any]:
    return {
        "one": one,
        "kind": _kind_word(one.kind),
        "may_withdraw": notes.may_withdraw(account, one),
        "form": ("withdraw_attachment", one.pk),
    }


def _kind_word(name: str) -> str:
    kind = content.KINDS[name]
    return kind.label_en if language() == "en" else kind.label_ja


def _correction(
    request: HttpRequest, note: Note, form: NoteForm, kept: Drafting, *, stale: Stale | None = None, status: int = 200
) -> HttpResponse:
    if form.is_bound:
        kept.hold(request.POST)
    context = {"note": note, "finding": note.finding, "form": form, "kept": kept, "stale": stale}
    return render(request, "support/correct.html", context, status=status)
