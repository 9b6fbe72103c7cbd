"""`mimamori media`: exit codes, both languages, JSON alone on standard output, the trail."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.media.office import SCHOOL, Office

from mimamori import intake
from mimamori.cli.entry import run
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.access.models import Account

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def media(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command at one of the two ends: (exit code, what it put out, what it told)."""

    def ran(end: str, *arguments: object) -> tuple[int, Any, str]:
        monkeypatch.setenv("MIMAMORI_HOME", str(office.folder / end))
        capsys.readouterr()
        code = run(["media", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, json.loads(said.out) if "--json" in arguments and said.out else said.out, said.err

    return ran


def test_the_whole_way(office: Office, media: Run) -> None:
    shutil.rmtree(office.city.home)
    city_key, school_key, out = (office.folder / name for name in ("city.key", "school.key", "USB.mmp"))
    assert media("city", "key", "--city", "--out", city_key)[0] == 0
    _, key, told = media("school", "key", "--sender", SCHOOL, "--out", school_key, "--json")
    assert key["name"] == SCHOOL
    assert re.search(r"([0-9a-f]{4} ){7}[0-9a-f]{4}", told)
    finger = key["fingerprint"]
    assert media("city", "trust", school_key, "--fingerprint", "0" * 32)[0] == 2
    assert media("city", "trust", school_key, "--fingerprint", finger, "--source", "no_such")[0] == 2
    code, known, _ = media("city", "trust", school_key, "--fingerprint", finger, "--json")
    assert (code, known["name"]) == (0, SCHOOL)
    file = office.extract()
    code, packed, _ = media(
        "school",
        "pack",
        file,
        "--sender",
        SCHOOL,
        "--recipient",
        city_key,
        "--out",
        out,
        "--medium",
        "USB-03",
        "--json",
    )
    assert (code, packed["sequence"], packed["files"][0]["rows"]) == (0, 1, 3)
    assert "beside" not in packed["files"][0]
    code, received, _ = media("city", "receive", out, "--json")
    assert (code, received["outcome"], received["package"]) == (0, "received", packed["package"])
    assert media("city", "receive", out)[0] == 2
    code, told, said = media("city", "ledger")
    assert code == 0
    assert f"消去待ち: {packed['package']} USB-03" in said
    assert [line.split()[0] for line in told.splitlines()[2:5]] == ["1", "2", "3"]
    assert "受領済みです。" in told.splitlines()[5]  # why the third was refused
    code, kept, _ = media("city", "ledger", "--json")
    assert [(line["action"], line["outcome"]) for line in kept["entries"]] == [
        ("trust", "registered"), ("receive", "received"), ("refuse", "refused"),
    ]  # fmt: skip
    assert (kept["ok"], [one["package"] for one in kept["open_erasures"]]) == (True, [packed["package"]])
    code, erased, _ = media("city", "erase", packed["package"], "--by", "佐藤", "--json")
    assert (code, erased["open"]) == (0, [])
    assert media("city", "erase", packed["package"], "--by", "佐藤")[0] == 2
    assert media("school", "ledger", "--json")[1]["entries"][0]["action"] == "pack"


def test_the_record_of_erasure_is_printed(office: Office, media: Run) -> None:
    code, out, told = media("city", "receive", office.pack(medium="USB-03"))
    assert code == 0
    assert "消去記録" in out
    assert "USB-03" in out
    assert "media erase" in told


@pytest.mark.parametrize("english", [False, True])
def test_a_refusal_ends_with_2_in_words(
    office: Office, media: Run, english: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = office.pack()
    package.write_bytes(package.read_bytes()[:-1])
    monkeypatch.setenv("MIMAMORI_LANGUAGE", "en" if english else "ja")
    code, out, told = media("city", "receive", package, "--json")
    assert (code, out) == (2, "")
    assert ("damaged" if english else "壊れている") in told
    assert office.nothing_is_left()


@pytest.mark.parametrize(
    "arguments",
    [
        ["key", "--out", "x.key"],
        ["key", "--city", "--sender", "x", "--out", "x.key"],
        ["receive", "no-such-file"],
        ["receive", "."],
        ["pack", "a.csv", "--sender", "x", "--recipient", "no-such", "--out", "x"],
        ["erase", "x"],
        ["erase", "x", "--by", "a\nb"],
        ["trust", "no-such", "--fingerprint", "0" * 32],
        ["trust", "no-such", "--fingerprint", "x"],
    ],
    ids=" ".join,
)
def test_bad_arguments(office: Office, media: Run, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.folder)
    code, _, told = media("city", *arguments)
    assert code == 2
    assert re.search(r"[ぁ-ん]", told)
    assert not (office.folder / "x.key").exists()


def test_what_needs_a_person_ends_with_1(office: Office, media: Run) -> None:
    for number, pupils in ((1, 90), (2, 10)):
        media("city", "receive", office.pack(office.extract(pupils), out=f"{number}.mmp"), "--yes")
    Path(office.city.home / "media" / "ledger.jsonl").write_bytes(b"{}\n")
    code, kept, _ = media("city", "ledger", "--json")
    assert (code, kept["ok"], kept["faults"]) == (1, False, [{"line": 1, "what": "unreadable"}])


def test_a_row_set_aside_ends_with_1(office: Office, media: Run) -> None:
    file = office.extract(200)
    file.with_name(file.name + ".manifest.json").unlink()
    file.write_bytes(file.read_bytes().replace("\t7\t".encode("utf-16-le"), "\tx\t".encode("utf-16-le")))
    code, received, _ = media("city", "receive", office.pack(file), "--json")
    assert (code, received["outcome"], received["receipts"][0]["quarantined"]) == (1, "received", 1)


def test_a_stopped_receive_leaves_nothing_open(office: Office, media: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*told: Any, **more: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(intake, "receive", stopped)
    before = signal.getsignal(signal.SIGTERM)
    assert media("city", "receive", office.pack())[0] == 3
    assert office.nothing_is_left()
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.django_db
def test_a_store_that_is_not_ready_is_told_before_anything_is_taken(
    office: Office, media: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mimamori.web import database

    def not_ready() -> None:
        raise Refused("データベースの準備ができていません。", "not ready")

    monkeypatch.setattr(database, "check_ready", not_ready)
    office.city.database.touch()
    assert media("city", "receive", office.pack())[0] == 2
    assert not office.city.deliveries.exists()
    assert office.entries() == []


@pytest.mark.django_db
def test_the_trail_knows_the_lines(office: Office, media: Run, workers: dict[str, Account]) -> None:
    from mimamori import audit
    from mimamori.audit.models import Event

    office.city.home.mkdir(exist_ok=True)
    office.city.database.touch()  # the tests' own database stands for it
    officer = workers["data_officer"].username
    found = media("city", "receive", office.pack(), "--by", officer, "--json")[1]
    media("city", "receive", office.folder / "package.mmp")
    media("city", "erase", found["package"], "--by", "佐藤")
    events = list(Event.objects.filter(action__startswith="media.").order_by("number"))
    assert [(event.action, event.actor) for event in events] == [
        ("media.receive", officer), ("media.refuse", ""), ("media.erase", ""),
    ]  # fmt: skip
    entries = office.entries()
    assert [json.loads(event.detail)["hash"] for event in events] == [entry.hash for entry in entries]
    assert audit.verify().ok
    assert "佐藤" not in "".join(event.detail for event in events)
    assert media("city", "ledger", "--json")[0] == 0
    ledger = office.city.home / "media" / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-1]))
    code, kept, _ = media("city", "ledger", "--json")
    assert (code, kept["faults"]) == (1, [{"line": 3, "what": "not as in the trail"}])
    code, _, told = media("city", "receive", office.pack(out="2.mmp"))
    assert (code, "監査記録" in told) == (2, True)
