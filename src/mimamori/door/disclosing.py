"""What is held on one person, for that person (個人情報保護法 第76条): their own data, nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mimamori import audit
from mimamori.access import Permission, check_may, may_see_ward
from mimamori.access.models import Account
from mimamori.door.masking import Reader, value_of
from mimamori.door.people import header_of, is_protected
from mimamori.door.scope import NotFound, max_sensitivity
from mimamori.door.shapes import Header, Row
from mimamori.door.snapshots import current, registry
from mimamori.karte.store import Snapshot
from mimamori.refusal import Refused
from mimamori.sources import Layout, Table

PURPOSE = "disclosure"


@dataclass(frozen=True)
class HeldTable:
    name: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class HeldSource:
    """One system's rows of the person. `withheld`: items that this account may not see and the owner must add."""

    source: str
    number: int
    label: str
    owner: str
    purpose: str
    legal_basis: str
    as_of: date | None
    tables: tuple[HeldTable, ...]
    withheld: int


@dataclass(frozen=True)
class Held:
    """What the snapshot holds on one person: header, the numbers they are known by, rows by source, what is derived."""

    header: Header
    refs: tuple[str, ...]
    sources: tuple[HeldSource, ...]
    difficulties: tuple[str, ...]
    snapshot: str
    as_of: date


def disclose(account: Account, case_no: str, *, confirmed: bool = False, language: str = "ja") -> Held:
    """The person's own data, child or grown-up; written into the trail as `disclose`.

    Left out: items that speak of others in the row, identity of others, the family, the address where it is protected.
    Raises `Denied` by role, `NotFound` outside the scope, `Refused` for a protected person until `confirmed` says that
    the request was made by that person.
    """
    check_may(account, Permission.DISCLOSE)
    snapshot = current()
    person = snapshot.person(case_no)
    if person is None or not may_see_ward(account, person["ward"]):
        raise NotFound(case_no[:20])
    if is_protected(person) and not confirmed:
        raise Refused(
            "支援措置のある人です。請求が本人からであることを確かめてから、確認済みとして実行してください。",
            "This person's address is protected: make sure that the request is theirs, then run it as confirmed.",
        )
    reader = Reader(account.role, max_sensitivity(account), language)
    sources = tuple(_sources(snapshot, case_no, reader))
    audit.record(
        "disclose",
        by=account,
        case_no=case_no,
        purpose=PURPOSE,
        detail={
            "snapshot": snapshot.name,
            "sources": [source.source for source in sources],
            "withheld": sum(source.withheld for source in sources),
            "confirmed": confirmed,
        },
    )
    return Held(
        header=header_of(snapshot, person, language),
        refs=tuple(row["ref"] for row in snapshot.links(case_no)),
        sources=sources,
        difficulties=tuple(sorted({row["difficulty"] for row in snapshot.findings(case_no)})),
        snapshot=snapshot.name,
        as_of=snapshot.as_of,
    )


def _sources(snapshot: Snapshot, case_no: str, reader: Reader) -> list[HeldSource]:
    days = {row["source"]: row["as_of"] for row in snapshot.source_status()}
    parts = snapshot.rows(case_no)
    found = []
    for layout in registry():
        tables, withheld = [], 0
        for table in layout.tables:
            rows: list[Row] = []
            for part in (part for part in parts if (part.source, part.table) == (layout.name, table.name)):
                shown, above = _values(layout, table, part.role, part.rows, reader)
                rows += shown
                withheld += above
            if rows:
                tables.append(HeldTable(table.name, table.label.text(reader.language), tuple(rows)))
        if tables or withheld:
            found.append(
                HeldSource(
                    source=layout.name,
                    number=layout.number,
                    label=layout.label.text(reader.language),
                    owner=layout.owner.text(reader.language),
                    purpose=layout.purpose,
                    legal_basis=layout.legal_basis,
                    as_of=days.get(layout.name),
                    tables=tuple(tables),
                    withheld=withheld,
                )
            )
    return found


def _values(
    layout: Layout, table: Table, role: str | None, held: list[dict[str, object]], reader: Reader
) -> tuple[list[Row], int]:
    """The rows as they read, and how many values stand above what this account may see."""
    items = [item for item in table.items_about(role) if not item.identity]
    rows, above = [], 0
    for row in held:
        values = [(item, value) for item in items if (value := value_of(layout, item, row, reader.language))]
        shown = tuple(value for item, value in values if reader.may_see(layout, item))
        above += len(values) - len(shown)
        if shown:
            day, as_of = (row.get(table.day) if table.day else None), row.get("_as_of")
            rows.append(
                Row(
                    day=day if isinstance(day, date) else None,
                    values=shown,
                    as_of=as_of if isinstance(as_of, date) else None,
                    role=role or "",
                )
            )
    return rows, above
