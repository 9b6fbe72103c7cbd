"""The published snapshot, as this process has it open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from django.conf import settings

from mimamori.access.models import Shield
from mimamori.config import Config
from mimamori.karte import store
from mimamori.karte.store import Snapshot
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry, load_registry


@dataclass(frozen=True)
class Published:
    """Which snapshot everybody sees."""

    name: str
    as_of: date


def config() -> Config:
    found = settings.CONFIG
    assert isinstance(found, Config)
    return found


@cache
def keyring() -> KeyRing:
    return KeyRing(config().keys)


def registry() -> Registry:
    return load_registry(config().home)


def current() -> Snapshot:
    """The snapshot in service, with the protection that holds now; raises `Refused` before the first night."""
    if store.published_day(config()) is None:
        raise Refused(
            "まだ公開された夜間処理がありません。調整担当に連絡してください。",
            "No night has been published yet: ask the coordinator.",
        )
    shielded = dict(Shield.objects.values_list("case_no", "protected_no"))
    snapshot = store.current(config(), keyring())
    return replace(snapshot, shielded=shielded) if shielded else snapshot


def published() -> Published | None:
    """Name and day of the snapshot in service; None before the first night."""
    if store.published_day(config()) is None:
        return None
    snapshot = current()
    return Published(snapshot.name, snapshot.as_of)
