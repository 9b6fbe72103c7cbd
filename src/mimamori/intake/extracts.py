"""Find the files on their way in, and say of each which source, table and day it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from mimamori.intake.decode import Looked, look, pieces
from mimamori.refusal import Refused
from mimamori.sources import Layout, Registry, Table
from mimamori.sources.files import left_by_systems, place_of
from mimamori.sources.manifest import SUFFIX, Manifest


class Arrival(Protocol):
    """What is on its way in: a file, or the answer to a query."""

    @property
    def layout(self) -> Layout: ...
    @property
    def table(self) -> Table: ...
    @property
    def as_of(self) -> date: ...
    @property
    def manifest(self) -> Manifest | None: ...
    @property
    def name(self) -> str: ...
    @property
    def number(self) -> int | None: ...
    @property
    def looked(self) -> Looked: ...


@dataclass(frozen=True)
class Extract:
    """One file on its way in."""

    path: Path
    layout: Layout
    table: Table
    as_of: date
    manifest: Manifest | None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def number(self) -> int | None:
        """The manifest's number among the files of its table and day."""
        return self.manifest.sequence if self.manifest else None

    @cached_property
    def looked(self) -> Looked:
        """What its bytes tell, looked at once."""
        return look(self.path)


def extracts(paths: Iterable[Path], registry: Registry) -> list[Extract]:
    """Every extract at these files and folders, each once; raises `Refused` for a path without any, and for a file
    that nobody can name."""
    found: dict[Path, Extract] = {}
    for path in paths:
        files = list(_files(path))
        if not files:
            raise Refused(f"{path.name}: 提供ファイルがありません。", f"{path.name}: no extract files here.")
        for file in files:
            found.setdefault(file.resolve(), _extract(file, registry))
    return list(found.values())


def batches(group: Iterable[Extract]) -> list[list[Extract]]:
    """The files of one source and day as deliveries that follow each other: one file a table, by their numbers.

    A copy of a file counts once. Raises `Refused` where only a guess could tell which of two files comes later.
    """
    of_table: dict[str, list[Extract]] = {}
    for extract in group:
        known = of_table.setdefault(extract.table.name, [])
        if not any(extract.number == other.number and extract.looked.sha256 == other.looked.sha256 for other in known):
            known.append(extract)
    for known in of_table.values():
        numbers = [extract.number for extract in known]
        if len(known) > 1 and (None in numbers or len(set(numbers)) < len(numbers)):
            raise Refused(
                f"{known[0].table.label.ja}: 同じ基準日のファイルが二つ以上あり、連番で区別できません。"
                "正しいものだけを提供してください。",
                f"{known[0].table.label.en}: two files or more for one day, and no numbers tell them apart.",
            )
        known.sort(key=lambda extract: extract.number or 0)
    most = max(map(len, of_table.values()), default=0)
    return [[known[place] for known in of_table.values() if place < len(known)] for place in range(most)]


def _files(path: Path) -> Iterator[Path]:
    """The files that are not manifests; raises `Refused` for a manifest whose file is not beside it."""
    if not path.exists():
        raise Refused(f"{path.name}: ありません。場所を確かめてください。", f"{path.name}: there is no such file.")
    for file in [path] if path.is_file() else sorted(path.rglob("*")):
        if not file.is_file() or left_by_systems(file.name):
            continue
        if not file.name.endswith(SUFFIX):
            yield file
        elif not (spoken_of := file.with_name(file.name.removesuffix(SUFFIX))).is_file():
            raise Refused(
                f"{file.name}: 送り状だけがあり、ファイル {spoken_of.name} がありません。",
                f"{file.name}: the file it speaks of, {spoken_of.name}, is missing.",
            )
        elif file == path:
            yield spoken_of


def _extract(path: Path, registry: Registry) -> Extract:
    place = place_of(path, registry)
    if place is not None:
        return Extract(path, place.layout, place.table, place.as_of, place.manifest)
    if _is_package(path):
        raise Refused(
            f"{path.name}: 可搬媒体のパッケージです。受払簿に残すため、`mimamori media receive` で受領してください。",
            f"{path.name}: a package of removable media: `mimamori media receive` takes it and keeps the ledger.",
        )
    raise Refused(
        f"{path.name}: 送り状がなく、名前からもシステムがわかりません。",
        f"{path.name}: no manifest, and the name tells no source.",
    )


def _is_package(path: Path) -> bool:
    return path.suffix.lower() == ".mmp" or next(pieces(path), b"").startswith(b"age-encryption.org/v1")
