"""添付: files of a case. Told by their content, sealed at rest, opened by who may meet the case, each time logged.

A file of a protected child stays with the child's ward and the child guidance centre, whoever else sees the whole city.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from mimamori import audit
from mimamori.access import Denied, Permission, Scope, check_may, may, may_see_ward
from mimamori.access.models import Account
from mimamori.access.rights import role_of
from mimamori.door.guarding import guard_of
from mimamori.door.snapshots import config, keyring
from mimamori.engine import settle
from mimamori.media.disk import write_private
from mimamori.privacy.sealed import seal, unseal
from mimamori.refusal import Refused
from mimamori.support.content import KINDS, Kind, kind_of, says_where
from mimamori.support.models import Attachment, Finding
from mimamori.support.notes import open_to_records, take_back
from mimamori.support.steps import FindingNotFound, locked, need

MOST_FILES = 100  # of one finding
NOT_IN_NAMES = '\\/:*?"<>|'


@transaction.atomic
def attach(finding: Finding | int, *, by: Account, name: str, content: bytes, about: str) -> Attachment:
    """Keep a file with the case; raises `Refused` where it may not stay, saying why."""
    found = open_to_records(finding, by=by)
    guarded = check_reach(by, found)
    about = need(about, "何のファイルか書いてください。", "Write what the file shows.")
    name = plain_name(name)
    kind = kind_of(name, content)
    if guarded and says_where(kind, content):
        raise Refused(
            "この写真には、撮った場所の記録が入っています。"
            "支援措置のある児童なので、場所の記録を消してから添付してください。",
            "This picture holds the place where it was taken. The child is protected: remove the place first.",
        )
    if found.attachments.filter(withdrawn_at=None).count() >= MOST_FILES:
        raise Refused(f"添付は {MOST_FILES} までです。", f"At most {MOST_FILES} files.")
    made = Attachment(finding=found, by=by, token=secrets.token_hex(16), name=name, kind=kind.name, size=len(content))
    made.about = about[:200]
    _put(made.token, content)
    try:
        made.save()
        detail = {"attachment": made.pk, "finding": found.pk, "kind": kind.name, "bytes": len(content)}
        audit.record("attachment.add", by=by, case_no=found.case_no, detail=detail)
    except BaseException:
        _path(made.token).unlink()
        raise
    return made


@transaction.atomic
def open_attachment(pk: int, *, by: Account) -> tuple[Attachment, Kind, bytes]:
    """A file's content, for whoever may meet its case; outside it looks as if there were none."""
    check_may(by, Permission.SEE_RECORDS)
    found = Attachment.objects.select_related("finding", "by").filter(pk=pk).first()
    if found is None or not may_see_ward(by, found.finding.ward):
        raise FindingNotFound
    check_reach(by, found.finding)
    if found.withdrawn_at is not None:
        raise Refused("この添付は取り下げられています。", "This file was withdrawn.")
    detail = {"attachment": found.pk, "finding": found.finding_id}
    audit.record("attachment.open", by=by, case_no=found.finding.case_no, detail=detail)
    return found, KINDS[found.kind], _get(found.token)


@transaction.atomic
def withdraw(pk: int, *, by: Account, reason: str) -> Attachment:
    """Take a file back: nobody opens it any more. It stays sealed, so that taking back destroys no evidence."""
    check_may(by, Permission.RECORD)
    found = Attachment.objects.select_for_update(of=("self",)).select_related("finding", "by").filter(pk=pk).first()
    if found is None:
        raise FindingNotFound
    locked(found.finding_id, by=by, version=None)
    check_reach(by, found.finding)
    if found.withdrawn_at is not None:
        raise Refused("この添付は取り下げられています。", "This file was withdrawn.")
    take_back(found, by=by, reason=reason)
    audit.record("attachment.withdraw", by=by, case_no=found.finding.case_no, detail={"attachment": found.pk})
    return found


def check_reach(account: Account, finding: Finding) -> bool:
    """Whether the case is guarded; raises `FindingNotFound` where the child is out of scope by now, `Denied` where it
    is guarded and the account sits neither at its ward nor at the centre."""
    guard = guard_of(account, finding.case_no)
    if guard.known and not guard.in_scope:
        raise FindingNotFound
    role = role_of(account)
    if guard.protected and (role is None or role.scope not in {Scope.WARD, Scope.CENTRE}):
        raise Denied(
            "支援措置のある児童の添付は、担当の区と児童相談所だけが開けます。",
            "Files of a protected child are opened by its ward and the child guidance centre only.",
            permission="attachment",
            case_no=finding.case_no,
        )
    return guard.protected


def may_reach(account: Account, finding: Finding) -> bool:
    """Whether the account may know of the case's files."""
    if not may(account, Permission.SEE_RECORDS):
        return False
    try:
        check_reach(account, finding)
    except Denied:
        return False
    return True


def attachments_of(findings: Iterable[Finding]) -> list[Attachment]:
    """The files of these findings, newest first; ask `may_reach` before."""
    return list(Attachment.objects.filter(finding__in=list(findings)).select_related("by", "withdrawn_by"))


def plain_name(name: str) -> str:
    """A file's name without folders and without signs that are not seen or that turn its end around."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Zl", "Zp"} or sign == " ")
    return "".join("_" if sign in NOT_IN_NAMES else sign for sign in seen).strip(" .")[-200:]


def _path(token: str) -> Path:
    return config().attachments / token


def _put(token: str, content: bytes) -> None:
    """Seal and write, whole or not at all, for this account alone."""
    folder = config().attachments
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(_path(token), seal(content, keyring().attachment_key(), place=token))
    settle(folder)


def _get(token: str) -> bytes:
    try:
        sealed = _path(token).read_bytes()
    except FileNotFoundError:
        raise Refused(
            "添付のファイルがありません。控えから戻してください。",
            "The attached file is missing: restore it from a backup.",
        ) from None
    return unseal(sealed, keyring().attachment_key(), place=token)
