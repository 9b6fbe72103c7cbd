"""How files come in: streamed to the home's own private folder, from people who may receive, and from nobody else."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.urls import reverse

from mimamori.access import Permission, may
from mimamori.config import Config

MOST_BYTES = 8 * 2**30  # of one upload: a whole city's extracts of a month
MOST_FILES = 200
LEFT_BEHIND = 24 * 3600  # seconds after which a file of a killed server is nobody's


class ArrivingFile(TemporaryUploadedFile):
    """One file on its way in: on the home's own disk, for this account alone, gone with the request."""

    def __init__(self, name: str, content_type: str, charset: str | None, extra: dict[str, Any] | None) -> None:
        file: IO[bytes] = tempfile.NamedTemporaryFile(dir=arrivals())  # noqa: SIM115 - closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class PrivateUploadHandler(TemporaryFileUploadHandler):
    """Takes files where a page asks for them and the person may; elsewhere they are read past and kept nowhere.

    An upload that is too large sets `request.upload_too_large`: the page then says so.
    """

    wanted = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *given: Any, **named: Any) -> None:  # noqa: N803
        request: Any = self.request
        self.wanted = _wanted(request)
        if self.wanted and content_length > room_left():
            self.wanted = False
            request.upload_too_large = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if not self.wanted:
            raise SkipFile
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = ArrivingFile(self.file_name or "", self.content_type or "", self.charset, self.content_type_extra)


def room_left() -> int:
    """Bytes that may come in at once: half of the disk's rest stays free, since receiving needs room as well."""
    return min(MOST_BYTES, shutil.disk_usage(uploads(settings.CONFIG)).free // 2)


def uploads(config: Config) -> Path:
    """The folder of what was handed in, for this account alone."""
    folder = config.home / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def arrivals() -> Path:
    folder = uploads(settings.CONFIG) / "arriving"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def forget_left_behind() -> None:
    """Remove what a killed server left half-way."""
    for path in arrivals().iterdir():
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_BEHIND:
                path.unlink()


def _wanted(request: HttpRequest | None) -> bool:
    return (
        request is not None
        and request.path == reverse("upload")
        and may(getattr(request, "user", None), Permission.RECEIVE_DELIVERIES)
    )
