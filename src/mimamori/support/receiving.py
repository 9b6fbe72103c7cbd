"""How a file for a case comes in: through memory alone, so that it never lies on a disk unsealed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from mimamori.access import Permission, may
from mimamori.support.content import MOST_BYTES

VIEW = "attach"  # the one page that takes files for a case
FORM = 64 * 1024  # bytes of the form around the file


class CaseFileHandler(FileUploadHandler):
    """Takes one file where the page asks for it and the person may; leaves every other page to the next handler.

    A file that is too large sets `request.file_too_large`: the page then says so.
    """

    wanted = False
    content: BytesIO | None = None

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *given: Any, **named: Any) -> None:  # noqa: N803
        request: Any = self.request
        self.wanted = _wanted(request)
        if self.wanted and content_length > MOST_BYTES + FORM:
            self.wanted = False  # the next handler reads past it
            request.file_too_large = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not self.wanted:
            return
        if self.content is not None:  # one at a time: each has its own words about it
            raise SkipFile
        self.content = BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.content is None:
            return raw_data
        self.content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self.content is None:
            return None
        self.content.seek(0)
        return InMemoryUploadedFile(
            self.content, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )


def _wanted(request: HttpRequest | None) -> bool:
    if request is None or not may(getattr(request, "user", None), Permission.RECORD):
        return False
    try:
        return resolve(request.path).view_name == VIEW
    except Resolver404:
        return False
