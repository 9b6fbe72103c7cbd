"""児童記録・経過記録: what happened around a child, in its writer's words. A correction keeps what stood before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Denied, Permission, check_may, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support.models import Attachment, EarlierNote, Finding, Note
from mimamori.support.states import Event, State
from mimamori.support.steps import FindingNotFound, Stale, allowed, locked, need, take

KINDS: dict[str, tuple[str, str]] = {
    "visit": ("家庭訪問", "Home visit"),
    "talk": ("面接・来所", "Interview at the office"),
    "phone": ("電話", "Telephone"),
    "school": ("学校・園で", "At school or nursery"),
    "meeting": ("会議", "Meeting"),
    "letter": ("文書・連絡", "Letter or message"),
    "child": ("児童記録(本人のようす)", "The child: how it is"),
    "other": ("その他", "Other"),
}
RESULTS: dict[str, tuple[str, str]] = {
    "met_child": ("本人に会えた", "Met the child"),
    "met_family": ("家族に会えた(本人には会えていない)", "Met the family, not the child"),
    "nobody": ("会えなかった", "Met nobody"),
    "reached": ("話せた・返事があった", "Reached, or answered"),
    "no_answer": ("つながらない・返事がない", "No answer"),
    "refused": ("断られた", "Refused"),
}
# A contact has a result: without it nobody can tell whether the child was seen.
RESULTS_OF: dict[str, tuple[str, ...]] = {
    "visit": ("met_child", "met_family", "nobody", "refused"),
    "talk": ("met_child", "met_family", "nobody", "refused"),
    "phone": ("reached", "no_answer", "refused"),
    "letter": ("reached", "no_answer", "refused"),
}
MET = frozenset({"met_child", "met_family"})
FIRST_DAY = date(1990, 1, 1)  # an earlier day is a slip of the keyboard: nobody who is a child now was born


@transaction.atomic
def write(
    finding: Finding | int,
    *,
    by: Account,
    happened_on: date,
    kind: str,
    text: str,
    with_whom: str = "",
    result: str = "",
) -> Note:
    """Add an entry to the chronology; also after the finding is closed, since word comes late. A contact at which
    somebody was met moves a finding that is looked at on to `VISITED`."""
    found = open_to_records(finding, by=by)
    note = Note(finding=found, by=by)
    _fill(note, happened_on=happened_on, kind=kind, text=text, with_whom=with_whom, result=result)
    note.save()
    if note.result in MET and found.state == State.LOOKING:
        take(found, allowed(found, Event.VISIT, by=by), by=by, detail={"note": note.pk, "result": note.result})
    audit.record("note.write", by=by, case_no=found.case_no, detail={"note": note.pk, "finding": found.pk})
    return note


@transaction.atomic
def correct(
    note: Note | int,
    *,
    by: Account,
    version: int,
    happened_on: date,
    kind: str,
    text: str,
    with_whom: str = "",
    result: str = "",
) -> Note:
    """Change an own entry; what it said before stays readable, and the finding's state stays. Raises `Stale` with both
    texts where another window changed it first."""
    found = locked_note(note, by=by)
    check_own(found, by=by)
    if version != found.version:
        raise Stale(yours=text, theirs=found.text, who=found.by.display_name, version=found.version)
    earlier = EarlierNote(
        note=found,
        version=found.version,
        happened_on=found.happened_on,
        kind=found.kind,
        result=found.result,
        with_whom=found.with_whom,
        text=found.text,
    )
    _fill(found, happened_on=happened_on, kind=kind, text=text, with_whom=with_whom, result=result)
    said = ("happened_on", "kind", "result", "with_whom", "text")
    if all(getattr(found, name) == getattr(earlier, name) for name in said):
        return found
    earlier.save()
    found.version += 1
    found.save()
    audit.record(
        "note.correct", by=by, case_no=found.finding.case_no, detail={"note": found.pk, "version": found.version}
    )
    return found


def check_own(note: Note, *, by: Account) -> None:
    """Raise `Denied` where another wrote the entry."""
    if note.by_id != by.pk:
        raise Denied(
            "ほかの人の記録は直せません。新しい記録を書き足してください。",
            "Nobody corrects what another wrote: add an entry of your own.",
            permission=Permission.RECORD,
        )


@transaction.atomic
def withdraw(note: Note | int, *, by: Account, reason: str) -> Note:
    """Take an entry back, of a wrong child for one. Its words are shown to nobody any more; that it was there stays."""
    found = locked_note(note, by=by)
    take_back(found, by=by, reason=reason)
    audit.record("note.withdraw", by=by, case_no=found.finding.case_no, detail={"note": found.pk})
    return found


def open_to_records(finding: Finding | int, *, by: Account) -> Finding:
    """The finding, locked, to which `by` may add records; raises `FindingNotFound`, `Denied` or `Refused`."""
    check_may(by, Permission.RECORD)
    found = locked(finding, by=by, version=None)
    if found.joins_id is not None:
        raise Refused(
            "この抽出は別の抽出にまとめられました。まとめた先に記録してください。",
            "This finding was closed into another: write there.",
        )
    return found


def locked_note(note: Note | int, *, by: Account) -> Note:
    """The note as it is now, locked; raises `FindingNotFound` outside the scope, `Refused` where it was withdrawn."""
    check_may(by, Permission.RECORD)
    pk = note if isinstance(note, int) else note.pk
    found = Note.objects.select_for_update(of=("self",)).select_related("by", "finding").filter(pk=pk).first()
    if found is None:
        raise FindingNotFound
    locked(found.finding_id, by=by, version=None)
    if found.withdrawn_at is not None:
        raise Refused("この記録は取り下げられています。", "This entry was withdrawn.")
    return found


def may_withdraw(account: Account, one: Note | Attachment) -> bool:
    """Whether this account may take the record back: its own, or anybody's by role."""
    own = one.by_id == account.pk and may(account, Permission.RECORD)
    return one.withdrawn_at is None and (own or may(account, Permission.WITHDRAW_RECORDS))


