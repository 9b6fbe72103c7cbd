"""From the browser's files to stored deliveries: every way it can end, and what is left lying about."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.upload.conftest import ADDRESS, everything_told, kept, received, states

from mimamori import audit, engine, intake
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.config import Config
from mimamori.refusal import Refused
from mimamori.upload import actions, process, work
from mimamori.upload.models import Upload
from mimamori.upload.states import State, recent, state_of

pytestmark = pytest.mark.django_db
Extract = Callable[..., list[Path]]
HandIn = Callable[..., Upload]
SignedIn = Callable[..., Client]


def actions_told() -> list[str]:
    events = Event.objects.filter(action__startswith="delivery.").order_by("number")
    return list(events.values_list("action", flat=True))


def test_files_are_kept_privately_until_they_are_received(home: Config, extract: Extract, hand_in: HandIn) -> None:
    files = extract("school_affairs", "2026-10-31")
    upload = hand_in(*files, run=False)
    folder = home.home / "uploads" / upload.folder
    assert kept(home) == sorted(f"{upload.folder}/{file.name}" for file in files)
    assert (folder / files[0].name).read_bytes() == files[0].read_bytes()
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in (folder, folder.parent)} == {"0o700"}
    assert state_of(upload) is State.WAITING
    received(upload)
    assert (upload.phase, states(upload), kept(home)) == ("done", ["stored"], [])
    assert not folder.exists()
    [delivery] = intake.deliveries(home)
    assert upload.deliveries[0]["receipts"][0]["delivery"] == delivery.id
    assert (upload.total, upload.done) == (1, 1)
    assert actions_told() == ["delivery.upload", "delivery.receive"]
    event = Event.objects.get(action="delivery.receive")
    assert (event.actor, '"stored":40' in event.detail.replace(" ", "")) == ("coordinator", True)
    assert audit.verify().ok


def test_the_same_again_is_a_duplicate(home: Config, extract: Extract, hand_in: HandIn) -> None:
    files = extract("school_affairs", "2026-10-31")
    hand_in(*files)
    upload = hand_in(*files)
    assert (upload.phase, states(upload), kept(home)) == ("done", ["duplicate"], [])
    assert len(intake.deliveries(home)) == 1
    assert actions_told().count("delivery.receive") == 1


def test_a_zip_is_opened_and_removed(home: Config, extract: Extract, hand_in: HandIn) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in extract("school_affairs", "2026-10-31"):
            archive.write(file, f"10月/{file.name}")
    upload = hand_in(("october.zip", packed.getvalue()))
    assert (states(upload), kept(home), list(home.home.glob("unpacking-*"))) == (["stored"], [], [])
    assert upload.deliveries[0]["files"] == ["school_affairs." + "attendance.20261031.tsv"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("memo.pdf", b"%PDF-1.7", "名前からもシステムがわかりません"),
        ("no_such.table.20261031.csv", b"a,b\r\n", "レイアウトはありません"),
        ("school_affairs.attendance.20261031.csv.manifest.json", b"{}", "送り状だけ"),
        ("minami-11.mmp", b"\0", "mimamori media receive"),
    ],
)
def test_what_nobody_can_place_is_refused_beside_its_name(  # noqa: PLR0917 - fixtures come by name
    name: str, content: bytes, word: str, home: Config, extract: Extract, hand_in: HandIn, sign_in: SignedIn
) -> None:
    upload = hand_in(*extract("childcare", "2026-10-31"), (name, content))
    assert (upload.phase, states(upload), kept(home)) == ("refused", [], [])
    [stranger] = upload.strangers
    assert stranger["name"] == name
    assert word in stranger["ja"]
    assert intake.deliveries(home) == [], "half of what was handed in is not received"
    english = sign_in("data_officer", "en").get(f"{ADDRESS}{upload.pk}/").content.decode()
    assert stranger["en"].split("`")[0].split("'")[0] in english
    assert "delivery.receive" not in actions_told()


def test_a_broken_archive_is_told(home: Config, hand_in: HandIn, sign_in: SignedIn) -> None:
    upload = hand_in(("x.zip", b"PK\x03\x04 no archive"))
    assert (upload.phase, kept(home)) == ("refused", [])
    assert "x.zip" in sign_in("coordinator").get(f"{ADDRESS}{upload.pk}/").content.decode()


def test_one_refused_delivery_leaves_the_others(
    home: Config, extract: Extract, hand_in: HandIn, sign_in: SignedIn
) -> None:
    good, bad = extract("school_affairs", "2026-10-31"), extract("childcare", "2026-10-31")
    bad[0].write_bytes(bad[0].read_bytes() + b"x")  # not what its manifest says
    upload = hand_in(*good, *bad)
    assert (upload.phase, sorted(states(upload)), kept(home)) == ("done", ["refused", "stored"], [])
    page = sign_in("coordinator").get(f"{ADDRESS}{upload.pk}/").content.decode()
    assert "一部は受領していません" in page
    assert bad[0].name in page


def test_a_doubtful_delivery_waits_for_a_person(
    home: Config, extract: Extract, hand_in: HandIn, sign_in: SignedIn, workers: dict[str, Account]
) -> None:
    hand_in(*extract("pupil_register", "2026-09-30", rows=100))
    upload = hand_in(*extract("pupil_register", "2026-10-31", rows=50), *extract("childcare", "2026-10-31"))
    assert (upload.phase, sorted(states(upload))) == ("to_confirm", ["stored", "to_confirm"])
    assert kept(home), "the files wait too"
    client = sign_in("data_officer")
    page = client.get(f"{ADDRESS}{upload.pk}/").content.decode()
    assert "確認して受領する" in page
    assert "減っています" in page
    assert client.post(f"{ADDRESS}{upload.pk}/confirm/").status_code == 302
    upload.refresh_from_db()
    received(upload)
    assert (upload.phase, states(upload), kept(home)) == ("done", ["stored", "stored"], [])
    assert upload.confirmed_by == workers["data_officer"]
    told = Event.objects.order_by("number").values_list("action", "actor")
    assert list(told)[-2:] == [("delivery.confirm", "data_officer"), ("delivery.receive", "data_officer")]
    assert actions_told().count("delivery.receive") == 3, "each stored delivery is told of once"
    with pytest.raises(Refused):
        actions.confirm(upload.pk, by=workers["coordinator"])


def test_only_what_was_confirmed_is_stored(home: Config, extract: Extract, hand_in: HandIn) -> None:
    """A delivery that was refused for another reason is not received along with a confirmed one."""
    hand_in(*extract("pupil_register", "2026-09-30", rows=100))
    bad = extract("childcare", "2026-10-31")
    bad[0].write_bytes(bad[0].read_bytes() + b"x")
    upload = hand_in(*extract("pupil_register", "2026-10-31", rows=50), *bad)
    actions.confirm(upload.pk, by=upload.by)
    received(upload)
    assert sorted(states(upload)) == ["refused", "stored"]
    assert {delivery.source for delivery in intake.deliveries(home)} == {"pupil_register"}


def test_withdrawing_removes_the_files(
    home: Config, extract: Extract, hand_in: HandIn, sign_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    hand_in(*extract("pupil_register", "2026-09-30", rows=100))
    upload = hand_in(*extract("pupil_register", "2026-10-31", rows=50))
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in("coordinator").post(f"{ADDRESS}{upload.pk}/withdraw/", follow=True)
    assert "取り下げました" in response.content.decode()
    upload.refresh_from_db()
    assert (upload.phase, kept(home)) == ("withdrawn", [])
    assert actions_told()[-1] == "delivery.withdraw"


def test_another_receive_holds_it_and_it_can_be_started_again(
    home: Config, extract: Extract, hand_in: HandIn, sign_in: SignedIn
) -> None:
    upload = hand_in(*extract("school_affairs", "2026-10-31"), run=False)
    with engine.alone(home.home / "receive.lock", otherwise=Refused("x", "x")):
        received(upload)
    assert (upload.phase, bool(kept(home))) == ("held", True)
    client = sign_in("coordinator")
    page = client.get(f"{ADDRESS}{upload.pk}/").content.decode()
    assert "別の受領が動いています" in page
    assert "もう一度はじめる" in page
    assert client.post(f"{ADDRESS}{upload.pk}/again/").status_code == 302
    upload.refresh_from_db()
    received(upload)
    assert (upload.phase, states(upload), kept(home)) == ("done", ["stored"], [])
    assert client.post(f"{ADDRESS}{upload.pk}/again/").status_code == 422, "what has ended does not begin again"


def test_a_fault_is_told_by_its_kind_alone(
    home: Config, extract: Extract, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise OSError("森下 陽菜")

    upload = hand_in(*extract("school_affairs", "2026-10-31"), run=False)
    monkeypatch.setattr(intake, "receive", fail)
    received(upload)
    assert (upload.phase, upload.fault, bool(kept(home))) == ("held", "OSError", True)
    assert "森下" not in everything_told(upload)


def killed_at_the_end(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """As a process leaves it that was killed after everything was stored, and before that was written down."""
    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(work, "_end", lambda *given, **named: sys.exit(1))
        work.run(upload.pk)
    Upload.objects.filter(pk=upload.pk).update(process="boot:1:1")
    upload.refresh_from_db()
    return upload


def test_what_was_there_before_a_killed_process_stays_a_duplicate(
    home: Config, extract: Extract, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = extract("childcare", "2026-10-31")
    hand_in(*before)
    upload = hand_in(*before, *extract("school_affairs", "2026-10-31"), run=False)
    received(actions.again(killed_at_the_end(upload, monkeypatch).pk, by=upload.by))
    upload.refresh_from_db()
    assert {told["source"]: told["receipts"][0]["state"] for told in upload.deliveries} == {
        "childcare": "duplicate",
        "school_affairs": "stored",
    }
    assert actions_told().count("delivery.receive") == 2


def test_a_killed_process_is_seen_and_its_stored_deliveries_are_told(
    home: Config, extract: Extract, hand_in: HandIn, sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = killed_at_the_end(
        hand_in(*extract("school_affairs", "2026-10-31"), *extract("childcare", "2026-10-31"), run=False), monkeypatch
    )
    assert state_of(upload) is State.STOPPED
    client = sign_in("coordinator")
    page = client.get(f"{ADDRESS}{upload.pk}/").content.decode()
    assert "途中で止まりました" in page
    assert "hx-get" not in page
    assert client.post(f"{ADDRESS}{upload.pk}/again/").status_code == 302
    upload.refresh_from_db()
    received(upload)
    assert (upload.phase, states(upload), kept(home)) == ("done", ["stored", "stored"], [])
    assert upload.deliveries[0]["receipts"][0]["stored"] == 40
    assert actions_told().count("delivery.receive") == 2


def test_a_running_upload_is_left_alone(home: Config, extract: Extract, hand_in: HandIn) -> None:
    upload = hand_in(*extract("school_affairs", "2026-10-31"), run=False)
    Upload.objects.filter(pk=upload.pk).update(phase="running", process=process.this_process())
    upload.refresh_from_db()
    assert state_of(upload) is State.RUNNING
    for verb in (actions.again, actions.withdraw, actions.confirm):
        with pytest.raises(Refused):
            verb(upload.pk, by=upload.by)
    work.run(upload.pk)
    assert intake.deliveries(home) == [], "a second process takes nothing"


def test_one_that_never_began_is_stopped(home: Config, extract: Extract, hand_in: HandIn) -> None:
    upload = hand_in(*extract("school_affairs", "2026-10-31"), run=False)
    Upload.objects.filter(pk=upload.pk).update(asked_at=timezone.now() - timedelta(minutes=2))
    upload.refresh_from_db()
    assert state_of(upload) is State.STOPPED


def test_marks_of_processes() -> None:
    assert process.lives(process.this_process())
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    boot = process.this_process().partition(":")[0]
    mark = f"{boot}:{sleeper.pid}:{process._began(sleeper.pid)}"
    assert process.lives(mark)
    assert not process.lives(f"{boot}:{sleeper.pid}:1"), "another process with the same number"
    sleeper.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not process.lives(mark):
            break
        time.sleep(0.02)
    assert not process.lives(mark), "dead, though nobody has collected it"
    sleeper.wait()
    assert not any(map(process.lives, ("", "x", "::", f"{boot}:notanumber:1")))


def test_what_nobody_waits_for_is_removed(
    home: Config, extract: Extract, hand_in: HandIn, django_capture_on_commit_callbacks: Any
) -> None:
    hand_in(*extract("pupil_register", "2026-09-30", rows=100))
    old = hand_in(*extract("pupil_register", "2026-10-31", rows=50))
    young = hand_in(*extract("childcare", "2026-10-31"), run=False)
    folder = home.home / "uploads"
    for name in ("deadbeef", "arriving/left", "arriving/young"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch() if "/" in name else (folder / name).mkdir()
    long_ago = time.time() - 2 * 24 * 3600
    for name in ("deadbeef", "arriving/left"):
        os.utime(folder / name, (long_ago, long_ago))
    Upload.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        actions.sweep()
    old.refresh_from_db()
    assert old.phase == "withdrawn"
    assert {path.name for path in folder.iterdir()} == {"arriving", young.folder}
    assert [path.name for path in (folder / "arriving").iterdir()] == ["young"]


def test_open_ones_are_listed_before_ended_ones(home: Config, extract: Extract, hand_in: HandIn) -> None:
    waiting = hand_in(*extract("school_affairs", "2026-10-31"), run=False)
    ended = hand_in(("memo.pdf", b"x"))
    assert recent() == [waiting, ended]


@pytest.mark.parametrize("who", ["worker", "manager", "auditor", "administrator"])
def test_who_may_not_receive_may_do_nothing(who: str, workers: dict[str, Account], home: Config) -> None:
    with pytest.raises(Denied):
        actions.upload([], by=workers[who])
    for verb in (actions.again, actions.withdraw, actions.confirm):
        with pytest.raises(Denied):
            verb(1, by=workers[who])
