"""The proof of erasure (消去記録): a text to sign after each receive, and the line of the ledger that closes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mimamori.config import Config
from mimamori.media.ledger import Entry, Ledger
from mimamori.media.manifest import PackageManifest
from mimamori.media.naming import checked_name
from mimamori.refusal import Refused

HEADING = "可搬媒体 消去記録 / Removable medium: record of erasure"
METHODS = (
    "□ 上書き消去 / overwritten  □ 暗号鍵の破棄 / key destroyed  □ 物理破壊 / destroyed  □ その他 / other (      )"
)


@dataclass(frozen=True)
class OpenErasure:
    """A package that was received and whose medium nobody has yet said to be erased."""

    package: str
    medium: str
    sender: str
    since: str  # day of the first receive


def open_erasures(entries: Iterable[Entry]) -> list[OpenErasure]:
    """In the order of receiving. What waits for a confirmation is still needed, so nothing of it is due."""
    found: dict[str, OpenErasure] = {}
    for entry in entries:
        if entry.action == "receive" and entry.outcome != "waiting":
            day = f"{entry.at:%Y-%m-%d}"
            found.setdefault(entry.package, OpenErasure(entry.package, entry.medium, entry.sender, day))
        elif entry.action == "erase":
            found.pop(entry.package, None)
    return list(found.values())


def erase(package: str, *, by: str, how: str = "", config: Config) -> Entry:
    """Close the erasure of a package: `by` says that its medium was erased. Raises `Refused` where none is open."""
    ledger = Ledger(config)
    entries = ledger.entries()
    if package not in {one.package for one in open_erasures(entries)}:
        raise Refused(
            "消去待ちのパッケージにその番号はありません。`mimamori media ledger` で確かめてください。",
            "No erasure is open for this package; `mimamori media ledger` lists them.",
        )
    received = next(entry for entry in reversed(entries) if (entry.package, entry.action) == (package, "receive"))
    line = received.model_copy(
        update={
            "action": "erase",
            "outcome": "erased",
            "stored": 0,
            "quarantined": 0,
            "reason": how.strip(),
            "by": checked_name(by),
        }
    )
    return ledger.append(line)


def write_erasure_text(entry: Entry, manifest: PackageManifest, *, config: Config) -> Path:
    """Write the record to sign, `media/erasure-<package>.txt`; returns where it is."""
    path = config.media / f"erasure-{manifest.id}.txt"
    path.write_text(erasure_text(entry, manifest), encoding="utf-8")
    return path


def erasure_text(entry: Entry, manifest: PackageManifest) -> str:
    files = [
        f"  {file.name}  {'—' if file.rows is None else f'{file.rows:,}'} 件/rows  {file.sha256[:16]}…"
        for file in manifest.files
    ]
    return "\n".join(
        [
            HEADING,
            "",
            f"パッケージ番号 / package   {entry.package}",
            f"媒体ラベル / medium        {entry.medium or '________________'}",
            f"送り手 / sender            {entry.sender}",
            f"作成 / made                {manifest.created_at:%Y-%m-%d %H:%M}",
            f"受領 / received            {entry.at:%Y-%m-%d %H:%M}  ({entry.outcome})",
            f"受払簿の行 / ledger line   {entry.number}",
            f"ファイル / files           {len(files)}",
            *files,
            "",
            "上記の媒体に記録された情報を、次の方法で復元できないように消去しました。",
            "The information on this medium was erased so that it cannot be restored:",
            METHODS,
            "",
            "消去日 / day  ______年____月____日",
            "実施者 / erased by  ________________    確認者 / checked by  ________________",
            "",
            f"署名の後 / then:  mimamori media erase {entry.package} --by 氏名",
            "",
        ]
    )
