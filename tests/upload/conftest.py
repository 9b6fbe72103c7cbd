"""A home of its own for every test, files as a department sends them, and no process started behind a test's back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.extracts import write_extract
from tests.plain import plain_rows

from mimamori.config import Config
from mimamori.sources import load_registry
from mimamori.upload import actions, work
from mimamori.upload.models import Upload

ADDRESS = "/deliveries/upload/"


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Config:
    settings.CONFIG = replace(settings.CONFIG, home=tmp_path / "home")
    settings.CONFIG.home.mkdir()
    monkeypatch.setattr(actions, "start", lambda pk: None)
    found: Config = settings.CONFIG
    return found


@pytest.fixture
def extract(tmp_path: Path) -> Callable[..., list[Path]]:
    """`extract("school_affairs", "2026-10-31", rows=40)` → the file and its manifest."""

    def written(source: str, day: str, *, rows: int = 40, name: str = "sent") -> list[Path]:
        layout = load_registry().get(source)
        table = layout.tables[0]
        path = write_extract(
            tmp_path / name, layout, table, date.fromisoformat(day), rows=plain_rows(layout, table, rows)
        )
        return [path, path.with_name(f"{path.name}.manifest.json")]

    return written


@pytest.fixture
def hand_in(home: Config, sign_in: Callable[..., Client]) -> Callable[..., Upload]:
    """Hand files in as the coordinator, receive them at once, and give the upload."""

    def given(*files: Path | tuple[str, bytes], run: bool = True) -> Upload:
        sent = [
            SimpleUploadedFile(file.name, file.read_bytes()) if isinstance(file, Path) else SimpleUploadedFile(*file)
            for file in files
        ]
        response = sign_in("coordinator").post(ADDRESS, {"files": sent})
        assert response.status_code == 302, response.content.decode()[-2000:]
        found = Upload.objects.latest("pk")
        assert response.headers["Location"] == f"{ADDRESS}{found.pk}/"
        return received(found) if run else found

    return given


def received(upload: Upload) -> Upload:
    """The process's work, done here."""
    work.run(upload.pk)
    upload.refresh_from_db()
    return upload


def kept(home: Config) -> list[str]:
    """Everything that lies in the folder of uploads, as paths in it."""
    folder = home.home / "uploads"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def states(upload: Upload) -> list[str]:
    return [receipt["state"] for told in upload.deliveries for receipt in told["receipts"]]


def everything_told(upload: Upload) -> str:
    """All that an upload's row and the trail say, as one text."""
    from mimamori.audit.models import Event

    row = json.dumps(
        [upload.deliveries, upload.strangers, upload.message, upload.files, upload.step, upload.fault],
        ensure_ascii=False,
    )
    return row + json.dumps(list(Event.objects.values_list("action", "detail")), ensure_ascii=False)
