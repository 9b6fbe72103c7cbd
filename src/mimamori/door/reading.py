"""Opening one child's karte: scope, purpose, what this role may see, and the line in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mimamori import audit
from mimamori.access import Permission, check_purpose, load_roles, may
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.door.headlines import known_of
from mimamori.door.masking import Reader
from mimamori.door.people import header_of, ward_label
from mimamori.door.reasons import finding_of
from mimamori.door.relatives import relative_of, together_of
from mimamori.door.scope import child_in_scope, in_scope, max_sensitivity
from mimamori.door.sections import known_cells, sections_of
from mimamori.door.shapes import Flag, Happening, Karte, Viewing
from mimamori.door.snapshots import current, registry
from mimamori.karte.store import Snapshot

FLAGS = {
    "council": ("要対協に登録", "Registered with the council"),
    "guidance": ("児童相談所で支援中", "Open case of the child guidance centre"),
    "not_in_register": ("住民登録なし", "Not in the residents' register"),
}


def open_karte(account: Account, case_no: str, *, purpose: str = "", language: str = "ja") -> Karte:
    """One child whole, as this account may see it.

    Raises `Denied` by role, `NotFound` outside the scope or where there is no such child, `PurposeNeeded` where the
    purpose does not go without saying: it does for a child of the own ward that is extracted.
    """
    snapshot = current()
    person = child_in_scope(account, snapshot, case_no, Permission.OPEN_KARTE)
    rows = snapshot.findings(case_no)
    kin, mates = snapshot.around(case_no)
    purpose = check_purpose(account, purpose, own=bool(rows) and person["ward"] == account.ward, language=language)
    reader = Reader(account.role, max_sensitivity(account), language)
    known = known_cells(snapshot, case_no, reader)
    sections = sections_of(snapshot, case_no, reader, known)
    screening = may(account, Permission.SEE_SCREENING)
    shown = [section.source for section in sections if not section.hidden and section.tables]
    audit.record(
        "karte.open", by=account, case_no=case_no, purpose=purpose, detail={"snapshot": snapshot.name, "sources": shown}
    )
    return Karte(
        header=header_of(snapshot, person, language),
        flags=tuple(_flags(snapshot, person, language)),
        known=known,
        findings=tuple(finding_of(row, reader) for row in rows) if screening else (),
        sections=sections,
        family=tuple(relative_of(account, person, row, language) for row in kin),
        household=together_of(person, mates, language),
        timeline=tuple(_happenings(snapshot, case_no, reader)),
        viewers=Event.objects.filter(case_no=case_no, action="karte.open").values("actor").distinct().count(),
        purpose=purpose,
        purpose_label=load_roles().purposes[purpose].label.text(language),
        snapshot=snapshot.name,
        as_of=snapshot.as_of,
    )


def openable(account: Account, case_nos: Iterable[str]) -> frozenset[str]:
    """Which of these children the account may meet: only their numbers may be told."""
    if not may(account, Permission.OPEN_KARTE):
        return frozenset()
    people = current().people(sorted(set(case_nos)))
    return frozenset(person["case_no"] for person in people if in_scope(account, person))


def viewers(account: Account, case_no: str, *, language: str = "ja", limit: int = 200) -> list[Viewing]:
    """Who opened this child's karte, the newest first; asked for by those who may open it themselves."""
    child_in_scope(account, current(), case_no, Permission.OPEN_KARTE)
    audit.record("karte.viewers", by=account, case_no=case_no)
    names = dict(Account.objects.values_list("username", "display_name"))
    roles, purposes = load_roles().roles, load_roles().purposes
    return [
        Viewing(
            at=event.at,
            who=names.get(event.actor, event.actor),
            role=roles[event.role].label.text(language) if event.role in roles else event.role,
            ward=ward_label(event.ward, language),
            purpose=purposes[event.purpose].label.text(language) if event.purpose in purposes else event.purpose,
        )
        for event in Event.objects.filter(case_no=case_no, action="karte.open").order_by("-number")[:limit]
    ]


def _flags(snapshot: Snapshot, person: Mapping[str, Any], language: str) -> list[Flag]:
    known = known_of(snapshot, person["case_no"])
    kinds = ["council", "guidance"] if known == "both" else [known] if known else []
    if not person["in_register"]:
        kinds.append("not_in_register")
    return [Flag(kind, FLAGS[kind][1 if language.startswith("en") else 0]) for kind in kinds]


def _happenings(snapshot: Snapshot, case_no: str, reader: Reader) -> list[Happening]:
    layouts = {layout.name: layout for layout in registry()}
    found = []
    for row in snapshot.timeline(case_no):
        layout = layouts[row["source"]]
        hidden = not reader.may_see_source(layout)
        if hidden:
            continue
        table = layout.table(row["table"])
        found.append(
            Happening(
                day=row["day"],
                source=layout.name,
                source_label=layout.short_label.text(reader.language),
                text=table.label.text(reader.language),
                as_of=row["as_of"],
            )
        )
    return found
