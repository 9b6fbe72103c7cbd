"""The ledger: each line tied to the one before it; and who is registered."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.media.office import SCHOOL, Office

from mimamori.config import Config
from mimamori.media.ledger import GENESIS, Entry, Ledger
from mimamori.media.senders import known_senders, trust
from mimamori.refusal import Refused
from mimamori.sources import load_registry

LINE = Entry(action="refuse", outcome="refused", reason="試し")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(Config(home=tmp_path))
    for number in range(1, 6):
        made.append(LINE.model_copy(update={"medium": f"USB-{number}"}))
    return made


def test_lines_follow_each_other(ledger: Ledger) -> None:
    entries = ledger.entries()
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    assert ledger.path.stat().st_mode & 0o777 == 0o600
    assert all(entry.at.utcoffset() for entry in entries)


def alter(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"USB-3", b"USB-9"), *lines[3:]]


def alter_with_a_hash_of_its_own(lines: list[bytes]) -> list[bytes]:
    entry = Entry.model_validate({**json.loads(lines[2]), "medium": "USB-9"})
    entry = entry.model_copy(update={"hash": entry.hashed()})
    return [*lines[:2], json.dumps(entry.model_dump(mode="json")).encode(), *lines[3:]]


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (alter, 3, "altered"),
        (alter_with_a_hash_of_its_own, 4, "missing"),
        (lambda lines: [*lines[:2], *lines[3:]], 3, "missing"),
        (lambda lines: lines[1:], 1, "missing"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1, "missing"),
        (lambda lines: [*lines[:2], b"{", *lines[3:]], 3, "unreadable"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4, "missing"),
    ],
    ids=["altered", "hashed anew", "removed", "first removed", "moved", "broken", "twice"],
)
def test_what_was_changed_is_seen(
    ledger: Ledger, change: Callable[[list[bytes]], list[bytes]], line: int, what: str
) -> None:
    lines = ledger.path.read_bytes().splitlines()
    ledger.path.write_bytes(b"\n".join([*change(lines), b""]))
    _, faults = ledger.read()
    assert (faults[0].line, faults[0].what) == (line, what)
    with pytest.raises(Refused, match=f"line {line}"):
        ledger.append(LINE)


def test_a_line_that_was_cut_off_was_never_written(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + whole.splitlines()[0][:50])
    assert len(ledger.entries()) == 5
    assert ledger.append(LINE).number == 6
    assert [entry.number for entry in ledger.entries()] == [1, 2, 3, 4, 5, 6]


def test_writers_wait_for_each_other(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.append(LINE), range(40)))
    assert [entry.number for entry in ledger.entries()] == list(range(1, 46))


def test_a_damaged_ledger_stops_both_ends(office: Office) -> None:
    package = office.pack(out="1.mmp")
    for config in (office.school, office.city):
        Ledger(config).append(LINE)
        Ledger(config).path.write_bytes(Ledger(config).path.read_bytes().replace("試し".encode(), "別の".encode()))
    with pytest.raises(Refused, match="ledger"):
        office.pack(out="2.mmp")
    with pytest.raises(Refused, match="ledger"):
        office.receive(package)
    assert not (office.folder / "2.mmp").exists()
    assert not office.city.deliveries.exists()


def test_a_sender_is_registered_for_the_schools_network(office: Office) -> None:
    [known] = known_senders(office.city).values()
    assert (known.name, known.registered_on, known.fingerprint) == (
        SCHOOL, "2026-11-01", office.sender().public_key().fingerprint,
    )  # fmt: skip
    assert set(known.sources) == {layout.name for layout in load_registry() if layout.network == "school"}


def test_a_fingerprint_that_was_not_heard(office: Office) -> None:
    key = office.sender("市立きた小学校").public_key()
    with pytest.raises(Refused, match="not that of the key file"):
        trust(key, heard="0" * 32, sources=(), registered_on="", config=office.city, registry=load_registry())
    assert len(known_senders(office.city)) == 1


def test_a_registered_sender_changes_its_key_only_where_asked(office: Office) -> None:
    office.receive(office.pack(out="1.mmp"))
    old = office.sender().public_key()
    office.sender().ring.folder.joinpath("sign.key").unlink()
    new = office.sender().public_key()
    with pytest.raises(Refused, match="another key"):
        office.register()
    office.register(replace=True)
    assert list(known_senders(office.city)) == [new.fingerprint] != [old.fingerprint]
    with pytest.raises(Refused, match="not registered"):
        office.receive(office.folder / "1.mmp")


@pytest.mark.parametrize("text", ["[[sender]]\nname = 1\n", "x", "more = 1\n", "sender = 3\n"])
def test_a_registration_that_cannot_be_read(office: Office, text: str) -> None:
    path = office.city.home / "media" / "senders.toml"
    path.write_text(text)
    with pytest.raises(Refused, match=r"senders\.toml"):
        known_senders(office.city)
    assert path.read_text() == text
