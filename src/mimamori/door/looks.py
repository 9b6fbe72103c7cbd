"""What became known since the reader last looked: the rows of a karte beside those of the day it was opened before.

Deliveries come whole, so the day of a row's delivery does not tell whether the row is new. What was on a karte when an
account opened it is kept as keyed signs, one a row: they tell that a row is the same, and nothing of what it says.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from mimamori.access.models import Account, Look
from mimamori.door.masking import Reader, shown_items
from mimamori.door.shapes import Change, Header, Since
from mimamori.karte.timeline import SourceRows
from mimamori.sources import Registry

KEY_SIGNS, SIGNS = 4, 12  # characters of a sign: which row it is, then with what it says
NEW, CHANGED = "new", "changed"
# What is kept beside the record kinds: the header's facts, each a kind of one row, and the relatives.
PERSON_FACTS = ("name", "home", "place", "protection", "known")
FAMILY = "family.members"

Signs = Mapping[str, str]  # "source.table" → the signs of its rows, one after the other


@dataclass
class Seen:
    """What stands on a karte now: the signs by record kind, and those of each row by its identity in memory."""

    signs: dict[str, list[str]] = field(default_factory=dict)
    of_row: dict[int, tuple[str, str]] = field(default_factory=dict)
    secret: bytes = b""

    def add(self, kind: str, key: object, content: object, row: object = None) -> None:
        """One row: what tells it from others of its kind, and what it says."""
        sign = _sign(self.secret, key)[:KEY_SIGNS] + _sign(self.secret, (key, content))[: SIGNS - KEY_SIGNS]
        self.signs.setdefault(kind, []).append(sign)
        if row is not None:
            self.of_row[id(row)] = (kind, sign)

    def packed(self) -> dict[str, str]:
        return {kind: "".join(signs) for kind, signs in self.signs.items()}


@dataclass(frozen=True)
class News:
    """What differs from an earlier look: the marks of rows that lie in memory, and counts by record kind."""

    day: date
    marks: Mapping[int, str]
    counts: Mapping[str, Counter[str]]  # "source.table" → new, changed, gone

    def mark(self, row: object) -> str:
        return self.marks.get(id(row), "")


def seen_of(parts: Iterable[SourceRows], registry: Registry, reader: Reader) -> Seen:
    """The signs of what this reader sees of these rows."""
    seen = Seen(secret=hashlib.sha256(b"looks\n" + settings.SECRET_KEY.encode()).digest())
    layouts = {layout.name: layout for layout in registry}
    for part in parts:
        layout = layouts[part.source]
        table = next((table for table in layout.tables if table.name == part.table), None)
        items = shown_items(layout, table, reader) if table else []
        if table is None or not items:
            continue
        fields = [name for item in items for name in (item.field, *([f"{item.field}_raw"] if item.uncertain else []))]
        kind = f"{part.source}.{part.table}"
        for row in part.rows:
            key = (part.role, row.get(table.day) if table.day else None)
            seen.add(kind, key, [row.get(name) for name in fields], row)
    return seen


def _sign(secret: bytes, told: object) -> str:
    return urlsafe_b64encode(hashlib.blake2b(repr(told).encode(), key=secret, digest_size=6).digest()).decode()


def last_look(account: Account, case_no: str) -> Look | None:
    return Look.objects.filter(account=account, case_no=case_no).first()


def keep(account: Account, case_no: str, look: Look | None, *, snapshot: str, day: date, signs: Signs) -> None:
    """Keep what is looked at. The first look of a day puts what was seen before aside, so that its marks stay all day;
    what comes in the course of a day is kept as seen."""
    if look is None:
        made = Look(account=account, case_no=case_no, day=day, snapshot=snapshot, signs=dict(signs))
        Look.objects.bulk_create([made], ignore_conflicts=True)  # another window of the same account was first
        return
    changed: dict[str, Any] = {}
    if look.day != day:
        changed = {"day": day, "before_day": look.day, "before": look.signs}
    if look.snapshot != snapshot:
        changed |= {"snapshot": snapshot, "signs": dict(signs)}
    if changed:
        Look.objects.filter(pk=look.pk).update(**changed)


def earlier(look: Look | None, day: date) -> tuple[date, Signs] | None:
    """The look that today's is compared with: its day and signs. None where the account never looked before."""
    if look is None:
        return None
    if look.day != day:
        return look.day, look.signs
    return (look.before_day, look.before) if look.before_day else None


def news_of(day: date, before: Signs, seen: Seen) -> News:
    """Compare: a row that was not there is new; where one of the same key is gone it is that one, changed."""
    status: dict[str, dict[str, list[str]]] = {}
    counts = {}
    for kind in dict.fromkeys((*seen.signs, *before)):
        old, now = Counter(_unpacked(before.get(kind, ""))), Counter(seen.signs.get(kind, []))
        came, gone = list((now - old).elements()), Counter(sign[:KEY_SIGNS] for sign in (old - now).elements())
        found: Counter[str] = Counter()
        for sign in came:
            changed = gone[sign[:KEY_SIGNS]] > 0
            gone[sign[:KEY_SIGNS]] -= changed
            status.setdefault(kind, {}).setdefault(sign, []).append(CHANGED if changed else NEW)
            found[CHANGED if changed else NEW] += 1
        found["gone"] = sum((+gone).values())
        if +found:
            counts[kind] = +found
    marks = {}
    for row, (kind, sign) in seen.of_row.items():
        left = status.get(kind, {}).get(sign)
        if left:
            marks[row] = left.pop()
    return News(day, marks, counts)


def _unpacked(signs: str) -> list[str]:
    return [signs[at : at + SIGNS] for at in range(0, len(signs), SIGNS)]


def since(news: News, registry: Registry, language: str) -> Since:
    """The summary by record kind, in the order of the list of systems; the person and the family first."""
    labels: dict[str, tuple[str, str]] = {}
    for layout, table in registry.tables():
        labels[f"{layout.name}.{table.name}"] = (layout.short_label.text(language), table.label.text(language))
    # A record kind that a layout has lost meanwhile is left out.
    order = [*(f"person.{name}" for name in PERSON_FACTS), FAMILY, *labels]
    told = [entry for entry in news.counts.items() if entry[0] in order]
    changes = []
    for kind, count in sorted(told, key=lambda entry: order.index(entry[0])):
        source, _, name = kind.partition(".")
        new, changed, gone = (count[name] for name in (NEW, CHANGED, "gone"))
        changes.append(Change(source, name, *labels.get(kind, ("", "")), new=new, changed=changed, gone=gone))
    return Since(news.day, tuple(changes))


def add_person(seen: Seen, header: Header, known: Sequence[str], relatives: Sequence[Mapping[str, Any]]) -> None:
    """What is no row of a source: the header's facts, and each relative by number."""
    facts = (
        (header.name, header.kana, header.alias, header.former_name),
        (header.ward, header.address, header.in_register),
        (header.school, header.grade, header.class_name),
        header.protection and (header.protection.since, header.protection.until, header.protection.provisional),
        sorted(known),
    )
    for name, fact in zip(PERSON_FACTS, facts, strict=True):
        seen.add(f"person.{name}", name, fact)
    for row in relatives:
        told = (row["kind"], row["household_no"], row["status"], row["protection"])
        seen.add(FAMILY, row["case_no"], told, row)