def take_back(one: Note | Attachment, *, by: Account, reason: str) -> None:
    """Mark a locked record as withdrawn; raises `Denied` where it is another's and the role does not hold it."""
    if not may_withdraw(by, one):
        raise Denied(
            "ほかの人の記録は取り下げられません。係長に相談してください。",
            "Another's record is withdrawn by a supervisor only: ask yours.",
            permission=Permission.WITHDRAW_RECORDS,
        )
    one.withdrawn_why = need(reason, "取り下げる理由を書いてください。", "Write why it is withdrawn.")
    one.withdrawn_at, one.withdrawn_by = timezone.now(), by
    one.save()


def notes_of(account: Account, findings: Iterable[Finding]) -> list[Note]:
    """The entries of these findings, newest first; none for a role that may not see them."""
    if not may(account, Permission.SEE_RECORDS):
        return []
    found = Note.objects.filter(finding__in=list(findings)).select_related("by", "withdrawn_by")
    return list(found.prefetch_related("earlier"))


def words_of(note: Note, language: str) -> tuple[str, str]:
    """The kind of entry in words, and the result of a contact; empty where it is none."""
    kind, result = KINDS.get(note.kind, (note.kind,) * 2), RESULTS.get(note.result, ("", ""))
    place = 1 if language.startswith("en") else 0
    return kind[place], result[place]


def _fill(note: Note, *, happened_on: date, kind: str, text: str, with_whom: str, result: str) -> None:
    if kind not in KINDS:
        raise Refused("記録の種類をえらんでください。", "Choose the kind of entry.")
    if not FIRST_DAY <= happened_on <= timezone.localdate():
        raise Refused("いつのことか、今日までの日を入れてください。", "Name the day it happened, not after today.")
    if kind in RESULTS_OF and result not in RESULTS_OF[kind]:
        choices = [RESULTS[one] for one in RESULTS_OF[kind]]
        raise Refused(
            f"結果をえらんでください({'、'.join(ja for ja, _ in choices)})。",
            f"Choose the result ({', '.join(en for _, en in choices)}).",
        )
    note.happened_on, note.kind, note.with_whom = happened_on, kind, with_whom.strip()
    note.result = result if kind in RESULTS_OF else ""
    note.text = need(text, "記録を書いてください。", "Write the entry.")
