"""Opening one child's karte: scope, purpose, what this role may see, and the line in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_purpose, load_roles, may
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.door import looks
from mimamori.door.attending import attends
from mimamori.door.changed import findings_of
from mimamori.door.family import family_of
from mimamori.door.masking import Reader, in_words
from mimamori.door.people import header_of, ward_label
from mimamori.door.relatives import together_of
from mimamori.door.scope import child_in_scope, in_scope, max_sensitivity
from mimamori.door.sections import known_cells, sections_of
from mimamori.door.shapes import Flag, Happening, Karte, Viewing
from mimamori.door.snapshots import current, registry
from mimamori.karte.timeline import timeline

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
    purpose = check_purpose(account, purpose, own=bool(rows) and person["ward"] == account.ward, language=language)
    reader = Reader(account.role, max_sensitivity(account), language)
    kin, mates = snapshot.around(case_no)
    parts = snapshot.rows(case_no)
    known = known_cells(snapshot, case_no, reader)
    cases = [row["where_known"] for row in snapshot.known_cases(case_no)]
    header = header_of(snapshot, person, language)
    seen = looks.seen_of(parts, registry(), reader)
    looks.add_person(seen, header, cases, kin)
    today, look = timezone.localdate(), looks.last_look(account, case_no)
    before = looks.earlier(look, today)
    news = looks.news_of(before[0], before[1], seen) if before else None
    marks = news.marks if news else {}
    sections = sections_of(snapshot, parts, reader, known, marks)
    family = family_of(account, snapshot, person, kin, parts=parts, news=news, reader=reader)
    findings, gone = (
        findings_of(snapshot, case_no, rows, reader) if may(account, Permission.SEE_SCREENING) else ((), ())
    )
    shown = [section.source for section in sections if not section.hidden and section.tables]
    opened = {"snapshot": snapshot.name, "sources": shown, "siblings": [one.case_no for one in family.flagged]}
    with transaction.atomic():
        audit.record("karte.open", by=account, case_no=case_no, purpose=purpose, detail=opened)
        looks.keep(account, case_no, look, snapshot=snapshot.name, day=today, signs=seen.packed())
    return Karte(
        header=replace(header, attends="" if header.school else attends(parts, reader, snapshot.as_of)),
        flags=tuple(_flags(person, cases, language)),
        known=known,
        findings=findings,
        sections=sections,
        family=family.relatives,
        household=together_of(person, mates, language),
        timeline=tuple(_happenings(timeline(parts, registry(), snapshot.as_of), marks, reader)),
        viewers=Event.objects.filter(case_no=case_no, action="karte.open").values("actor").distinct().count(),
        purpose=purpose,
        purpose_label=load_roles().purposes[purpose].label.text(language),
        snapshot=snapshot.name,
        as_of=snapshot.as_of,
        couples=family.couples,
        expected=family.expected,
        since=looks.since(news, registry(), language) if news else None,
        gone=gone,
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


def _flags(person: Mapping[str, Any], cases: Iterable[str], language: str) -> list[Flag]:
    kinds = [kind for kind in FLAGS if kind in set(cases)]
    if not person["in_register"]:
        kinds.append("not_in_register")
    return [Flag(kind, FLAGS[kind][1 if language.startswith("en") else 0]) for kind in kinds]


def _happenings(entries: Iterable[Mapping[str, Any]], marks: Mapping[int, str], reader: Reader) -> Iterator[Happening]:
    """The entries of the systems that this reader may see, in words."""
    layouts = {layout.name: layout for layout in registry()}
    for entry in entries:
        layout = layouts[entry["source"]]
        if not reader.may_see_source(layout):
            continue
        table = layout.table(entry["table"])
        said = (
            in_words(layout, item, code, reader.language)
            for item, code in ((table.item(field), code) for field, code in entry["says"])
            if reader.may_see(layout, item)
        )
        yield Happening(
            day=entry["day"],
            source=layout.name,
            source_label=layout.short_label.text(reader.language),
            text=table.label.text(reader.language),
            as_of=entry["as_of"],
            table=table.name,
            says=" ・ ".join(said),
            is_end=entry["is_end"],
            mark=marks.get(id(entry["row"]), ""),
        )
