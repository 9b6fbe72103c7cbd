"""Which children of a list are of an age or go to a school: for a list that is narrowed before it is shown."""

from __future__ import annotations

from collections.abc import Collection

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.people import school_of
from mimamori.door.scope import in_scope
from mimamori.door.snapshots import current
from mimamori.text.kanji import fold_kanji


def narrow(account: Account, case_nos: Collection[str], *, ages: str = "", school: str = "") -> frozenset[str]:
    """Those of these children whom the account may meet, of these ages in years ("6-11"; any other text: of none) and
    whose school's name holds this text, in any writing. What is not known of a child fits nothing that was asked."""
    check_may(account, Permission.SEE_WORKLIST)
    first, _, last = ages.partition("-")
    if ages and not (first.isdecimal() and last.isdecimal()):
        return frozenset()
    asked = fold_kanji(school)
    found = frozenset(
        person["case_no"]
        for person in current().people_among(case_nos)
        if in_scope(account, person)
        and (not ages or (person["age"] is not None and int(first) <= person["age"] <= int(last)))
        and (not asked or asked in fold_kanji(school_of(person)))
    )
    detail = {"list": "worklist.narrow", "ages": ages, "school": bool(school), "of": len(case_nos), "found": len(found)}
    audit.record("list", by=account, detail=detail)
    return found
