"""A package that is not as it should be: refused in both languages, a line in the ledger, nothing stored or left."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.extracts import write_extract
from tests.media.office import DAY, SCHOOL, Office

from mimamori import intake
from mimamori.media import opening
from mimamori.media.manifest import LARGEST_FILE, PackageManifest, parse_manifest
from mimamori.media.opening import open_package
from mimamori.media.receive import Rejected, media_keyring
from mimamori.media.senders import known_senders
from mimamori.refusal import Refused
from mimamori.sources import load_registry

Change = Callable[[dict[str, Any]], None]


def refused(office: Office, package: Path, says: str, **more: Any) -> None:
    """Refused in words of both languages, kept in the ledger, and nothing else anywhere."""
    before = len(office.entries())
    with pytest.raises(Rejected, match=says) as why:
        office.receive(package, **more)
    assert re.search(r"[ぁ-ん]", why.value.ja)
    line = office.entries()[-1]
    assert (line.action, line.outcome, line.reason, line.stored) == ("refuse", "refused", why.value.ja, 0)
    assert len(office.entries()) == before + 1
    assert line == why.value.entry


def test_every_flipped_bit_is_noticed(office: Office, tmp_path: Path) -> None:
    """At every position of a small package one bit; decrypting is all that a flipped bit ever reaches."""
    data = office.pack(office.extract(1)).read_bytes()
    identity, senders = media_keyring(office.city).age_identity(), known_senders(office.city)
    flipped, folder = tmp_path / "flipped.mmp", tmp_path / "opened"
    folder.mkdir()
    for place in range(len(data)):
        flipped.write_bytes(data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :])
        with pytest.raises(Refused):
            open_package(flipped, folder, identity=identity, senders=senders)
        assert not list(folder.iterdir())  # no block of so small a package comes out before the whole is proven


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0), bit=st.integers(0, 7))
def test_a_flipped_bit_stores_nothing(office: Office, place: int, bit: int) -> None:
    package = office.folder / "package.mmp"
    data = (package if package.exists() else office.pack(office.extract(5_000))).read_bytes()
    place %= len(data)
    flipped = office.folder / "flipped.mmp"
    flipped.write_bytes(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])
    with pytest.raises(Rejected):
        office.receive(flipped)
    assert office.nothing_is_left()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0))
def test_a_cut_off_package_stores_nothing(office: Office, length: int) -> None:
    package = office.folder / "package.mmp"
    data = (package if package.exists() else office.pack(office.extract(5_000))).read_bytes()
    cut = office.folder / "cut.mmp"
    cut.write_bytes(data[: length % len(data)])
    with pytest.raises(Rejected):
        office.receive(cut)
    assert office.nothing_is_left()


def test_a_byte_more_is_noticed(office: Office) -> None:
    package = office.pack()
    package.write_bytes(package.read_bytes() + b"\0")
    refused(office, package, "damaged")
    assert office.nothing_is_left()


def test_for_another_city(office: Office) -> None:
    refused(office, office.pack(recipient=office.city_key(office.school)), "another city")
    assert office.nothing_is_left()


def test_opened_and_sent_on_by_another_city(office: Office) -> None:
    """Who received a package may encrypt its signed content to us; it still says to whom it was sent."""
    elsewhere = office.city_key(office.school)

    def to_another(told: dict[str, Any]) -> None:
        told["recipient"] = {"name": "福岡市", "key": elsewhere.fingerprint}

    refused(office, office.forged(office.pack(), to_another), "another city")
    assert office.nothing_is_left()


def test_an_unknown_sender(office: Office) -> None:
    office.sender("知らない学校").public_key()
    refused(office, office.pack(sender="知らない学校"), "not registered")
    assert office.nothing_is_left()


def test_a_sender_whose_registration_was_taken_back(office: Office) -> None:
    package = office.pack()
    (office.city.home / "media" / "senders.toml").unlink()
    refused(office, package, "not registered")


def test_a_source_that_the_sender_does_not_have(office: Office) -> None:
    office.register(sources=["pupil_register"])
    refused(office, office.pack(), "not registered to send school_affairs")
    assert office.nothing_is_left()


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(sequence=7),
        lambda told: told.update(medium="USB-99"),
        lambda told: told.update(created_at="2026-12-01T09:00:00+09:00"),
        lambda told: told["files"][0].update(as_of="2026-11-30"),
        lambda told: told["files"][0].update(rows=4),
        lambda told: told["files"][0].update(name="school_affairs.checkups.20261031.tsv"),
        lambda told: told["files"][0].update(beside=None),
    ],
    ids=["number", "medium", "made", "day", "rows", "name", "beside"],
)
def test_everything_said_is_signed(office: Office, change: Change) -> None:
    refused(office, office.forged(office.pack(), change, again=False), "signature")
    assert office.nothing_is_left()


def test_signed_by_another_sender_in_this_one_s_name(office: Office) -> None:
    office.register("市立きた小学校")
    refused(office, office.forged(office.pack(), signer="市立きた小学校"), "another sender")
    assert office.nothing_is_left()


NAMES = [
    "../school_affairs.csv", "/etc/cron.d/a.csv", "a/b.csv", "a\\b.csv", "..csv", ".hidden.csv", "a..csv", "C:a.csv",
    "a.csv\n", "a.csv\0", "a.csv.manifest.json", "ledger.jsonl", "", "a.exe", "学校.csv", "-a.csv", "a" * 130 + ".csv",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_tricks_in_a_name(office: Office, name: str) -> None:
    """Even a sender we know writes no file but plain ones into the folder of its package."""
    refused(office, office.forged(office.pack(), lambda told: told["files"][0].update(name=name)), "cannot be accepted")
    assert office.nothing_is_left()


def test_the_same_name_twice(office: Office) -> None:
    refused(office, office.forged(office.pack(), lambda told: told["files"].append(told["files"][0])), "accepted")
    assert office.nothing_is_left()


def test_a_link_that_waits_at_a_file_s_place(office: Office, tmp_path: Path) -> None:
    """A package holds bytes alone, no links; where somebody put one into the folder it is not followed."""
    folder, outside = tmp_path / "opened", tmp_path / "outside"
    folder.mkdir()
    (folder / "school_affairs.attendance_yearly.20261031.tsv").symlink_to(outside)
    with pytest.raises(Refused):
        open_package(
            office.pack(),
            folder,
            identity=media_keyring(office.city).age_identity(),
            senders=known_senders(office.city),
        )
    assert not outside.exists()


@pytest.mark.parametrize("size", [LARGEST_FILE + 1, 2**70, -1])
def test_sizes_beyond_measure(office: Office, size: int) -> None:
    refused(office, office.forged(office.pack(), lambda told: told["files"][0].update(size=size)), "cannot be accepted")
    assert office.nothing_is_left()


@pytest.mark.parametrize("more", [1, -1])
def test_more_or_fewer_bytes_than_told(office: Office, more: int) -> None:
    def grow(told: dict[str, Any]) -> None:
        told["files"][0]["size"] += more

    refused(office, office.forged(office.pack(), grow), "damaged")
    assert office.nothing_is_left()


def test_bytes_after_the_last_file(office: Office) -> None:
    refused(office, office.forged(office.pack(), content=lambda content: content + b"x"), "damaged")
    assert office.nothing_is_left()


def test_other_content_than_signed(office: Office) -> None:
    refused(office, office.forged(office.pack(), content=lambda content: content[:-1] + b"\xff"), "damaged")
    assert office.nothing_is_left()


def test_no_room_on_the_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    package = office.pack()
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    refused(office, package, "no room")
    assert office.nothing_is_left()


def test_a_workbook_that_would_grow_beyond_measure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = load_registry().get("school_expense_aid")
    book = write_extract(office.folder, layout, layout.tables[0], DAY, rows=[])
    package = office.pack(book)
    monkeypatch.setattr(opening, "LARGEST_WORKBOOK", 1_000)
    refused(office, package, "would grow")
    assert office.nothing_is_left()


def test_taken_before(office: Office) -> None:
    package = office.pack()
    office.receive(package)
    for name in ("package.mmp", "another-name.mmp"):
        package = package.rename(package.with_name(name))
        for confirm in (False, True):
            refused(office, package, "was received before", confirm=confirm)
    assert len(intake.deliveries(office.city)) == 1


def test_an_older_one_under_a_new_name_after_later_ones(office: Office) -> None:
    for number in (1, 2):
        office.receive(office.pack(office.extract(3 + number), out=f"{number}.mmp"), confirm=True)
    (office.folder / "1.mmp").rename(office.folder / "3.mmp")
    refused(office, office.folder / "3.mmp", "was received before", confirm=True)


def test_a_number_used_for_other_content(office: Office) -> None:
    office.receive(office.pack(out="1.mmp"))
    shutil.rmtree(office.school.home / "media" / "sent")  # a machine that lost its state
    refused(office, office.pack(office.extract(9), out="2.mmp"), "other content", confirm=True)


def test_a_gap_needs_a_confirmation_and_is_kept(office: Office) -> None:
    for number in range(1, 5):
        office.pack(office.extract(3, day=DAY.replace(day=number)), out=f"{number}.mmp")
    office.receive(office.folder / "1.mmp")
    refused(office, office.folder / "4.mmp", "Number 2~3 has not come")
    found = office.receive(office.folder / "4.mmp", confirm=True, reason="送り手に電話で確認")
    assert list(found.missing) == [2, 3]
    assert office.entries()[-1].reason == "番号 2~3 が届いていないことを確認のうえ受領。 送り手に電話で確認"
    refused(office, office.folder / "3.mmp", "after later ones")
    assert "遅れて" in office.receive(office.folder / "3.mmp", confirm=True).entry.reason
    refused(office, office.folder / "3.mmp", "was received before", confirm=True)


def test_an_endless_gap_costs_nothing(office: Office) -> None:
    package = office.forged(office.pack(), lambda told: told.update(sequence=2**31 - 1))
    refused(office, package, "has not come")


def test_no_package_at_all(office: Office) -> None:
    plain = office.folder / "list.csv"
    plain.write_text("氏名\n青木\n", encoding="utf-8")
    refused(office, plain, "not a package")
    with pytest.raises(Refused, match="no such file"):
        office.receive(office.folder / "nothing.mmp")


def test_what_intake_refuses_is_left_nowhere(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: Any, **more: Any) -> None:
        raise Refused("別の受領が動いています。", "Another receive is running")

    monkeypatch.setattr(intake, "receive", busy)
    refused(office, office.pack(), "running")
    assert office.nothing_is_left()


def test_a_fault_leaves_nothing_open(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def fault(folders: list[Path], **more: Any) -> None:
        seen.extend(folders[0].iterdir())
        assert folders[0].stat().st_mode & 0o777 == 0o700
        raise RuntimeError

    monkeypatch.setattr(intake, "receive", fault)
    with pytest.raises(RuntimeError):
        office.receive(office.pack())
    assert len(seen) == 2
    assert office.nothing_is_left()


def test_what_a_killed_receive_left_is_removed(office: Office) -> None:
    left = office.city.home / "media" / ".opened-before"
    left.mkdir()
    (left / "plain.tsv").write_text("P00001")
    office.receive(office.pack())
    assert not left.exists()


def test_faults_of_a_manifest_are_named_and_not_told(office: Office) -> None:
    told = office.packed().manifest.model_dump(mode="json")
    told["files"][0].update({"name": "青木.csv", "青木": 1})
    with pytest.raises(Refused, match="sequence") as why:
        parse_manifest(json.dumps({**told, "sequence": "青木"}).encode())
    assert "青木" not in why.value.ja + why.value.en


def test_a_manifest_is_read_as_it_was_written(office: Office) -> None:
    made = office.packed().manifest
    assert parse_manifest(made.as_bytes()) == made
    assert isinstance(made, PackageManifest)
    assert made.sender.name == SCHOOL
