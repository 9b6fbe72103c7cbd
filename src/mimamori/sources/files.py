"""Which table of which source and day a file is of: told by its manifest and its name, and by nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mimamori.refusal import Refused
from mimamori.sources.manifest import Manifest, manifest_beside
from mimamori.sources.registry import Registry
from mimamori.sources.schema import Layout, Table

FILE_NAME = re.compile(r"(?P<source>[a-z0-9_]+)\.(?P<table>[a-z0-9_]+)\.(?P<day>[0-9]{8})\.(?:csv|tsv|txt|xlsx)")
_LEFT = re.compile(r"\..*|~\$.*|(?i:thumbs\.db|desktop\.ini)", re.DOTALL)


def left_by_systems(name: str) -> bool:
    """Whether a file is one of those that systems leave in folders and archives, unasked."""
    return _LEFT.fullmatch(name) is not None


@dataclass(frozen=True)
class Place:
    """What a file is: one table of one source, as of a day."""

    layout: Layout
    table: Table
    as_of: date
    manifest: Manifest | None


def place_of(path: Path, registry: Registry) -> Place | None:
    """From its manifest, else from its name; None where neither tells.

    Raises `Refused` where the two do not agree, and for a source or a table that no layout declares.
    """
    manifest, named = manifest_beside(path), FILE_NAME.fullmatch(path.name)
    by_name = (named["source"], named["table"], _day(named["day"], path.name)) if named else None
    told = (manifest.source, manifest.table, manifest.as_of) if manifest else by_name
    if told is None:
        return None
    if by_name and told != by_name:
        raise Refused(
            f"{path.name}: ファイル名と送り状でシステム・表・基準日が違います。別の回のファイルではありませんか。",
            f"{path.name}: its name and its manifest tell different sources, tables or days.",
        )
    source, table, day = told
    if source not in {layout.name for layout in registry}:
        raise Refused(
            f"{path.name}: システム {source} のレイアウトはありません。`mimamori sources` で一覧を確かめてください。",
            f"{path.name}: there is no source system {source}; `mimamori sources` lists them.",
        )
    layout = registry.get(source)
    if table not in {known.name for known in layout.tables}:
        raise Refused(f"{path.name}: 表 {table} はありません。", f"{path.name}: there is no table {table}.")
    return Place(layout, layout.table(table), day, manifest)


def _day(digits: str, name: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Refused(f"{name}: 基準日が日付ではありません。", f"{name}: its as-of day is no day.") from None
