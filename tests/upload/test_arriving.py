"""The door for files: who may, how much, and that nothing is kept anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import WORKERS, write_cast
from tests.upload.conftest import ADDRESS, everything_told, kept

from mimamori.config import Config
from mimamori.sources import load_registry
from mimamori.upload import arriving
from mimamori.upload.models import Upload

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
MAY = {"coordinator", "data_officer"}


def a_file(name: str = "memo.pdf", content: bytes = b"secret") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("role", WORKERS)
def test_who_may_hand_files_in(role: str, sign_in: SignedIn, home: Config) -> None:
    response = sign_in(role).post(ADDRESS, {"files": [a_file()]})
    assert response.status_code == (302 if role in MAY else 403)
    assert (Upload.objects.count(), len(kept(home))) == ((1, 1) if role in MAY else (0, 0))


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize("end", ["", "again/", "confirm/", "withdraw/"])
def test_who_sees_and_moves_an_upload(role: str, end: str, sign_in: SignedIn, home: Config) -> None:
    sign_in("coordinator").post(ADDRESS, {"files": [a_file()]})
    address = f"{ADDRESS}{Upload.objects.get().pk}/{end}"
    client = sign_in(role)
    response = client.post(address) if end else client.get(address)
    assert response.status_code == (403 if role not in MAY else 422 if end else 200)


def test_nobody_hands_in_without_signing_in(home: Config) -> None:
    assert Client().post(ADDRESS, {"files": [a_file()]}).status_code == 302
    assert kept(home) == []


@pytest.mark.parametrize("address", ["/deliveries/", "/search/", "/accounts/login/"])
def test_no_other_page_takes_a_file(address: str, sign_in: SignedIn, home: Config, monkeypatch: Any) -> None:
    monkeypatch.setattr(arriving.ArrivingFile, "__init__", lambda *given: pytest.fail("a file was written"))
    sign_in("coordinator").post(address, {"files": [a_file()]})
    assert kept(home) == []


def test_a_form_without_its_token_leaves_nothing(workers: Any, home: Config) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(workers["coordinator"])
    assert client.post(ADDRESS, {"files": [a_file()]}).status_code == 403
    assert kept(home) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_too_large_is_said_and_nothing_kept(
    language: str, sign_in: SignedIn, home: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "MOST_BYTES", 1000)
    response = sign_in("coordinator", language).post(ADDRESS, {"files": [a_file(content=b"x" * 2000)]})
    assert response.status_code == 422
    assert ("大きすぎます" if language == "ja" else "Too large") in response.content.decode()
    assert kept(home) == []


@pytest.mark.parametrize(
    ("names", "word"),
    [
        ([], "えらんでください"),
        (["a.csv", "a.csv"], "同じ名前"),
        ([f"{number}.csv" for number in range(201)], "200 ファイルまで"),
    ],
)
def test_what_is_no_upload_is_refused(names: list[str], word: str, sign_in: SignedIn, home: Config) -> None:
    response = sign_in("coordinator").post(ADDRESS, {"files": [a_file(name) for name in names]})
    assert response.status_code == 422
    assert word in response.content.decode()
    assert kept(home) == []


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "a/b/evil.csv"])
def test_a_name_stays_in_the_folder(name: str, sign_in: SignedIn, home: Config) -> None:
    sign_in("coordinator").post(ADDRESS, {"files": [a_file(name)]})
    [path] = kept(home)
    assert path == f"{Upload.objects.get().folder}/evil.csv"


def test_the_page_asks_for_its_changing_part_while_it_is_under_way(sign_in: SignedIn, home: Config) -> None:
    client = sign_in("coordinator")
    client.post(ADDRESS, {"files": [a_file()]})
    found = Upload.objects.get()
    Upload.objects.update(total=3, done=2, step="校務支援 2026-10-31")
    page = client.get(f"{ADDRESS}{found.pk}/")
    part = client.get(f"{ADDRESS}{found.pk}/", headers={"hx-request": "true"}).content.decode()
    assert "<html" in page.content.decode()
    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part
    assert "3 件の提供のうち 2 件目" in part
    assert "style=" not in part
    assert client.get(f"{ADDRESS}99999/").status_code == 404


def test_nothing_personal_is_in_what_is_told(
    sign_in: SignedIn, home: Config, tmp_path: Path, hand_in: Callable[..., Upload]
) -> None:
    """The cast's own files, names and addresses in them, one row spoilt: nobody of them is told of."""
    from tests.cast import RESIDENTS, SECRET_ADDRESS

    folder = write_cast(tmp_path / "cast", load_registry())
    newest = sorted(path for path in folder.iterdir() if path.is_dir())[-1]
    upload = hand_in(*[path for path in sorted(newest.iterdir()) if path.is_file()])
    assert upload.phase == "done"
    shown = sign_in("coordinator").get(f"{ADDRESS}{upload.pk}/").content.decode()
    told = everything_told(upload) + shown
    for one in RESIDENTS:
        assert one.name not in told
        assert one.name.replace(" ", " ") not in told
    assert SECRET_ADDRESS not in told
