"""What a person does with an upload: hand in, start again, confirm, withdraw; each one transaction with its trail."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.upload.arriving import LEFT_BEHIND, MOST_FILES, ArrivingFile, forget_left_behind, uploads
from mimamori.upload.models import Upload, doubtful
from mimamori.upload.states import ENDED, MAY_START_AGAIN, State, state_of

KEPT = timedelta(days=7)  # files that wait for a person longer are removed: they can be handed in again


@transaction.atomic
def upload(files: Sequence[UploadedFile[Any]], *, by: Account) -> Upload:
    """Keep the files and have them received. Raises `Refused` where there are none, too many, or two of one name."""
    check_may(by, Permission.RECEIVE_DELIVERIES)
    names = [file.name or "" for file in files]
    if not names:
        raise Refused("ファイルをえらんでください。", "Choose files.")
    if len(names) > MOST_FILES:
        raise Refused(
            f"一度に渡せるのは {MOST_FILES} ファイルまでです。ZIP にまとめてください。",
            f"At most {MOST_FILES} files at once: put them into a ZIP.",
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused(f"{twice[0]}: 同じ名前のファイルが二つあります。", f"{twice[0]}: two files have this name.")
    made = Upload(by=by, asked_at=timezone.now(), folder=secrets.token_hex(16))
    made.files = [{"name": file.name, "bytes": file.size or 0} for file in files]
    _keep(files, folder_of(made))
    made.save()
    told = {"upload": made.pk, "files": len(names), "bytes": sum(one["bytes"] for one in made.files)}
    audit.record("delivery.upload", by=by, detail=told)
    transaction.on_commit(lambda: start(made.pk))
    return made


@transaction.atomic
def again(pk: int, *, by: Account) -> Upload:
    """Start again what was stopped or held; raises `Refused` where it is in another state."""
    found = _locked(pk, by)
    if state_of(found) not in MAY_START_AGAIN:
        raise Refused(
            "この受領は、もう一度はじめられる状態ではありません。", "This upload cannot be started again now."
        )
    audit.record("delivery.restart", by=by, detail={"upload": pk})
    return _ask(found)


@transaction.atomic
def confirm(pk: int, *, by: Account) -> Upload:
    """Receive what a person has looked at although it is doubtful; raises `Refused` where nothing waits for that."""
    found = _locked(pk, by)
    if state_of(found) is not State.TO_CONFIRM:
        raise Refused("確認をまっている提供はありません。", "Nothing waits to be confirmed.")
    found.confirming, found.confirmed_by = True, by
    confirmed = [
        {"source": told["source"], "as_of": told["as_of"]} for told in found.deliveries if doubtful(told["receipts"])
    ]
    audit.record("delivery.confirm", by=by, detail={"upload": pk, "deliveries": confirmed})
    return _ask(found)


@transaction.atomic
def withdraw(pk: int, *, by: Account) -> Upload:
    """Remove the files of an upload that is not under way; what is stored of it stays stored."""
    found = _locked(pk, by)
    if state_of(found) not in {*MAY_START_AGAIN, State.TO_CONFIRM}:
        raise Refused("この受領は取り下げられません。", "This upload cannot be withdrawn now.")
    audit.record("delivery.withdraw", by=by, detail={"upload": pk})
    _withdraw(found)
    return found


def sweep() -> None:
    """Remove files that nobody waits for: of killed servers, of requests that were rolled back, and after `KEPT`."""
    forget_left_behind()
    ended = [state.value for state in ENDED]
    with transaction.atomic():
        for old in (
            Upload.objects.select_for_update().exclude(phase__in=ended).filter(asked_at__lt=timezone.now() - KEPT)
        ):
            if state_of(old) is not State.RUNNING:
                audit.record("delivery.withdraw", by=None, detail={"upload": old.pk, "after_days": KEPT.days})
                _withdraw(old)
    phases = dict(Upload.objects.values_list("folder", "phase"))
    for folder in uploads(settings.CONFIG).iterdir():
        with contextlib.suppress(OSError):
            nobodys = folder.name not in phases and time.time() - folder.stat().st_mtime > LEFT_BEHIND
            if folder.name != "arriving" and (phases.get(folder.name) in ended or nobodys):
                shutil.rmtree(folder, ignore_errors=True)


def folder_of(found: Upload) -> Path:
    return uploads(settings.CONFIG) / found.folder


def start(pk: int) -> None:
    """Begin a process for the upload; it goes on when the server is restarted."""
    subprocess.Popen(  # noqa: S603 - the command is made of a number alone
        [sys.executable, "-m", "mimamori.upload", str(pk)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _locked(pk: int, by: Account) -> Upload:
    check_may(by, Permission.RECEIVE_DELIVERIES)
    found = Upload.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("そのアップロードはありません。", "There is no such upload.")
    return found


def _ask(found: Upload) -> Upload:
    found.phase, found.asked_at, found.ended_at = Upload.Phase.WAITING, timezone.now(), None
    found.process, found.step, found.message, found.fault = "", "", {}, ""
    found.done = found.total = 0
    found.save()
    transaction.on_commit(lambda: start(found.pk))
    return found


def _withdraw(found: Upload) -> None:
    found.phase, found.ended_at = Upload.Phase.WITHDRAWN, timezone.now()
    found.save()
    transaction.on_commit(lambda: shutil.rmtree(folder_of(found), ignore_errors=True))


def _keep(files: Sequence[UploadedFile[Any]], folder: Path) -> None:
    """Move the files into a private folder of their own, without reading them."""
    folder.mkdir(mode=0o700)
    try:
        for file in files:
            assert isinstance(file, ArrivingFile)  # the only way in (settings.FILE_UPLOAD_HANDLERS)
            file.flush()
            moved = Path(file.temporary_file_path()).rename(folder / (file.name or ""))
            moved.chmod(0o600)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
