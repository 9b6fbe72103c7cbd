"""Children in a list: name, age, school, and why they are there. A list is logged with every number it showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from mimamori import audit
from mimamori.access import Permission, check_may, may
from mimamori.access.models import Account
from mimamori.door.masking import Reader
from mimamori.door.people import is_protected, school_of, sex_label, ward_label
from mimamori.door.reasons import finding_of, order
from mimamori.door.scope import in_scope, max_sensitivity
from mimamori.door.shapes import Headline
from mimamori.door.snapshots import current
from mimamori.karte.store import Snapshot


@transaction.atomic
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
    people = {person["case_no"]: person for person in snapshot.people(asked)}
    found = {
        case_no: _headline(snapshot, people[case_no], reader, screening=may(account, Permission.SEE_SCREENING))
        for case_no in asked
        if case_no in people and in_scope(account, people[case_no])
    }
    audit.record("list", by=account, detail={"list": listed, "snapshot": snapshot.name, "cases": list(found)})
    return found


def _headline(snapshot: Snapshot, person: Mapping[str, Any], reader: Reader, *, screening: bool) -> Headline:
    case_no = person["case_no"]
    findings = [finding_of(row, reader) for row in snapshot.findings(case_no)] if screening else []
    reasons = sorted((reason for finding in findings for reason in finding.reasons), key=order)
    return Headline(
        case_no=case_no,
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
        known=known_of(snapshot, case_no),
        difficulties=tuple(finding.difficulty for finding in findings),
        reasons=tuple(reason for reason in reasons if reason.state == "met"),
        unknowns=sum(reason.state == "unknown" for reason in reasons),
    )


def known_of(snapshot: Snapshot, case_no: str) -> str:
    """Where the child is an open case already: council | guidance | both, or empty for new."""
    places = sorted({row["where_known"] for row in snapshot.known_cases(case_no)})
    return "both" if len(places) > 1 else places[0] if places else ""
