"""ZIP files on their way in: opened into a private folder of the home, which is gone afterwards whatever happens.

An archive is somebody else's: its names, sizes and links are believed only as far as they do no harm.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from mimamori.intake.zips import BadContainer, reading
from mimamori.refusal import Refused
from mimamori.sources.files import left_by_systems

MOST_BYTES = 32 * 2**30  # of all archives of one receive, unpacked: several times a whole city's extracts
MOST_MEMBERS = 20_000
MOST_RATIO = 300  # the emptiest fixed-width file packs to a hundredth
RATIO_FROM = 64 * 2**20  # bytes; below this no ratio does harm
DEEPEST = 2  # an archive of archives, and no more
PREFIX = "unpacking-"
CHUNK = 2**20


@dataclass
class _Room:
    """How much may still be unpacked."""

    bytes: int
    members: int


@contextlib.contextmanager
def unpacked(paths: Sequence[Path], home: Path) -> Iterator[list[Path]]:
    """The same files and folders with every ZIP among and inside them replaced by a folder of what it holds.

    Raises `Refused` where an archive is locked, damaged, tricky or too large. The folders live as long as the `with`.
    """
    listed = [part for path in paths for part in _parted(path)]
    if not any(map(is_archive, listed)):
        yield list(paths)
        return
    was_there = home.exists()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clean(home)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=home))  # 0700
    try:
        room = _Room(min(MOST_BYTES, shutil.disk_usage(folder).free // 2), MOST_MEMBERS)
        yield [_opened(path, folder / str(place), room) if is_archive(path) else path for place, path in
               enumerate(listed)]  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not was_there:
            with contextlib.suppress(OSError):
                home.rmdir()


def is_archive(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and not path.name.startswith(".") and path.is_file()


def _parted(path: Path) -> list[Path]:
    """A folder with archives in it as its files; anything else as it is."""
    if not path.is_dir():
        return [path]
    files = [file for file in sorted(path.rglob("*")) if file.is_file()]
    if not any(map(is_archive, files)):
        return [path]
    return [file for file in files if not _dropped(PurePosixPath(file.relative_to(path).as_posix()))]


def _dropped(path: PurePosixPath) -> bool:
    """What systems leave in folders and archives, unasked."""
    return "__MACOSX" in path.parts or left_by_systems(path.name)


def _opened(archive: Path, folder: Path, room: _Room, deep: int = 1) -> Path:
    """Unpack one archive into a folder; archives inside it too."""
    name = archive.name
    if deep > DEEPEST:
        raise Refused(
            f"{name}: ZIP の中の ZIP が深すぎます。展開して提供してください。",
            f"{name}: archives inside archives, too deep: unpack them.",
        )
    folder.mkdir(mode=0o700)
    try:
        with reading():
            opened = zipfile.ZipFile(archive)
        with opened:
            for member, path in _members(opened, name, room):
                target = folder.joinpath(*path.parts)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(opened, member, target, room, name)
    except BadContainer:
        raise Refused(
            f"{name}: ZIP として展開できません(壊れているか、対応していない圧縮方式です)。作り直して提供してください。",
            f"{name}: the archive cannot be unpacked: damaged, or of a method that is not known.",
        ) from None
    except OSError:
        raise Refused(
            f"{name}: 展開できません。読み取りの権限、ディスクの空き、中の名前を確かめてください。",
            f"{name}: the archive cannot be unpacked: look at its permissions, the free disk and the names in it.",
        ) from None
    for inner in [file for file in sorted(folder.rglob("*")) if is_archive(file)]:
        _opened(inner, inner.with_name(f"{inner.name}.d"), room, deep + 1)
        inner.unlink()
    return folder


def _members(opened: zipfile.ZipFile, name: str, room: _Room) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files of an archive and where they go, once nothing about any of them is wrong."""
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for member in opened.infolist():
        path = _path(member, name)
        if member.flag_bits & 0x1:
            raise Refused(
                f"{name}: パスワードが付いた ZIP です。パスワードを外して提供してください。",
                f"{name}: the archive is locked by a password: remove it.",
            )
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise Refused(
                f"{name}: 中にリンクなど、ファイルではないものがあります。", f"{name}: it holds links, not only files."
            )
        if member.is_dir() or member.filename.endswith("\\") or _dropped(path):
            continue
        if path in found or any(above in found for above in path.parents):
            raise Refused(f"{name}: 中に同じ名前のファイルが二つあります。", f"{name}: two files in it have one name.")
        found[path] = member
    room.members -= len(found)
    packed = sum(member.compress_size for member in found.values())
    large = sum(member.file_size for member in found.values())
    if room.members < 0 or large > room.bytes or (large > RATIO_FROM and large > MOST_RATIO * packed):
        raise _too_large(name)
    yield from ((member, path) for path, member in found.items())


def _path(member: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """The member's path, inside the archive's folder and nowhere else."""
    path = PurePosixPath(_named(member).replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0] or "\0" in str(path):
        raise Refused(
            f"{name}: 中の名前がフォルダーの外を指しています。作り直して提供してください。",
            f"{name}: a name in it points outside the archive's folder.",
        )
    return path


def _named(member: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 where the archive says so or the bytes can be nothing else, else CP932."""
    if member.flag_bits & 0x800:
        return member.orig_filename
    data = member.orig_filename.encode("cp437")  # as zipfile has read it
    for encoding in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("cp932", errors="replace")


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room: _Room, name: str) -> None:
    with reading():
        source = opened.open(member)
    with source, target.open("xb") as made:
        while chunk := _chunk(source):
            room.bytes -= len(chunk)
            if room.bytes < 0:
                raise _too_large(name)
            made.write(chunk)


def _chunk(source: IO[bytes]) -> bytes:
    with reading():
        return source.read(CHUNK)


def _too_large(name: str) -> Refused:
    return Refused(
        f"{name}: 展開すると大きすぎます。分けて、または展開して提供してください。",
        f"{name}: too large when unpacked: deliver it in parts, or unpacked.",
    )


def _clean(home: Path) -> None:
    """Remove what a killed receive left unpacked; another process that lives keeps its own."""
    for folder in home.glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not number.isdigit() or not Path("/proc", number).exists():
            shutil.rmtree(folder, ignore_errors=True)
