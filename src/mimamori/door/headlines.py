"""Children in a list: name, age, school, and why they are there. A list is logged with every number it showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mimamori import audit
from mimamori.access import Permission, check_may, may
from mimamori.access.models import Account
from mimamori.door.masking import Reader
from mimamori.door.people import is_protected, school_of, sex_label, ward_label
from mimamori.door.reasons import layouts_by_name, order, reason_of, written
from mimamori.door.scope import in_scope, max_sensitivity
from mimamori.door.shapes import Headline
from mimamori.door.snapshots import current
from mimamori.karte.snapshot import Snapshot
from mimamori.karte.timeline import Row
from mimamori.sources import Layout


def headlines(
    account: Account, case_nos: Iterable[str], *, language: str = "ja", listed: str = "worklist"
) -> dict[str, Headline]:
    """The headline of each of these children that the account may meet, in the order asked for."""
    check_may(account, Permission.SEE_WORKLIST)
    asked = list(dict.fromkeys(case_nos))
    if not asked:
        return {}
    snapshot = current()
    reader = Reader(account.role, max_sensitivity(account), language)
    people = {person["case_no"]: person for person in snapshot.people(asked) if in_scope(account, person)}
    rows = snapshot.findings_of(list(people)) if may(account, Permission.SEE_SCREENING) else {}
    known = snapshot.known_cases_of(list(people))
    layouts = layouts_by_name()
    found = {
        case_no: _headline(people[case_no], rows.get(case_no, []), known[case_no], reader, layouts)
        for case_no in asked
        if case_no in people
    }
    audit.record("list", by=account, detail={"list": listed, "snapshot": snapshot.name, "cases": list(found)})
    return found


def _headline(
    person: Mapping[str, Any], rows: list[Row], known: list[str], reader: Reader, layouts: Mapping[str, Layout]
) -> Headline:
    listed = [reason for row in rows for reason in written(row)]
    met = (reason_of(reason, reader, layouts) for reason in listed if reason["state"] == "met")
    return Headline(
        case_no=person["case_no"],
        name=person["name"] or "",
        kana=person["kana"] or "",
        birth_date=person["birth_date"],
        age=person["age"],
        sex=sex_label(person["sex"], reader.language),
        ward=person["ward"] or "",
        ward_label=ward_label(person["ward"], reader.language),
        school=school_of(person),
        grade=person["grade"],
        protected=is_protected(person),
        known=_place(known),
        difficulties=tuple(row["difficulty"] for row in rows),
        reasons=tuple(sorted(met, key=order)),
        unknowns=sum(reason["state"] == "unknown" for reason in listed),
    )


def known_of(snapshot: Snapshot, case_no: str) -> str:
    """Where the child is an open case already: council | guidance | both, or empty for new."""
    return _place([row["where_known"] for row in snapshot.known_cases(case_no)])


def _place(places: list[str]) -> str:
    found = sorted(set(places))
    return "both" if len(found) > 1 else found[0] if found else ""
