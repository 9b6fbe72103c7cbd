"""ZIP files: opened like folders, in either writing of names; refused where they are locked, damaged or tricky."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.small import ROW, csv_of, home_of

from mimamori.intake import archives
from mimamori.intake.archives import unpacked
from mimamori.refusal import Refused

CSV = "small.rows.20261031.csv"


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name told twice is what one test is about
        for name, data in members:
            made.writestr(name, data)
    return stream.getvalue()


def link() -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("there")
    made.create_system = 3
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


def in_bytes(name: bytes) -> bytes:
    """An archive with one member whose name is these bytes, without the mark for UTF-8."""
    data = zipped(("x" * len(name), b"1"))
    return data.replace(b"x" * len(name), name)


def seen(home: Path, *paths: Path) -> dict[str, bytes]:
    """What `unpacked` gives: path in its folder → content. Afterwards nothing may be left."""
    with unpacked(paths, home) as given:
        found = {}
        for path in given:
            for file in [path] if path.is_file() else sorted(path.rglob("*")):
                if file.is_file():
                    found[str(file.relative_to(path)) if path.is_dir() else file.name] = file.read_bytes()
        for folder in home.glob("unpacking-*"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(home.glob("unpacking-*"))
    return found


def test_an_archive_is_as_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "10月.ZIP"
    path.write_bytes(
        zipped(("2026-10-31/", b""), (f"2026-10-31/{CSV}", b"1"), (f"2026-10-31/{CSV}.manifest.json", b"{}"),
               (f"__MACOSX/._{CSV}", b"x"), ("Thumbs.db", b"x"))
    )  # fmt: skip
    assert seen(tmp_path / "home", path) == {f"2026-10-31/{CSV}": b"1", f"2026-10-31/{CSV}.manifest.json": b"{}"}
    assert not (tmp_path / "home").exists()


def test_archives_lie_in_folders_and_in_archives(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "schools").mkdir(parents=True)
    (folder / CSV).write_bytes(b"1")
    (folder / ".hidden").write_bytes(b"x")
    (folder / "schools" / "a.zip").write_bytes(zipped(("b.zip", zipped(("deep.csv", b"2")))))
    assert seen(tmp_path / "home", folder) == {CSV: b"1", "b.zip.d/deep.csv": b"2"}


def test_without_an_archive_nothing_is_touched(tmp_path: Path) -> None:
    (tmp_path / CSV).write_bytes(b"1")
    with unpacked([tmp_path, tmp_path / "none.zip"], tmp_path / "home") as given:
        assert given == [tmp_path, tmp_path / "none.zip"]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (in_bytes("提供/表.csv".encode("cp932")), "提供/表.csv"),  # 表 ends in the byte of a backslash
        (in_bytes("提供/髙橋.csv".encode()), "提供/髙橋.csv"),
        (zipped(("提供/ソ.csv", b"1")), "提供/ソ.csv"),
        (in_bytes(b"folder\\a.csv"), "folder/a.csv"),
        (in_bytes(b"\x81\x20.csv"), "\ufffd .csv"),
    ],
)
def test_names_are_read_as_they_were_written(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert seen(tmp_path / "home", path) == {name: b"1"}


def locked() -> bytes:
    data = bytearray(zipped(("a.csv", b"1")))
    data[6] |= 1  # the flags of the local header, and of the directory's
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """A member that unpacks to more than the archive says."""
    data = bytearray(zipped(("a.csv", b"0" * 5000)))
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def spoilt() -> bytes:
    data = bytearray(zipped(("a.csv", b"0123456789" * 50), method=zipfile.ZIP_STORED))
    data[60] ^= 1
    return bytes(data)


def altered(data: bytes, at: bytes, offset: int, value: bytes) -> bytes:
    """The archive with other bytes so far behind the first (`at`: the mark of a header)."""
    place = data.index(at) + offset
    return data[:place] + value + data[place + len(value) :]


def squeezed(method: int) -> bytes:
    """An archive whose member is damaged in the middle."""
    data = bytearray(zipped(("a.csv", bytes(range(256)) * 20), method=method))
    for place in range(40, 90):
        data[place] ^= 0xFF
    return bytes(data)


LOCAL, DIRECTORY, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
ONE = zipped(("a.csv", b"1"))


def deep(levels: int) -> bytes:
    data = zipped(("a.csv", b"1"))
    for _ in range(levels):
        data = zipped(("a.zip", data))
    return data


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a password": (locked, "password"),
    "no archive": (lambda: b"a,b\n1,2\n", "damaged"),
    "nothing": (lambda: b"", "damaged"),
    "cut off": (lambda: zipped((CSV, b"1" * 500))[:-30], "damaged"),
    "a byte altered": (spoilt, "damaged"),
    "a size that lies": (lying, "damaged"),
    "damage under deflate": (lambda: squeezed(zipfile.ZIP_DEFLATED), "damaged"),
    "damage under bzip2": (lambda: squeezed(zipfile.ZIP_BZIP2), "damaged"),
    "damage under lzma": (lambda: squeezed(zipfile.ZIP_LZMA), "damaged"),
    "a method nobody knows": (lambda: altered(ONE, DIRECTORY, 10, b"\x63\0"), "damaged"),
    "a version nobody knows": (lambda: altered(ONE, DIRECTORY, 6, b"\xff"), "damaged"),
    "a name that is not UTF-8": (lambda: altered(zipped(("あ.csv", b"1")), DIRECTORY, 46, b"\xff"), "damaged"),
    "a place before the beginning": (lambda: altered(b"\0" * 9 + ONE, END, 16, b"\xff\0\0"), "damaged"),
    "a name with an end inside": (lambda: in_bytes(b"a.csv\0.exe"), "outside"),
    "a way up": (lambda: zipped(("../a.csv", b"1")), "outside"),
    "a way up inside": (lambda: zipped(("a/../../b.csv", b"1")), "outside"),
    "a way up with backslashes": (lambda: in_bytes(b"..\\a.csv"), "outside"),
    "a way from the root": (lambda: zipped(("/etc/a.csv", b"1")), "outside"),
    "a drive": (lambda: zipped(("C:/a.csv", b"1")), "outside"),
    "a link": (lambda: zipped((link(), b"/etc/passwd")), "links"),
    "a name twice": (lambda: zipped(("a.csv", b"1"), ("a.csv", b"2")), "one name"),
    "a file that is a folder too": (lambda: zipped(("a", b"1"), ("a/b.csv", b"2")), "one name"),
    "a name too long": (lambda: zipped((f"{'a' * 300}.csv", b"1")), "names in it"),
    "archives without end": (lambda: deep(2), "too deep"),
    "a bomb": (lambda: zipped(*((f"{place}.csv", bytes(3 * 2**20)) for place in range(22))), "too large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_harm_is_refused_and_leaves_nothing(tmp_path: Path, what: str) -> None:
    made, said = REFUSED[what]
    path = tmp_path / "a.zip"
    path.write_bytes(made())
    with pytest.raises(Refused, match=said) as refused, unpacked([path], tmp_path / "home"):
        pass
    assert "zip" in refused.value.ja
    assert not (tmp_path / "home").exists()


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@given(
    st.sampled_from([zipped(("a.csv", b"0123456789,abc" * 9), ("提供.csv", b"1" * 99), method=one) for one in METHODS]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_an_archive_with_any_bytes_altered_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, changes: list[tuple[int, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("altered")
    spoiled = bytearray(data)
    for place, value in changes:
        spoiled[place % len(data) : place % len(data) + len(value)] = value
    (folder / "a.zip").write_bytes(spoiled)
    with contextlib.suppress(Refused):
        seen(folder / "home", folder / "a.zip")
    assert not (folder / "home").exists()


@pytest.mark.parametrize("fault", [ValueError, RuntimeError, KeyError])
def test_a_fault_of_our_own_is_not_told_as_the_senders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fails(_: object) -> bool:
        raise fault("ours")

    (tmp_path / "a.zip").write_bytes(ONE)
    monkeypatch.setattr(archives, "_dropped", fails)
    with pytest.raises(fault, match="ours"):
        seen(tmp_path / "home", tmp_path / "a.zip")


@pytest.mark.parametrize("limit", [("MOST_BYTES", 9), ("MOST_MEMBERS", 1)])
def test_limits_count_over_all_archives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: tuple[str, int]
) -> None:
    paths = [tmp_path / "a.zip", tmp_path / "b.zip"]
    for path in paths:
        path.write_bytes(zipped(("a.csv", b"12345")))
    assert len(seen(tmp_path / "home", *paths)) == 1  # both hold the same name, each in its folder
    monkeypatch.setattr(archives, *limit)
    with pytest.raises(Refused, match="too large"):
        seen(tmp_path / "home", *paths)


def test_what_a_killed_receive_left_goes_with_the_next(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "unpacking-999999999-x").mkdir(parents=True)
    (tmp_path / "a.zip").write_bytes(zipped(("a.csv", b"1")))
    assert seen(home, tmp_path / "a.zip") == {"a.csv": b"1"}


def test_it_is_gone_when_the_receive_fails(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(("a.csv", b"1")))
    (tmp_path / "home").mkdir()
    with pytest.raises(KeyboardInterrupt), unpacked([tmp_path / "a.zip"], tmp_path / "home"):
        raise KeyboardInterrupt
    assert list((tmp_path / "home").iterdir()) == []


def test_what_it_holds_is_received_as_from_a_folder(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    data = csv_of([ROW])
    path = home.write(data, manifest={})
    beside = path.with_name(path.name + ".manifest.json")
    (tmp_path / "a.zip").write_bytes(zipped((f"月/{path.name}", data), (f"月/{beside.name}", beside.read_bytes())))
    with unpacked([tmp_path / "a.zip"], home.config.home) as given:
        [receipt] = home.receive(*given)
    assert (receipt.state, receipt.received) == ("stored", 1)
    assert [name for name in home.on_disk() if name.endswith(".age")] == [
        f"small/2026-10-31.1/received/{path.name}.age"
    ]
    assert home.receive(path)[0].state == "duplicate"
